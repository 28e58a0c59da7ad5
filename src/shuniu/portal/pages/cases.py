"""The desk of cases: the agency's list with one's own tasks, and one case with the acts that its reader may do now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import filing, finding, items, manning
from shuniu.cases.api import tasks as work
from shuniu.cases.declare.case import CaseLine, CaseView
from shuniu.directory.api import agency_names
from shuniu.directory.declare import ALL_AGENCIES
from shuniu.directory.session import actor
from shuniu.portal.clocks import due_cell, lateness
from shuniu.portal.hall import case_parts as shared
from shuniu.portal.pages.case_acts import MAIN, Act, Standing
from shuniu.portal.pages.case_forms import ActForm, Seated
from shuniu.portal.pages.case_more import MORE, READ
from shuniu.portal.pages.steps import done
from shuniu.portal.pages.work_objects import cut
from shuniu.portal.shell import SIZE, Going, desk_page, going
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Seat, TaskView
from shuniu.systems.disclosure.declare import ITEM as INFORMATION
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row

MOST_TASKS = 200
_OBJECT = "case:"
ACTS = {one.key: one for one in (READ, *MAIN, *MORE)}


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and the agency's cases: those due first, or those found (`?q=`, `?state=all`)."""
    who, listing = actor(request), _listing(request)
    tasks = _tasks(who)
    titles = work.titles([one.case for one in tasks])
    context = {
        "task_columns": [
            Column(_("要办的")), Column(_("环节")), Column(_("提交人")), Column(_("接手")), Column(_("应办结"), "day"),
        ],
        "tasks": [_task(one, titles) for one in tasks],
        "cut": cut(len(tasks), MOST_TASKS),
        "columns": [
            Column(_("事项")), Column(_("申请人")), Column(_("状态")), Column(_("提交"), "day"),
            Column(_("应办结"), "day"), Column(_("情况")), Column(_("办件编号")),
        ],
        "rows": [_line(one) for one in listing.lines],
        "filters": _filters(request),
        "going": listing.going,
        "caption": listing.caption,
        "export": _("本单位办件"),
    }  # fmt: skip
    return desk_page(request, "cases", context)


@dataclass(frozen=True)
class _Listing:
    """The lines of the list, in the order that the caption says, and where the next of them begin."""

    lines: Iterable[CaseLine]
    caption: str
    going: Going


def _listing(request: HttpRequest) -> _Listing:
    who, state, text = actor(request), request.GET.get("state", ""), _text(request)
    if text or state == "all":
        running = {"all": None, "ended": False}.get(state, True)
        found = finding.search_agency(
            actor=who, text=text, running=running, before=whole(request.GET.get("before")), most=most(request, SIZE)
        )
        return _Listing(found.lines, _("找到的办件，新的在前"), going=going(request, "before", found.next))
    listed = finding.list_agency(
        actor=who, running=state != "ended", after=request.GET.get("after", ""), most=most(request, SIZE)
    )
    caption = _("已办结的，新的在前") if state == "ended" else _("在办的，先到期的在前，暂不计时的在后")
    return _Listing(listed.lines, caption, going(request, "after", listed.next or None))


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100]


def _filters(request: HttpRequest) -> tuple[Filter, ...]:
    choices = (("", _("在办")), ("ended", _("已办结")), ("all", _("全部")))
    return (
        Filter("state", _("办理情况"), request.GET.get("state", ""), choices),
        Filter("q", _("编号末四位以上、申请人或事项"), _text(request)),
    )


def _tasks(who: Actor, of: str = _OBJECT, limit: int = MOST_TASKS) -> list[TaskView]:
    """The reader's tasks that are about cases (or about one), whatever procedure they go by, the most pressing first."""
    return [one for one in procedures.tasks(who, text=of, limit=limit) if one.object.startswith(of)]


def _task(one: TaskView, titles: Mapping[int, str]) -> Row:
    number = one.object.removeprefix(_OBJECT)
    cells = (
        titles.get(one.case, number), _(one.stage_title), one.opened_by_name, one.since, due_cell(one.due) or _("不单独计")
    )  # fmt: skip
    return Row(cells, reverse("portal:case", args=[number]))


def _line(one: CaseLine) -> Row:
    late = lateness(one.due) if one.state.running else None
    return Row(
        (one.title, one.applicant, shared.standing(one.state, one.result), one.filed_at, one.due, late, one.number),
        reverse("portal:case", args=[one.number]),
    )


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case with all that is known of it, and the acts that the reader may do now."""
    return _page(request, number)


@never_cache
@require_POST
def act(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Do one thing in a case; a refusal comes back in its form, with what was typed."""
    form, it = done(request, number, ACTS, key)
    if it is None:
        return _page(request, number, key, form)
    messages.success(request, _said(ACTS[key], form, it))
    return redirect("portal:case", number=number)


def _said(one: Act, form: ActForm, it: CaseView) -> str:
    """What came of an act: an answer that others must still join is not yet what it says."""
    seat = next((one for one in it.matter.seats if one.number == form.cleaned_data.get("seat")), None)
    if one in MAIN and seat is not None and seat.counts and seat.answer and not it.matter.results[seat.stage]:
        return _("已记下您的答复，还要等其他人答复才生效。")
    return _(one.said) % {"outcome": _(it.decision.words) if it.decision else ""}


@dataclass(frozen=True)
class _Open:
    """An act as the page offers it."""

    act: Act
    form: ActForm
    plain: bool  # no words are asked for


def _page(request: HttpRequest, number: str, key: str = "", form: ActForm | None = None) -> HttpResponse:
    who = actor(request)
    it = filing.read_case(actor=who, number=number)
    at = Standing(who, it, _mine(who, it))
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
        "acts": _open((READ, *MAIN), at, key, form),
        "more": _open(MORE, at, key, form),
        "tried": form,
        "own": it.matter.opened_by == who.person and it.state.running,
        "following": _following(who, it),
        "unmanned": [_nobody(one, who) for one in _unmanned(it)],
        "crumbs": [Link(_("办件"), reverse("portal:cases"))] if who.may("cases.list_agency") else [],
    }
    return desk_page(request, "case", context, status=422 if form is not None else 200)


def _unmanned(it: CaseView) -> tuple[manning.Unmanned, ...]:
    known = "/" in it.item  # a life event has no item of its own
    lanes = items.version(it.item, it.version).item.lanes if known else ()
    return manning.of_case(it, lanes)


def _nobody(one: manning.Unmanned, who: Actor) -> tuple[str, Link | None]:
    """That a stage has nobody to answer it, and the way to appoint somebody for who may see the accounts there."""
    place = _("本单位") if one.agency == who.agency else one.agency_name
    said = _("“%(stage)s”谁都不能办：%(agency)s没有人任“%(roles)s”岗位，请单位管理员任命。") % {
        "stage": _(one.stage), "agency": place, "roles": _("”或“").join(_(role) for role in one.roles),
    }  # fmt: skip
    at = f"{reverse('directory:accounts')}?{urlencode({'agency': one.agency})}"
    may = who.may("directory.list_accounts") and (one.agency == who.agency or who.may(ALL_AGENCIES))
    return said, Link(_("账号与岗位"), at) if may else None


def _mine(who: Actor, it: CaseView) -> Seat | None:
    """The seat that waits for this reader in a case."""
    if not it.state.running:
        return None
    asked = next((one.seat for one in _tasks(who, it.matter.object) if one.case == it.matter.id), 0)
    return next((one for one in it.matter.seats if one.number == asked), None)


def _following(who: Actor, it: CaseView) -> Link | None:
    """The next case that waits for the reader, the most pressing of the others."""
    other = next((one for one in _tasks(who, limit=2) if one.case != it.matter.id), None)
    if other is None:
        return None
    left = procedures.count_tasks(who, text=_OBJECT)
    words = _("办下一件（等您办理的共 %(n)s 件）") % {"n": left}
    return Link(words, reverse("portal:case", args=[other.object.removeprefix(_OBJECT)]))


def _facts(it: CaseView, who: Actor) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        (_("状态"), shared.standing(it.state, it.decision.words if it.decision else "")),
        (_("申请人"), it.applicant),
        (_("办理身份"), it.acting),
        (_("提交"), it.filed_at),
        (_("受理"), it.accepted_at),
        (_("办结"), it.ended_at),
        (_("办理程序"), Link(_("看办到哪里了"), reverse("portal:case_place", args=[it.matter.id]))),
        (_("时限"), _timing(it) if who.may("cases.read_timing") else ""),
        (_("缴费单"), Link(it.bill, reverse("portal:fee_bill", args=[it.bill])) if _bill(it, who) else ""),
        (_("依申请公开"), _information(it, who)),
    ]
    return [row for row in rows if row[1]]


def _information(it: CaseView, who: Actor) -> Link | str:
    """What stands beside a request for information, for the officers of the agency that was asked."""
    if it.item != INFORMATION.key or who.agency != it.agency or not who.may("cases.list_earlier"):
        return ""
    return Link(_("相似申请和收费"), reverse("portal:information_case", args=[it.number]))


def _timing(it: CaseView) -> Link:
    return Link(_("特别程序与延期"), reverse("portal:case_special", args=[it.number]))


def _bill(it: CaseView, who: Actor) -> bool:
    return bool(it.bill) and who.may("cases.read_bill")


def _open(acts: Iterable[Act], at: Standing, key: str, form: ActForm | None) -> list[_Open]:
    """Those of the acts that the reader may do now; the one that was tried, with what was typed."""
    offered = []
    for one in acts:
        if at.who.may(one.right) and one.fits(at):
            tried_now = form if one.key == key else None
            drawn = tried_now or one.kind(initial={"seat": one.seat(at)}, prefix=one.key)
            if one.choices is not None:
                drawn.offer(one.choices(at))
            offered.append(_Open(one.called(at), drawn, one.kind in (ActForm, Seated)))
    return offered
