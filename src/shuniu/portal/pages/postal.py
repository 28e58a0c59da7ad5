"""The window's side of documents: the list of what is to be sent, under way and done, and one case's with its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import filing
from shuniu.cases.api import postal as api
from shuniu.cases.api import postal_desk as desk
from shuniu.cases.declare.postal import PROOFS, HandoverLine, HandoverState, HandoverView, Way
from shuniu.directory.session import actor
from shuniu.portal.hall.postal import facts, happened
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Link, Row, State, StateKind, Value
from shuniu.web.forms import PlainForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words

_TABS: dict[str, tuple[Words, tuple[HandoverState, ...]]] = {
    "": (gettext_lazy("待送达"), desk.TO_DO),
    "going": (gettext_lazy("在途"), desk.GOING),
    "done": (gettext_lazy("已送达"), desk.DONE),
}


def _line(label: Words, help_text: Words = "", longest: int = 200, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=longest, required=required)


_CONTENTS = gettext_lazy("文书和证照的名称、份数，例如“准予决定书 1 份、许可证 1 本”。")


class Consigning(PlainForm):
    contents = _line(gettext_lazy("内件"), _CONTENTS)
    waybill = _line(gettext_lazy("运单号"), gettext_lazy("已到寄递网点交寄的，照运单填写。"), 40)


class Ordering(PlainForm):
    contents = _line(gettext_lazy("内件"), _CONTENTS)
    waybill = _line(
        gettext_lazy("运单号"), gettext_lazy("留空由平台向寄递企业下单；已到网点交寄的照运单填写。"), 40, False
    )


class Ending(PlainForm):
    signer = _line(gettext_lazy("签收人"), gettext_lazy("照寄递回执填写；退回的留空。"), 60, False)
    returned = _line(gettext_lazy("退回的原因"), gettext_lazy("邮件退回窗口时填写。"), 200, False)


class HandingOver(PlainForm):
    taker = _line(gettext_lazy("领取人"), longest=60)
    proof = forms.ChoiceField(
        label=gettext_lazy("核对了什么证件"), widget=forms.RadioSelect,
        choices=[(key, gettext_lazy(words)) for key, words in PROOFS.items()],
    )  # fmt: skip
    contents = _line(gettext_lazy("领取了什么"), _CONTENTS)


_ACTS: dict[str, tuple[str, Words, type[PlainForm]]] = {
    "consign": ("cases.order_parcel", gettext_lazy("交寄"), Consigning),
    "end": ("cases.note_mail", gettext_lazy("登记签收或者退回"), Ending),
    "hand-over": ("cases.hand_over", gettext_lazy("当面送达"), HandingOver),
}
"""What can be done with a case's documents: the right that it takes, its words, its form."""


def _form(key: str) -> type[PlainForm]:
    return Ordering if key == "consign" and desk.by_courier() else _ACTS[key][2]


def _do(key: str, who: Actor, number: str, said: Mapping[str, Any]) -> HandoverView:
    if key == "consign":
        return desk.consign(actor=who, number=number, contents=said["contents"], waybill=said["waybill"])
    if key == "end":
        return desk.note_mail(actor=who, number=number, signer=said["signer"], returned=said["returned"])
    return desk.hand_over(actor=who, number=number, taker=said["taker"], proof=said["proof"], contents=said["contents"])


@never_cache
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What is to be handed over, by tab; `?number=` leads to the case of who has chosen nothing."""
    who, asked = actor(request), request.GET.get("number", "").strip()
    if asked.isalnum():
        return redirect("portal:postal_case", number=asked)
    shown = request.GET.get("show", "")
    if shown not in _TABS:
        raise Http404(shown)
    found = desk.list_deliveries(
        actor=who, states=_TABS[shown][1], after=request.GET.get("after", "")[:60], most=SIZE + 1
    )
    at = reverse("portal:postal")
    columns = [Column(_("事项")), Column(_("办件编号"), "code"), Column(_("方式")), Column(_("状态")), Column(_("运单号"), "code"),
               Column(_("自"), "day")]  # fmt: skip
    context = {
        "tabs": [
            Link(words, f"{at}?show={key}" if key else at, current=key == shown)  # type: ignore[arg-type]  # lazy words
            for key, (words, _states) in _TABS.items()
        ],
        "columns": columns,
        "rows": [_row(one) for one in found[:SIZE]],
        "caption": _("文书，新的在前") if shown == "done" else _("文书，等得久的在前"),
        "going": going(request, "after", found[SIZE - 1].case if len(found) > SIZE else None),
    }
    return desk_page(request, "postal", context)


def _row(one: HandoverLine) -> Row:
    title = _(one.state.title_by(one.way))
    kind: StateKind = "stopped" if one.state is HandoverState.RETURNED else "done" if one.state.ended else "waiting"
    state = State(_("%(state)s，久未签收") % {"state": title}, "warning") if one.late else State(title, kind)
    return Row(
        (one.title, one.case, _(one.way.title), state, one.waybill or None, one.since),
        reverse("portal:postal_case", args=[one.case]),
    )


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case's documents, with the forms for what can be done with them now."""
    return _page(request, number)


def _page(request: HttpRequest, number: str, key: str = "", form: PlainForm | None = None) -> HttpResponse:
    who = actor(request)
    it, of = api.read(actor=who, number=number), filing.read_case(actor=who, number=number)
    acts = [
        (one, _ACTS[one][1], form if form and one == key else _form(one)(prefix=one))
        for one in _offered(who, it, decided=of.decision is not None)
    ]
    rows: list[tuple[str, Value]] = facts(it) if it else [(_("领取方式"), _("申请人还没有选择"))]
    context = {
        "crumbs": [Link(_("文书送达"), reverse("portal:postal"))], "of": of, "it": it, "facts": rows, "acts": acts,
        "wrong": form, "events": happened(it) if it else [],
        "address": it is not None and it.way is Way.MAIL and not it.state.ended and who.may("cases.read_address"),
    }  # fmt: skip
    return desk_page(request, "postal_case", context, status=422 if form else 200)


def _offered(who: Actor, it: HandoverView | None, *, decided: bool) -> list[str]:
    """What this reader may do with the documents as they stand."""
    state = it.state if it else HandoverState.WAITING
    fits = {
        "consign": it is not None and it.way is Way.MAIL and state in desk.TO_DO,
        "end": state.on_the_way,
        "hand-over": state in desk.TO_DO,
    }
    return [key for key, (right, _words, _form) in _ACTS.items() if decided and fits[key] and who.may(right)]


@never_cache
@require_POST
def act(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Do one thing with the documents; what is refused stands in its form."""
    if key not in _ACTS:
        raise Http404(key)
    form, who = _form(key)(request.POST, prefix=key), actor(request)
    if form.is_valid() and tried(form, lambda: _do(key, who, number, form.cleaned_data)) is not None:
        messages.success(request, _("已记录：%(what)s。") % {"what": _ACTS[key][1]})
        return redirect("portal:postal_case", number=number)
    return _page(request, number, key, form)


@never_cache
@require_POST
def address(request: HttpRequest, number: str) -> HttpResponse:
    """The address in clear, to write it on a parcel; each look is in the journal."""
    found = desk.read_address(actor=actor(request), number=number)
    here = reverse("portal:postal_case", args=[number])
    context = {
        "crumbs": [Link(_("文书送达"), reverse("portal:postal")), Link(number, here)], "back": here,
        "facts": [(_("收件人"), found.name), (_("收件电话"), found.telephone), (_("收件地址"), found.address)],
    }  # fmt: skip
    return desk_page(request, "postal_address", context)


urlpatterns = [
    path("desk/postal/", deliveries, name="postal"),
    path("desk/postal/<str:number>/", case, name="postal_case"),
    path("desk/postal/<str:number>/address/", address, name="postal_address"),
    path("desk/postal/<str:number>/act/<slug:key>/", act, name="postal_act"),
]
