"""Couriers behind one typed door; which one an instance uses is a setting."""

from __future__ import annotations

from django.conf import settings

from shuniu.cases.courier.gateway import Gateway
from shuniu.cases.courier.provider import Courier
from shuniu.cases.partner import Message
from shuniu.trust.declare import Refused

__all__ = ["Courier", "Message", "configured", "courier"]


def _shared() -> tuple[str, str]:
    """The courier's address and the secret shared with it, as the instance sets them."""
    return str(getattr(settings, "COURIER_URL", "")), str(getattr(settings, "COURIER_SECRET", ""))


def configured() -> bool:
    """Whether this instance hands parcels to a courier by itself; without, the window notes waybills by hand."""
    return all(_shared())


def courier() -> Courier:
    """The courier of this instance. Raises Refused (postal.no_courier) when none is configured."""
    if not configured():
        raise Refused("postal.no_courier", "本平台没有接通寄递企业。", "请到寄递网点交寄后填写运单号。")
    return Gateway(*_shared())
