"""What a key may be used for, decided of what is known of it; how long things last, from the dated rules. Pure but for those."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.trust.certificates.declare import PURPOSES, REASONS, Held
from shuniu.trust.declare import Json, Refused


def dated(key: str) -> int:
    """The whole number that a dated rule gives today."""
    return RuleBook.load(settings.RULE_PACK).resolve(f"certificates.{key}", timezone.localdate()).integer()


def check_held(held: Held | None, *, at: datetime, purpose: str = "sign", agency: str | None = None) -> Held:
    """A key that may be used so at this moment; `agency` is whose it must be.

    Raises Refused trust.unknown_key, trust.revoked, trust.not_yet, trust.expired, trust.stale, trust.purpose,
    trust.wrong_agency.
    """
    if held is None:
        raise Refused(
            "trust.unknown_key", "平台没有登记这把密钥的证书。", "请核对密钥编号；尚未接入的，请先用邀请码接入。"
        )
    standing = held.standing(at)
    if standing == "revoked":
        raise Refused("trust.revoked", "证书已被吊销。", "请联系省级平台主管重新发放邀请码，用新密钥接入。")
    if standing == "not_yet":
        raise Refused("trust.not_yet", "证书尚未生效。", "请先核对两边的时钟，再核对证书。")
    if standing == "expired":
        raise Refused(
            "trust.expired",
            f"证书已在 {held.not_after:%Y-%m-%d %H:%M} 过期。",
            "请换发证书；已不能换发的，请重新接入。",
        )
    if held.listed is not None and at > listed_until(held.listed):
        raise Refused(
            "trust.stale",
            "签发这张证书的机构没有按时更新吊销列表，它的证书是否仍然有效无从得知。",
            "请联系平台的安全管理员接收该机构最新的吊销列表，之后即可恢复使用。",
        )
    if held.purpose != purpose:
        raise Refused(
            "trust.purpose",
            f"这张证书不能用于{PURPOSES[purpose]}。",
            f"请使用{PURPOSES[purpose]}证书，签名与加密的证书是分开的。",
        )
    if agency is not None and held.agency != agency:
        raise Refused("trust.wrong_agency", "这张证书不是该单位的。", "请使用本单位的证书。")
    return held


def listed_until(next_update: datetime) -> datetime:
    """Until when the certificates of a licensed authority are believed whose newest list was to be followed at a moment."""
    return next_update + timedelta(hours=dated("licensed.grace.hours"))


def numbers(every: Iterable[int]) -> str:
    """Numbers in ranges: 3,7-2006."""
    ranges: list[list[int]] = []
    for number in sorted(every):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def issued(made: Mapping[int, bytes]) -> dict[str, Json]:
    """What the journal keeps of a batch: how many, their numbers, and one digest that binds every certificate (DER) of it.

    The digest is SHA-256 over the SHA-256 of each, in the order of their numbers.
    """
    each = b"".join(hashlib.sha256(made[number]).digest() for number in sorted(made))
    return {"issued": len(made), "numbers": numbers(made), "digest": hashlib.sha256(each).hexdigest()}


def check_reason(reason: str) -> str:
    """Raises Refused trust.reason for a reason that is none of the standard's."""
    if reason not in REASONS:
        raise Refused("trust.reason", "吊销须说明原因。", "请从列出的原因中选择一项。")
    return reason


def digest(code: str) -> bytes:
    """What is kept of a code; how it is typed (spaces, dashes, small letters) makes no difference."""
    return hashlib.sha256("".join(code.split()).replace("-", "").upper().encode()).digest()
