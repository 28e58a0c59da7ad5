"""民声通道: write a letter, follow it, rate its answer; and the public page, where each number opens its list."""

from __future__ import annotations

import secrets
from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import letter_lists as lists
from shuniu.cases.api import letters as api
from shuniu.cases.declare.letters import LetterState, LetterView, PublicLetter, Unaccepted
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.portal.credit.pages import slowly
from shuniu.portal.hall.letter_forms import FollowForm, LetterForm, RateForm
from shuniu.portal.hall.letters_seen import TITLES, facts_of, may_rate, standing
from shuniu.portal.shell import first_click, paged, tried, unclicked
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.web.declare import Column, Filter, Link, Row, Value
from shuniu.web.forms import PlainForm

_SENT = "letter_sent"


def _href(**asked: str) -> str:
    return f"{reverse('portal:letters')}?{urlencode(asked)}#letters"


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """How many letters of each kind, state and agency there are; each number opens those it counts."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("category", "state", "agency")}
    every = lists.public_letters(box=PETITIONS)
    found = [
        one
        for one in every
        if asked["category"] in ("", one.category)
        and (not asked["agency"] or asked["agency"] in one.agencies)
        and (asked["state"] in ("", one.state) or (asked["state"] == "overdue" and one.overdue))
    ]
    shown, paging = paged(request, found)
    names, places = directory.agency_names(), directory.region_names()
    context = {
        "by_category": _counts([one.category for one in every], "category", {k: _(v) for k, v in TITLES.items()}),
        "by_state": [
            *_counts([one.state for one in every], "state", {one: _(one.title) for one in LetterState}),
            (_("超期"), _href(state="overdue"), sum(one.overdue for one in every)),
        ],
        "by_agency": _counts([agency for one in every for agency in one.agencies], "agency", names),
        "total": len(every), "filters": _filters(asked, every, names), "paging": paging,
        "columns": [
            Column(_("编号"), "code"), Column(_("标题")), Column(_("类别")), Column(_("属地")), Column(_("办理单位")),
            Column(_("来信日期"), "day"), Column(_("状态")), Column(_("评价")),
        ],
        "rows": [_row(one, names, places) for one in shown],
    }  # fmt: skip
    return render(request, "portal/hall/letters.html.jinja", context)


def _counts(values: list[str], asked: str, titles: dict[str, str]) -> list[tuple[str, str, int]]:
    return [(titles.get(key, key), _href(**{asked: key}), count) for key, count in Counter(values).most_common()]


def _filters(asked: dict[str, str], every: tuple[PublicLetter, ...], names: dict[str, str]) -> tuple[Filter, ...]:
    whole = ("", _("全部"))
    states = [*((one.value, _(one.title)) for one in LetterState), ("overdue", _("超期"))]
    owners = sorted({agency for one in every for agency in one.agencies})
    return (
        Filter("category", _("类别"), asked["category"], (whole, *((key, _(title)) for key, title in TITLES.items()))),
        Filter("state", _("状态"), asked["state"], (whole, *states)),
        Filter("agency", _("办理单位"), asked["agency"], (whole, *((key, names.get(key, key)) for key in owners))),
    )


def _row(one: PublicLetter, names: dict[str, str], places: dict[str, str]) -> Row:
    rated = {None: "", True: _("满意"), False: _("不满意")}[one.satisfied]
    return Row(
        (
            one.number, one.title or _("（未公开内容）"), _(TITLES.get(one.category, one.category)),
            places.get(one.region, one.region), "、".join(names.get(key, key) for key in one.agencies), one.received_on,
            standing(one.state, one.overdue), rated,
        ),
        reverse("portal:letter_public", args=[one.number]) if one.text else "",
    )  # fmt: skip


@require_safe
def public(request: HttpRequest, number: str) -> HttpResponse:
    """A letter whose text was made public, with its answers."""
    it = next((one for one in lists.public_letters(box=PETITIONS) if one.number == number and one.text), None)
    if it is None:
        raise Http404
    names, places = directory.agency_names(), directory.region_names()
    facts: list[tuple[str, Value]] = [
        (_("类别"), _(TITLES.get(it.category, it.category))), (_("属地"), places.get(it.region, it.region)),
        (_("办理单位"), "、".join(names.get(key, key) for key in it.agencies)), (_("来信日期"), it.received_on),
        (_("状态"), standing(it.state, it.overdue)),
    ]  # fmt: skip
    context = {"crumbs": [Link(_("民声通道"), reverse("portal:letters"))], "it": it, "facts": facts}
    return render(request, "portal/hall/letter_public.html.jinja", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@slowly
def new(request: HttpRequest) -> HttpResponse:
    """Write a letter, with or without an account. What is like it, or better sent elsewhere, is shown before sending."""
    posted = request.method == "POST"
    form = (
        LetterForm(PETITIONS, request.POST) if posted else LetterForm(PETITIONS, initial={"once": secrets.token_hex(8)})
    )
    context: dict[str, object] = {"crumbs": [Link(_("民声通道"), reverse("portal:letters"))], "form": form}
    if posted and form.is_valid():
        letter, once = form.letter(), f"letter:{form.cleaned_data['once']}"
        hints: tuple[Unaccepted, ...] = lists.hinted(PETITIONS, letter)
        alike, shown = lists.alike(box=PETITIONS, letter=letter)
        if (hints or alike) and not form.cleaned_data["seen"]:
            form.data = {**request.POST.dict(), "seen": "1"}
            hinted = {"hints": hints, "alike": alike, "shown": shown}
            return render(request, "portal/hall/letter_new.html.jinja", {**context, **hinted})
        if not first_click(once):  # the first one sent it
            return redirect("portal:letter_sent")
        made = tried(form, lambda: api.send_letter(actor=actor(request), box=PETITIONS, letter=letter))
        if made is not None:
            category = PETITIONS.category(letter.category)
            if category is not None and category.sealed:  # a session would tie the report to the account
                shown_once = {"number": made.number, "code": made.code}
                return render(request, "portal/hall/letter_sent.html.jinja", shown_once)
            request.session[_SENT] = [made.number, made.code, actor(request).may("cases.list_own_letters")]
            return redirect("portal:letter_sent")
        unclicked(once)
    return render(request, "portal/hall/letter_new.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The receipt: number and code, shown to the browser that sent the letter; and whether it stands among one's own."""
    kept = request.session.get(_SENT)
    if not kept:
        return redirect("portal:letter_new")
    number, code, own = kept
    return render(request, "portal/hall/letter_sent.html.jinja", {"number": number, "code": code, "own": own})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@slowly
def follow(request: HttpRequest) -> HttpResponse:
    """A letter for who has its number and code, and the rating of its answer. Both are posted: neither enters an address."""
    rating = request.POST.get("do") == "rate"
    form = RateForm(request.POST) if rating else FollowForm(request.POST if request.method == "POST" else None)
    number, code = (request.POST.get(name, "")[:20] for name in ("number", "code"))
    seen: LetterView | None = None
    if form.is_valid() and rating:
        said = form.cleaned_data
        seen = tried(
            form,
            lambda: api.rate_letter(
                actor=actor(request),
                number=number,
                code=code,
                satisfied=said["satisfied"] == "yes",
                words=said["words"],
            ),
        )
    if seen is None and (rating or form.is_valid()):
        seen = tried(form, lambda: api.follow_letter(number=number, code=code))
    context: dict[str, object] = {"crumbs": [Link(_("民声通道"), reverse("portal:letters"))], "form": form, "it": seen}
    if seen is not None:
        context |= _followed(seen, form if rating and form.errors else None, code)
    elif rating:
        context["form"] = FollowForm()
    return render(
        request, "portal/hall/letter_follow.html.jinja", {**context, "wrong": form}, status=422 if form.errors else 200
    )


def _followed(seen: LetterView, tried_rate: PlainForm | None, code: str) -> dict[str, object]:
    fresh = RateForm(initial={"number": seen.line.number, "code": code})
    return {**facts_of(seen), "rate": (tried_rate or fresh) if may_rate(seen) else None}
