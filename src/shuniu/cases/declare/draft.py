"""A draft: a form being filled in, for whom and by whom, from what it was prefilled, and what is frozen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shuniu.base.titled import Titled
from shuniu.cases.declare.form import Answers, Fault, Page, Prefill, ResolvedForm
from shuniu.catalogue.declare import Frozen

Kind = Literal["natural", "legal"]


class Ground(Titled):
    """On what ground somebody acts in the applicant's name. The first needs none."""

    OWN = "", "本人"
    GUARDIAN = "guardian", "监护人"
    AGENT = "agent", "代办人（受委托）"
    REPRESENTATIVE = "representative", "法定代表人"
    DELEGATE = "delegate", "平台委托代办"  # under a delegation that the applicant gave on the platform

    @property
    def proof(self) -> str:
        """Key of the material that proves it; empty where none is needed."""
        return f"proof-{self.value}" if self and self is not Ground.DELEGATE else ""

    @property
    def proof_title(self) -> str:
        return {
            "guardian": "监护关系证明", "agent": "授权委托书", "representative": "法定代表人身份证明",
        }.get(self.value, "")  # fmt: skip


class Applicant(Frozen):
    """In whose name it is applied; `subject` None: known only by name."""

    kind: Kind
    name: str
    subject: int | None = None


class Acting(Frozen):
    """Who acts for the applicant. `proof` is the key of the material that must prove it, empty where the register does,
    or the `delegation` of that number, which must still be in force when the act is done.
    """

    ground: Ground = Ground.OWN
    name: str = ""
    proof: str = ""
    delegation: int | None = None


class Whom(Frozen):
    """What is answered to "in whose name": `kind`, `name` and `code` of the applicant where it is not the account itself.

    `code` (公民身份号码, 统一社会信用代码) only finds the subject and is not kept. `by` is who acts: the representative, the
    agent, the guardian who stands at the counter. `delegation`: under which of the delegations to the account.
    """

    ground: Ground = Ground.OWN
    kind: Kind = "natural"
    name: str = ""
    code: str = ""
    by: str = ""
    delegation: int = 0


class Prefilled(Frozen):
    """An answer taken from a register: its value as it was then, and who said it, in which batch and line, on what day."""

    question: str
    value: str
    resource: str
    resource_title: str
    item: str
    agency_name: str
    batch: int
    line: int
    day: date
    changeable: bool = False


class Offer(Frozen):
    """One thing that could be taken from a register: what exactly, from which register of which agency."""

    question: str
    title: str
    prefill: Prefill
    item_title: str
    resource_title: str
    agency_name: str


class DraftState(Titled):
    """What became of a draft. Its answers are kept only while it is open: a case has its own."""

    OPEN = "open", "填写中"
    FILED = "filed", "已提交"
    DISCARDED = "discarded", "已放弃"
    EXPIRED = "expired", "已过期"


@dataclass(frozen=True)
class DraftView:
    """A draft as its owner sees it. `version` grows with each save and is shown back when saving (optimistic lock)."""

    id: int
    item: str
    item_version: int
    title: str
    agency: str  # who will handle it
    channel: str
    state: DraftState
    number: str  # of the case, once it is filed
    version: int
    expires: date
    form: ResolvedForm
    applicant: Applicant | None
    acting: Acting | None
    answers: Answers
    visited: Mapping[str, int]  # page → the version that its last save made
    unsettled: frozenset[str]  # pages whose last save had faults: what was typed wrongly is not kept
    consented: bool | None  # None: not asked yet
    offers: tuple[Offer, ...]
    prefilled: tuple[Prefilled, ...]
    shown: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages with a question that is shown."""
        return tuple(page for page in self.form.form.pages if {one.name for one in page.questions} & set(self.shown))

    def standing(self, page: Page) -> Literal["todo", "done", "fault"]:
        """How a page stands: never saved, in order, or to be mended."""
        if page.key not in self.visited:
            return "todo"
        names = {one.name for one in page.questions}
        wrong = page.key in self.unsettled or any(fault.question in names for fault in self.faults)
        return "fault" if wrong else "done"

    @property
    def ready(self) -> bool:
        """Whether all is answered and checked, so that it can be filed."""
        asked = self.acting is not None and self.applicant is not None
        return self.state is DraftState.OPEN and asked and all(self.standing(one) == "done" for one in self.pages)


@dataclass(frozen=True)
class DraftLine:
    """A draft in the list of one's own."""

    id: int
    item: str
    title: str
    applicant: str
    version: int
    expires: date


@dataclass(frozen=True)
class Saved:
    """What a save came to: the draft now, what is wrong on the saved pages, and what was posted but never asked."""

    view: DraftView
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A form filled in and frozen: what a case is filed with. `digest` finds the resolved form again."""

    draft: int
    item: str
    version: int
    form: ResolvedForm
    digest: str
    answers: Answers
    applicant: Applicant
    acting: Acting
    prefilled: tuple[Prefilled, ...]
    channel: str
    account: str
    agency: str
