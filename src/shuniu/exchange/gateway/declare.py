"""Nouns of the gateway: what was asked, what was answered, what is kept of it, how a connection does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from shuniu.trust.certificates.declare import Held
from shuniu.trust.messages import Described, Message
from shuniu.trust.suites import Suite

EPOCH = 1_577_836_800
"""2020-01-01 UTC in Unix seconds: signing times are kept as seconds from here, in four bytes until 2088."""
OFFICER, TOKEN, COMMITMENT = "shuniu-officer", "idempotency-key", "shuniu-commitment"
"""Headers beside those that every request's signature covers; each is covered where it is sent."""
CALL = "exchange.query"
SUBJECT_OF: dict[str, bytes] = {}
"""By kind of matter (`case`): a statement that gives the subject it is about, by its number; null: nobody in particular.

The engine that has the matters puts it here when it is loaded.
"""


@dataclass(frozen=True)
class Purpose:
    """What it is asked for: a key of the legal list, and the matter that makes it needed (`case:<number>`), if it names one."""

    key: str
    matter: str = ""

    def __str__(self) -> str:
        return f"{self.key}/{self.matter}" if self.matter else self.key


@dataclass(frozen=True)
class Asked:
    """A request whose signature holds: who asks for what, and what is kept to prove it."""

    held: Held
    suite: Suite
    message: Message = field(repr=False)
    said: Described = field(repr=False)
    digest: bytes  # of the body
    resource: str
    purpose: Purpose
    identifiers: tuple[tuple[str, str], ...] = field(repr=False)
    items: tuple[str, ...]  # (): all that is granted
    officer: int | None
    token: str
    day: date  # on which it came: whose rules hold

    @property
    def whole(self) -> bytes:
        """Digest of all that makes it the same question: what an idempotency key may be used for again."""
        headers = self.message.headers
        said = [self.resource, headers["shuniu-purpose"], headers.get(OFFICER, ""), self.digest.hex()]
        return self.suite.digest("\n".join(said).encode())

    @property
    def created(self) -> int:
        return self.said.created - EPOCH

    @property
    def nonce(self) -> int:
        return nonce_of(self.said)


def nonce_of(said: Described) -> int:
    """A signature's nonce as a bigint."""
    number = int(said.nonce, 16)
    return number - (1 << 64) if number >> 63 else number


@dataclass(frozen=True)
class Answered:
    """An answer as it leaves: its number is that of its journal entry and of its evidence."""

    number: int
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    rows: int
    repeated: bool = False  # the same request again: no second reading


@dataclass(frozen=True)
class Proof:
    """What is kept of a call, made whole again: both signature bases as text, and what signed them."""

    number: int
    request: str
    request_signature: bytes
    request_key: str  # key id of the department's certificate
    answer: str
    answer_signature: bytes
    answer_key: str
    root: bytes
    fields: int


@dataclass(frozen=True)
class Interface:
    """A provider's live interface: where it is asked, by which keys it may sign, how long and how large its answer may be."""

    number: int
    resource: str
    url: str
    keys: tuple[str, ...]  # ids: of the certificate that was declared and of those that renewed it, newest first
    wait_ms: int
    most: int  # bytes


@dataclass(frozen=True)
class Declared:
    """A live interface that stands, by whom since when, and how calls of its resource went in the last hours."""

    number: int
    resource: str
    url: str
    by: str
    since: datetime
    wait_ms: int
    most: int  # bytes
    calls: int
    failed: int  # of those that it did not answer, or not as it should
    last_failed: datetime | None  # the hour of the last


@dataclass(frozen=True)
class LiveView:
    """How a live interface does: the number and end of its certificate, and what is wrong with that ('' nothing).

    `paused`: seconds for which the process that says so does not ask it, after failures one after the other.
    """

    declared: Declared
    owner: str
    certificate: int
    until: datetime
    fault: str
    paused: int


@dataclass(frozen=True)
class Granted:
    """A file that an agreement's holder may fetch, until it expires; its bytes lie encrypted in the platform's folder."""

    number: int
    agreement: int
    version: int
    consumer: str
    resource: str
    in_force: bool  # the agreement is, and the file's own term has not ended
    name: str
    size: int
    digest: bytes  # SHA-256 of all of it
    chunks: bytes = field(repr=False)  # SHA-256 of each MiB, one after the other
    token: bytes = field(repr=False)
    paid: int  # bytes that may still go out for the call that was counted when its fetching began


@dataclass(frozen=True)
class Offered:
    """A file under an agreement as both its sides see it: until when it may be fetched, and when it last was, to its end."""

    number: int
    name: str
    size: int
    digest: str  # SHA-256, hex
    made_at: datetime
    expires: datetime
    fetched_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Upload:
    """A file of an agreement that a machine sends in portions: `taken` of its bytes are here, from the first on."""

    number: int
    agreement: int
    agency: str
    person: str
    name: str
    size: int
    digest: bytes  # SHA-256 of all of it, as its sender said beforehand
    days: int
    token: bytes = field(repr=False)
    taken: int
    expires: datetime  # until when the rest is waited for
    live: bool  # it is
    stands: bool  # the agreement is in force, and the sender's agency gives its data
    file: int | None  # its number once it is offered
    refused: str  # the rule by which it was not

    @property
    def open(self) -> bool:
        return self.file is None and not self.refused


@dataclass(frozen=True)
class Connection:
    """How a connection did in an hour: calls that were answered, those that failed, rows, bytes, milliseconds."""

    resource: str
    agency: str
    hour: datetime
    calls: int
    failed: int
    rows: int
    size: int
    ms: int  # of all calls together
    slowest: int  # milliseconds of the slowest

    @property
    def mean(self) -> float:
        """Milliseconds that an answered call took."""
        return self.ms / self.calls if self.calls else 0.0


@dataclass(frozen=True)
class Connections:
    """How connections do: by the hour, newest first; each as a whole, the busiest first, with its newest hour; and of the
    calls that got no answer how many each rule refused.
    """

    hours: tuple[Connection, ...]
    totals: tuple[Connection, ...]
    failures: tuple[tuple[str, int], ...]
