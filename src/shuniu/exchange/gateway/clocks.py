"""Whose machines were refused for their clock: what the gateway counted, said by the self-check."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuniu.directory import api as directory
from shuniu.exchange.gateway.authentic import MOMENT
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.certificates.declare import Finding

HOURS = 24


def refused_clocks(agency: str) -> tuple[Finding, ...]:
    """Which agencies' machines, or how often an agency's own, were refused for their clock in the last day.

    For `trust.self_check`, which requires the right.
    """
    found = store.refused(MOMENT, agency, HOURS)
    if not found:
        return (Finding("clock.machines", "good", _("24 小时内没有单位的机器因时钟不准被拒绝。")),)
    return (_own(found[agency]) if agency else _every(found),)


def _own(calls: int) -> Finding:
    return Finding(
        "clock.machines", "warning",
        _("24 小时内本单位机器的请求因时钟不准被拒绝 %(calls)d 次。") % {"calls": calls}, _("本单位技术人员"),
        _("请在接入的机器上校准时钟，再执行 shuniu trust check 核对。"),
    )  # fmt: skip


def _every(found: dict[str, int]) -> Finding:
    names = directory.agency_names()
    listed = "、".join(
        _("%(name)s（%(calls)d 次）") % {"name": names.get(key, key), "calls": calls} for key, calls in found.items()
    )
    return Finding(
        "clock.machines", "warning",
        _("24 小时内 %(count)d 个单位的机器因时钟不准被拒绝：%(names)s。") % {"count": len(found), "names": listed},
        _("这些单位的技术人员"), _("请通知他们在接入的机器上校准时钟，再执行 shuniu trust check 核对。"),
    )  # fmt: skip
