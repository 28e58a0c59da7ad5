"""How the gateway's connections do by the hour, for the agency that asks and the one that is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.exchange.gateway.counting import connections
from shuniu.exchange.gateway.declare import Connection
from shuniu.portal.pages.calls import address
from shuniu.portal.shell import desk_page
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row, Value

SPANS = (24, 24 * 7, 24 * 30)


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Connections by the hour, newest first (`?resource=`, `?hours=`)."""
    asked = request.GET.get("hours", "")
    hours = int(asked) if asked in map(str, SPANS) else SPANS[0]
    resource = request.GET.get("resource", "").strip()
    who = actor(request)
    found = connections(actor=who, resource=resource, hours=hours)
    titles = {one.resource.key: one.resource.title for one in catalogue.published_all()}
    names = {key: known.name for key in {one.agency for one in found} if (known := directory.agency(key)) is not None}
    spans = tuple((str(span), _("近 %(days)s 天") % {"days": span // 24}) for span in SPANS)
    context = {
        "columns": [
            Column(_("时段")), Column(_("资源")), Column(_("使用单位")), Column(_("成功"), "number"),
            Column(_("未提供"), "number"), Column(_("行数"), "number"), Column(_("千字节"), "number"),
            Column(_("平均毫秒"), "number"), Column(_("最慢毫秒"), "number"),
        ],
        "rows": [_row(one, titles, names, _calls(one, who)) for one in found],
        "filters": (
            Filter("resource", _("资源"), resource, (("", _("全部")), *_resources(found, resource, titles))),
            Filter("hours", _("时间"), str(hours), spans),
        ),
        "failed": sum(one.failed for one in found),
        "calls": sum(one.calls for one in found),
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
