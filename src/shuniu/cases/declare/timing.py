"""What moves the due day of a case after acceptance: special procedures that stop its clocks, and its one extension."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shuniu.base.periods import Term
from shuniu.cases.declare.service import Special

DELIVER, DELIVER_TITLE = "deliver", "证照颁发、送达"
"""What follows the decision, watched by a clock of its own though nobody answers in it: no procedure has such a stage."""
PAYMENT = "待缴费"
"""The kind of the stop while what was granted waits for the applicant's payment: see `api.delivering`."""


@dataclass(frozen=True)
class SpecialRun:
    """One special procedure of a case: what the applicant was told (`told`, thus `until` at most), and what showed it.

    Its days are those on which the clocks stand still, both included; without an `ended` it runs, unless the case ended.
    """

    kind: str
    basis: str
    told: Term
    begun: date
    until: date
    evidence: str
    by_name: str
    ended: date | None = None
    ended_evidence: str = ""

    def is_late(self, today: date) -> bool:
        """Whether it takes, or took, longer than the applicant was told."""
        return (self.ended or today) > self.until


class Answered(StrEnum):
    """Where a request for an extension stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class ExtensionView:
    """A request to decide later (延期), and what the head said to it."""

    term: Term
    reason: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    state: Answered
    answered_by_name: str = ""
    answered_at: datetime | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Timing:
    """Special procedures and extensions of a case: what its item declares, what runs or ran, what was asked for."""

    declared: tuple[Special, ...]
    runs: tuple[SpecialRun, ...]
    extension: Term | None  # how long the item lets it be extended, once
    asked: tuple[ExtensionView, ...]

    @property
    def running(self) -> tuple[SpecialRun, ...]:
        return tuple(one for one in self.runs if one.ended is None)

    @property
    def waiting(self) -> ExtensionView | None:
        return next((one for one in self.asked if one.state is Answered.WAITING), None)

    @property
    def extended(self) -> bool:
        return any(one.state is Answered.APPROVED for one in self.asked)
