"""A case (办件): how it stands, what was decided, and how its applicant and its officers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shuniu.base.titled import Titled
from shuniu.cases.declare.draft import Prefilled
from shuniu.catalogue.declare import Frozen
from shuniu.procedures.calendars.declare import ClockView
from shuniu.procedures.declare import CaseView as MatterView
from shuniu.procedures.declare import Event


class CaseState(Titled):
    """Where a case stands: few states, whatever its procedure; who holds it, and since when, the procedure says."""

    FILED = "filed", "已收件"
    CORRECTING = "correcting", "待补正"
    ACCEPTED = "accepted", "办理中"
    DECLINED = "declined", "不予受理"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予许可"
    WITHDRAWN = "withdrawn", "已撤回"
    PARTIAL = "partial", "部分准予"  # of a life event: granted in some of its items
    CUT = "cut", "前项未准予，终止办理"  # within a life event: an item that it rests on was not granted

    @property
    def running(self) -> bool:
        return self in (CaseState.FILED, CaseState.CORRECTING, CaseState.ACCEPTED)


class Grounds(Frozen):
    """Why an application is declined or refused: the facts found and the articles applied (行政许可法 art. 32, 38)."""

    facts: str
    articles: str


class Reply(Frozen):
    """Which of an item's results a decision is, and what is given with it: what is handed over, or where it is found."""

    result: str
    text: str = ""


@dataclass(frozen=True)
class Remedy:
    """The right and the terms of 行政复议 and 行政诉讼 as they are on the day of the decision, and the rules that say so."""

    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class DecisionView:
    """A decision as it was issued. Grounds and `remedy` are empty where it was granted.

    `result` is the title of the item's result, where it declares any; `text` what was given, or where it is found;
    `outcome` what the procedure calls a refusal, where it has a word for it.
    """

    number: str
    state: CaseState
    facts: str
    articles: str
    remedy: str
    person_name: str
    agency_name: str
    at: datetime
    result: str = ""
    text: str = ""
    outcome: str = ""

    @property
    def words(self) -> str:
        """What was decided, in the words of the item or of its procedure."""
        return self.result or self.outcome or self.state.title


@dataclass(frozen=True)
class CaseLine:
    """A case in a list. `result`: what was decided, where the item or its procedure has a word of its own for it."""

    number: str
    title: str
    agency: str
    applicant: str
    state: CaseState
    filed_at: datetime
    due: date | None
    result: str = ""


@dataclass(frozen=True)
class CaseView:
    """A case as a reader sees it. What is answered is there for the applicant and for who works on it alone."""

    id: int
    number: str
    item: str
    version: int
    title: str
    agency: str
    agency_name: str
    region: str
    applicant: str
    acting: str
    channel: str
    state: CaseState
    filed_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    answers: Mapping[str, str]
    prefilled: tuple[Prefilled, ...]
    form: str
    matter: MatterView
    clocks: tuple[ClockView, ...]
    history: tuple[Event, ...]
    decision: DecisionView | None
    bill: str
    own: bool
