"""Pages of the steps of signing in: the second one, and confirming again before what is delicate."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shuniu.directory import api, store
from shuniu.directory.actors.checks import account_of
from shuniu.directory.declare import Attempt
from shuniu.directory.pages import forms
from shuniu.directory.pages.asked import next_of, read_or_post, with_next
from shuniu.directory.pages.leaving import allow_leaving, signs_on
from shuniu.directory.session import actor, complete, half, origin, proved_at, signed_in, sitting
from shuniu.directory.signing_in.api import certificates, factors, passkeys, sittings
from shuniu.directory.signing_in.declare import MEANS, Means, Second
from shuniu.directory.signing_in.passkeys import Question, Site
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link


@never_cache
@sensitive_post_parameters("code")
@read_or_post
def second(request: HttpRequest) -> HttpResponse:
    """The step after the password: a second factor, by one of the account's means."""
    if not half(request):
        return HttpResponseRedirect(next_of(request) if sitting(request) else settings.LOGIN_URL)
    who = actor(request)
    asked = second_of(request, who)
    if asked.enrols:
        return redirect(with_next("directory:totp", request))
    return _asked(request, who, asked, _("登录：第二步"), _("还要核对一项只有您本人持有的东西。"))


@never_cache
@sensitive_post_parameters("code", "password")
@read_or_post
def confirm(request: HttpRequest) -> HttpResponse:
    """The same again before what is delicate; the password where the account has no second factor."""
    who = signed_in(request)
    asked = second_of(request, who)
    title = _("核对您的身份")
    if asked.means:
        lead = _("接下来的内容比较敏感，请再核对一次。核对后 %(n)s 分钟内不再询问。") % {"n": sittings.minutes()}
        return _asked(request, who, asked, title, lead)
    # An application takes a fresh password for its proof; whatever else leads here just after one wants a second factor.
    if not settings.SHUNIU_DEMO and proved_at(request) and not signs_on(next_of(request)):
        messages.info(request, _("办理这项需要第二因素，请先启用。"))
        return redirect("directory:security")
    form = forms.Password(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = api.confirm_password(
            actor=who, sitting=sitting(request), password=form.cleaned_data["password"], origin=origin(request)
        )
        if attempt.account is not None:
            complete(request)
            return HttpResponseRedirect(next_of(request))
        form.add_error(None, str(attempt.refusal))
    lead = _("接下来的内容比较敏感，请再输入一次密码。核对后 %(n)s 分钟内不再询问。") % {"n": sittings.minutes()}
    if settings.SHUNIU_DEMO:
        lead += _("演示实例中密码即可；正式实例要求第二因素。")
    return _step(request, form, title, lead, (), None)


def _asked(request: HttpRequest, who: Actor, asked: Second, title: str, lead: str) -> HttpResponse:
    typed = forms.typed(asked.means)
    wanted = request.POST.get("means") or request.GET.get("means") or asked.means[0]
    means: Means = next((one for one in asked.means if one == wanted), asked.means[0])
    form: forms.Code | None = None
    if means in typed:
        form = forms.Code(request.POST if "code" in request.POST else None, means)
    if request.method == "POST":
        answer = _answered(request, who, means, form)
        if answer is not None:
            return answer
    return _step(request, form, title, lead, asked.means, means)


def _answered(request: HttpRequest, who: Actor, means: Means, form: forms.Code | None) -> HttpResponse | None:
    """What a posted step leads to; None when the page is to be shown again, with what was wrong."""
    if request.POST.get("act") == "send":
        try:
            api.send_code(actor=who)
            messages.success(request, _("验证码已发出，请查收。"))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{request.path}?{urlencode({'means': 'message', 'next': next_of(request)})}")
    attempt = _tried(request, who, means, form)
    if attempt is None:
        return None
    if attempt.account is not None:
        complete(request)
        return HttpResponseRedirect(next_of(request))
    if form is not None:
        form.add_error(None, str(attempt.refusal))
        return None
    messages.error(request, str(attempt.refusal))
    return HttpResponseRedirect(f"{request.path}?{urlencode({'means': means, 'next': next_of(request)})}")


def _tried(request: HttpRequest, who: Actor, means: Means, form: forms.Code | None) -> Attempt | None:
    """What came of the factor that was posted; None where none was. Means that are not typed have no form."""
    here, whence = sitting(request), origin(request)
    if means == "certificate":
        return api.confirm_certificate(actor=who, sitting=here, certificate=_certificate(request), origin=whence)
    if means == "passkey" and "answer" in request.POST:
        return api.confirm_passkey(
            actor=who, sitting=here, site=site_of(request), challenge=challenge_of(request),
            answer=request.POST["answer"], origin=whence,
        )  # fmt: skip
    if form is None or not form.is_valid():
        return None
    return api.confirm_second(actor=who, sitting=here, means=means, code=form.cleaned_data["code"], origin=whence)


def _step(
    request: HttpRequest,
    form: django_forms.Form | None,
    title: str,
    lead: str,
    means: tuple[Means, ...],
    chosen: Means | None,
) -> HttpResponse:
    back = next_of(request)
    others = [
        Link(_(MEANS[one]), f"{request.path}?{urlencode({'means': one, 'next': back})}")
        for one in means
        if one != chosen
    ]
    context = {
        "form": form, "title": title, "lead": lead, "means": chosen, "others": others, "next": back,
        "question": asked_of(request, passkeys.ask_held(actor(request), site_of(request))) if chosen == "passkey" else "",
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return allow_leaving(render(request, "directory/second.html.jinja", context, status=status), back)


def second_of(request: HttpRequest, who: Actor) -> Second:
    """What the account can give; its own certificate, too, where the connection was made with it."""
    found = store.standing(account_of(who), timezone.localdate())
    if found is None:
        return Second((), demanded=False)
    second = factors.second_of(found)
    given = _certificate(request)
    if given and certificates.belongs(who.person, given):
        return Second(("certificate", *second.means), second.demanded)
    return second


def _certificate(request: HttpRequest) -> str:
    """The certificate that the proxy says the connection was made with; no header is believed unless it is named."""
    return str(request.META.get(settings.CERTIFICATE_HEADER, "")) if settings.CERTIFICATE_HEADER else ""


def site_of(request: HttpRequest) -> Site:
    """Where the browser stands; the host is one of those that the platform may be called by."""
    host = request.get_host()
    return Site(host.rpartition(":")[0] if ":" in host else host, f"{request.scheme}://{host}")


def asked_of(request: HttpRequest, question: Question) -> str:
    """What the browser is asked, as the page carries it; the challenge is kept for its answer."""
    request.session["challenge"] = question.challenge.hex()
    return question.options


def challenge_of(request: HttpRequest) -> bytes:
    """The challenge that was asked, once: an answer cannot be sent twice."""
    return bytes.fromhex(request.session.pop("challenge", ""))
