"""Payment providers behind one typed door; which one an instance uses is a setting."""

from __future__ import annotations

from django.conf import settings

from shuniu.cases.partner import Message
from shuniu.cases.payments.gateway import Gateway
from shuniu.cases.payments.provider import Provider
from shuniu.trust.declare import Refused

__all__ = ["Message", "Provider", "configured", "provider"]


def _shared() -> tuple[str, str]:
    """The provider's address and the secret shared with it, as the instance sets them."""
    return str(getattr(settings, "PAYMENT_URL", "")), str(getattr(settings, "PAYMENT_SECRET", ""))


def configured() -> bool:
    """Whether this instance takes payments at all."""
    return all(_shared())


def provider() -> Provider:
    """The provider of this instance. Raises Refused (fees.no_provider) when none is configured."""
    if not configured():
        raise Refused("fees.no_provider", "本平台没有开通网上缴费。", "请按缴费通知书到窗口或者代收银行缴费。")
    return Gateway(*_shared())
