"""电子监察 at the desk: the list of cards, a card with all it was computed from, its forms, officers' scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.assessment import api
from shuniu.assessment.declare import CardState, CardView, Level, Recomputed
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.pages.supervision_facts import LEVELS, STATES, changed, facts, tables
from shuniu.portal.pages.supervision_scores import (
    STANDING,
    card_columns,
    card_row,
    method,
    period_filter,
    period_of,
    score_columns,
    score_row,
)
from shuniu.portal.shell import SIZE, desk_page, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Event, Filter, Link
from shuniu.web.forms import PlainForm


class Said(PlainForm):
    """What the carded officer, or the agency, says of a card."""

    text = forms.CharField(
        label=gettext_lazy("事实、依据和经过"),
        max_length=2000,
        help_text=gettext_lazy("不要写申请人的姓名和证件号码。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Decision(PlainForm):
    """Whether a card is cancelled or upheld, and why."""

    answer = forms.ChoiceField(
        label=gettext_lazy("复核结果"),
        choices=[("cancel", gettext_lazy("撤销：这张牌不应当出")), ("uphold", gettext_lazy("维持：这张牌出得对"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        help_text=gettext_lazy("被出牌的人员和单位会收到这段话。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@dataclass(frozen=True)
class Step:
    """One thing that the reader may do with a card."""

    id: str
    title: str
    hint: str
    form: PlainForm
    href: str
    button: str


@never_cache
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """The cards in the reader's sight, newest first."""
    who, asked, size, names = officer(request), request.GET, most(request, SIZE), agency_names()
    level = Level(asked["level"]) if asked.get("level") in set(Level) else None
    state = CardState(asked["state"]) if asked.get("state") in set(CardState) else None
    found = api.list_cards(
        actor=who, level=level, state=state, standing=asked.get("state") == STANDING, agency=asked.get("agency", ""),
        person=asked.get("person", ""), period=asked.get("period", ""), limit=size + 1, before=whole(asked.get("before")),
    )  # fmt: skip
    everything = ("", _("全部"))
    context = {
        "filters": (
            Filter("level", _("等级"), level or "", (everything, *((one.value, _(one.title)) for one in Level))),
            Filter("state", _("情况"), asked.get("state", ""), (everything, *_states())),
            *([Filter("agency", _("单位"), asked.get("agency", ""), (everything, *sorted(names.items())))]
              if who.may(OVERSEE) else []),
        ),
        "columns": [*card_columns(), Column(_("责任人"))],
        "rows": [
            card_row(one, names, reverse("portal:card", args=[one.number]), one.person_name or _("无人领办"))
            for one in found[:size]
        ],
        "going": going(request, "before", found[size - 1].number if len(found) > size else None),
        "export": _("监察牌"),
        "began": api.began(),
        "officers": who.may(api.HEAD),
    }  # fmt: skip
    return desk_page(request, "supervision", context)


def _states() -> list[tuple[str, str]]:
    return [(STANDING, _("没有撤销")), *((one.value, _(one.title)) for one in CardState)]


@never_cache
@require_safe
def card(request: HttpRequest, number: int) -> HttpResponse:
    """One card; with `?again=1` it is computed anew from the log and compared."""
    who = actor(request)
    again = bool(request.GET.get("again")) and who.may("assessment.recompute")
    return _page(request, number, again=api.recompute(actor=who, number=number) if again else None)


def _page(
    request: HttpRequest, number: int, form: PlainForm | None = None, again: Recomputed | None = None
) -> HttpResponse:
    who = actor(request)
    it = api.read_card(actor=who, number=number)
    context = {
        "crumbs": [Link(_("监察牌"), reverse("portal:cards"))],
        "it": it,
        "level": LEVELS[it.line.level],
        "state": STATES[it.line.state],
        "facts": facts(it, agency_names(), who.may("procedures.explain_due")),
        "tables": tables(it),
        "events": [Event(one.at, one.person_name, _(one.step.value), one.said) for one in reversed(it.events)],
        "steps": _steps(it, who, form),
        "again": again,
        "changes": [Column(_("事实")), Column(_("出牌时")), Column(_("现在"))],
        "change_rows": changed(again) if again else (),
    }
    return desk_page(request, "card", context, status=422 if form is not None else 200)


def _steps(it: CardView, who: Actor, form: PlainForm | None) -> list[Step]:
    """What the reader may do now; a form that was refused stands with what was typed."""
    line, waiting = it.line, it.line.state in (CardState.ISSUED, CardState.EXPLAINED)
    own = line.person == who.person if line.person else line.agency == who.agency and who.may(api.HEAD)
    offered = [
        (own and line.state is CardState.ISSUED, "explain", _("说明"), _("说明怎样造成、怎样补救。"), Said, _("提交说明")),
        (
            waiting and line.agency == who.agency and who.may("assessment.appeal"), "appeal", _("申诉"),
            _("认为不应出牌的，由单位提出申诉，由省级平台另一人复核。"), Said, _("提出申诉"),
        ),
        (
            line.state is CardState.APPEALED and line.agency != who.agency and line.person != who.person
            and who.may("assessment.decide_appeal"), "decide", _("复核申诉"),
            _("对照下面的时限和经过，说明理由后撤销或者维持。"), Decision, _("作出复核决定"),
        ),
    ]  # fmt: skip
    return [
        Step(
            name, title, hint, form if form is not None and form.prefix == name else kind(prefix=name),
            reverse(f"portal:card_{name}", args=[line.number]), button,
        )
        for may, name, title, hint, kind, button in offered
        if may
    ]  # fmt: skip


def _did(request: HttpRequest, number: int, form: PlainForm, act: Callable[[], CardView], said: str) -> HttpResponse:
    if form.is_valid() and tried(form, act) is not None:
        messages.success(request, said)
        return redirect("portal:card", number=number)
    return _page(request, number, form)


@never_cache
@require_POST
def explain(request: HttpRequest, number: int) -> HttpResponse:
    """The carded officer's explanation."""
    form = Said(request.POST, prefix="explain")
    return _did(
        request, number, form,
        lambda: api.explain(actor=actor(request), number=number, text=form.cleaned_data["text"]), _("说明已记下。"),
    )  # fmt: skip


@never_cache
@require_POST
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """The agency's appeal."""
    form = Said(request.POST, prefix="appeal")
    return _did(
        request, number, form,
        lambda: api.appeal(actor=actor(request), number=number, reason=form.cleaned_data["text"]), _("申诉已提出。"),
    )  # fmt: skip


@never_cache
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """The decision on an appeal, by another person."""
    form = Decision(request.POST, prefix="decide")

    def act() -> CardView:
        said = form.cleaned_data
        return api.decide_appeal(
            actor=actor(request), number=number, cancel=said["answer"] == "cancel", reason=said["reason"]
        )

    return _did(request, number, form, act, _("复核决定已记下，并通知被出牌的人员和单位。"))


@never_cache
@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    """Officers' scores, for their agency's head and the provincial office."""
    who, period = actor(request), period_of(request)
    agency = request.GET.get("agency", "") if who.may(OVERSEE) else who.agency
    found = api.read_officers(actor=who, period=period, agency=agency)
    context = {
        "crumbs": [Link(_("监察牌"), reverse("portal:cards"))],
        "period": period,
        "filters": (period_filter(period),),
        "columns": [Column(_("人员")), *score_columns()],
        "rows": [score_row(one, reverse("portal:cards"), person=one.key, period=period) for one in found],
        "export": _("%(period)s 人员监察得分") % {"period": period},
        "method": method(period),
    }
    return desk_page(request, "supervision_officers", context)
