"""The desk's work list: what waits for the reader in every procedure, what the reader has done, reads and supervises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import tasks as work
from shuniu.portal.clocks import due_cell
from shuniu.portal.pages.case_forms import Naming
from shuniu.portal.pages.case_more import READ, WATCHING
from shuniu.portal.pages.work_objects import CASE, named
from shuniu.portal.shell import SIZE, desk_page, going, officer, page_asked
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import OUTCOME_TITLES, Load, Outcome, TaskView
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Paging, Row, State, StateKind

_OUTCOMES: Mapping[Outcome, StateKind] = {"": "waiting", "granted": "done", "partial": "done", "refused": "stopped"}


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
    page = min(page_asked(request), Paging(1, size, total).pages)
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
    about = named(who, found)
    return [
        Pick(
            Row(
                (
                    about[one.object].words, _(one.procedure_title), _(one.stage_title),
                    one.opened_by_name, one.since, due_cell(one.due),
                    State(_("由我领办"), "info") if one.person == who.person else State(_("待领办"), "none"),
                ),
                about[one.object].href,
            ),
            f"{one.case}-{one.seat}" if _is_case(one.object) else "",
        )
        for one in found
    ]  # fmt: skip


def _is_case(object: str) -> bool:
    return object.startswith(f"{CASE}:")


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
    who = officer(request)
    found = procedures.done(who, limit=size + 1, offset=start)
    about = named(who, found)
    context = {
        "columns": [
            Column(_("事项")), Column(_("程序")), Column(_("环节")), Column(_("提出人")), Column(_("我的办理")),
            Column(_("办理时间"), "day"), Column(_("现在")),
        ],
        "rows": [
            Row(
                (
                    about[one.object].words, _(one.procedure_title), _(one.stage_title),
                    one.opened_by_name, _(one.move.value), one.at, _outcome(one.outcome),
                ),
                about[one.object].href,
            )
            for one in found[:size]
        ],
        "going": going(request, "from", start + size if len(found) > size else None),
        "empty": _("您还没有办理过什么。"),
        "export": _("已办"),
    }  # fmt: skip
    return show(request, "done", context)


def _outcome(outcome: Outcome) -> State:
    return State(_(OUTCOME_TITLES[outcome]), _OUTCOMES.get(outcome, "none"))


@never_cache
@require_safe
def circulated(request: HttpRequest) -> HttpResponse:
    """What was circulated to the reader, the newest first (`?show=over`: what is read already)."""
    return _watched(request, "circulated", _("没有传阅给您的事项。"), _("已阅"), _("未阅"))


@never_cache
@require_safe
def supervised(request: HttpRequest) -> HttpResponse:
    """What the reader supervises, the newest first (`?show=over`: what has ended)."""
    return _watched(request, "supervised", _("没有您督办的事项。"), _("已办结"), _("办理中"))


def _watched(request: HttpRequest, key: str, empty: str, over: str, running: str) -> HttpResponse:
    past, who = request.GET.get("show") == "over", officer(request)
    size, start = most(request, SIZE), whole(request.GET.get("from"))
    reading = key == "circulated"
    kind = "read" if reading else "supervise"
    found = procedures.watched(who, kind, done=past, limit=size + 1, offset=start)  # type: ignore[arg-type]  # one of two
    about = named(who, found)
    last = Column(_("阅读时间"), "day") if reading else Column(_("督办期限"), "day")
    acts = [one for one in ((READ,) if reading else WATCHING) if who.may(one.right)]
    rows = [
        Row(
            (
                about[one.object].words, _(one.procedure_title), one.since,
                one.read_at if reading else (one.due if past else due_cell(one.due)), _outcome(one.outcome),
            ),
            about[one.object].href if who.may("cases.read_case") else reverse("portal:case_place", args=[one.case]),
        )
        for one in found[:size]
    ]  # fmt: skip
    numbers = [one.object.partition(":")[2] if _is_case(one.object) and not past else "" for one in found[:size]]
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
