"""Pages by which administrators take away the second factors of somebody who lost them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shuniu.directory import api
from shuniu.directory.pages import forms
from shuniu.directory.pages.asked import number_of, read_or_post
from shuniu.directory.session import signed_in, tried
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link


@never_cache
@read_or_post
def resets(request: HttpRequest) -> HttpResponse:
    """Requests to take second factors away: whoever did not ask agrees or refuses."""
    who = signed_in(request)
    if request.method == "POST":
        try:
            agree = request.POST.get("act") == "agree"
            api.decide_factor_reset(actor=who, number=number_of(request.POST.get("number", "")), agree=agree)
            messages.success(request, _("已办理。"))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("directory:resets")
    context = {"found": api.list_factor_resets(actor=who), "crumbs": _accounts(who)}
    return render(request, "directory/resets.html.jinja", context)


@never_cache
@read_or_post
def ask_reset(request: HttpRequest, account: int) -> HttpResponse:
    """Ask for somebody's second factors to be taken away."""
    who = signed_in(request)
    if not who.may("directory.ask_factor_reset"):
        raise Refused("right.missing", "您没有“申请重置第二因素”的权限。", "请联系本单位管理员。")
    form = forms.Reset(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: api.ask_factor_reset(actor=who, account=account, reason=reason)):
            messages.success(request, _("已提出申请，由另一位管理员办理。"))
            return redirect("directory:resets")
    context = {"form": form, "crumbs": _accounts(who)}
    return render(request, "directory/ask_reset.html.jinja", context, status=422 if form.errors else 200)


def _accounts(who: Actor) -> list[Link]:
    """The way back to the accounts for who has a list of them: the public's have none, and are found by their documents."""
    return [Link(_("账号与岗位"), reverse("directory:accounts"))] if who.may("directory.list_accounts") else []
