"""Values of DER (X.690) by hand, where thousands a second are made and read: as objects they take ten times as long. Pure."""

from __future__ import annotations

from typing import NamedTuple

SEQUENCE, SET, INTEGER, BITS, OCTETS, OID = 0x30, 0x31, 0x02, 0x03, 0x04, 0x06


class Value(NamedTuple):
    """One value: its tag, its content, all of its bytes."""

    tag: int
    content: bytes
    whole: bytes


def tlv(tag: int, *parts: bytes) -> bytes:
    """One value made of its parts."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(number: int) -> bytes:
    """A whole number from 0 upward."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def values(data: bytes) -> list[Value]:
    """The values that stand one after the other. Raises ValueError for what is not DER, or ends too soon."""
    found, at, end = [], 0, len(data)
    while at < end:
        if end - at < 2 or data[at] & 0x1F == 0x1F:
            raise ValueError("no value")
        start, size = at + 2, data[at + 1]
        if size >= 0x80:
            start, size = _long(data, start, size & 0x7F)
        if start + size > end:
            raise ValueError("a value is longer than what there is")
        found.append(Value(data[at], data[start : start + size], data[at : start + size]))
        at = start + size
    return found


def _long(data: bytes, start: int, width: int) -> tuple[int, int]:
    size = int.from_bytes(data[start : start + width], "big")
    if not 0 < width <= 4 or len(data) < start + width or size < max(0x80, 1 << 8 * (width - 1)):
        raise ValueError("a length that is not the shortest")
    return start + width, size


def inside(data: bytes, *tags: int) -> list[Value]:
    """What a sequence consists of, whose parts have these tags. Raises ValueError where it is none, or has others."""
    (outer,) = values(data)
    found = values(outer.content)
    if outer.tag != SEQUENCE or [one.tag for one in found] != [*tags]:
        raise ValueError("other parts than those that belong here")
    return found
