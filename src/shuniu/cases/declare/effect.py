"""What a service item does beyond its decision: an effect of the system above, known by a name with a version.

An item declares its effect as data; the functions are registered (`cases.api.effects`). A new meaning is a new version,
for cases go on under the item that they were filed under.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.draft import Applicant
from shuniu.cases.declare.form import Answers
from shuniu.trust.declare import Actor

Codes = Mapping[str, Mapping[str, str]]
"""Code to label, by list."""


@dataclass(frozen=True)
class Application:
    """An application as the system whose effect it asks for sees it. `matter` is its procedure's case; 0 while it is filed."""

    number: str
    matter: int
    item: str
    agency: str
    applicant: str
    subject: int | None
    kind: str  # natural · legal
    answers: Answers
    form: str  # digest of the form as it was answered
    state: CaseState
    filed_at: datetime
    accepted_at: datetime | None


def _nothing(_actor: Actor, _agency: str, _applicant: Applicant | None) -> Codes:
    return {}


@dataclass(frozen=True)
class Effect:
    """One effect. `key` is its name and version (`credit.repair@1`); a form of it must ask the questions in `asks`.

    `check` is called when an application is filed, one at a time of one applicant, and refuses what may not be asked now.
    `granted` is called within the decision that grants; what it refuses is not granted. Both raise Refused.
    `choices` gives the codes that questions offer to this actor at this agency, for lists that the catalogue does not have;
    at the counter they are asked for again for the applicant, once that is named (窗口代录).
    """

    key: str
    title: str
    asks: frozenset[str]
    check: Callable[[Actor, Application], None]
    granted: Callable[[Actor, Application], None]
    choices: Callable[[Actor, str, Applicant | None], Codes] = _nothing
