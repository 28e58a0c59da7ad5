"""How the gateway's connections do by the hour, for the agency that asks and the one that is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.exchange.gateway.counting import MOST, connections
from shuniu.exchange.gateway.declare import Connection
from shuniu.portal.pages.calls import address
from shuniu.portal.shell import desk_page
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row, Value

SPANS = (24, 24 * 7, 24 * 30)
_WHY = {
    "grant.never": gettext_noop("没有共享协议"), "grant.other_purpose": gettext_noop("协议不含所写的用途"),
    "grant.suspended": gettext_noop("协议已暂停"), "grant.revoked": gettext_noop("协议已撤销"),
    "grant.expired": gettext_noop("协议已到期"), "grant.not_yet": gettext_noop("协议还没有开始"),
    "grant.quota": gettext_noop("当天的用量已用完"), "grant.item": gettext_noop("要了协议以外的信息项"),
    "grant.ended": gettext_noop("回答之前协议或证书有了变更"), "gateway.rate": gettext_noop("每分钟的次数已用完"),
    "gateway.full": gettext_noop("平台正忙，未受理"), "gateway.purpose": gettext_noop("用途或办件不符"),
    "gateway.officer": gettext_noop("查询人员不是本单位有权限的人员"), "gateway.replay": gettext_noop("同一请求发了两次"),
    "gateway.once": gettext_noop("幂等键已用于另一次查询"), "gateway.changed": gettext_noop("重发期间数据有了变更"),
    "gateway.batch": gettext_noop("一次查询得过多"), "gateway.unknown": gettext_noop("没有这个资源"),
    "gateway.moment": gettext_noop("签名时间与平台时钟不符，请校准时钟"), "gateway.down": gettext_noop("提供单位的接口连接不上"),
    "gateway.slow": gettext_noop("提供单位的接口没有按时回答"), "gateway.lies": gettext_noop("提供单位的接口回答不合约定"),
    "gateway.open": gettext_noop("提供单位的接口连续失败，暂停调用"), "gateway.busy": gettext_noop("提供单位的接口正忙"),
    "gateway.uncertified": gettext_noop("提供单位接口的证书不能使用"),
}  # fmt: skip
"""Why calls got no answer, in words; of other rules the rule itself."""


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """How the connections do: each as a whole, why calls got no answer, then by the hour (`?resource=`, `?hours=`)."""
    asked = request.GET.get("hours", "")
    hours = int(asked) if asked in map(str, SPANS) else SPANS[0]
    resource = request.GET.get("resource", "").strip()
    who = actor(request)
    found = connections(actor=who, resource=resource, hours=hours)
    titles = {one.resource.key: one.resource.title for one in catalogue.published_all()}
    names = directory.agency_names()
    spans = tuple((str(span), _("近 %(days)s 天") % {"days": span // 24}) for span in SPANS)
    context = {
        "columns": [
            Column(_("时段")), Column(_("资源")), Column(_("使用单位")), Column(_("成功"), "number"),
            Column(_("未提供"), "number"), Column(_("行数"), "number"), Column(_("千字节"), "number"),
            Column(_("平均毫秒"), "number"), Column(_("最慢毫秒"), "number"),
        ],
        "rows": [_row(one, titles, names, one.calls) for one in found.hours],
        "cut": len(found.hours) == MOST,
        "totals": [_row(one, titles, names, _calls(one, who)) for one in found.totals],
        "reasons": [Row((_(_WHY[rule]) if rule in _WHY else rule, calls)) for rule, calls in found.failures],
        "reason_columns": [Column(_("原因")), Column(_("次数"), "number")],
        "filters": (
            Filter("resource", _("资源"), resource, (("", _("全部")), *_resources(found.totals, resource, titles))),
            Filter("hours", _("时间"), str(hours), spans),
        ),
        "failed": sum(one.failed for one in found.totals),
        "calls": sum(one.calls for one in found.totals),
    }  # fmt: skip
    return desk_page(request, "connections", context)


def _resources(found: tuple[Connection, ...], asked: str, titles: dict[str, str]) -> list[tuple[str, str]]:
    """Those of the list, and the one that is asked for."""
    return sorted((key, titles.get(key, key)) for key in {asked, *(one.resource for one in found)} - {""})


def _calls(one: Connection, who: Actor) -> Value:
    """How many, and for the two parties the way to each."""
    party = who.agency in (one.agency, one.resource.partition("/")[0]) and who.may("exchange.list_calls")
    return Link(f"{one.calls:,}", address(one.resource, one.agency)) if party and one.calls else one.calls


def _row(one: Connection, titles: dict[str, str], names: dict[str, str], calls: Value) -> Row:
    hour = f"{timezone.localtime(one.hour):%Y-%m-%d %H:00}"
    title = titles.get(one.resource)
    shown = (
        Link(title, reverse("portal:resource", args=[one.resource])) if title else one.resource or _("平台正忙，未受理")
    )
    return Row((
        hour, shown, names.get(one.agency, one.agency), calls, one.failed, one.rows, round(one.size / 1000),
        round(one.mean, 1), one.slowest,
    ))  # fmt: skip
