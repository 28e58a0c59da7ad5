"""What the catalogue says of itself: how far each agency conforms, and what is collected twice."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.api import Collected, Conformance
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.pages.cataloguing import needed, version_state
from shuniu.portal.shell import desk_page, paged
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row, State, Value
from shuniu.web.templates import write_number, write_percent


@never_cache
@require_safe
def conformance(request: HttpRequest) -> HttpResponse:
    """Every agency with its counts, for oversight; else, or for `?agency=`, an agency's versions with their faults."""
    who = actor(request)
    needed(who, "catalogue.conformance")
    agency = _agency(request, who)
    report = catalogue.conformance(actor=who, agency=agency or None)
    names = agency_names()
    drawn = _versions(request, report.resources) if agency else _agencies(request, report.resources, names)
    context = {
        "agency": names.get(agency, agency),
        "crumbs": [Link(_("目录符合性"), reverse("portal:conformance"))] if agency and who.may(OVERSEE) else [],
        "tabs": tabs(agency if agency != who.agency else "", "conformance"),
        "conforming": sum(one.conforms for one in report.resources),
        "measured": len(report.resources),
        "export": _("目录符合性"),
        **drawn,
    }
    return desk_page(request, "cataloguing_conformance", context)


def _agency(request: HttpRequest, who: Actor) -> str:
    """The agency that the address asks for; for who has no oversight, his own unless the verb refuses another."""
    return request.GET.get("agency", "") or ("" if who.may(OVERSEE) else who.agency)


def tabs(agency: str, current: str) -> list[Link]:
    """The two reports, for the same agency."""
    asked = f"?{urlencode({'agency': agency})}" if agency else ""
    pages = ((_("符合性"), "conformance"), (_("重复采集"), "duplicates"))
    return [Link(text, reverse(f"portal:{name}") + asked, current=name == current) for text, name in pages]


def _agencies(request: HttpRequest, measured: tuple[Conformance, ...], names: dict[str, str]) -> dict[str, object]:
    grouped: dict[str, list[Conformance]] = {}
    for one in measured:
        grouped.setdefault(one.agency, []).append(one)
    found, paging = paged(request, sorted(grouped.items()))
    columns = [
        Column(_("单位")), Column(_("资源版本"), "number"), Column(_("符合"), "number"), Column(_("不符合"), "number"),
        Column(_("信息项"), "number"), Column(_("引用数据元的信息项"), "number"), Column(_("要改正的问题"), "number"),
        Column(_("提示"), "number"),
    ]  # fmt: skip
    rows = []
    for agency, ones in found:
        items, faults = sum(one.items for one in ones), [fault for one in ones for fault in one.faults]
        blocking, conforming = sum(fault.blocks for fault in faults), sum(one.conforms for one in ones)
        cells = (
            names.get(agency, agency), len(ones), conforming, len(ones) - conforming, items,
            write_percent(sum(one.items_with_element for one in ones), items), blocking, len(faults) - blocking,
        )  # fmt: skip
        rows.append(Row(cells, f"{reverse('portal:conformance')}?{urlencode({'agency': agency})}"))
    return {"caption": _("各单位"), "columns": columns, "rows": rows, "paging": paging, "filters": ()}


def _versions(request: HttpRequest, measured: tuple[Conformance, ...]) -> dict[str, object]:
    show = request.GET.get("show", "")
    wanted = [one for one in measured if not show or one.conforms is (show == "good")]
    found, paging = paged(request, sorted(wanted, key=lambda one: (one.conforms, one.resource, one.version)))
    columns = [
        Column(_("资源")), Column(_("版本"), "code"), Column(_("状态")), Column(_("结论")),
        Column(_("引用数据元的信息项"), "number"), Column(_("问题和改法")),
    ]  # fmt: skip
    rows = [
        Row(
            (
                one.title, one.version, version_state(one.state),
                State(_("符合"), "done") if one.conforms else State(_("不符合"), "stopped"),
                f"{write_number(one.items_with_element)}/{write_number(one.items)}", _told(one),
            ),
            reverse("portal:catalogue_version", args=[one.resource, one.version]),
        )
        for one in found
    ]  # fmt: skip
    choices = (("", _("全部")), ("bad", _("不符合")), ("good", _("符合")))
    filters = (Filter("show", _("结论"), show, choices), *_kept(request))
    return {"caption": _("资源版本"), "columns": columns, "rows": rows, "paging": paging, "filters": filters}


def _kept(request: HttpRequest) -> tuple[Filter, ...]:
    """The agency stays in the filter row, so that narrowing does not lose it."""
    agency = request.GET.get("agency", "")
    return (Filter("agency", _("单位"), agency, ((agency, agency_names().get(agency, agency)),)),) if agency else ()


def _told(one: Conformance) -> str:
    """The first faults in full; the version's page has them all."""
    said = " ".join(f"{fault.message}{fault.remedy}" for fault in one.faults[:2])
    more = len(one.faults) - 2
    return said + (_(" 另有 %(n)s 处。") % {"n": write_number(more)} if more > 0 else "")


@never_cache
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """What is collected by more than one agency, with the single source that is proposed for each (一数一源)."""
    who = actor(request)
    needed(who, "catalogue.conformance")
    agency, kind = _agency(request, who), request.GET.get("kind", "")
    report = catalogue.conformance(actor=who, agency=agency or None)
    found, paging = paged(request, [one for one in report.twice if kind not in _KINDS or _kind(one) == kind])
    names = agency_names()
    titles = {one.resource.key: one.resource.title for one in catalogue.published_all()}
    titles |= {one.resource: one.title for one in report.resources}
    kinds = (("", _("全部")), *((key, str(_words(key).word)) for key in _KINDS))
    context = {
        "agency": names.get(agency, agency),
        "tabs": tabs(request.GET.get("agency", ""), "duplicates"),
        "filters": (Filter("kind", _("判断"), kind, kinds), *_kept(request)),
        "total": len(report.twice),
        "export": _("重复采集"),
        "columns": [
            Column(_("数据元")), Column(_("重复采集的单位")), Column(_("在这些资源中")), Column(_("建议的唯一来源")),
            Column(_("理由")), Column(_("判断")),
        ],
        "rows": [_row(one, names, titles) for one in found],
        "paging": paging,
    }  # fmt: skip
    return desk_page(request, "cataloguing_duplicates", context)


_KINDS = ("allowed", "registered", "judge")


def _kind(one: Collected) -> str:
    return "allowed" if one.allowed else "registered" if one.registered else "judge"


def _words(kind: str) -> State:
    if kind == "allowed":
        return State(_("允许采集"), "done")
    return State(_("应改为共享"), "stopped") if kind == "registered" else State(_("请人工判断"), "warning")


def _row(one: Collected, names: dict[str, str], titles: dict[str, str]) -> Row:
    cells: tuple[Value, ...] = (
        one.title, names.get(one.agency, one.agency), "、".join(titles.get(key, key) for key in one.resources),
        names.get(one.source, one.source), one.why, _words(_kind(one)),
    )  # fmt: skip
    return Row(cells)
