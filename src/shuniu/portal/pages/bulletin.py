"""The month's 通报 for the provincial office: a page whose every number opens what it counts, a PDF and a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.api.grading import AgencyMonth, MonthlyReport, ResourceMonth, monthly_report
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.declare import State as Stands
from shuniu.portal import bulletin as files
from shuniu.portal.bulletin import FIGURES, total
from shuniu.portal.shell import desk_page, download, paged, submission_state
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Grade, Link, Row, Stat, Value
from shuniu.web.templates import write_number

_LETTERS = {letter: Grade(letter) for letter in ("A", "B", "C", "D")}
_BY_RESOURCE = ("resources", "due", "late")
"""Figures that are counted over resources; the others are counted over submissions."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONTHS = 24


def _asked(request: HttpRequest) -> str:
    return request.GET.get("month", "") or f"{timezone.localdate():%Y-%m}"


@never_cache
@require_safe
def bulletin(request: HttpRequest) -> HttpResponse:
    """The 通报 of a month (`?month=2026-11`), by default of the running one."""
    month = _asked(request)
    report = monthly_report(actor=actor(request), month=month)
    every = [one for agency in report.agencies for one in agency.resources]
    now, source = timezone.now(), _("报送记录")
    context = {
        "month": month,
        "report": report,
        "over": files.is_over(report),
        "lead": files.sentence(report),
        "notes": [_(note) for note in files.NOTES],
        "stats": [
            Stat(total(every, name), _(_UNITS[name]), _(title), now, source, _href(month, "", name))
            for name, (title, _of) in FIGURES.items()
        ],
        "choice": Filter("month", _("月份"), month, _months(month)),
        "columns": _columns(),
        "rows": [_row(month, place, one) for place, one in enumerate(report.agencies, 1)],
    }
    return desk_page(request, "bulletin", context)


_UNITS = {
    "resources": gettext_noop("项"), "submissions": gettext_noop("次"), "received": gettext_noop("行"),
    "rejected": gettext_noop("行"), "refused": gettext_noop("次"), "due": gettext_noop("期"), "late": gettext_noop("期"),
}  # fmt: skip


def _months(asked: str) -> tuple[tuple[str, str], ...]:
    """The running month and those before it; the one that is asked for is always among them."""
    first = timezone.localdate().replace(day=1)
    listed = []
    for back in range(_MONTHS):
        year, month = divmod(first.year * 12 + first.month - 1 - back, 12)
        listed.append(f"{year}-{month + 1:02d}")
    return tuple((one, files.month_title(one)) for one in sorted({*listed, asked}, reverse=True))


def _columns() -> list[Column]:
    figures = (Column(_(title), "number") for title, _of in FIGURES.values())
    return [Column(_("单位")), Column(_("名次"), "number"), Column(_("等级")), Column(_("得分"), "number"), *figures]


def _row(month: str, place: int, agency: AgencyMonth) -> Row:
    letter = agency.grade.letter
    explained = f"{reverse('portal:quality')}?{urlencode({'agency': agency.agency, 'month': month})}"
    figures = (_number(total(agency.resources, name), _href(month, agency.agency, name)) for name in FIGURES)
    graded = Link(f"{agency.grade.score:.1f}", explained) if agency.grade.score is not None else None
    cells: tuple[Value, ...] = (agency.name, place if letter else None, _LETTERS.get(letter), graded, *figures)
    return Row(cells, explained)


def _number(count: int, href: str) -> Value:
    return Link(write_number(count), href) if count else 0


def _href(month: str, agency: str, show: str, resource: str = "") -> str:
    asked = {"month": month, "agency": agency, "show": show, "resource": resource}
    return f"{reverse('portal:bulletin_rows')}?{urlencode({key: value for key, value in asked.items() if value})}"


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """What a number of the 通报 counts: `?month=&agency=&resource=&show=`, where `show` is a key of `FIGURES`."""
    who, month = actor(request), _asked(request)
    agency, resource = request.GET.get("agency", ""), request.GET.get("resource", "")
    show = request.GET.get("show", "")
    show = show if show in FIGURES else "resources"
    counted = _counted(monthly_report(actor=who, month=month), agency, resource, show)
    listed = _resources(request, month, counted) if show in _BY_RESOURCE else _submissions(request, who, counted, show)
    sum_of = total(counted, show)
    back = f"{reverse('portal:bulletin')}?{urlencode({'month': month})}"
    names = agency_names()
    context = {
        "crumbs": [Link(_("%(month)s通报") % {"month": files.month_title(month)}, back)],
        "heading": _(FIGURES[show][0]),
        "over": names.get(agency, agency) or _("各单位"),
        "said": f"{write_number(sum_of)} {_(_UNITS[show])}",
        **listed,
    }
    return desk_page(request, "bulletin_rows", context)


def _counted(report: MonthlyReport, agency: str, resource: str, show: str) -> list[ResourceMonth]:
    """The resources that a number counts: those of the agency, or the one, where the figure is not nought."""
    return [
        one
        for each in report.agencies
        if agency in ("", each.agency)
        for one in each.resources
        if resource in ("", one.resource.key) and FIGURES[show][1](one)
    ]


def _resources(request: HttpRequest, month: str, counted: list[ResourceMonth]) -> dict[str, object]:
    shown, paging = paged(request, counted)
    names = agency_names()
    columns = [
        Column(_("资源")), Column(_("单位")), Column(_("更新周期")), Column(_("等级")), Column(_("得分"), "number"),
        *(Column(_(title), "number") for name, (title, _of) in FIGURES.items() if name != "resources"),
    ]  # fmt: skip
    return {"columns": columns, "rows": [_resource_row(month, one, names) for one in shown], "paging": paging}


def _resource_row(month: str, one: ResourceMonth, names: dict[str, str]) -> Row:
    key, agency = one.resource.key, one.resource.agency
    figures: list[Value] = []
    for name, (_title, counted) in FIGURES.items():
        if name in _BY_RESOURCE:
            # The row itself is what these count; its periods are opened by the resource's submissions.
            if name != "resources":
                figures.append(counted(one))
        else:
            figures.append(_number(counted(one), _href(month, agency, name, key)))
    listed = f"{reverse('portal:submissions')}?{urlencode({'agency': agency, 'resource': key})}"
    cells: tuple[Value, ...] = (
        one.resource.title, names.get(agency, agency), _(one.resource.cycle.title), _LETTERS.get(one.grade.letter),
        one.grade.score, *figures,
    )  # fmt: skip
    return Row(cells, listed)


def _submissions(request: HttpRequest, who: Actor, counted: list[ResourceMonth], show: str) -> dict[str, object]:
    found = [one for one in _receipts(who, counted) if _COUNTS[show](one)]
    shown, paging = paged(request, found)
    columns = [
        Column(pgettext("一次", "报送")), Column(_("资源")), Column(_("单位")), Column(_("状态")), Column(_("收到行"), "number"),
        Column(_("退回行"), "number"), Column(_("报送人")), Column(_("时间"), "day"),
    ]  # fmt: skip
    names = agency_names()
    rows = [_receipt_row(one, names) for one in shown]
    return {"columns": columns, "rows": rows, "paging": paging}


_COUNTS: dict[str, Callable[[ReceiptView], bool]] = {
    "submissions": lambda one: True,
    "received": lambda one: one.counts.received > 0,
    "rejected": lambda one: one.counts.rejected > 0,
    "refused": lambda one: one.state is Stands.REFUSED,
}


def _receipt_row(one: ReceiptView, names: dict[str, str]) -> Row:
    rejected = _number(one.counts.rejected, reverse("portal:rejects", args=[one.number]))
    return Row(
        (
            _("第 %(n)s 号") % {"n": one.number}, one.resource_title, names.get(one.agency, one.agency),
            submission_state(one.state), one.counts.received, rejected, one.officer, one.received_at,
        ),
        reverse("portal:submission", args=[one.number]),
    )  # fmt: skip


def _receipts(who: Actor, counted: Iterable[ResourceMonth]) -> list[ReceiptView]:
    """The receipts of the month's submissions, newest first; an agency's are read a few hundred at a time."""
    numbers: dict[str, set[int]] = {}
    for one in counted:
        numbers.setdefault(one.resource.agency, set()).update(one.submissions)
    found: list[ReceiptView] = []
    for agency, wanted in numbers.items():
        before = max(wanted, default=0) + 1
        while wanted and before > min(wanted):
            portion = exchange.submissions(actor=who, agency=agency, limit=500, before=before)
            if not portion:
                break
            found += [one for one in portion if one.number in wanted]
            before = portion[-1].number
    return sorted(found, key=lambda one: -one.number)


@never_cache
@require_safe
def bulletin_pdf(request: HttpRequest) -> HttpResponse:
    """The 通报 as PDF, without a drawn seal."""
    report = monthly_report(actor=actor(request), month=_asked(request))
    return download(files.pdf(report), f"{_name(report)}.pdf", "application/pdf")


@never_cache
@require_safe
def bulletin_xlsx(request: HttpRequest) -> HttpResponse:
    """The 通报 as a workbook."""
    report = monthly_report(actor=actor(request), month=_asked(request))
    return download(files.xlsx(report), f"{_name(report)}.xlsx", _XLSX)


def _name(report: MonthlyReport) -> str:
    return _("%(month)s政务数据报送情况通报") % {"month": report.month}
