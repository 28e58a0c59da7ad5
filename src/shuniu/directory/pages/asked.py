"""What the pages ask of a request: who it is, where he was going, which number came in a form."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from shuniu.directory.session import actor
from shuniu.trust.declare import Actor, Refused


def next_of(request: HttpRequest) -> str:
    """Where the reader was going: an address of this site, or the start."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else settings.LOGIN_REDIRECT_URL


def signed_in(request: HttpRequest) -> Actor:
    who = actor(request)
    if not who.may("directory.change_password"):
        raise Refused("right.missing", "这一页要登录后才能打开。", f"请先登录：{settings.LOGIN_URL}")
    return who


def number_of(text: str) -> int:
    """A whole number as it came in a form; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
