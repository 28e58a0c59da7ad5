"""The desk's work list: what waits for the reader in every procedure, what the reader has done, reads and supervises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import tasks as work
from shuniu.portal.clocks import due_cell
from shuniu.portal.pages.case_forms import Naming
from shuniu.portal.pages.case_more import READ, WATCHING
from shuniu.portal.shell import SIZE, desk_page, going, officer
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import OUTCOME_TITLES, Load, Outcome, TaskView
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Paging, Row, State

_CASE = "case"
_PAGES: Mapping[str, tuple[str, str]] = {
    _CASE: ("portal:case", "id"),
    "doubt": ("portal:match", "id"),
    "objection": ("portal:objection", "id"),
    "reading": ("portal:reading_question", "case"),
    "share_request": ("portal:share", "id"),
    "document": ("portal:document", "id"),
    "document_task": ("portal:document", "id"),
    "dispatch": ("portal:incoming_document", "id"),
    "repair": ("portal:repair", "case"),
    "resource": ("portal:catalogue_review", ""),
}
"""Where what a task is about is dealt with, by the kind of object: a page of the object, of the procedure's case, or of all."""

_WORDS = {
    "doubt": gettext_noop("疑似同一主体 第 %(n)s 号"),
    "objection": gettext_noop("数据异议 第 %(n)s 号"),
    "reading": gettext_noop("查阅询问（留痕 %(n)s）"),
    "share_request": gettext_noop("共享申请 第 %(n)s 号"),
    "document": gettext_noop("公文 第 %(n)s 号"),
    "document_task": gettext_noop("督查事项 第 %(n)s 号"),
    "dispatch": gettext_noop("来文 第 %(n)s 号"),
    "repair": gettext_noop("信用修复申请"),
}
_OUTCOMES: Mapping[Outcome, str] = {"": "waiting", "granted": "done", "partial": "done", "refused": "stopped"}


def page_of(object: str, case: int) -> str:
    """The address at which an object of a procedure is dealt with; where it has no page here, where its case stands."""
    kind, _, id = object.partition(":")
    name, by = _PAGES.get(kind, ("", ""))
    known: dict[str, list[str | int]] = {"id": [id], "case": [case], "": []}
    try:
        return reverse(name, args=known[by])
    except NoReverseMatch:
        return reverse("portal:case_place", args=[case])


def words_of(object: str, title: str = "") -> str:
    """An object as a list names it: what is applied for, or its kind and number."""
    kind, _colon, id = object.partition(":")
    return title or (_(_WORDS[kind]) % {"n": id} if kind in _WORDS else id)


@dataclass(frozen=True)
class Pick:
    """A row with what can be done in the list itself: `key` names the seat, or the case, that it is done to; else empty."""

    row: Row
    key: str


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the reader (`?procedure=`, `?q=`), what is due first at the top; and who has how much."""
    who = officer(request)
    procedure, text = request.GET.get("procedure", ""), request.GET.get("q", "").strip()[:100]
    total = procedures.count_tasks(who, procedure=procedure, text=text)
    query = tuple((key, value) for key, value in (("procedure", procedure), ("q", text)) if value)
    size = most(request, SIZE)
    page = min(max(1, whole(request.GET.get("page"), 1)), Paging(1, size, total).pages)
    found = procedures.tasks(who, procedure=procedure, text=text, limit=size, offset=(page - 1) * size)
    picks = _picks(who, found)
    context = {
        "filters": _filters(who, procedure, text),
        "columns": [
            Column(_("事项")), Column(_("程序")), Column(_("环节")), Column(_("提出人")), Column(_("到达"), "day"),
            Column(_("应办结"), "day"), Column(_("领办")),
        ],
        "rows": [one.row for one in picks],
        "picks": picks,
        "paging": Paging(page, size, total, query),
        "bulk": any(one.key for one in picks) and who.may("cases.take_tasks"),
        "agrees": who.may("cases.accept") or who.may("cases.decide"),
        "back": request.GET.urlencode(),
        "loads": _loads(who),
        "load_columns": [
            Column(_("人员")), Column(_("待办"), "number"), Column(_("其中逾期"), "number"), Column(_("最早应办结"), "day"),
        ],
        "export": _("待办"),
    }  # fmt: skip
    return show(request, "waiting", context)


def _picks(who: Actor, found: Sequence[TaskView]) -> list[Pick]:
    titles = work.titles([one.case for one in found if one.object.startswith(f"{_CASE}:")])
    return [
        Pick(
            Row(
                (
                    words_of(one.object, titles.get(one.case, "")), _(one.procedure_title), _(one.stage_title),
                    one.opened_by_name, one.since, due_cell(one.due),
                    State(_("由我领办"), "info") if one.person == who.person else State(_("待领办"), "none"),
                ),
                page_of(one.object, one.case),
            ),
            f"{one.case}-{one.seat}" if one.case in titles else "",
        )
        for one in found
    ]  # fmt: skip


def _filters(who: Actor, procedure: str, text: str) -> tuple[Filter, ...]:
    queues = procedures.queues(who)
    choices = tuple(
        (key, f"{_(procedures.PROCEDURES[key].title) if key in procedures.PROCEDURES else key}（{count}）")
        for key, count in queues.items()
    )
    return (
        Filter("procedure", _("程序"), procedure, (("", _("全部（%(n)s）") % {"n": sum(queues.values())}), *choices)),
        Filter("q", _("事项或提出人"), text),
    )


def _loads(who: Actor) -> list[Row]:
    if not who.may("cases.read_load") or not who.agency:
        return []
    return [_load(name, one) for name, one in work.read_load(actor=who)]


def _load(name: str, one: Load) -> Row:
    return Row((name or (one.person or State(_("待领办"), "none")), one.waiting, one.overdue, due_cell(one.first_due)))


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What the reader has done, the last first."""
    size, start = most(request, SIZE), whole(request.GET.get("from"))
    found = procedures.done(officer(request), limit=size + 1, offset=start)
    titles = work.titles([one.case for one in found if one.object.startswith(f"{_CASE}:")])
    context = {
        "columns": [
            Column(_("事项")), Column(_("程序")), Column(_("环节")), Column(_("提出人")), Column(_("我的办理")),
            Column(_("办理时间"), "day"), Column(_("现在")),
        ],
        "rows": [
            Row(
                (
                    words_of(one.object, titles.get(one.case, "")), _(one.procedure_title), _(one.stage_title),
                    one.opened_by_name, _(one.move.value), one.at, _outcome(one.outcome),
                ),
                page_of(one.object, one.case),
            )
            for one in found[:size]
        ],
        "going": going(request, "from", start + size if len(found) > size else None),
        "empty": _("您还没有办理过什么。"),
        "export": _("已办"),
    }  # fmt: skip
    return show(request, "done", context)


def _outcome(outcome: Outcome) -> State:
    return State(_(OUTCOME_TITLES[outcome]), _OUTCOMES.get(outcome, "none"))  # type: ignore[arg-type]  # State's kinds


@never_cache
@require_safe
def circulated(request: HttpRequest) -> HttpResponse:
    """What was circulated to the reader, the newest first (`?show=read`: what is read already)."""
    return _watched(request, "circulated", _("没有传阅给您的事项。"), _("已阅"), _("未阅"))


@never_cache
@require_safe
def supervised(request: HttpRequest) -> HttpResponse:
    """What the reader supervises, the newest first (`?show=done`: what has ended)."""
    return _watched(request, "supervised", _("没有您督办的事项。"), _("已办结"), _("办理中"))


def _watched(request: HttpRequest, key: str, empty: str, over: str, running: str) -> HttpResponse:
    past, who = request.GET.get("show") == "over", officer(request)
    size, start = most(request, SIZE), whole(request.GET.get("from"))
    reading = key == "circulated"
    kind = "read" if reading else "supervise"
    found = procedures.watched(who, kind, done=past, limit=size + 1, offset=start)  # type: ignore[arg-type]  # one of two
    titles = work.titles([one.case for one in found if one.object.startswith(f"{_CASE}:")])
    last = Column(_("阅读时间"), "day") if reading else Column(_("督办期限"), "day")
    acts = [one for one in ((READ,) if reading else WATCHING) if who.may(one.right)]
    rows = [
        Row(
            (
                words_of(one.object, titles.get(one.case, "")), _(one.procedure_title), one.since,
                one.read_at if reading else (one.due if past else due_cell(one.due)), _outcome(one.outcome),
            ),
            page_of(one.object, one.case) if who.may("cases.read_case") else reverse("portal:case_place", args=[one.case]),
        )
        for one in found[:size]
    ]  # fmt: skip
    numbers = [one.object.partition(":")[2] if one.case in titles and not past else "" for one in found[:size]]
    context = {
        "filters": (Filter("show", _("情况"), "over" if past else "", (("", running), ("over", over))),),
        "columns": [Column(_("事项")), Column(_("程序")), Column(_("送达"), "day"), last, Column(_("现在"))],
        "rows": rows,
        "picks": [Pick(row, number) for row, number in zip(rows, numbers, strict=True)],
        "acts": acts,
        "form": Naming() if not reading and who.may("cases.supervise") else None,
        "going": going(request, "from", start + size if len(found) > size else None),
        "empty": empty,
        "export": _("传阅") if reading else _("督办"),
    }
    return show(request, key, context)


_TABS = (
    ("waiting", gettext_noop("待办"), "portal:work"),
    ("done", gettext_noop("已办"), "portal:work_done"),
    ("circulated", gettext_noop("传阅"), "portal:work_circulated"),
    ("supervised", gettext_noop("督办"), "portal:work_supervised"),
)


def show(
    request: HttpRequest, tab: str, context: Mapping[str, object], template: str = "", status: int = 200
) -> HttpResponse:
    """Draw one of the work list's pages, under its tabs."""
    tabs = [Link(_(title), reverse(name), current=key == tab) for key, title, name in _TABS]
    title = next(_(title) for key, title, _name in _TABS if key == tab)
    shared = {"tabs": tabs, "title": title, "tab": tab}
    templates = {"waiting": "work", "done": "work_list"}
    return desk_page(request, template or templates.get(tab, "work_watched"), {**shared, **context}, status)
