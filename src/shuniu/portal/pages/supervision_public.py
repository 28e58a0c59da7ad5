"""电子监察 for everybody: agencies' and regions' scores of a month or quarter, and the cards behind each number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuniu.assessment import api
from shuniu.assessment.declare import CardState, Level
from shuniu.directory import api as directory
from shuniu.portal import tables
from shuniu.portal.pages.supervision_scores import (
    STANDING,
    card_columns,
    card_row,
    method,
    period_filter,
    period_of,
    public_at,
    score_columns,
    score_row,
)
from shuniu.portal.shell import SIZE, going, number
from shuniu.web.declare import Column, Link


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The scores; with `agency` or `region` the cards behind one of them. No officer is named."""
    period = period_of(request)
    if request.GET.get("agency") or request.GET.get("region"):
        return _cards(request, period)
    agencies = [score_row(one, public_at(), period=period, agency=one.key) for one in api.read_agencies(period)]
    regions = [score_row(one, public_at(), period=period, region=one.key) for one in api.read_regions(period)]
    by_region = request.GET.get("by") == "region"
    context: dict[str, object] = {
        "period": period,
        "filters": (period_filter(period),),
        "agency_columns": [Column(_("单位")), *score_columns()],
        "agency_rows": agencies,
        "region_columns": [Column(_("区划")), *score_columns()],
        "region_rows": regions,
        "method": method(period),
        "files": _files(period),
        "export": (_("%(period)s 区划监察得分") if by_region else _("%(period)s 单位监察得分")) % {"period": period},
        "columns": [Column(_("区划") if by_region else _("单位")), *score_columns()],
        "rows": regions if by_region else agencies,
    }
    return tables.listed(request, context) or render(request, "portal/supervision_public.html.jinja", context)


def _files(period: str) -> tuple[Link, ...]:
    return tuple(
        Link(words, f"{public_at()}?{urlencode({'period': period, 'by': by, 'as': 'csv'})}")
        for words, by in ((_("单位得分 CSV"), "agency"), (_("区划得分 CSV"), "region"))
    )


def _cards(request: HttpRequest, period: str) -> HttpResponse:
    asked, size, names = request.GET, tables.most(request, SIZE), directory.agency_names()
    agency, region = asked.get("agency", ""), asked.get("region", "")
    level = Level(asked["level"]) if asked.get("level") in set(Level) else None
    state = CardState.CANCELLED if asked.get("state") == CardState.CANCELLED else None
    found = api.public_cards(
        period, agency, region, level=level, state=state, standing=asked.get("state") == STANDING, limit=size + 1,
        before=number(asked.get("before")),
    )  # fmt: skip
    of = names.get(agency, agency) if agency else directory.region_names().get(region, region)
    context: dict[str, object] = {
        "period": period,
        "of": of,
        "columns": card_columns(),
        "rows": [card_row(one, names, "") for one in found[:size]],
        "export": _("%(period)s 监察牌") % {"period": period},
        "going": going(request, "before", found[size - 1].number if len(found) > size else None),
        "back": f"{public_at()}?{urlencode({'period': period})}",
    }
    if file := tables.listed(request, context):
        return file
    context["exports"] = tables.links(request)
    return render(request, "portal/supervision_cards.html.jinja", context)
