"""What an address must be, what of it is shown, and what a courier's word changes. Pure."""

from __future__ import annotations

import re

from shuniu.base.identifiers import clean
from shuniu.base.masking import mask_address, mask_name, mask_phone
from shuniu.cases.declare.postal import Addressee, HandoverState
from shuniu.trust.declare import Refused

_TELEPHONE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}|0[0-9]{9,11}")
_WAYBILL = re.compile(r"[0-9A-Z]{8,30}")
_RANK = {
    HandoverState.WAITING: 0,
    HandoverState.CONSIGNED: 1,
    HandoverState.TRANSIT: 2,
    HandoverState.SIGNED: 3,
    HandoverState.RETURNED: 3,
}


def addressee(name: str, telephone: str, address: str) -> Addressee:
    """Whom and where, in order. Raises Refused: postal.name, postal.telephone, postal.address."""
    name, address, telephone = (
        " ".join(name.split()),
        " ".join(address.split()),
        re.sub("[-() ]", "", clean(telephone)),
    )
    if not 1 < len(name) <= 60:
        raise Refused("postal.name", "没有写收件人姓名或者名称。", "请写全，与收件人证件一致。")
    if _TELEPHONE.fullmatch(telephone) is None:
        raise Refused("postal.telephone", "收件电话写得不对。", "请填 11 位手机号码，或者带区号的固定电话。")
    if not 8 <= len(address) <= 200:
        raise Refused("postal.address", "收件地址不完整。", "请写到省、市、县、街道和门牌号。")
    return Addressee(name, telephone, address)


def masked(to: Addressee, *, person: bool) -> Addressee:
    """As much of an address as is shown: a person's surname, a telephone's ends, the place down to the county."""
    return Addressee(mask_name(to.name) if person else to.name, mask_phone(to.telephone), mask_address(to.address))


def waybill(text: str) -> str:
    """A waybill number in order. Raises Refused postal.waybill."""
    found = clean(text).upper()
    if _WAYBILL.fullmatch(found) is None:
        raise Refused("postal.waybill", "运单号写得不对。", "请照运单填写 8 至 30 位数字和字母。")
    return found


def moved(now: HandoverState, said: HandoverState) -> HandoverState | None:
    """Where a word brings a parcel; None: it comes late and changes nothing. Raises Refused postal.conflict.

    An end does not become another end: what was signed for did not come back.
    """
    if now in (HandoverState.SIGNED, HandoverState.RETURNED, HandoverState.TAKEN):
        ends = (HandoverState.SIGNED, HandoverState.RETURNED)
        if said in ends and said is not now:
            raise Refused("postal.conflict", "寄递通知与此前的结果矛盾。", "请寄递企业与窗口核对后处理。")
        return None
    return said if _RANK[said] > _RANK[now] else None
