"""Pages of signing in and out, of a first password and of a new one."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shuniu.directory import api
from shuniu.directory.declare import Attempt
from shuniu.directory.pages.asked import next_of, read_or_post, with_next
from shuniu.directory.pages.forms import ChangePassword, Enrol, SignIn
from shuniu.directory.pages.leaving import allow_leaving, gone_to
from shuniu.directory.session import actor, enter, go_on, leave, origin, signed_in, sitting
from shuniu.directory.signing_in.oidc.api import codes
from shuniu.trust.declare import Refused


@never_cache
@sensitive_post_parameters("password")
@read_or_post
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a password, and go on to where one was going."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = api.sign_in(actor=actor(request), origin=origin(request), **form.cleaned_data)
        return _entered(request, attempt, form, "directory/sign_in.html.jinja")
    return _form_page(request, form, "directory/sign_in.html.jinja")


@never_cache
@sensitive_post_parameters("password", "code")
@read_or_post
def enrol(request: HttpRequest) -> HttpResponse:
    """Set a password with a one-time code, and be signed in by it."""
    form = Enrol(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = _tried(lambda: api.enrol(actor=actor(request), origin=origin(request), **form.cleaned_data))
        return _entered(request, attempt, form, "directory/enrol.html.jinja")
    return _form_page(request, form, "directory/enrol.html.jinja")


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; a reader who had none is simply sent home. An application that asked for it gets its reader back."""
    if actor(request).may("directory.sign_out"):
        api.sign_out(actor=actor(request), sitting=sitting(request))
    leave(request)
    asked = request.POST
    found = codes.leaving(asked.get("client_id", ""), "", asked.get("post_logout_redirect_uri", ""))
    return HttpResponse(status=302, headers={"Location": gone_to(found, asked.get("state", ""))})


@never_cache
@sensitive_post_parameters("old", "new")
@read_or_post
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end, this one goes on."""
    form = ChangePassword(request.POST or None)
    who = signed_in(request)
    if request.method == "POST" and form.is_valid():
        attempt = _tried(lambda: api.change_password(actor=who, **form.cleaned_data))
        if attempt.account is not None:
            go_on(request, attempt.account)
            messages.success(request, _("密码已修改，其他地方的登录已失效。"))
            return redirect("directory:rights")
        form.add_error(None, str(attempt.refusal))
    return _form_page(request, form, "directory/password.html.jinja")


def _tried(act: Callable[[], Attempt]) -> Attempt:
    """What came of it; a new password that is refused before anything is proved stands in the form as a failure does."""
    try:
        return act()
    except Refused as refusal:
        return Attempt(None, refusal)


def _entered(request: HttpRequest, attempt: Attempt, form: forms.Form, template: str) -> HttpResponse:
    if attempt.account is None:
        form.add_error(None, str(attempt.refusal))
        return _form_page(request, form, template)
    if not enter(request, attempt.account):
        return redirect(with_next("directory:second", request))
    return HttpResponseRedirect(next_of(request))


def _form_page(request: HttpRequest, form: forms.Form, template: str) -> HttpResponse:
    back = request.POST.get("next") or request.GET.get("next", "")
    context = {"form": form, "next": back}
    return allow_leaving(render(request, template, context, status=422 if form.errors else 200), back)
