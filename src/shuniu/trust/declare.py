"""Nouns of trust: who acts, what a right is called, what a journal entry says, and how a refusal speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shuniu.base.rules import RuleError, region_prefix

NOTE = "journal-head"
"""How files of the folder of keys begin that note the newest signed head: they belong to one database and to no copy of it."""
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class StandIn:
    """A post of somebody else that an actor holds for a while: whose it is, by which substitution, what it alone allows."""

    person: str
    name: str
    substitution: int
    capabilities: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """Who acts in one request, job or command: built by directory, passed down, never looked up again.

    `person` is an opaque id (`officer:12`, `citizen:7`, `system:sequencer`); names are as they are at this moment and go
    into the journal as such. `regions` are code prefixes: ("43",) reaches the whole province, ("430102",) one district.
    `subject` is the registered subject that a citizen or firm has been verified to be. `instead` says which capabilities
    are there only because the actor stands in for somebody; what is done by them is journalled as such.
    """

    person: str
    name: str
    agency: str = ""
    agency_name: str = ""
    regions: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    subject: int | None = None
    instead: tuple[StandIn, ...] = ()

    def may(self, capability: str) -> bool:
        """Whether this actor holds the capability at all, anywhere."""
        return capability in self.capabilities

    def reaches(self, region: str) -> bool:
        """Whether a region code lies inside one of the actor's regions; zeros that only fill a code up do not count.

        431000 is the city 4310 and not the prefix 431. What is no region code is reached by nobody.
        """
        try:
            place = region_prefix(region)
            return any(place.startswith(region_prefix(own)) for own in self.regions)
        except RuleError:
            return False


class Refused(Exception):
    """A rule said no. Carries which rule, what it says and how to go on; shown to the user and journalled as it stands."""

    def __init__(self, rule: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


class Unrecorded(Exception):
    """A verb ended without requiring a right or without recording what it did: a defect in the verb, never in the user."""


@dataclass(frozen=True)
class Verb:
    """One public act of an engine. `name` is also the capability that allows it; `title` is what users read."""

    name: str
    title: str
    call: Callable[..., object]
    reads: bool = False


@dataclass(frozen=True)
class Act:
    """What an entry says of one act, before the sequencer gives it a position."""

    actor: Actor
    verb: str
    outcome: str  # done · refused · begun · ended
    object: str = ""
    subjects: tuple[int, ...] = ()
    detail: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One journal entry as an auditor reads it; `position` is its place in the proved order, None while it waits for it."""

    id: int
    at: datetime
    person: str
    person_name: str
    agency_name: str
    verb: str
    outcome: str
    object: str
    detail: Mapping[str, Json]
    position: int | None


@dataclass(frozen=True)
class Used:
    """What may have been done: by whom, by which verbs (none: any), under which ending of the name, in whose stead."""

    person: str
    verbs: tuple[str, ...] = ()
    ending: str = ""
    instead_of: str = ""


@dataclass(frozen=True)
class Given:
    """One act that gave somebody something: to what it was done, when, by whom, of which agency, by which verb."""

    object: str
    at: datetime
    person: str
    person_name: str
    agency_name: str
    detail: Mapping[str, Json]
    verb: str


@dataclass(frozen=True)
class JournalPage:
    """What a search of the journal found, newest first, beside how the whole journal stands now.

    `waiting` entries have no position yet, the oldest of them written at `since`; `stopped` is why none gets one any more.
    """

    lines: tuple[Line, ...]
    head: SignedHead | None
    waiting: int
    since: datetime | None
    stopped: Refused | None


@dataclass(frozen=True)
class SignedHead:
    """The state of the journal at one size, signed: what an auditor takes away to check the whole table against later."""

    size: int
    root: str  # hex SHA-256, RFC 9162 tree hash over the entries' leaves
    at: datetime
    key: str  # key id: suite and fingerprint
    public_key: str  # hex
    signature: str  # hex, over the bytes that journal.head_bytes() gives


@dataclass(frozen=True)
class Inclusion:
    """That an entry stands in the journal: `proofs.included` over its leaf and `path` gives the head's root.

    `entry` are its canonical bytes (`journal.entry_bytes`), whose hash is the leaf.
    """

    entry: bytes
    position: int
    path: tuple[bytes, ...]
    head: SignedHead


@dataclass(frozen=True)
class Growth:
    """That the journal of the `second` size goes on from that of the `first`: `proofs.continued` over `path`."""

    first: int
    second: int
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Verification:
    """What `verify` found: how many entries and heads were recomputed, how many wait for a position, and every fault."""

    entries: int
    heads: int
    waiting: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Signature:
    """A countersignature of the platform: the key's id and the signature, hex."""

    key: str
    signature: str
