"""Official documents (公文): the draft as its author writes it, its number, who signed, and to whom it went.

Elements and rules: 党政机关公文处理工作条例 (中办发〔2012〕14号), layout GB/T 9704-2012. Nothing above public or internal is
written here: state secrets never enter the platform, so a document has no classification.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field

from shuniu.base.titled import Titled
from shuniu.cases.declare.material import FileKind
from shuniu.catalogue.declare import Frozen
from shuniu.procedures.declare import CaseView as MatterView

Urgency = Literal["", "特急", "加急"]
Sort = Literal["outgoing", "information", "supervision"]
"""发文, 信息报送 (adopted by whom it is sent to, without a number), 督查 (tasks to several agencies)."""
GRADES = ("完成", "基本完成", "未完成")
"""How an agency's answer to its task is evaluated."""


class Task(Frozen):
    """督查: what one agency is asked, and by when it answers."""

    agency: str
    what: Annotated[str, Field(min_length=1, max_length=500)]
    due: date


class DocumentFile(Frozen):
    """A file that goes with a document: the upload that holds it, and what tells its bytes from any others."""

    upload: int
    name: str
    kind: FileKind
    size: int  # bytes
    digest: str  # hex SHA-256


class Draft(Frozen):
    """A document as it is drafted: everything that people write. Its number, date and signers come of signing it."""

    kind: str  # 文种, one of the day's rule `documents.kinds`
    title: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str, Field(pattern=r"^[\u4e00-\u9fa5]{0,20}$")] = ""  # 机关代字; only 发文 have one
    to: tuple[str, ...] = ()  # 主送机关, keys of agencies
    copies: tuple[str, ...] = ()  # 抄送机关, keys of agencies
    body: Annotated[tuple[str, ...], Field(min_length=1)]  # paragraphs
    attachments: tuple[str, ...] = ()  # 附件说明: their names
    note: str = ""  # 附注, without its brackets
    urgency: Urgency = ""
    sort: Sort = "outgoing"
    tasks: tuple[Task, ...] = ()
    files: tuple[DocumentFile, ...] = ()  # what `draft_document` was told to attach; kept with the version

    @property
    def attached(self) -> tuple[str, ...]:
        """附件说明 as it is printed: the names that were written, else those of the files (GB/T 9704-2012, 7.3.4)."""
        return self.attachments or tuple(PurePath(one.name).stem for one in self.files)


class DocumentState(Titled):
    """How far a document is, derived from what happened to it."""

    DRAFT = "draft", "起草"
    REVIEW = "review", "审签"
    SIGNED = "signed", "已签发"
    VOID = "void", "作废"
    DONE = "done", "办结"


@dataclass(frozen=True, order=True)
class DocumentNumber:
    """发文字号: 机关代字〔年〕号, without 第 and without leading zeros (GB/T 9704-2012, 7.2.5)."""

    code: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True)
class Code:
    """Whose a 机关代字 is: from `since` until the day before `until`; None: until further notice."""

    code: str
    agency: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Void:
    """A number that was given and is no longer used, and why."""

    number: DocumentNumber
    reason: str
    person_name: str
    at: datetime


@dataclass(frozen=True)
class Opinion:
    """What one person said at one step, as the document's opinion boxes print it."""

    stage: str
    stage_title: str
    person_name: str
    said: str  # 同意 · 不同意 · 退回
    words: str
    at: datetime
    agency: str = ""


@dataclass(frozen=True)
class Written:
    """Who wrote a version, and when."""

    person_name: str
    at: datetime


@dataclass(frozen=True)
class Compared:
    """One row of two versions side by side, sentence by sentence."""

    change: Literal["same", "changed", "removed", "added"]
    old: str
    new: str

    @property
    def title(self) -> str:
        return {"same": "未改", "changed": "修改", "removed": "删去", "added": "增加"}[self.change]


@dataclass(frozen=True)
class Sent:
    """A document on its way to one agency; `received_at` None: not yet signed for. `returned`: why it was given back."""

    id: int
    document: int
    agency: str
    sent_at: datetime
    due: date
    chased: tuple[datetime, ...]
    received_at: datetime | None
    received_by: str
    digest: str  # SHA-256 of what was handed over
    returned: str = ""
    matter: int | None = None
    version: int = 1  # which version was sent

    def late(self, today: date) -> bool:
        return self.received_at is None and today > self.due


@dataclass(frozen=True)
class Signed:
    """One signing: which version, on what day, by whom, in the names of which agencies, the main one first."""

    version: int
    signed_on: date
    signers: tuple[str, ...]
    issuers: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """督查: how one agency's task stands: its procedure's case, what was answered and when, how that was evaluated."""

    task: Task
    matter: MatterView | None
    answer: str
    answered_at: datetime | None
    grade: str
    words: str

    def late(self, today: date) -> bool:
        return (self.answered_at.date() if self.answered_at else today) > self.task.due


@dataclass(frozen=True)
class DocumentView:
    """A document as it stands. `matter` is the procedure's newest case about it."""

    id: int
    agency: str
    state: DocumentState
    versions: tuple[Draft, ...]
    number: DocumentNumber | None
    signed_on: date | None
    signers: tuple[str, ...]
    opinions: tuple[Opinion, ...]
    sent: tuple[Sent, ...]
    void: Void | None = None
    matter: MatterView | None = None
    written: tuple[Written, ...] = ()
    tasks: tuple[Answered, ...] = ()
    issuers: tuple[str, ...] = ()  # 联合行文: the agencies in whose names it was signed, the main one first
    signings: tuple[Signed, ...] = ()
    keeper: str = ""  # the agency that looks after it now: its own, or the one that took that one's place

    def at(self, version: int) -> DocumentView:
        """The document as it was signed in that version."""
        one = next(signing for signing in self.signings if signing.version == version)
        return replace(
            self, versions=self.versions[:version], signed_on=one.signed_on, signers=one.signers, issuers=one.issuers
        )

    @property
    def signed(self) -> DocumentView:
        """The document as it was signed last, whatever was written since; itself where it was not signed yet."""
        return self.at(self.signings[-1].version) if self.signings else self

    @property
    def returned(self) -> bool:
        """Whether an agency gave back what was signed last: then it may be mended, signed and sent anew (修改后重发)."""
        newest = self.signings[-1].version if self.signings else 0
        return any(one.returned and one.version == newest for one in self.sent)

    def sent_to(self, agency: str, version: int = 0) -> DocumentView:
        """The document as an agency has it that it was sent to: as it was signed, with that agency's receipts alone.

        `version`: the one that was sent; 0: the newest of those.
        """
        mine = tuple(one for one in self.sent if one.agency == agency)
        version = version or mine[-1].version
        it = self.at(version)
        return replace(
            it, state=DocumentState.VOID if it.void else DocumentState.SIGNED, versions=it.versions[-1:], opinions=(),
            sent=mine, matter=None, written=(), tasks=(), signings=tuple(one for one in self.signings if one.version <= version),
        )  # fmt: skip

    @property
    def seated(self) -> frozenset[str]:
        """The agencies that are, or were, asked about it: they read it."""
        own = {seat.agency for seat in self.matter.seats} if self.matter else set[str]()
        return frozenset(own | {one.task.agency for one in self.tasks if one.matter})

    @property
    def draft(self) -> Draft:
        """The newest version."""
        return self.versions[-1]


@dataclass(frozen=True)
class DocumentLine:
    """A document in a list of the desk; `at` is when it was begun or (收文) sent to us."""

    id: int
    title: str
    kind: str
    urgency: str
    agency: str
    number: str
    state: DocumentState
    at: datetime
    sent: int = 0
    received: int = 0


@dataclass(frozen=True)
class IncomingLine:
    """A document that came, in a list of the desk."""

    dispatch: int
    title: str
    kind: str
    urgency: str
    agency: str
    number: str
    sent_at: datetime
    due: date
    state: IncomingState


class IncomingState(Titled):
    """How far the receiving agency is with a document."""

    SENT = "sent", "待签收"
    RETURNED = "returned", "已退文"
    HANDLING = "handling", "办理中"
    DONE = "done", "已办结"


@dataclass(frozen=True)
class Incoming:
    """A document that came, as it was signed, with what the receiving agency does about it.

    `newer`: the dispatch with which it came again, mended by its sender; None: this is the newest.
    """

    document: DocumentView
    sent: Sent
    state: IncomingState
    matter: MatterView | None
    opinions: tuple[Opinion, ...]
    newer: int | None = None
