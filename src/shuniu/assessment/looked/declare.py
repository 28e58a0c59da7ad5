"""Nouns of readings: what the subject is told, questions about it, inquiries that are not told of yet, and flags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shuniu.base.titled import Titled


@dataclass(frozen=True)
class Look:
    """One reading as its subject sees it: never the reader's name, never what it said of anybody else.

    `who` is the reader's post; `agency` is empty where no agency read. `grounds` says by what law it was kept back until
    now, `question` is the number of the subject's question about it. `can_ask`: an agency read, and nobody asked yet.
    """

    entry: int
    at: datetime
    agency: str
    agency_key: str
    who: str
    what: str
    resource: str
    resource_key: str
    items: tuple[str, ...]
    purpose: str
    case: str
    grant: str
    grounds: str
    question: int | None
    can_ask: bool


@dataclass(frozen=True)
class Bulk:
    """A file of a resource that holds rows of the subject, given to another agency whole under an agreement."""

    at: datetime
    agency: str
    resource: str
    resource_key: str
    agreement: int


@dataclass(frozen=True)
class LooksPage:
    """A month's readings, newest first. `month` is its first day; `earlier` the month to go back to, if there is one.

    `bulks` are the month's files that the subject is in: who was read of in them nobody notes one by one.
    """

    month: date
    looks: tuple[Look, ...]
    last: int | None
    earlier: date | None
    later: date | None
    bulks: tuple[Bulk, ...] = ()


class Ground(StrEnum):
    """By what law an inquiry is not told to its subject for now; the key of its dated rule ends with it."""

    SECRET = "secret"  # noqa: S105 - a ground of law, no password
    DUTY = "duty"


@dataclass(frozen=True)
class Grounds:
    """A ground with the law behind it, as it holds on a day, and the most days that it may last."""

    ground: Ground
    words: str
    law: str
    days: int


class CovertState(Titled):
    """How far the decision about a covert inquiry has come; only `confirmed` ones keep anything back."""

    PROPOSED = "proposed", "待第二人决定"
    CONFIRMED = "confirmed", "已决定"
    DECLINED = "declined", "未同意"


@dataclass(frozen=True)
class CovertView:
    """An inquiry that is not told to its subject until `until`; `subject` is a number, no name goes with it."""

    number: int
    agency: str
    subject: int
    person_name: str
    words: str
    law: str
    reason: str
    proposed_at: datetime
    until: date
    state: CovertState
    decided_name: str
    decided_at: datetime | None
    own: bool


@dataclass(frozen=True)
class QuestionView:
    """A subject's question about one reading, and its answer. `due` is the last day of the term.

    `reader` is empty for the subject, who is told of the post alone.
    """

    number: int
    entry: int
    read_at: datetime
    agency: str
    agency_name: str
    who: str
    reader: str
    what: str
    resource: str
    purpose: str
    text: str
    asked_at: datetime
    due: date | None
    answer: str
    law: str
    answered_at: datetime | None

    def overdue(self, today: date) -> bool:
        """Whether it should have been answered by now."""
        return self.answered_at is None and self.due is not None and self.due < today


class Kind(Titled):
    """What was out of the ordinary about the readings of an officer or a machine on a day."""

    VOLUME = "volume", "查阅量高于平时"
    OFF_DUTY = "off_duty", "在工作时间以外查阅"
    FAMILY = "family", "查阅与本人同姓的人"
    AGAIN = "again", "反复查阅同一对象"
    NO_CASE = "no_case", "查阅没有对应办件"


class FlagState(Titled):
    """Where a flag stands; a flag is a question and no finding, so its only end is that it was looked at and closed."""

    ASKED = "asked", "待说明"
    EXPLAINED = "explained", "已说明，待查看"
    CLOSED = "closed", "已了结"


@dataclass(frozen=True)
class FlagView:
    """A flag as who is asked and the agency's data-protection officer see it. `entries` are readings that it is about.

    `asked`: the actor may explain it now, as the officer who read or for the agency's machine; `own`: it is about the
    actor's readings, or explained by the actor, who therefore does not close it.
    """

    number: int
    kind: Kind
    person: str
    person_name: str
    agency: str
    day: date
    said: str
    rule: str
    at: datetime
    due: date
    state: FlagState
    explanation: str
    explained_name: str
    explained_at: datetime | None
    closed_name: str
    reason: str
    closed_at: datetime | None
    entries: tuple[int, ...]
    asked: bool
    own: bool


@dataclass(frozen=True)
class Tally:
    """How often one officer or machine read of a resource in an hour of a day, for one purpose."""

    day: date
    hour: int
    person: str
    person_name: str
    object: str
    purpose: str
    readings: int
    caseless: int


@dataclass(frozen=True)
class Figure:
    """An agency's flags of a kind in a month, without anybody's name: how many, explained, closed, late."""

    agency: str
    kind: Kind
    flags: int
    explained: int
    closed: int
    late: int


@dataclass(frozen=True)
class AgencyQuestions:
    """How an agency stands with the questions put to it."""

    agency: str
    asked: int
    answered: int
    late: int


@dataclass(frozen=True)
class Facts:
    """What a day of readings looks like when it is judged. `usual` is the mean of the earlier days that had any.

    `family`: distinct persons of the officer's own family name, read of without a case; `persons`: all persons.
    `repeated`: the subjects that were read of again and again, with how often. A machine has neither a family name nor
    hours of duty: there `family`, `persons` and `off_duty` are 0.
    """

    readings: int
    usual: float
    days: int
    off_duty: int
    caseless: int
    family: int
    persons: int
    repeated: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Limits:
    """The dated rules that a day is judged by, as numbers; `rules` names each by kind."""

    volume_least: int
    volume_percent: int
    volume_days: int
    off_duty: int
    family: int
    family_percent: int
    again: int
    caseless: int
    rules: tuple[tuple[Kind, str], ...]

    def rule(self, kind: Kind) -> str:
        """The id of the rule behind a kind of flag."""
        return dict(self.rules)[kind]


@dataclass(frozen=True)
class Found:
    """One thing out of the ordinary: what, about which subject (0: none in particular), in words."""

    kind: Kind
    subject: int
    said: str
