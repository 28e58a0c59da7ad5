"""代办委托: what one has others do and is asked to do for others, giving it, and what was done under it, for both to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.base.text import normalise_text
from shuniu.cases.api import items
from shuniu.directory import api
from shuniu.directory.declare import DELEGABLE, DelegationState, DelegationView, Scope
from shuniu.directory.session import actor, fresh_strong, sitting
from shuniu.portal.shell import own_page, tried
from shuniu.trust.api import VERBS
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row, State, StateKind, Value
from shuniu.web.forms import DayField, PlainForm

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
_KINDS: Mapping[DelegationState, StateKind] = {
    DelegationState.OFFERED: "waiting",
    DelegationState.IN_FORCE: "done",
    DelegationState.EXPIRED: "none",
    DelegationState.ENDED: "stopped",
}


class Giving(PlainForm):
    """To whom, for what, until when."""

    login = forms.CharField(
        label=gettext_lazy("对方的登录名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("请向对方问清；须是个人或企业账号。"),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("对方的姓名或名称"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("与登录名核对，两样都相符才能委托。"),
    )  # fmt: skip
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("让对方办什么"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("选了申请的，同时可以查看办件。"),
    )  # fmt: skip
    items = forms.CharField(
        label=gettext_lazy("只限哪些事项"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("事项名称与办事指南一致，每行一个。不填的，全部事项都可以代办。"),
    )  # fmt: skip
    until = DayField(label=gettext_lazy("到哪一天为止（含当天）"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["acts"].choices = [(key, _(title)) for key, title in DELEGABLE.items()]  # type: ignore[attr-defined]  # it has them

    def clean_items(self) -> list[str]:
        """Keys of the items that are named; a part of a name will do where one item bears it."""
        lines = [normalise_text(line) for line in str(self.cleaned_data["items"]).splitlines()]
        return sorted({_meant(line) for line in lines if line})


def _titles() -> dict[str, str]:
    """Every item and life event that can be applied for, by key."""
    found = {one.item.key: one.item.title for one in items.published_all()}
    return found | {one.bundle.key: one.bundle.title for one in items.bundles()}


def _meant(line: str) -> str:
    known = _titles()
    exact = [key for key, title in known.items() if line in (key, title)]
    meant = exact or [key for key, title in known.items() if line in title]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise forms.ValidationError(_("没有事项“%(line)s”。请按办事指南上的名称填写。") % {"line": line})
    several = _("、").join(known[key] for key in meant[:5])
    raise forms.ValidationError(
        _("“%(line)s”不止一个事项：%(several)s。请写全称。") % {"line": line, "several": several}
    )


@never_cache
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """What one gave, and what one was given."""
    found, known = api.list_delegations(actor=actor(request)), _titles()
    shared = [
        Column(_("编号")),
        Column(_("可以办什么")),
        Column(_("事项")),
        Column(_("截止"), "day"),
        Column(_("情况")),
    ]
    context = {
        "given_columns": [Column(_("受托人")), *shared],
        "given": [_row(one, one.taker, known) for one in found if one.own],
        "taken_columns": [Column(_("委托人")), *shared],
        "taken": [_row(one, one.giver, known) for one in found if not one.own],
    }
    return own_page(request, "delegations", context)


def _row(one: DelegationView, other: str, known: dict[str, str]) -> Row:
    where = reverse("portal:delegation", args=[one.number])
    acts, named = _acts(one.scope), _items(one.scope, known)
    return Row((other, str(one.number), acts, named, one.until, _state(one)), where)


def _acts(scope: Scope) -> str:
    return _("、").join(_(title) for key, title in DELEGABLE.items() if key in scope.acts)


def _items(scope: Scope, known: dict[str, str]) -> str:
    return _("、").join(known.get(key, key) for key in sorted(scope.items)) or _("全部事项")


def _state(one: DelegationView) -> State:
    return State(_(one.state.title), _KINDS[one.state])


@never_cache
@_read_or_post
@fresh_strong
def give(request: HttpRequest) -> HttpResponse:
    """Let somebody act for oneself. Asks for a fresh second factor."""
    who = actor(request)
    if not who.may("directory.give_delegation"):
        raise Refused("right.missing", "工作人员账号不能委托代办。", "请用个人账号或企业账号登录。")
    form = Giving(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        number = tried(form, lambda: api.give_delegation(actor=who, sitting=sitting(request), **said))
        if number is not None:
            messages.success(request, _("已委托，等对方接受后生效。"))
            return redirect("portal:delegation", number=number)
    context = {"form": form, "crumbs": _crumbs()}
    return render(request, "portal/hall/delegation_give.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@_read_or_post
def delegation(request: HttpRequest, number: int) -> HttpResponse:
    """One delegation: who, what, until when, what was done under it; accepting it, and ending it at once."""
    who = actor(request)
    if request.method == "POST":
        return _acted(request, who, number)
    page, known = api.read_delegation(actor=who, number=number), _titles()
    one = page.view
    context = {
        "it": one,
        "open": one.state in (DelegationState.OFFERED, DelegationState.IN_FORCE),
        "offered": one.state is DelegationState.OFFERED,
        "facts": _facts(one, known),
        "columns": [Column(_("时间")), Column(_("谁")), Column(_("办了什么")), Column(_("办件"))],
        "rows": [Row((done.at, one.taker, _(VERBS[done.verb].title), _object(done.object))) for done in page.done],
        "crumbs": _crumbs(),
    }  # fmt: skip
    return render(request, "portal/hall/delegation.html.jinja", context)


def _acted(request: HttpRequest, who: Actor, number: int) -> HttpResponse:
    try:
        if request.POST.get("act") == "accept":
            api.accept_delegation(actor=who, number=number)
            messages.success(request, _("已接受。办理时选择以委托人的名义。"))
        else:
            api.end_delegation(actor=who, number=number, why=request.POST.get("why", ""))
            messages.success(request, _("委托已终止，立即生效。"))
    except Refused as refusal:
        if refusal.rule in ("delegation.unknown", "right.missing"):
            raise
        messages.error(request, str(refusal))
    return redirect("portal:delegation", number=number)


def _object(text: str) -> Value:
    kind, _colon, number = text.partition(":")
    return Link(number, reverse("portal:my_case", args=[number])) if kind == "case" else number


def _facts(one: DelegationView, known: dict[str, str]) -> list[tuple[str, Value]]:
    left = (one.until - timezone.localdate()).days
    rows: list[tuple[str, Value]] = [
        (_("情况"), _state(one)), (_("委托人"), one.giver), (_("受托人"), one.taker),
        (_("可以办什么"), _acts(one.scope)), (_("事项"), _items(one.scope, known)),
        (_("截止"), _("%(day)s（还有 %(n)s 天）") % {"day": one.until, "n": left} if left >= 0 else one.until),
        (_("委托时间"), one.given), (_("接受时间"), one.accepted), (_("终止时间"), one.ended),
        (_("由谁终止"), one.ended_by), (_("原因"), _(one.why) if one.why else ""),
    ]  # fmt: skip
    return [row for row in rows if row[1]]


def _crumbs() -> list[Link]:
    return [Link(_("代办委托"), reverse("portal:delegations"))]


urlpatterns = [
    path("hall/delegations/", delegations, name="delegations"),
    path("hall/delegations/new/", give, name="give_delegation"),
    path("hall/delegations/<int:number>/", delegation, name="delegation"),
]
