"""What is kept of a call beside its entry's words: enough to write both signature bases again, in some 250 bytes. Pure.

It stands in the entry itself and so under its leaf in the journal: neither altered nor taken away unseen.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_FORM = struct.Struct(">32sqiiihhhh32s32sB")


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
    delay: int  # seconds from asked to answered
    fields: int
    asked: bytes  # digest of the question's body
    answered: bytes
    request: bytes = field(repr=False)  # signatures
    answer: bytes = field(repr=False)

    def packed(self) -> bytes:
        return (
            _FORM.pack(
                self.root, self.nonce, self.key, self.agreement, self.created, self.version, self.context, self.delay,
                self.fields, self.asked, self.answered, len(self.request),
            )
            + self.request + self.answer
        )  # fmt: skip


def unpacked(proof: bytes) -> Kept:
    """What `Kept.packed` made."""
    root, nonce, key, agreement, created, version, context, delay, fields, asked, answered, length = _FORM.unpack_from(
        proof
    )
    end = _FORM.size + length
    request, answer = proof[_FORM.size : end], proof[end:]
    return Kept(root, nonce, key, agreement, created, version, context, delay, fields, asked, answered, request, answer)
