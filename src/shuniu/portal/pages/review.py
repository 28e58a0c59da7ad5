"""The reviewer's desk: doubtful matches, both sides beside one another, decided with a reason and taken back with one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.clocks import clock, due_cell, stage_due
from shuniu.portal.pages.review_forms import Decision, Release, Withdrawal
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.portal.shell import number as whole
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.registries import api as registries
from shuniu.registries.declare import Answer, DoubtView, Portrait
from shuniu.web.declare import Column, Event, Link, Row, State, Value

_OPEN = "open"
_STATES: dict[str, State] = {
    _OPEN: State(gettext_noop("待复核"), "waiting"),
    Answer.SAME.value: State(Answer.SAME.title, "done"),
    Answer.DIFFERENT.value: State(Answer.DIFFERENT.title, "stopped"),
    Answer.UNCLEAR.value: State(Answer.UNCLEAR.title, "none"),
    "settled": State(gettext_noop("已另行认出"), "info"),
}
"""What became of a doubt, in the order of the tabs; `settled`: its subject was recognised otherwise meanwhile."""
_DECIDED = frozenset(answer.value for answer in Answer)


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: what each side says of one thing."""

    title: str
    sides: tuple[tuple[Value, ...], tuple[Value, ...]]


@never_cache
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """Doubtful pairs in one state (`?state=`), those that wait by default, the oldest first."""
    state = request.GET.get("state", _OPEN)
    state = state if state in _STATES else _OPEN
    after = whole(request.GET.get("after"))
    found = registries.doubts(actor=actor(request), state=state, limit=SIZE + 1, after=after)
    at = reverse("portal:matches")
    context = {
        "tabs": [
            Link(_(one.word), at if key == _OPEN else f"{at}?state={key}", current=key == state)
            for key, one in _STATES.items()
        ],
        "state": _STATES[state],
        "waiting": state == _OPEN,
        "going": going(request, "after", found[SIZE - 1].id if len(found) > SIZE else None),
        **_listed(found[:SIZE], decided=state in _DECIDED, waiting=state == _OPEN),
    }
    return desk_page(request, "review_list", context)


def _listed(found: list[DoubtView], *, decided: bool, waiting: bool) -> dict[str, object]:
    last = [Column(_("提出时间"), "day")]
    if decided:
        last = [Column(_("理由")), Column(_("复核时间"), "day")]
    elif waiting:
        last += [Column(_("应办结"), "day"), Column(_("领办人"))]
    cases = procedures.case_views([one.case for one in found if one.case is not None]) if waiting else {}
    columns = [Column(_("编号")), Column(_("一方")), Column(_("另一方")), Column(_("为什么拿不准")), *last]
    rows = [
        Row(
            (
                _("第 %(n)s 号") % {"n": one.id},
                _named(one.subject),
                _named(one.candidate),
                _("；").join(one.why),
                *((one.reason, one.decided_at) if decided else (one.raised_at,)),
                *(_held(cases.get(one.case or 0)) if waiting else ()),
            ),
            reverse("portal:match", args=[one.id]),
        )
        for one in found
    ]
    return {"columns": columns, "rows": rows}


def _held(case: CaseView | None) -> tuple[Value, Value]:
    """When a review is due or how late it is, and who has taken it."""
    if case is None or not case.open:
        return None, None
    return due_cell(stage_due(case)), case.open[0].person_name or State(_("待领办"), "none")


def _named(side: Portrait) -> str:
    return "、".join(side.names) or _("（没有名称）")


@never_cache
@require_safe
def match(request: HttpRequest, number: int) -> HttpResponse:
    """One pair: both sides, why it is doubtful, and the decision, or how it was decided and the way back."""
    return _page(request, number)


@never_cache
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide a pair, with the reason."""
    form = Decision(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        done = tried(
            form,
            lambda: registries.review_match(
                actor=actor(request), doubt=number, answer=Answer(said["answer"]), reason=said["reason"]
            ),
        )
        if done is not None:
            messages.success(request, _("结论已记下：%(answer)s。") % {"answer": _(Answer(done.state).title)})
            return redirect("portal:match", number=number)
    return _page(request, number, deciding=form)


@never_cache
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a decision back, with the reason; the pair waits again."""
    form = Withdrawal(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if reason and tried(form, lambda: registries.undo_review(actor=actor(request), doubt=number, reason=reason)):
        messages.success(request, _("结论已撤销，这一对重新等待复核。"))
        return redirect("portal:match", number=number)
    return _page(request, number, undoing=form)


@never_cache
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a pair: nobody else decides it until it is given back."""
    registries.take_review(actor=actor(request), doubt=number)
    messages.success(request, _("已由您领办。"))
    return redirect("portal:match", number=number)


@never_cache
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Give a pair back to all reviewers, with the reason."""
    form = Release(request.POST)
    reason = form.cleaned_data["why"] if form.is_valid() else ""
    if reason and tried(form, lambda: registries.release_review(actor=actor(request), doubt=number, reason=reason)):
        messages.success(request, _("已退回，其他复核员可以领办。"))
        return redirect("portal:match", number=number)
    return _page(request, number, releasing=form)


def _page(
    request: HttpRequest, number: int, *,
    deciding: Decision | None = None, undoing: Withdrawal | None = None, releasing: Release | None = None,
) -> HttpResponse:  # fmt: skip
    who = actor(request)
    it = registries.doubt(actor=who, number=number)
    case = procedures.case_view(it.case) if it.case is not None else None
    waits = it.state == _OPEN and case is not None and bool(case.open)
    holder = case.open[0] if case is not None and waits else None
    mine = holder is not None and holder.person == who.person
    free = holder is not None and holder.person in ("", who.person)
    own = waits and case is not None and case.opened_by == who.person
    context = {
        "crumbs": [Link(_("主体复核"), reverse("portal:matches"))],
        "it": it,
        "state": _STATES[it.state],
        "natural": it.subject.kind == "natural",
        "columns": [Column(_("对照")), Column(_side(it.subject)), Column(_side(it.candidate))],
        "compared": _compared(it),
        "events": _events(it),
        "waits": waits,
        "own": own,
        "clock": clock(case, agency_names()) if case else None,
        "taken_by": "" if holder is None or free else holder.person_name,
        "reads": mine and who.may("exchange.read"),
        "takes": free and not mine and not own and who.may("registries.take_review"),
        "releases": mine and who.may("registries.release_review"),
        "decides": free and not own and who.may("registries.review_match"),
        "undoes": it.state in _DECIDED and who.may("registries.undo_review"),
        "deciding": deciding or Decision(),
        "undoing": undoing or Withdrawal(),
        "releasing": releasing or Release(),
    }
    wrong = any(form is not None and form.errors for form in (deciding, undoing, releasing))
    return desk_page(request, "review_match", context, status=422 if wrong else 200)


def _side(side: Portrait) -> str:
    words = _("已登记主体 %(n)s") if side.known else _("待认领主体 %(n)s")
    return words % {"n": side.subject}


def _compared(it: DoubtView) -> list[Compared]:
    """What both sides say, thing by thing: names first, then numbers and particulars, then who says so."""
    sources = _sources(it)

    def said(side: Portrait) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = {_("名称") if side.kind == "legal" else _("姓名"): [*side.names]}
        for title, value in (*side.identifiers, *side.details):
            found.setdefault(_(title), []).append(value)
        return found

    left, right = said(it.subject), said(it.candidate)
    numbers = [_(title) for side in (it.subject, it.candidate) for title, _value in side.identifiers]
    titles = dict.fromkeys([*list(left)[:1], *numbers, *left, *right])
    lines = [Compared(title, (tuple(left.get(title, ())), tuple(right.get(title, ())))) for title in titles]
    origins = (_links(it.subject, sources), _links(it.candidate, sources))
    return [*lines, Compared(_("来源"), origins)]


def _sources(it: DoubtView) -> dict[str, Link]:
    """Where the two sides come from: agency · resource by key, opening the resource in the catalogue."""
    names = agency_names()
    keys = dict.fromkeys((*it.subject.sources, *it.candidate.sources))
    found = [catalogue.published(key).resource for key in keys]
    return {
        one.key: Link(f"{names.get(one.agency, one.agency)} · {one.title}", reverse("portal:resource", args=[one.key]))
        for one in found
    }


def _links(side: Portrait, sources: dict[str, Link]) -> tuple[Value, ...]:
    return tuple(sources[key] for key in side.sources)


_MOVES = {
    Move.OPEN: gettext_lazy("提出复核"),
    Move.TAKE: gettext_lazy("领办"),
    Move.RELEASE: gettext_lazy("退回领办"),
    Move.AGREE: gettext_lazy("认定为同一主体"),
    Move.DISAGREE: gettext_lazy("不归并"),
    Move.END: gettext_lazy("复核终止"),
}


def _events(it: DoubtView) -> list[Event]:
    """What happened so far, the newest first: raised, decided, taken back and raised anew."""
    cases = procedures.cases_on(f"doubt:{it.id}")
    events = []
    for place, case in enumerate(cases):
        for one in reversed(procedures.history(case.id)):
            if one.move is Move.OPEN and place < len(cases) - 1:
                ended = cases[place + 1].outcome == "ended"
                what = _("重新提出复核") if ended else _("撤销结论，重新提出复核")
                events.append(Event(one.at, one.person_name, what, one.reason))
            elif one.move in _MOVES:
                events.append(Event(one.at, one.person_name, str(_MOVES[one.move]), one.reason))
    return events
