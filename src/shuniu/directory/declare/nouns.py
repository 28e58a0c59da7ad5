"""Nouns of the directory: regions, agencies, posts, people, and what enters them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shuniu.directory.declare.roles import ROLES
from shuniu.trust.declare import Refused

Kind = Literal["officer", "citizen", "firm"]
KINDS: Mapping[Kind, str] = {"officer": "工作人员", "citizen": "个人", "firm": "企业"}


@dataclass(frozen=True)
class Region:
    """One name and standing of a region code (GB/T 2260, towns and villages GB/T 10114) for a span of days.

    `code` has 6, 9 or 12 digits; `level` is 1 province … 5 village; `valid_to` is the last valid day. An abolished code
    names in `successor` the code that took over its ground.
    """

    code: str
    name: str
    level: int
    parent: str | None
    valid_from: date
    valid_to: date | None = None
    successor: str | None = None


@dataclass(frozen=True)
class Agency:
    """A government body: `key` as in `43.market`, `level` and `valid_to` as for regions."""

    key: str
    name: str
    short: str
    level: int
    region: str
    uscc: str | None = None
    parent: str | None = None
    valid_from: date = date(1949, 10, 1)
    valid_to: date | None = None


@dataclass(frozen=True)
class Instead:
    """Whose post somebody holds for a while, and by which substitution."""

    substitution: int
    person: str
    name: str


@dataclass(frozen=True)
class Post:
    """What one person is appointed to: a role, at an agency, for regions, from `since` until the day before `until`.

    With `instead` it is another's post (`id`), held for that person in that time.
    """

    id: int
    title: str
    role: str
    agency: str
    agency_name: str
    regions: tuple[str, ...]
    since: date
    until: date | None = None
    instead: Instead | None = None

    @property
    def role_title(self) -> str:
        return ROLES[self.role].title if self.role in ROLES else self.role

    @property
    def capabilities(self) -> frozenset[str]:
        """What the post allows; a role that the platform no longer knows allows nothing."""
        return ROLES[self.role].capabilities if self.role in ROLES else frozenset()


@dataclass(frozen=True)
class Person:
    """One account as others may see it; `person` is the opaque id that actors and journal entries carry."""

    account: int
    person: str
    login: str
    name: str
    kind: Kind
    agency: str
    agency_name: str
    active: bool
    locked_until: datetime | None
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True)
class Enrolment:
    """A one-time code, given out once: only its digest is kept. `repr` does not show it, so logs cannot."""

    account: int
    code: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True)
class IssuedToken:
    """A department machine's token, given out once: only its digest is kept."""

    id: int
    token: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True)
class Attempt:
    """What came of a sign-in: the account, or why not. A failure is a result, so that its count is committed."""

    account: int | None
    refusal: Refused | None = None
