"""Revocation lists (CRL, RFC 5280 §5) of licensed authorities: what they say, and whether to follow them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import crl, pem

from shuniu.trust.certificates import tlv
from shuniu.trust.certificates.declare import TakenList
from shuniu.trust.certificates.reading import BROKEN, Read, parts, signed_by, unreadable
from shuniu.trust.declare import Refused


@dataclass(frozen=True)
class Revocations:
    """A revocation list that was checked: its number (None: it has none), its days, and the revoked by serial."""

    number: int | None
    issued: datetime
    next_update: datetime
    issuer: Read
    revoked: tuple[tuple[int, datetime, str], ...]


_TIMES = (0x17, 0x18)
_REASON, _NUMBER = bytes.fromhex("0603551d15"), bytes.fromhex("0603551d14")
_IN_PARTS = {bytes.fromhex("0603551d1b"), bytes.fromhex("0603551d1c")}
"""Delta list indicator and issuing distribution point: such a list speaks of some certificates, or of what is new, alone."""
_LONGEST_NUMBER = 20  # octets (RFC 5280 §5.2.3)


def _moment(value: tlv.Value) -> datetime:
    """A moment of a certificate or a list (RFC 5280 §4.1.2.5): always to the second, always UTC. Raises ValueError."""
    text = value.content.decode("ascii")
    if value.tag == _TIMES[0]:
        text = ("20" if text[:2] < "50" else "19") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _extensions(content: bytes) -> list[tuple[bytes, bool, bytes]]:
    """Extensions as they stand: identifier, whether it is critical, value. Raises ValueError."""
    found = []
    for one in tlv.values(content):
        identifier, *critical, value = tlv.values(one.content)
        found.append((identifier.whole, bool(critical) and any(critical[0].content), value.content))
    return found


def _ended(one: tlv.Value) -> tuple[int, datetime, str]:
    serial, when, *extensions = tlv.values(one.content)
    number = int.from_bytes(serial.content, "big", signed=True)
    return number, _moment(when), _why(extensions[0].content) if extensions else "unspecified"


@lru_cache(maxsize=256)
def _why(extensions: bytes) -> str:
    """The reason among the extensions of a list's entry; empty where one is critical that we do not follow."""
    every = _extensions(extensions)
    if any(critical and identifier != _REASON for identifier, critical, _value in every):
        return ""
    for identifier, _critical, value in every:
        if identifier == _REASON:
            return str(crl.CRLReason.load(value, strict=True).native)
    return "unspecified"


@dataclass(frozen=True)
class _Listed:
    """A revocation list as it stands in its bytes; nothing of it is proven yet. `whole`: it speaks of every certificate."""

    name: bytes
    issued: datetime
    until: datetime | None
    revoked: tuple[tuple[int, datetime, str], ...]
    number: int | None
    whole: bool


def _listed(content: bytes) -> _Listed:
    """The signed part of a list (RFC 5280 §5.1.2). Raises what `BROKEN` names."""
    first, *rest = tlv.values(content)
    _algorithm, name, issued, *rest = rest if first.tag == tlv.INTEGER else [first, *rest]
    until = _moment(rest.pop(0)) if rest and rest[0].tag in _TIMES else None
    listed = tlv.values(rest.pop(0).content) if rest and rest[0].tag == tlv.SEQUENCE else []
    revoked = tuple(_ended(one) for one in listed)
    number, whole = None, all(why for _serial, _when, why in revoked)
    for identifier, critical, value in _extensions(tlv.values(rest[0].content)[0].content) if rest else ():
        if identifier == _NUMBER:
            number = _number(value)
        elif critical or identifier in _IN_PARTS:
            whole = False
    return _Listed(name.whole, _moment(issued), until, revoked, number, whole)


def _number(value: bytes) -> int:
    (found,) = tlv.values(value)
    if found.tag != tlv.INTEGER or not 0 < len(found.content) <= _LONGEST_NUMBER or found.content[0] & 0x80:
        raise ValueError("a list's number is a whole number from 0 upward of 20 octets at most")
    return int.from_bytes(found.content, "big")


def read(text: bytes, anchors: Sequence[Read], at: datetime) -> Revocations:
    """A licensed authority's revocation list, which must be of all of its certificates.

    Raises Refused trust.unreadable, trust.unknown_issuer, trust.altered, trust.list_partial, trust.stale.
    """
    try:
        der = pem.unarmor(text)[2] if pem.detect(text) else text
        tbs, algorithm, signature = parts(der)
        listed = _listed(tbs.content)
    except BROKEN as error:
        raise unreadable("证书吊销列表（CRL）") from error
    above = [one for one in anchors if one.own_name == listed.name and "crl_sign" in one.usage]
    if not above:
        raise Refused("trust.unknown_issuer", "发布这份吊销列表的机构不在受信任之列。", "请核对签发机构。")
    issuer = next((one for one in above if signed_by(one.public, algorithm, signature, tbs.whole)), None)
    if issuer is None:
        raise Refused("trust.altered", "吊销列表的签名不对：内容被改动，或者不是所称机构发布的。", "请重新取得列表。")
    if not listed.whole:
        raise Refused(
            "trust.list_partial",
            "这份吊销列表不完整：它是增量列表、分区列表或间接列表，或者带有平台不认识的关键扩展项。",
            "请向该机构取得涵盖全部证书的完整吊销列表。",
        )
    if listed.until is None or listed.until < at:
        raise Refused("trust.stale", "这份吊销列表已过了下次更新的时间。", "请取得最新的列表。")
    return Revocations(listed.number, listed.issued, listed.until, issuer, listed.revoked)


def check_newer(found: Revocations, before: TakenList | None) -> None:
    """A list may follow the one that was taken before (None: none was). Raises Refused trust.list_older.

    Numbers never go down (RFC 5280 §5.2.3); where they are equal or missing, the moments of issue do not.
    """
    if before is None:
        return
    if found.number is not None and before.number is not None and found.number != before.number:
        older = found.number < before.number
    elif before.issued is not None:
        older = found.issued < before.issued
    else:  # taken by a release that noted no more
        older = found.next_update < before.next_update
    if older:
        raise Refused(
            "trust.list_older",
            "这份吊销列表比平台已接收的旧（编号或发布时间靠前）。",
            "请向该机构取得最新的吊销列表；已接收的继续有效。",
        )
