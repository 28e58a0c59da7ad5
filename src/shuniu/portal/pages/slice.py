"""A county takes its rows back (数据回流): the current rows about the clerk's region, on a page and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.api.sharing import Seen
from shuniu.portal.shell import SIZE, desk_page, going, paged
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Filter, Link, Row, State


@never_cache
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """The resources whose rows say which region they are about."""
    _check(actor(request))
    names = agency_names()
    found = [one.resource for one in catalogue.published_all() if one.resource.by_region]
    shown, paging = paged(request, found)
    context = {
        "columns": [Column(_("资源")), Column(_("单位")), Column(_("更新周期"))],
        "rows": [
            Row(
                (one.title, names.get(one.agency, one.agency), _(one.cycle.title)),
                reverse("portal:slice", args=[one.key]),
            )
            for one in shown
        ],
        "paging": paging,
    }
    return desk_page(request, "slices", context)


@never_cache
@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """One resource's current rows about a region (`?region=`, by default the reader's own)."""
    who = actor(request)
    region = _region(request, who)
    found = exchange.read_region(
        actor=who, resource=key, region=region, limit=SIZE + 1, after=whole(request.GET.get("after"))
    )
    shown = found.rows[:SIZE]
    taken = f"{reverse('portal:slice_file', args=[key])}?{urlencode({'region': region})}"
    lists = catalogue.code_lists()
    named = {item.code_list for item in found.items if item.code_list in lists}
    labels = {name: {code.code: code.label for code in lists[name].codes} for name in named}
    regions = tuple((one, one) for one in who.regions)
    context = {
        "crumbs": [Link(_("本区划数据"), reverse("portal:slices"))],
        "it": found.resource,
        "region": region,
        "columns": [*(Column(one.title) for one in found.items), Column(_("来源")), Column(_("异议"))],
        "rows": [_row(one, found.items, labels) for one in shown],
        "choice": Filter("region", _("区划"), region, regions if region in who.regions else ()),
        "file": taken if who.may("exchange.take_region_slice") else "",
        "enters": who.may("exchange.enter_record"),
        "going": going(request, "after", shown[-1].row.row if len(found.rows) > SIZE else None),
    }
    return desk_page(request, "slice", context)


def _row(one: Seen, items: tuple[Item, ...], labels: Mapping[str, Mapping[str, str]]) -> Row:
    """A row with its source; a code has what it means beside it."""
    source = _("批次 %(b)s 第 %(n)s 行") % {"b": one.row.batch, "n": one.row.line}
    disputed = State(_("异议处理中"), "warning") if one.disputed else None

    def shown(item: Item) -> str | None:
        value = one.row.values.get(item.name)
        label = labels.get(item.code_list, {}).get(value or "")
        return label + _("（") + str(value) + _("）") if label else value

    return Row((*map(shown, items), source, disputed))


@never_cache
@require_safe
def rows_file(request: HttpRequest, key: str) -> FileResponse:
    """All current rows about the region, as CSV."""
    who = actor(request)
    region = _region(request, who)
    written = exchange.take_region_slice(actor=who, resource=key, region=region)
    title = catalogue.published(key).resource.title
    name = _("%(title)s-%(region)s.csv") % {"title": title, "region": region}
    response = FileResponse(written.file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _region(request: HttpRequest, who: Actor) -> str:
    return request.GET.get("region", "") or next(iter(who.regions), "")


def _check(who: Actor) -> None:
    if not who.may("exchange.read_region"):
        raise Refused("right.missing", "您没有“查看本区划数据”的权限。", "请登录县区经办账号，或请本单位管理员授予。")
