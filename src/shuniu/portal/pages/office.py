"""The provincial office's overview: departments × resources, every number opening the resources that it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names, late_reviews
from shuniu.directory.session import actor
from shuniu.exchange.api import overview as exchange
from shuniu.exchange.api.grading import monthly_report
from shuniu.exchange.api.overview import Freshness, Standing, Timing
from shuniu.exchange.declare import State as Stands
from shuniu.portal.shell import desk_page, paged, submission_state, timely_state, timings
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row, Stat, State, Value
from shuniu.web.templates import write_datetime, write_number


@dataclass(frozen=True)
class Line:
    """A resource's standing and its timing, which counts are taken over together."""

    standing: Standing
    timing: Timing | None


SHOWN: dict[str, tuple[object, Callable[[Standing, Timing | None], bool]]] = {
    "fresh": (gettext_lazy("及时"), lambda _, timing: timing is not None and timing.state is Freshness.FRESH),
    "overdue": (gettext_lazy("逾期"), lambda _, timing: timing is not None and timing.state is Freshness.OVERDUE),
    "never": (gettext_lazy("从未报送"), lambda one, _: one.number is None),
    "held": (gettext_lazy("待复核"), lambda one, _: one.held > 0),
    "refused": (gettext_lazy("最近一批拒收"), lambda one, _: one.state is Stands.REFUSED),
    "rejected": (gettext_lazy("最近一批有退回行"), lambda one, _: one.state is Stands.STORED and one.rejected > 0),
}
"""What the overview counts, by the name that its links carry."""


@never_cache
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Every department with its counts."""
    lines = _lines(actor(request), "")
    names = agency_names()
    departments: dict[str, list[Line]] = {}
    for one in lines:
        departments.setdefault(one.standing.resource.agency, []).append(one)
    columns = [
        Column(_("单位")), Column(pgettext("数目", "资源"), "number"),
        *(Column(str(title), "number") for title, _of in SHOWN.values()),
        Column(_("最近入库"), "day"), Column(_("本月质量")),
    ]  # fmt: skip
    grades = _grades(actor(request))
    rows = [
        Row(
            (
                names.get(agency, agency), _number(len(ones), agency, ""),
                *(_number(_count(ones, name), agency, name) for name in SHOWN),
                _last(ones),
                grades.get(agency),
            ),
            _href(agency, ""),
        )
        for agency, ones in departments.items()
    ]  # fmt: skip
    context: dict[str, object] = {
        "stats": _stats(lines), "columns": columns, "rows": rows, "export": _("全省总览"),
        "late_reviews": late_reviews(),
    }  # fmt: skip
    return desk_page(request, "office", context)


def _grades(who: Actor) -> dict[str, Link]:
    """This month's letter of each department that has one, opening what cost it points."""
    if not who.may("exchange.monthly_report"):
        return {}
    report = monthly_report(actor=who, month=f"{timezone.localdate():%Y-%m}")
    return {
        one.agency: Link(one.grade.letter, f"{reverse('portal:quality')}?{urlencode({'agency': one.agency})}")
        for one in report.agencies
        if one.grade.letter
    }


def _lines(who: Actor, agency: str) -> list[Line]:
    timing = timings(who, agency)
    return [Line(one, timing.get(one.resource.key)) for one in exchange.overview(actor=who, agency=agency)]


def _is(one: Line, show: str) -> bool:
    return show not in SHOWN or SHOWN[show][1](one.standing, one.timing)


def _count(lines: list[Line], show: str) -> int:
    return sum(_is(one, show) for one in lines)


def _stats(lines: list[Line]) -> list[Stat]:
    now, source = timezone.now(), _("报送记录")
    return [
        Stat(_count(lines, name), _("项"), str(title), now, source, _href("", name))
        for name, (title, _of) in SHOWN.items()
    ]


def _href(agency: str, show: str) -> str:
    asked = {key: value for key, value in (("agency", agency), ("show", show)) if value}
    return f"{reverse('portal:office_resources')}?{urlencode(asked)}"


def _number(count: int, agency: str, show: str) -> Value:
    return Link(write_number(count), _href(agency, show)) if count else 0


def _last(ones: list[Line]) -> datetime | None:
    return max((one.standing.stored_at for one in ones if one.standing.stored_at), default=None)


@never_cache
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """The resources behind a number of the overview, each opening its submissions."""
    agency, show = request.GET.get("agency", ""), request.GET.get("show", "")
    found, paging = paged(request, [one for one in _lines(actor(request), agency) if _is(one, show)])
    names = agency_names()
    every = ("", _("全部"))
    keys = sorted({one.resource.agency for one in catalogue.published_all()})
    owners = tuple((key, names.get(key, key)) for key in keys)
    context = {
        "crumbs": [Link(_("全省总览"), reverse("portal:office"))],
        "filters": (
            Filter("agency", _("单位"), agency, (every, *owners)),
            Filter("show", _("情况"), show, (every, *((key, str(title)) for key, (title, _of) in SHOWN.items()))),
        ),
        "paging": paging,
        "export": "-".join([_("各单位的资源"), *([str(SHOWN[show][0])] if show in SHOWN else [])]),
        "columns": [
            Column(_("资源")), Column(_("单位")), Column(_("更新周期")), Column(_("最近报送")), Column(_("状态")),
            Column(_("待复核"), "number"), Column(_("退回行"), "number"), Column(_("最近入库"), "day"), Column(_("时效")),
        ],
        "rows": [_row(one, names) for one in found],
    }  # fmt: skip
    return desk_page(request, "office_resources", context)


def _row(line: Line, names: dict[str, str]) -> Row:
    one = line.standing
    asked = urlencode({"agency": one.resource.agency, "resource": one.resource.key})
    listed = f"{reverse('portal:submissions')}?{asked}"
    newest: Value = None
    if one.number is not None:
        words = _("第 %(n)s 号 · %(when)s") % {"n": one.number, "when": write_datetime(one.received_at)}
        newest = Link(words, reverse("portal:submission", args=[one.number]))
    return Row(
        (
            one.resource.title,
            names.get(one.resource.agency, one.resource.agency),
            _(one.resource.cycle.title),
            newest,
            submission_state(one.state) if one.state else State(_("未报送"), "none"),
            Link(write_number(one.held), f"{listed}&state={Stands.HELD.value}") if one.held else 0,
            Link(write_number(one.rejected), reverse("portal:submission", args=[one.number])) if one.rejected else 0,
            one.stored_at,
            timely_state(line.timing) if line.timing else None,
        ),
        listed,
    )
