"""Submissions: the list, one with its receipt, what came back, what it did row by row, and deciding over it."""

from __future__ import annotations

from typing import Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, ItemType
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.api import overview, own_rows
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.declare import State as Stands
from shuniu.portal.forms import Reason
from shuniu.portal.shell import SIZE, desk_page, download, going, receipt_card, submission_state, tried
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.registries.api.changes import Change
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row, Value
from shuniu.web.templates import write_number


@never_cache
@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """An agency's submissions, newest first; the provincial office chooses the agency."""
    who = actor(request)
    agency = request.GET.get("agency", "") or who.agency
    resource, state, size = request.GET.get("resource", ""), request.GET.get("state", ""), most(request, SIZE)
    found = exchange.submissions(
        actor=who, agency=agency, resource=resource, state=Stands(state) if state in _STATES else None,
        limit=size + 1, before=whole(request.GET.get("before")),
    )  # fmt: skip
    rest = going(request, "before", found[size - 1].number if len(found) > size else None)
    context = {
        "agency": agency_names().get(agency, agency),
        "filters": _filters(who, agency, resource, state),
        "going": rest,
        "export": _("报送记录"),
        **_listed(found[:size]),
    }
    return desk_page(request, "submissions", context)


_STATES = {state.value for state in Stands}


def _filters(who: Actor, agency: str, resource: str, state: str) -> tuple[Filter, ...]:
    every = ("", _("全部"))
    names = agency_names()
    mine = catalogue.published_all(agency)
    keys = sorted({one.resource.agency for one in catalogue.published_all()})
    agencies = Filter("agency", _("单位"), agency, tuple((key, names.get(key, key)) for key in keys))
    return (
        *([agencies] if who.may(OVERSEE) else []),
        Filter("resource", _("资源"), resource, (every, *((one.resource.key, one.resource.title) for one in mine))),
        Filter("state", _("状态"), state, (every, *((one.value, _(one.title)) for one in Stands))),
    )


def _listed(found: list[ReceiptView]) -> dict[str, object]:
    columns = [
        Column(_("编号"), "code"), Column(_("资源")), Column(_("状态")), Column(_("收到"), "number"),
        Column(_("新增"), "number"), Column(_("变更"), "number"), Column(_("撤下"), "number"),
        Column(_("退回"), "number"), Column(_("方式")), Column(_("报送人")), Column(_("时间"), "day"),
    ]  # fmt: skip
    rows = [
        Row(
            (
                one.number, one.resource_title, submission_state(one.state), one.counts.received, one.counts.new,
                one.counts.changed, one.counts.withdrawn, one.counts.rejected, _(one.mode.title), one.officer,
                one.received_at,
            ),
            reverse("portal:submission", args=[one.number]),
        )
        for one in found
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


@never_cache
@require_safe
def submission(request: HttpRequest, number: int) -> HttpResponse:
    """One submission: live progress while it runs, then its receipt, with the way on."""
    return _page(request, number)


def _page(
    request: HttpRequest, number: int, *, turning_down: Reason | None = None, recalling: Reason | None = None
) -> HttpResponse:
    who = actor(request)
    it = exchange.receipt(actor=who, number=number)
    own = it.agency == who.agency
    held = None
    if own and it.state is Stands.HELD and who.may("exchange.read_held"):
        held = overview.held_batches(actor=who, number=number)[0]
    wrong = bool((turning_down and turning_down.errors) or (recalling and recalling.errors))
    context = {
        "crumbs": [Link(_("报送记录"), reverse("portal:submissions"))],
        "it": it,
        "card": receipt_card(it, agency_names().get(it.agency, it.agency), _row_pages(it, who)),
        "facts": _facts(it),
        "held": held,
        "decides": held is not None and held.person != who.person and who.may("exchange.release"),
        "recallable": own and it.state is Stands.STORED and it.batch is not None and who.may("exchange.recall"),
        "resendable": own and who.may("exchange.submit"),
        "turning_down": turning_down or Reason(auto_id="turn_down_%s"),
        "recalling": recalling or Reason(auto_id="recall_%s"),
        "progress": overview.progress(who, number)[1],
    }
    return desk_page(request, "submission", context, status=422 if wrong else 200)


def _facts(it: ReceiptView) -> list[tuple[str, Value]]:
    facts: list[tuple[str, Value]] = [
        (_("文件"), it.name),
        (_("大小"), _("%(n)s 字节") % {"n": write_number(it.size)}),
        (_("报送方式"), _(it.mode.title)),
        (_("本单位批次号"), it.department_batch),
        (_("报送人"), it.officer),
        (_("收到时间"), it.received_at),
        (_("办结时间"), it.finished_at),
        (_("入库批次"), it.batch),
        (_("文件摘要（SHA-256）"), it.digest),
        (_("平台签名"), it.signature),
        (_("签名密钥"), it.key),
    ]
    return [(term, value) for term, value in facts if value not in (None, "")]


def _row_pages(it: ReceiptView, who: Actor) -> dict[str, str]:
    """Where the rows behind a receipt's counts are listed, for who may see them, by the name of the count.

    Rows that came unchanged or twice are in the department's own file and are not kept a second time.
    """
    pages: dict[str, str] = {}
    if it.agency == who.agency and it.batch is not None and who.may("exchange.read_own"):
        pages = {one.value: reverse("portal:rows", args=[it.number, one.value]) for one in Change}
    if who.may("exchange.read_rejects"):
        pages["rejected"] = reverse("portal:rejects", args=[it.number])
    return pages


@never_cache
@require_safe
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The fragment that a waiting page asks for every second; once the receipt is there, the page loads anew."""
    state, done = overview.progress(actor(request), number)
    response = render(request, "portal/progress.html.jinja", {"number": number, "progress": done})
    if state is not Stands.RECEIVED:
        response.headers["HX-Refresh"] = "true"
    return response


@never_cache
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Let a held batch go on."""
    exchange.release(actor=actor(request), number=number)
    messages.success(request, _("第 %(n)s 号已放行，正在入库。") % {"n": number})
    return redirect("portal:submission", number=number)


@never_cache
@require_POST
def turn_down(request: HttpRequest, number: int) -> HttpResponse:
    """Send a held batch back, with the reason."""
    form = Reason(request.POST, auto_id="turn_down_%s")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if reason and tried(form, lambda: exchange.turn_down(actor=actor(request), number=number, reason=reason)):
        messages.success(request, _("第 %(n)s 号已退回，没有入库。") % {"n": number})
        return redirect("portal:submission", number=number)
    return _page(request, number, turning_down=form)


@never_cache
@require_POST
def recall(request: HttpRequest, number: int) -> HttpResponse:
    """Take a stored batch back whole, with the reason."""
    form = Reason(request.POST, auto_id="recall_%s")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if reason and tried(form, lambda: exchange.recall(actor=actor(request), number=number, reason=reason)):
        messages.success(request, _("第 %(n)s 号已撤回，库内恢复到这批之前。") % {"n": number})
        return redirect("portal:submission", number=number)
    return _page(request, number, recalling=form)


@never_cache
@require_safe
def rejects(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that came back: line, reasons, cells as delivered."""
    who = actor(request)
    after = whole(request.GET.get("after"))
    found = exchange.rejects(actor=who, number=number, limit=SIZE + 1, after=after)
    it = exchange.receipt(actor=who, number=number)
    items = catalogue.published(it.resource).resource.items
    rows = [
        Row((one.line, " ".join(one.reasons), *(one.cells.get(item.name) for item in items))) for one in found[:SIZE]
    ]
    context = {
        "crumbs": [Link(_("第 %(n)s 号") % {"n": number}, reverse("portal:submission", args=[number]))],
        "it": it,
        "columns": [Column(_("原行号"), "code"), Column(_("退回理由")), *(Column(item.title) for item in items)],
        "rows": rows,
        "going": going(request, "after", found[SIZE - 1].line if len(found) > SIZE else None),
        "resendable": it.agency == who.agency and who.may("exchange.submit"),
    }
    return desk_page(request, "rejects", context)


@never_cache
@require_safe
def rejects_file(request: HttpRequest, number: int) -> HttpResponse:
    """All rows that came back, in the department's own columns, with the reasons behind."""
    written = exchange.export_rejects(actor=actor(request), number=number)
    return download(written.data, _("第%(n)s号报送-退回清单.csv") % {"n": number})


@never_cache
@require_safe
def rows(request: HttpRequest, number: int, change: str) -> HttpResponse:
    """The rows that a submission brought, changed or withdrew; for the agency that they belong to."""
    if change not in {one.value for one in Change}:
        raise Http404
    kind = Change(change)
    found = own_rows.own_rows(
        actor=actor(request), number=number, change=kind, limit=SIZE + 1, after=whole(request.GET.get("after"))
    )
    shown = found.rows[:SIZE]
    lists = catalogue.code_lists()
    labels = {
        item.name: {code.code: code.label for code in lists[item.code_list].codes}
        for item in found.resource.items
        if item.code_list in lists
    }
    context = {
        "crumbs": [Link(_("第 %(n)s 号") % {"n": number}, reverse("portal:submission", args=[number]))],
        "it": found,
        "change": kind,
        "columns": [Column(_("来源行"), "code"), *(Column(one.title, _column(one)) for one in found.resource.items)],
        "rows": [
            Row((_("批次 %(b)s 第 %(n)s 行") % {"b": row.batch, "n": row.line}, *_cells(row.values, labels)))
            for row in shown
        ],
        "going": going(request, "after", shown[-1].row if len(found.rows) > SIZE else None),
    }
    return desk_page(request, "rows", context)


def _cells(values: dict[str, str | None], labels: dict[str, dict[str, str]]) -> list[str | None]:
    """A row's values; a code with what it means beside it."""

    def shown(name: str, value: str | None) -> str | None:
        label = labels.get(name, {}).get(value or "")
        return label + _("（") + str(value) + _("）") if label else value

    return [shown(name, value) for name, value in values.items()]


def _column(item: Item) -> Literal["text", "number", "day"]:
    if item.type in (ItemType.INTEGER, ItemType.DECIMAL):
        return "number"
    return "day" if item.type is ItemType.DATE else "text"
