"""What the pages ask of a request: by which method it came, where its reader was going, which number came in a form."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def next_of(request: HttpRequest) -> str:
    """Where the reader was going: an address of this site, or the start."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else settings.LOGIN_REDIRECT_URL


def with_next(name: str, request: HttpRequest) -> str:
    """The address of a named page that leads on to where the reader was going."""
    return f"{reverse(name)}?{urlencode({'next': next_of(request)})}"


def number_of(text: str) -> int:
    """A whole number as it came in a form; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
