"""Government information on application: how to ask, and the yearly figures, each number with the applications behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuniu.cases.api import yearly as api
from shuniu.cases.declare.yearly import ALL, CARRIED, LEFT, NEW, OTHER, Yearly
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.shell import number, paged
from shuniu.systems.disclosure.declare import ITEM, KINDS
from shuniu.web.declare import Column, Filter, Link, Row, Value

YEARS = 10
"""So many years back can be chosen."""
_COLUMN = "kind"  # the question that names a legal person's column


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The table of the yearly report, of one agency or of all, and the way to ask."""
    year, agency = _year(request), request.GET.get("agency", "")
    names = agency_names()
    found = api.figures(item=ITEM.key, column=_COLUMN, year=year, agency=agency)
    this = timezone.localdate().year
    asked = [(key, names.get(key, key)) for key in api.agencies(item=ITEM.key)]
    context = {
        "columns": [Column(_("办理情况")), *(Column(_(one), "number") for one in KINDS.values()), Column(_("总计"), "number")],
        "rows": _rows(found, agency),
        "filters": (
            Filter("year", _("年度"), str(year), tuple((str(one), str(one)) for one in range(this, this - YEARS, -1))),
            Filter("agency", _("机关"), agency, (("", _("全省")), *asked)),
        ),
        "caption": _("%(who)s，%(year)s 年，截至 %(day)s")
        % {"who": names.get(agency, agency) or _("全省"), "year": year, "day": found.until.isoformat()},
        "item": ITEM.key,
    }  # fmt: skip
    return render(request, "portal/hall/disclosure.html.jinja", context)


def _year(request: HttpRequest) -> int:
    this = timezone.localdate().year
    asked = number(request.GET.get("year"), this)
    return asked if this - YEARS < asked <= this else this


def titles() -> dict[str, str]:
    """The lines of the report by key, in its order."""
    return {
        NEW: _("本年新收政府信息公开申请"), CARRIED: _("上年结转政府信息公开申请"),
        **{one.key: _(one.title) for one in ITEM.results}, OTHER: _("其他处理（撤回等）"),
        LEFT: _("结转下年度继续办理"),
    }  # fmt: skip


def _rows(found: Yearly, agency: str) -> list[Row]:
    kinds = (*KINDS, ALL)
    rows = [
        Row((title, *(_count(found, agency, line, kind) for kind in kinds))) for line, title in titles().items()
    ]  # fmt: skip
    ended = [one.key for one in ITEM.results] + [OTHER]
    rows.insert(-1, Row((_("本年度办理结果合计"), *(sum(found.count(line, kind) for line in ended) for kind in kinds))))
    return rows


def _count(found: Yearly, agency: str, line: str, kind: str) -> Value:
    """A number that opens its rows; nothing is behind a nought."""
    count = found.count(line, kind)
    query = urlencode({"year": found.year, "agency": agency, "line": line, "kind": kind})
    return Link(str(count), f"{reverse('portal:information_rows')}?{query}") if count else 0


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The applications behind a number, without who asked and for what; an officer of the agency sees which they are."""
    asked, agency, year = request.GET, request.GET.get("agency", ""), _year(request)
    line, kind, lines = asked.get("line", ""), asked.get("kind", ALL), titles()
    if line not in lines or kind not in (*KINDS, ALL):
        raise Http404
    who = actor(request)
    inside = bool(agency) and who.agency == agency and who.may("cases.read_case")
    found = api.rows(item=ITEM.key, column=_COLUMN, year=year, line=line, kind=kind, agency=agency)
    cells = [
        Row(
            (one.filed, _(KINDS.get(one.column, one.column)), lines[one.line] if one.ended else _("在办"), one.ended,
             *([Link(one.number, reverse("portal:case", args=[one.number]))] if inside else []))
        )
        for one in found
    ]  # fmt: skip
    shown, paging = paged(request, cells)
    context = {
        "columns": [Column(_("收到"), "day"), Column(_("申请人类别")), Column(_("答复结果")), Column(_("答复"), "day"),
                    *([Column(_("办件编号"))] if inside else [])],
        "rows": shown, "paging": paging, "caption": lines[line],
        "over": _("%(year)s 年 %(who)s") % {"year": year, "who": agency_names().get(agency, "") or _("全省")},
        "crumbs": [Link(_("政府信息公开申请"), reverse("portal:information") + f"?year={year}&agency={agency}")],
    }  # fmt: skip
    return render(request, "portal/hall/disclosure_rows.html.jinja", context)


urlpatterns = [
    path("hall/information/", figures, name="information"),
    path("hall/information/rows/", rows, name="information_rows"),
]
