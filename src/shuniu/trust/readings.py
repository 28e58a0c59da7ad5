"""Readings of subjects' data, as the journal notes them: nouns. Their SQL lies in `store.readings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shuniu.trust.declare import Json


@dataclass(frozen=True)
class Reader:
    """Somebody who was given a subject's data of one object, and when last."""

    person: str
    agency: str
    last: datetime


@dataclass(frozen=True)
class Reading:
    """One entry of the journal in which a subject's data was looked at or acted on."""

    entry: int
    at: datetime
    person: str
    agency: str
    agency_name: str
    verb: str
    object: str
    detail: Mapping[str, Json]


@dataclass(frozen=True)
class Veil:
    """That what a person of an agency read of the subject in a span of time is not told to the subject for now."""

    person: str
    agency: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Watched:
    """One reading by an officer or a department's machine, for who watches over readers. `day`, `hour` are local.

    `purpose`: of a call its key alone, or each case would be a purpose; `cased`: it names what it is for; `subjects` are
    some of whom it concerned, twenty at most; `touched`: of how many.
    """

    entry: int
    person: str
    person_name: str
    agency: str
    day: date
    hour: int
    object: str
    purpose: str
    cased: bool
    subjects: tuple[int, ...]
    touched: int

    @property
    def machine(self) -> bool:
        """Whether no officer was named: a department's machine asked by itself."""
        return of_machine(self.person)


def of_machine(person: str) -> bool:
    """Whether a reader is a department's machine (`agency:43.tax`)."""
    return person.startswith("agency:")
