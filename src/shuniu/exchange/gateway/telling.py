"""What providers and the office are told of live interfaces."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.exchange.gateway.declare import LiveView
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, Letter, Recipient, Template, Words

DECLARES = "exchange.declare_live"
_UNCERTIFIED = notices.register(
    Template(
        "exchange.live_uncertified",
        Words("实时接口的证书不能使用", "A live interface's certificate cannot be used"),
        Words("资源 {resource} 的实时接口已停止调用：{fault}请提供单位换发证书，由省级平台主管重新登记。",
              "The live interface of {resource} is no longer called: {fault} Its provider renews the certificate, and the office "
              "declares the interface again."),
        ("resource", "fault"),
        (INBOX.key, EMAIL.key),
    )
)  # fmt: skip


def uncertified(found: Sequence[LiveView]) -> int:
    """Tell the provider and who declares interfaces, once of each fault of each certificate. Returns how many were told."""
    letters = [
        Letter(
            to, f"resource:{one.declared.resource}", {"resource": one.declared.resource, "fault": one.fault},
            once=f"live:{one.declared.number}:{one.certificate}:{one.fault}:{to.agency}",
        )
        for one in found
        for to in (Recipient(agency=one.owner), Recipient(capability=DECLARES))
    ]  # fmt: skip
    return len(notices.tell_many(template=_UNCERTIFIED.key, letters=letters)) if letters else 0
