"""Pages of one's own security: second factors set up and removed, recovery codes, where one is signed in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shuniu.directory import api
from shuniu.directory.actors.checks import account_of
from shuniu.directory.pages import forms
from shuniu.directory.pages.asked import next_of, number_of, read_or_post, with_next
from shuniu.directory.pages.pictures import qr
from shuniu.directory.pages.second_step import asked_of, challenge_of, site_of
from shuniu.directory.session import actor, complete, half, leave, signed_in, sitting
from shuniu.directory.signing_in.api import factors, passkeys
from shuniu.directory.signing_in.declare import RecoveryCodes
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Row


@never_cache
@read_or_post
def totp(request: HttpRequest) -> HttpResponse:
    """Set up TOTP: the secret as picture and letters, its first code, then the recovery codes, shown once."""
    who = actor(request) if half(request) else signed_in(request)
    if request.method == "POST" and "code" not in request.POST:
        try:
            api.add_totp(actor=who, sitting=sitting(request))
        except Refused as refusal:
            return _refused(request, refusal, "directory:totp")
        return redirect(with_next("directory:totp", request))
    new = factors.pending_totp(who)
    form = forms.Code(request.POST or None, "totp")
    if new and request.method == "POST" and form.is_valid():
        try:
            codes = api.confirm_totp(actor=who, sitting=sitting(request), code=form.cleaned_data["code"])
        except Refused as refusal:
            return _refused(request, refusal, "directory:totp")
        if codes is not None:
            complete(request)
            return _shown_once(request, codes)
        form.add_error("code", _("口令不对。请核对手机时间是否准确，再输入新的 6 位数字。"))
    context = {
        "new": new, "form": form, "picture": qr(new.address) if new else "", "demanded": half(request),
        "next": next_of(request),
    }  # fmt: skip
    return render(request, "directory/totp.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@read_or_post
def passkey(request: HttpRequest) -> HttpResponse:
    """Set up a passkey: the browser makes it, the recovery codes are shown once."""
    who = actor(request) if half(request) else signed_in(request)
    try:
        factors.check_may_add(account_of(who), sitting(request))
        if request.method == "POST":
            codes = api.add_passkey(
                actor=who, sitting=sitting(request), site=site_of(request), challenge=challenge_of(request),
                answer=request.POST.get("answer", ""), title=request.POST.get("title", ""),
            )  # fmt: skip
            complete(request)
            return _shown_once(request, codes)
    except Refused as refusal:
        return _refused(request, refusal, "directory:passkey")
    question = asked_of(request, passkeys.ask_new(who, site_of(request)))
    context = {"question": question, "demanded": half(request), "next": next_of(request)}
    return render(request, "directory/passkey.html.jinja", context)


def _shown_once(request: HttpRequest, codes: RecoveryCodes) -> HttpResponse:
    if not codes.codes:
        messages.success(request, _("已启用。"))
        return redirect("directory:security")
    context = {"codes": codes.codes, "next": next_of(request)}
    return render(request, "directory/recovery.html.jinja", context)


@never_cache
@read_or_post
def security(request: HttpRequest) -> HttpResponse:
    """One's own security: second factors, recovery codes, where one is signed in. `act` says which button was pressed."""
    who = signed_in(request)
    if request.method == "POST":
        try:
            answer = _act(request, who)
        except Refused as refusal:
            return _refused(request, refusal, "directory:security")
        return answer or redirect("directory:security")
    account = account_of(who)
    shown = api.list_sittings(actor=who, here=sitting(request))
    context = {
        "factors": factors.factors(account),
        "left": factors.recovery_left(account),
        "open": [one for one in shown if one.ended is None],
        "columns": [Column(_("设备")), Column(_("网络地址")), Column(_("登录")), Column(_("结束")), Column(_("原因"))],
        "rows": [
            Row((one.device, one.address, one.since, one.ended, _(one.why))) for one in shown if one.ended is not None
        ],
        "words": lambda means: _("、").join(_(one) for one in means),
    }
    return render(request, "directory/security.html.jinja", context)


def _act(request: HttpRequest, who: Actor) -> HttpResponse | None:
    here, act = sitting(request), request.POST.get("act", "")
    number = number_of(request.POST.get("number", ""))
    if act == "remove":
        api.remove_factor(actor=who, sitting=here, factor=number)
        messages.success(request, _("已移除。"))
    elif act == "codes":
        return _shown_once(request, api.renew_recovery_codes(actor=who, sitting=here))
    elif act == "end":
        api.end_sitting(actor=who, sitting=number)
        messages.success(request, _("已退出那一处登录。"))
    elif act == "everywhere":
        api.end_sittings(actor=who)
        leave(request)
        return redirect(settings.LOGIN_URL)
    return None


def _refused(request: HttpRequest, refusal: Refused, back: str) -> HttpResponse:
    """A refusal that asks for a fresh proof leads to giving it; any other is said on the page."""
    if refusal.rule == "directory.step_up":
        return HttpResponseRedirect(f"{reverse('directory:confirm')}?{urlencode({'next': reverse(back)})}")
    messages.error(request, str(refusal))
    return redirect(back if half(request) else "directory:security")
