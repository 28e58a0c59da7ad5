"""Licences and approvals that cases issue (电子证照): types, and the states of the national licence database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shuniu.base.titled import Titled
from shuniu.catalogue.declare import Frozen


class LicenceState(Titled):
    """证照状态, codes of the national licence database."""

    VALID = "01", "有效"
    SUSPENDED = "02", "暂扣"
    REVOKED = "03", "撤销"
    CANCELLED = "04", "注销"
    EXPIRED = "05", "失效"
    WITHDRAWN = "07", "吊销"


class LicenceType(Frozen):
    """A kind of licence. `definer` and `number` make its type code (GB/T 36904-2018: 18 + 3 characters)."""

    key: str
    title: str
    agency: str  # who issues it
    definer: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")]
    number: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    fields: tuple[tuple[str, str], ...]  # question of the form (or "name", "code" of the holder) and the printed title
    valid_years: int | None = None  # None: long
    varies: bool = False  # the law sets the term by the holder (age): who issues it states the last day
    holder: Literal["legal", "natural", "any"] = "legal"
    single: bool = True  # a holder has one of it at most that is valid or suspended
    basis: str = ""  # the law on its form and term
    certainty: Literal["V", "K", "?"] = "?"  # of the basis: verified in the text, known, unverified


@dataclass(frozen=True)
class LicenceEvent:
    """One thing that happened to a licence; the first is its issue."""

    seq: int
    state: LicenceState
    reason: str
    basis: str
    person_name: str
    agency_name: str
    at: datetime


@dataclass(frozen=True)
class LicenceView:
    """A licence as its holder and its issuer see it. `state` is as of today; `content` is what is printed, in order."""

    number: str
    identifier: str  # GB/T 36904-2018
    type: str
    title: str
    agency: str
    agency_name: str
    holder: int | None
    holder_kind: str
    holder_name: str
    content: tuple[tuple[str, str], ...]
    valid_from: date
    valid_to: date | None
    state: LicenceState
    case: str  # number of the case that issued it
    check: str
    digest: str
    signature: str
    key: str
    issued_at: datetime
    events: tuple[LicenceEvent, ...] = ()
    version: int = 1
    replaces: str = ""  # number of the licence that this one was reissued for
    replaced_by: str = ""


@dataclass(frozen=True)
class LicenceChecked:
    """What anybody learns of a licence who knows its number and check code: never its content, a person's name masked."""

    number: str
    title: str
    agency_name: str
    holder_name: str
    valid_from: date
    valid_to: date | None
    state: LicenceState
    since: datetime  # when it came into this state
    digest: str  # empty for a person's: from a digest of few unknowns these could be found by trying
    intact: bool  # whether the platform's signature still fits the facts that are kept


@dataclass(frozen=True)
class LicenceQuery:
    """What the issuer's library is asked for: what is empty does not narrow. `holder` is a subject, `number` exact."""

    number: str = ""
    holder: int | None = None
    type: str = ""
    state: LicenceState | None = None


@dataclass(frozen=True)
class LicenceLine:
    """A licence in the issuer's list: a person's name masked, the state as of today; `id` orders and continues the list."""

    id: int
    number: str
    title: str
    holder_name: str
    state: LicenceState
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Unissued:
    """A case that was granted and whose licence nobody has issued yet; `due`: by when it is to be issued and delivered."""

    case: str
    title: str
    applicant: str
    kinds: tuple[LicenceType, ...]
    due: date | None
