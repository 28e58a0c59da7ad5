"""What is kept of a call beside its entry's words: enough to write both signature bases again, in some 245 bytes. Pure.

It stands in the entry itself and so under its leaf in the journal: neither altered nor taken away unseen.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shuniu.trust.declare import Json

_FIXED = struct.Struct(">32sqI32s32s")


@dataclass(frozen=True)
class Kept:
    """A call's proof. `root`, over the fields of the answer, stands first in it: who reads the entry alone checks that."""

    root: bytes
    nonce: int
    key: int  # of the asking certificate
    agreement: int
    created: int  # seconds from `EPOCH`
    version: int  # of the agreement
    context: int  # which authority and platform key
    delay: int  # seconds from asked to answered; below 0 where the asking clock runs ahead
    fields: int
    asked: bytes  # digest of the question's body
    answered: bytes
    request: bytes = field(repr=False)  # signatures
    answer: bytes = field(repr=False)

    def packed(self) -> bytes:
        """What is of one length first; then the numbers, mostly small, in as few bytes as each takes; then the signatures."""
        late, early = max(self.delay, 0), max(-self.delay, 0)
        numbers = (self.key, self.agreement, self.version, self.context, late, early, self.fields, len(self.request))
        fixed = _FIXED.pack(self.root, self.nonce, self.created, self.asked, self.answered)
        return fixed + bytes(_shortened(numbers)) + self.request + self.answer


@dataclass(frozen=True)
class CallEntry:
    """A call as the journal has it: when, who of which agency asked for what, in what words (`said`), and what proves it."""

    number: int
    at: datetime
    agency: str
    person: str
    name: str
    resource: str
    said: Mapping[str, Json]
    kept: Kept

    @property
    def owner(self) -> str:
        """The agency whose resource it is."""
        return self.resource.partition("/")[0]


def unpacked(proof: bytes) -> Kept:
    """What `Kept.packed` made."""
    root, nonce, created, asked, answered = _FIXED.unpack_from(proof)
    rest = iter(proof[_FIXED.size :])
    key, agreement, version, context, late, early, fields, length = (_number(rest) for _ in range(8))
    signatures = bytes(rest)
    return Kept(
        root, nonce, key, agreement, created, version, context, late - early, fields, asked, answered,
        signatures[:length], signatures[length:],
    )  # fmt: skip


def _shortened(numbers: Iterable[int]) -> Iterator[int]:
    """Seven bits a byte, the lowest first; the eighth says that more follows (LEB128)."""
    for number in numbers:
        while number > 0x7F:
            yield number & 0x7F | 0x80
            number >>= 7
        yield number


def _number(encoded: Iterator[int]) -> int:
    number = shift = 0
    for byte in encoded:
        number |= (byte & 0x7F) << shift
        if byte <= 0x7F:
            break
        shift += 7
    return number
