"""The journal's bytes and tree: pure functions, so that an outsider can repeat them from this page alone.

Leaf and node hashes are those of RFC 9162 §2.1.1: SHA-256(0x00 ‖ entry), SHA-256(0x01 ‖ left ‖ right).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EMPTY_ROOT = hashlib.sha256(b"").digest()
EntryRow = tuple[int, datetime, str, str, str, str, str, str, str, object, bytes | None]
"""id, at, person, person_name, agency, agency_name, verb, outcome, object, detail, proof — as in `store.COLUMNS`."""
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def entry_bytes(row: EntryRow, read: str = "") -> bytes:
    """The canonical bytes of an entry: a JSON array, keys sorted, no spaces, UTF-8, time in UTC microseconds.

    What proves it, where an engine keeps that with it, comes after, in hex; last `read`, which binds whose data it touched.
    """
    identifier, at, *rest, proof = row
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"
    beside = [*([proof.hex()] if proof else []), *([f"read:{read}"] if read else [])]
    return _canonical([identifier, stamp, *rest, *beside]).encode()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


KEPT = 8
"""The lowest level whose nodes are kept, of 256 leaves: a proof reads some 512 leaves at most, and few nodes."""
Node = tuple[int, int, bytes]
"""A whole subtree: its level (2 ** level leaves), its place among those of its level from 0, its hash."""


class Tree:
    """The right edge of a Merkle tree: one peak per set bit of its size, largest first. Appending is O(log n).

    `nodes` gathers the subtrees from level `KEPT` upward that became whole; who keeps them takes them from there.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(peaks):
            raise ValueError("a tree has one peak per set bit of its size")
        self.size = size
        self.peaks = list(peaks)
        self.nodes: list[Node] = []

    def append(self, leaf: bytes) -> None:
        node, size, level = leaf, self.size, 0
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            size >>= 1
            level += 1
            if level >= KEPT:
                self.nodes.append((level, size, node))
        self.peaks.append(node)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def head_bytes(size: int, root: bytes, at: datetime) -> bytes:
    """What a head's signature covers."""
    return f"shuniu-journal-head/1\n{size}\n{root.hex()}\n{at.astimezone(UTC).isoformat()}\n".encode()


def key_id(public_key: bytes) -> str:
    """Name a public key of the journal: the suite, then 16 hex digits of its SHA-256."""
    return "ed25519:" + hashlib.sha256(public_key).hexdigest()[:16]


def verify(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature by the journal's key is good (Ed25519, RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
