"""Who a request's actor is: read once, when first asked for, in one query; not at all without a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shuniu.directory import models, store
from shuniu.directory.api import anonymous, standing_actor
from shuniu.trust.declare import Actor, Refused
from shuniu.web.errors import refused_page

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class _Known:
    actor: Actor
    account: models.Account | AnonymousUser


def actor(request: HttpRequest) -> Actor:
    """The actor of a request: the signed-in account with today's posts, or anybody."""
    return _known(request).actor


def enter(request: HttpRequest, account: int) -> None:
    """Begin the session of an account that has just proved who it is, under a new session key."""
    login(request, models.Account.objects.get(pk=account), backend=_BACKEND)
    _forget(request)


def leave(request: HttpRequest) -> None:
    """End the session and what it holds."""
    logout(request)
    _forget(request)


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
        unknown = actor(request).person == "anonymous" and exception.rule == "right.missing"
        if unknown and request.method == "GET" and request.accepts("text/html"):
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
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
    found = store.standing(int(number), timezone.localdate()) if number else None
    if found is None or not found.active:
        return _Known(anonymous(), AnonymousUser())
    account = models.Account(
        pk=found.account, login=found.login, name=found.name, kind=found.kind, password=found.password,
        agency_id=found.agency or None, subject=found.subject,
    )  # fmt: skip
    # A changed password ends every session that was begun under the old one.
    if not constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        return _Known(anonymous(), AnonymousUser())
    return _Known(standing_actor(found), account)
