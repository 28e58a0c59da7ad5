"""Deliveries that did not arrive, for who answers for them: trying again, giving up, and the evidence of one notice."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.directory.session import actor
from shuniu.notices import api
from shuniu.notices.declare import CHANNELS, DeliveryView, Proof
from shuniu.notices.declare import State as Standing
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.portal.shell import number as whole
from shuniu.web.declare import Event, Link, State, StateKind, Value
from shuniu.web.forms import PlainForm

_KINDS: Mapping[Standing, StateKind] = {
    Standing.QUEUED: "waiting",
    Standing.SENT: "waiting",
    Standing.DELIVERED: "done",
    Standing.FAILED: "warning",
    Standing.GIVEN_UP: "stopped",
}
_HAPPENED = {
    "begun": gettext_lazy("开始发送"),
    "accepted": gettext_lazy("对方接收"),
    "refused": gettext_lazy("对方拒收"),
    "later": gettext_lazy("暂未送出，稍后重试"),
    "trouble": gettext_lazy("渠道故障，稍后重试"),
    "retried": gettext_lazy("重新发送"),
    "given_up": gettext_lazy("停止发送"),
    "receipt_delivered": gettext_lazy("回执：已送达"),
    "receipt_failed": gettext_lazy("回执：未送达"),
    "contradicted_delivered": gettext_lazy("后到的回执相反：已送达"),
    "contradicted_failed": gettext_lazy("后到的回执相反：未送达"),
}
"""What `notices` notes of a delivery, in words."""


class GivingUp(PlainForm):
    """Why a delivery is given up."""

    reason = forms.CharField(
        label=gettext_lazy("为什么停止"), max_length=300, help_text=gettext_lazy("例如“已电话告知”，留在送达凭据中。")
    )


@never_cache
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """The deliveries that failed or were given up; `?show=all` all of them."""
    return _page(request)


def _page(request: HttpRequest, wrong: tuple[int, GivingUp] | None = None) -> HttpResponse:
    every = request.GET.get("show") == "all"
    before = whole(request.GET.get("before"))
    found = api.deliveries(
        actor=actor(request), state="" if every else "trouble", limit=SIZE + 1, before=before
    )  # fmt: skip
    at = reverse("portal:deliveries")
    context = {
        "tabs": [Link(_("未送达"), at, current=not every), Link(_("全部"), f"{at}?show=all", current=every)],
        "found": [(one, _facts(one), _form(one, wrong), one.state in (Standing.FAILED, Standing.GIVEN_UP))
                  for one in found[:SIZE]],
        "wrong": wrong[1] if wrong else None,
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
    }  # fmt: skip
    return desk_page(request, "deliveries", context, status=422 if wrong else 200)


def _form(one: DeliveryView, wrong: tuple[int, GivingUp] | None) -> GivingUp | None:
    if one.state.ended:
        return None
    return wrong[1] if wrong and wrong[0] == one.number else GivingUp(prefix=str(one.number))


def _state(one: DeliveryView) -> State:
    return State(_(one.state_title), _KINDS[one.state])


def _facts(one: DeliveryView) -> list[tuple[str, Value]]:
    return [
        (_("状态"), _state(one)), (_("渠道"), _(CHANNELS[one.channel].title)), (_("收件人"), one.recipient),
        (_("地址"), one.address or None), (_("发送次数"), one.attempts), (_("对方答复"), one.said or None),
        (_("时间"), one.at), (_("下次发送"), one.due_at),
    ]  # fmt: skip


@never_cache
@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Begin the attempts anew."""
    api.retry(actor=actor(request), number=number)
    messages.success(request, _("第 %(n)s 号发送已重新开始。") % {"n": number})
    return redirect("portal:deliveries")


@never_cache
@require_POST
def give_up(request: HttpRequest, number: int) -> HttpResponse:
    """Stop trying, with the reason."""
    form = GivingUp(request.POST, prefix=str(number))
    who = actor(request)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: api.give_up(actor=who, number=number, reason=reason)) is not None:
            messages.success(request, _("第 %(n)s 号发送已停止。") % {"n": number})
            return redirect("portal:deliveries")
    return _page(request, (number, form))


@never_cache
@require_safe
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """What was told to whom, by which channels, and all that came of it (送达凭据)."""
    it = api.evidence(actor=actor(request), notice=number)
    facts: list[tuple[str, Value]] = [
        (_("收件人"), it.recipient), (_("时间"), it.at), (_("内容"), it.text or _("一次性内容，不保存")),
        (_("阅读"), it.read_at or _("未读")),
    ]  # fmt: skip
    context = {
        "crumbs": [Link(_("通知发送"), reverse("portal:deliveries"))],
        "it": it, "facts": facts, "proofs": [(_facts(one.delivery), one.words, _events(one)) for one in it.deliveries],
    }  # fmt: skip
    return desk_page(request, "delivery_evidence", context)


def _events(proof: Proof) -> list[Event]:
    return [Event(one.at, one.by, str(_HAPPENED.get(one.what, one.what)), one.said) for one in proof.happened]


urlpatterns = [
    path("desk/deliveries/", deliveries, name="deliveries"),
    path("desk/deliveries/<int:number>/retry/", retry, name="delivery_retry"),
    path("desk/deliveries/<int:number>/give-up/", give_up, name="delivery_give_up"),
    path("desk/deliveries/evidence/<int:number>/", evidence, name="delivery_evidence"),
]
