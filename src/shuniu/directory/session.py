"""Who a request's actor is: read once, when first asked for, in one query; not at all without a session.

And where a refusal is shown: in the form that asked, or on a page of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login, logout, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shuniu.directory import models, store
from shuniu.directory.actors.checks import dated
from shuniu.directory.api import anonymous, half_actor, standing_actor
from shuniu.directory.signing_in.api import factors, sittings
from shuniu.directory.signing_in.declare import Means
from shuniu.trust.declare import Actor, Refused
from shuniu.web.errors import refused_page

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_SITTING, _HALF = "sitting", "half_until"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class _Known:
    actor: Actor
    account: models.Account | AnonymousUser
    sat: store.Sat | None = None


def actor(request: HttpRequest) -> Actor:
    """The actor of a request: the signed-in account with today's posts, or anybody.

    Between the password and the second factor it is the account with the right to give that factor, and no other.
    """
    return _known(request).actor


def signed_in(request: HttpRequest) -> Actor:
    """Who has signed in. Raises Refused right.missing for anybody else, and between the two steps."""
    who = actor(request)
    if not who.may("directory.confirm_password"):
        raise Refused("right.missing", "这一页要登录后才能打开。", f"请先登录：{settings.LOGIN_URL}")
    return who


def sitting(request: HttpRequest) -> int:
    """The number of the sitting that a request belongs to; 0 without one."""
    return int(request.session.get(_SITTING, 0))


def half(request: HttpRequest) -> bool:
    """Whether the second factor is still awaited."""
    return _HALF in request.session and actor(request).person != "anonymous"


def enter(request: HttpRequest, account: int, means: Means = "password") -> bool:
    """Begin the session of an account that has just proved who it is, under a new session key.

    Returns whether that was all: else a second factor is awaited, for as many minutes as a code is good.
    """
    found = store.standing(account, timezone.localdate())
    if found is None:
        raise Refused("directory.no_account", "没有这个账号。", "请重新登录。")
    sittings.replaced(sitting(request))
    request.session.pop(_HALF, None)
    login(request, models.Account.objects.get(pk=account), backend=_BACKEND)
    if not request.session.session_key:
        request.session.create()
    second = factors.second_of(found)
    agent = request.headers.get("User-Agent", "")
    request.session[_SITTING] = sittings.begin(
        account=account, key=request.session.session_key or "", agent=agent, origin=origin(request), means=means
    )
    if second.awaited:
        request.session[_HALF] = time.time() + 60 * dated("account.code.minutes")
    _forget(request)
    return not second.awaited


def complete(request: HttpRequest) -> None:
    """The second factor was given: the sitting may all that its account may, under a new session key."""
    request.session.pop(_HALF, None)
    request.session.cycle_key()
    sittings.moved(sitting(request), request.session.session_key or "")
    _forget(request)


def go_on(request: HttpRequest, account: int) -> None:
    """The password was changed in this session: it goes on under a new key, and all others end."""
    update_session_auth_hash(request, models.Account.objects.get(pk=account))
    sittings.moved(sitting(request), request.session.session_key or "")
    sittings.end_all(account, "密码已修改", but=sitting(request))
    _forget(request)


def leave(request: HttpRequest) -> None:
    """End the session and what it holds."""
    logout(request)
    _forget(request)


def origin(request: HttpRequest) -> str:
    """The caller's network address: as the proxy states it where one is trusted to (`SHUNIU_ADDRESS_HEADER`).

    Empty behind a proxy that is not: its own address is everybody's.
    """
    if settings.ADDRESS_HEADER:
        return str(request.META.get(settings.ADDRESS_HEADER, "")).rpartition(",")[2].strip()
    if settings.SECURE_PROXY_SSL_HEADER:
        return ""
    return str(request.META.get("REMOTE_ADDR", ""))


def strong_at(request: HttpRequest) -> datetime | None:
    """When a second factor was last given in this sitting; None when that is too long ago (`account.step_up.minutes`)."""
    sat = _known(request).sat
    return sat.strong_at if sat and sat.strong_at and sat.strong_at >= sittings.since() else None


def last_proved(request: HttpRequest) -> datetime | None:
    """When the password or more was last given in this sitting, however long ago; None without a sitting."""
    sat = _known(request).sat
    return sat.proved_at if sat else None


def proved_at(request: HttpRequest) -> datetime | None:
    """The same as `strong_at` for the password or more."""
    at = last_proved(request)
    return at if at and at >= sittings.since() else None


def fresh_strong(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[
    Concatenate[HttpRequest, P], HttpResponse
]:  # fmt: skip
    """Let a page open only to who gave a second factor in this sitting within the dated rule's minutes.

    Others are sent to give it and come back; what a form held is then asked for again.
    Raises Refused right.missing without a session.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        signed_in(request)
        if strong_at(request) is None:
            back = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('directory:confirm')}?{back}")
        return view(request, *args, **kwargs)

    return checked


def tried(form: forms.Form, act: Callable[[], T]) -> T | None:
    """What the verb gives; its refusal stands in the form, beside what was typed."""
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


class ActorMiddleware:
    """Give every request its actor, and a refusal its page.

    An anonymous reader who lacks a right is sent to sign in; everybody else reads which rule refused and what to do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # The names are Django's `user` and ours: templates read both, Python code calls `actor(request)`.
        vars(request).update(
            user=SimpleLazyObject(lambda: _known(request).account), actor=SimpleLazyObject(lambda: actor(request))
        )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        unknown = actor(request).person == "anonymous" and exception.rule.startswith("right.")
        shown = request.method in ("GET", "HEAD") and request.accepts("text/html")
        if shown and (unknown or half(request)):
            way = reverse("directory:second") if half(request) else settings.LOGIN_URL
            return HttpResponseRedirect(f"{way}?{urlencode({'next': request.get_full_path()})}")
        status = 404 if exception.rule.endswith(".no_item") else 403
        return refused_page(request, _("这项操作没有进行"), exception.message, exception.remedy, status)


def _known(request: HttpRequest) -> _Known:
    found: _Known | None = vars(request).get("_known")
    if found is None:
        found = _read(request)
        vars(request)["_known"] = found
    return found


def _forget(request: HttpRequest) -> None:
    vars(request).pop("_known", None)


def _read(request: HttpRequest) -> _Known:
    number = request.session.get(SESSION_KEY)
    own = request.session.get(_SITTING)
    found = store.standing(int(number), timezone.localdate(), own) if number else None
    if found is None or not found.active or (own and (found.sat is None or found.sat.ended)):
        return _Known(anonymous(), AnonymousUser())
    account = models.Account(
        pk=found.account, login=found.login, name=found.name, kind=found.kind, password=found.password,
        agency_id=found.agency or None, subject=found.subject,
    )  # fmt: skip
    # A changed password ends every session that was begun under the old one.
    if not constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        return _Known(anonymous(), AnonymousUser())
    if (until := request.session.get(_HALF)) is not None:
        waiting = until > time.time()
        return _Known(half_actor(found) if waiting else anonymous(), AnonymousUser(), found.sat)
    if own and found.sat and timezone.now() - found.sat.seen > sittings.SEEN:
        sittings.touch(own)
    return _Known(standing_actor(found), account, found.sat)
