"""The desk of cases: the agency's list with one's own tasks, and one case with the acts that its reader may do now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import filing, handling
from shuniu.cases.api import tasks as work
from shuniu.cases.declare.case import CaseLine, CaseView
from shuniu.directory.session import actor
from shuniu.portal.clocks import due_cell, lateness
from shuniu.portal.hall import case_parts as shared
from shuniu.portal.pages.case_forms import Asking, Examining, Refusing, Returning, Seated
from shuniu.portal.pages.catalogue import agency_names
from shuniu.portal.shell import desk_page, paged, tried
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import TaskView
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row

MOST_TASKS = 200
_OBJECT = "case:"


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and the agency's cases, those due first."""
    who = actor(request)
    running = request.GET.get("state") != "ended"
    found, paging = paged(request, handling.list_agency(actor=who, running=running))
    chosen = "" if running else "ended"
    tasks = _tasks(who)
    titles = work.titles([one.case for one in tasks])
    context = {
        "task_columns": [
            Column(_("要办的")), Column(_("环节")), Column(_("提交人")), Column(_("接手")), Column(_("应办结"), "day"),
        ],
        "tasks": [_task(one, titles) for one in tasks],
        "columns": [
            Column(_("事项")), Column(_("申请人")), Column(_("状态")), Column(_("提交"), "day"),
            Column(_("应办结"), "day"), Column(_("情况")), Column(_("办件编号")),
        ],
        "rows": [_line(one) for one in found],
        "filters": (Filter("state", _("办理情况"), chosen, (("", _("在办")), ("ended", _("已办结")))),),
        "paging": paging,
        "caption": _("在办的，先到期的在前") if running else _("已办结的，新的在前"),
        "export": _("本单位办件"),
    }  # fmt: skip
    return desk_page(request, "cases", context)


def _tasks(who: Actor) -> list[TaskView]:
    """The reader's tasks that are about cases, whatever procedure they go by."""
    return [one for one in procedures.tasks(who, limit=MOST_TASKS) if one.object.startswith(_OBJECT)]


def _task(one: TaskView, titles: Mapping[int, str]) -> Row:
    number = one.object.removeprefix(_OBJECT)
    cells = (
        titles.get(one.case, number), _(one.stage_title), one.opened_by_name, one.since, due_cell(one.due) or _("不单独计")
    )  # fmt: skip
    return Row(cells, reverse("portal:case", args=[number]))


def _line(one: CaseLine) -> Row:
    late = lateness(one.due) if one.state.running else None
    return Row(
        (one.title, one.applicant, shared.standing(one.state), one.filed_at, one.due, late, one.number),
        reverse("portal:case", args=[one.number]),
    )


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case with all that is known of it, and the acts that the reader may do now."""
    return _page(request, number)


@dataclass(frozen=True)
class Act:
    """One thing that can be done: its words, its form, and the verb behind it."""

    key: str
    title: str
    hint: str
    button: str
    said: str
    kind: type[Seated]
    right: str
    does: Callable[[Actor, str, Seated], CaseView]


def _accept(who: Actor, number: str, form: Seated) -> CaseView:
    return handling.accept(actor=who, number=number, seat=form.cleaned_data["seat"])


def _ask(who: Actor, number: str, form: Seated) -> CaseView:
    said = form.cleaned_data
    return handling.ask_correction(actor=who, number=number, what=said["what"], seat=said["seat"])


def _decline(who: Actor, number: str, form: Seated) -> CaseView:
    grounds = _grounds(form)
    return handling.decline(actor=who, number=number, grounds=grounds.grounds, seat=form.cleaned_data["seat"])


def _examine(who: Actor, number: str, form: Seated) -> CaseView:
    said = form.cleaned_data
    return handling.examine(actor=who, number=number, opinion=said["opinion"], seat=said["seat"])


def _grant(who: Actor, number: str, form: Seated) -> CaseView:
    return handling.decide(actor=who, number=number, seat=form.cleaned_data["seat"])


def _refuse(who: Actor, number: str, form: Seated) -> CaseView:
    grounds = _grounds(form)
    return handling.decide(actor=who, number=number, grounds=grounds.grounds, seat=form.cleaned_data["seat"])


def _return(who: Actor, number: str, form: Seated) -> CaseView:
    said = form.cleaned_data
    return handling.return_(
        actor=who, number=number, reason=said["reason"], to_stage=said["to_stage"], seat=said["seat"]
    )


def _grounds(form: Seated) -> Refusing:
    if not isinstance(form, Refusing):
        raise TypeError("a refusal is said in a form with its grounds")
    return form


ACTS = {
    one.key: one
    for one in (
        Act("accept", gettext_noop("受理"), gettext_noop("材料齐全、符合法定形式。受理后时限起算，应缴的费用随之确定。"),
            gettext_noop("受理"), gettext_noop("已受理，时限开始计算。"), Seated, "cases.accept", _accept),
        Act("ask", gettext_noop("一次告知补正"), gettext_noop("材料不齐或者不符合法定形式的，一次告知全部内容。"),
            gettext_noop("告知补正"), gettext_noop("已告知申请人补正。"), Asking, "cases.ask_correction", _ask),
        Act("decline", gettext_noop("不予受理"), gettext_noop("写明事实和条款；救济途径由系统按现行规定写入。"),
            gettext_noop("不予受理"), gettext_noop("已决定不予受理，并通知申请人。"), Refusing, "cases.decline", _decline),
        Act("examine", gettext_noop("审查"), gettext_noop("写明意见后送交决定。"),
            gettext_noop("送交决定"), gettext_noop("审查意见已送交决定。"), Examining, "cases.examine", _examine),
        Act("grant", gettext_noop("准予"), gettext_noop("同意申请，办件随之办结。"),
            gettext_noop("准予"), gettext_noop("已准予，并通知申请人。"), Seated, "cases.decide", _grant),
        Act("refuse", gettext_noop("不予许可"), gettext_noop("写明事实和条款；救济途径由系统按现行规定写入。"),
            gettext_noop("不予许可"), gettext_noop("已决定不予许可，并通知申请人。"), Refusing, "cases.decide", _refuse),
        Act("return", gettext_noop("退回前面的环节"), gettext_noop("退回的环节和它之后的重新办理。"),
            gettext_noop("退回"), gettext_noop("已退回。"), Returning, "cases.return", _return),
    )
}  # fmt: skip
_IN_LANE = {
    "cases.accept": ("accept", "ask", "decline"),
    "cases.examine": ("examine", "return"),
    "cases.decide": ("grant", "refuse", "return"),
}


@never_cache
@require_POST
def act(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Do one thing in a case; a refusal comes back in its form, with what was typed."""
    one = ACTS.get(key)
    if one is None:
        raise Http404
    form = one.kind(request.POST, prefix=key)
    if form.is_valid() and tried(form, lambda: one.does(actor(request), number, form)) is not None:
        messages.success(request, _(one.said))
        return redirect("portal:case", number=number)
    return _page(request, number, key, form)


@dataclass(frozen=True)
class _Open:
    """An act as the page offers it."""

    act: Act
    form: Seated
    plain: bool  # no words are asked for


def _page(request: HttpRequest, number: str, key: str = "", form: Seated | None = None) -> HttpResponse:
    who = actor(request)
    it = filing.read_case(actor=who, number=number)
    names = agency_names()
    context = {
        "it": it,
        "facts": [*_facts(it, who)],
        "holders": shared.holders(it, names),
        **shared.clock_table(it, who.may("procedures.explain_due")),
        "answers": shared.answers(it),
        "paper_columns": shared.paper_columns(),
        "papers": shared.papers(who, it),
        "events": shared.history(it, inside=True),
        "acts": _open(it, who, key, form),
        "tried": form,
        "own": it.matter.opened_by == who.person and it.state.running,
        "crumbs": [Link(_("办件"), reverse("portal:cases"))] if who.may("cases.list_agency") else [],
    }
    return desk_page(request, "case", context, status=422 if form is not None else 200)


def _facts(it: CaseView, who: Actor) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        (_("状态"), shared.standing(it.state)),
        (_("申请人"), it.applicant),
        (_("办理身份"), it.acting),
        (_("提交"), it.filed_at),
        (_("受理"), it.accepted_at),
        (_("办结"), it.ended_at),
        (_("办理程序"), Link(_("看办到哪里了"), reverse("portal:case_place", args=[it.matter.id]))),
        (_("缴费单"), Link(it.bill, reverse("portal:bill", args=[it.bill])) if _bill(it, who) else ""),
    ]
    return [row for row in rows if row[1]]


def _bill(it: CaseView, who: Actor) -> bool:
    return bool(it.bill) and who.may("cases.read_bill")


def _open(it: CaseView, who: Actor, key: str, form: Seated | None) -> list[_Open]:
    """The acts in the seat that waits for this reader; none where no seat does."""
    mine = next((one for one in _tasks(who) if one.object == f"{_OBJECT}{it.number}"), None)
    if mine is None or not it.state.running:
        return []
    stage = it.matter.procedure[mine.stage]
    offered = []
    for one in (ACTS[name] for name in _IN_LANE.get(stage.lane, ())):
        if who.may(one.right) and _fits(it, mine, one):
            drawn = (
                form if form is not None and one.key == key else one.kind(initial={"seat": mine.seat}, prefix=one.key)
            )
            if isinstance(drawn, Returning):
                drawn.offer(_before(it, mine))
            offered.append(_Open(one, drawn, one.kind is Seated))
    return offered


def _fits(it: CaseView, mine: TaskView, one: Act) -> bool:
    if one.key == "ask":
        return it.accepted_at is None and not shared.asked_to_correct(it)
    return one.key != "return" or bool(_before(it, mine))


def _before(it: CaseView, mine: TaskView) -> list[tuple[str, str]]:
    """The stages that one can return to, the nearest first."""
    earlier = it.matter.procedure.before(mine.stage)
    return [(one.key, _(one.title)) for one in reversed(it.matter.procedure.stages) if one.key in earlier]
