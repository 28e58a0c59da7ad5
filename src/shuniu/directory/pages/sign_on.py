"""Addresses of single sign-on: discovery and keys for machines, authorization for people, tokens for applications."""

from __future__ import annotations

import base64
from urllib.parse import unquote_plus, urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shuniu.directory import api
from shuniu.directory.declare import KINDS
from shuniu.directory.pages.asked import read_or_post
from shuniu.directory.pages.forms import NewApplication
from shuniu.directory.pages.leaving import gone_to, letting_go
from shuniu.directory.session import actor, last_proved, leave, signed_in, sitting
from shuniu.directory.signing_in.oidc import keys, rules
from shuniu.directory.signing_in.oidc.api import codes
from shuniu.directory.signing_in.oidc.declare import SCOPES, ApplicationView, Asked, Fault, IssuedApplication, Leaving
from shuniu.trust.declare import Refused
from shuniu.web.errors import refused_page


@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0 §3: what the provider offers, and where."""
    issuer = codes.issuer()
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": issuer + reverse("directory:oidc_authorize"),
            "token_endpoint": issuer + reverse("directory:oidc_token"),
            "userinfo_endpoint": issuer + reverse("directory:oidc_userinfo"),
            "end_session_endpoint": issuer + reverse("directory:oidc_logout"),
            "jwks_uri": issuer + reverse("directory:oidc_keys"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": list(SCOPES),
            "claims_supported": [
                "sub", "iss", "aud", "exp", "iat", "auth_time", "amr", "nonce", "sid", "name", "kind", "agency",
                "agency_name", "posts",
            ],
            "prompt_values_supported": ["none", "login"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "request_uri_parameter_supported": False,
        }
    )  # fmt: skip


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The keys that tokens are checked by."""
    return JsonResponse(keys.published())


@never_cache
@csrf_exempt
@read_or_post
def authorize(request: HttpRequest) -> HttpResponse:
    """Sign on to an application: whoever is signed in goes on with a code; others sign in first."""
    if (
        request.method == "POST"
    ):  # a form of the application's own: cookies do not come with it, but with its repetition
        return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
    given = {name: request.GET.getlist(name) for name in request.GET}
    key, back = request.GET.get("client_id", ""), request.GET.get("redirect_uri", "")
    try:
        found = codes.application(key, back)
    except Refused as refusal:
        return refused_page(request, _("不能登录到这个应用"), refusal.message, refusal.remedy, 400)
    asked = rules.read(given, back, found.scopes, key)
    state = request.GET.get("state", "")[:1000]
    if isinstance(asked, Fault):
        return _back(back, {"error": asked.error, "error_description": asked.said, "state": state})
    return _authorized(request, asked)


def _authorized(request: HttpRequest, asked: Asked) -> HttpResponse:
    who = actor(request)
    if not who.may("directory.authorize_application"):
        if asked.prompt == "none":
            return _back(asked.redirect, {"error": "login_required", "state": asked.state})
        raise Refused("right.missing", "登录后才能进入部门应用。", f"请先登录：{settings.LOGIN_URL}")
    if not _recent(request, asked):
        if asked.prompt == "none":
            return _back(asked.redirect, {"error": "login_required", "state": asked.state})
        # Proved anew, the same request is asked without the demand that has just been met.
        again = request.GET.copy()
        again.pop("prompt", None)
        again["max_age"] = str(60 * 5)
        return HttpResponseRedirect(
            f"{reverse('directory:confirm')}?{urlencode({'next': f'{request.path}?{again.urlencode()}'})}"
        )
    try:
        code = api.authorize_application(actor=who, sitting=sitting(request), asked=asked)
    except Refused as refusal:
        if refusal.rule == "directory.application_closed":
            return _back(asked.redirect, {"error": "access_denied", "state": asked.state})
        raise
    return _back(asked.redirect, {"code": code, "state": asked.state})


def _recent(request: HttpRequest, asked: Asked) -> bool:
    if asked.prompt == "login":
        return False
    at = last_proved(request)
    return asked.max_age is None or (at is not None and (timezone.now() - at).total_seconds() <= asked.max_age)


def _back(address: str, values: dict[str, str]) -> HttpResponse:
    return _leads(rules.answer(address, values | {"iss": codes.issuer()}))


def _leads(address: str) -> HttpResponse:
    """A redirect to an address that an application registered, of whatever scheme that was."""
    return HttpResponse(status=302, headers={"Location": address})


@never_cache
@csrf_exempt
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code (RFC 6749 §4.1.3). The application proves itself by its secret and by PKCE, or by PKCE alone."""
    if any(len(request.POST.getlist(name)) > 1 for name in request.POST):
        return _error(Fault("invalid_request", "a parameter is given twice"))
    if request.POST.get("grant_type") != "authorization_code":
        return _error(Fault("unsupported_grant_type", "grant_type must be authorization_code"))
    key, secret = _client(request)
    if any("\0" in text for text in (key, *request.POST.values())):
        return _error(Fault("invalid_request", "a parameter holds NUL"))
    given = api.exchange_code(
        actor=api.system("single_sign_on"), application=key, secret=secret, code=request.POST.get("code", ""),
        redirect=request.POST.get("redirect_uri", ""), verifier=request.POST.get("code_verifier", ""),
    )  # fmt: skip
    if isinstance(given, Fault):
        return _error(given)
    return JsonResponse(
        {
            "access_token": given.access, "token_type": "Bearer", "expires_in": given.seconds,
            "id_token": given.identity, "scope": given.scope,
        },
        headers={"Pragma": "no-cache"},
    )  # fmt: skip


def _client(request: HttpRequest) -> tuple[str, str]:
    """Who the application says it is: HTTP Basic (form-encoded parts, RFC 6749 §2.3.1), or fields of the form."""
    kind, _space, sent = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        key, _colon, secret = base64.b64decode(sent, validate=True).decode().partition(":")
    except ValueError:  # no Base64, no ASCII or no UTF-8
        return "", ""
    return unquote_plus(key), unquote_plus(secret)


def _error(fault: Fault) -> HttpResponse:
    status = 401 if fault.error == "invalid_client" else 400
    headers = {"WWW-Authenticate": 'Basic realm="shuniu"'} if status == 401 else {}
    return JsonResponse({"error": fault.error, "error_description": fault.said}, status=status, headers=headers)


@never_cache
@csrf_exempt
@read_or_post
def userinfo(request: HttpRequest) -> HttpResponse:
    """Who an access token speaks of (OpenID Connect Core §5.3)."""
    kind, _space, sent = request.headers.get("Authorization", "").partition(" ")
    found = api.read_userinfo(actor=api.system("single_sign_on"), token=sent if kind.lower() == "bearer" else "")
    if found is None:
        headers = {"WWW-Authenticate": 'Bearer realm="shuniu", error="invalid_token"'}
        return JsonResponse({"error": "invalid_token"}, status=401, headers=headers)
    return JsonResponse(found)


@never_cache
@csrf_exempt
@read_or_post
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out because an application asks for it (RP-Initiated Logout 1.0); other applications are told as ever.

    At once where it hands back the identity token of this very sitting; else the person is asked, as anybody could have
    led the browser here. Nobody is sent to an address that the application did not register.
    """
    if request.method == "POST":  # an application's form: cookies do not come with it, but with its repetition
        return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
    asked, back = request.GET, request.GET.get("post_logout_redirect_uri", "")
    found = codes.leaving(asked.get("client_id", ""), asked.get("id_token_hint", ""), back)
    if found is None or (back and not found.back) or any(len(asked.getlist(name)) > 1 for name in asked):
        said = _("应用给出的登录标识或者返回地址不对。")
        return refused_page(request, _("没有退出"), said, _("要退出的，请用页面上的“退出”。"), 400)
    here = sitting(request)
    if here and found.session != codes.session_of(found.application, here):
        return _asks(request, found)
    if here:
        api.sign_out(actor=actor(request), sitting=here)
        leave(request)
    return _leads(gone_to(found, asked.get("state", "")))


def _asks(request: HttpRequest, found: Leaving) -> HttpResponse:
    """Whether to sign out, for the person to say; the form goes to the platform's own sign-out."""
    context = {
        "title": found.title,
        "fields": [("client_id", found.application), ("post_logout_redirect_uri", found.back),
                   ("state", request.GET.get("state", ""))],
    }  # fmt: skip
    return letting_go(render(request, "directory/leave.html.jinja", context), found.back)


@never_cache
@read_or_post
def applications(request: HttpRequest) -> HttpResponse:
    """The security administrator's list: registering, ending, rolling the key over. `act` says which was pressed."""
    who = signed_in(request)
    act = request.POST.get("act", "")
    form = NewApplication(request.POST if act == "register" else None)
    made: IssuedApplication | None = None
    try:
        if act == "register" and form.is_valid():
            made = api.register_application(actor=who, **form.cleaned_data)
        elif act == "end":
            api.end_application(actor=who, key=request.POST.get("key", ""))
            messages.success(request, _("应用已停用。"))
        elif act == "roll":
            api.roll_application_keys(actor=who)
            messages.success(request, _("已换用新的签名密钥。"))
    except Refused as refusal:
        if act != "register":
            raise
        form.add_error(None, str(refusal))
    if act in ("end", "roll"):
        return redirect("directory:applications")
    context = {
        "found": api.list_applications(actor=who),
        "form": NewApplication() if made else form,
        "made": made,
        "who_words": _who,
        "scope_words": lambda one: _("、").join(_(SCOPES[key]) for key in one.scopes),
        "issuer": codes.issuer(),
    }
    return render(request, "directory/applications.html.jinja", context, status=422 if form.errors else 200)


def _who(one: ApplicationView) -> str:
    officers = _("各单位工作人员") if one.all_agencies else _("本单位工作人员")
    return _("、").join(officers if kind == "officer" else _(KINDS[kind]) for kind in KINDS if kind in one.kinds)
