"""The headers that keep a page to itself: nothing inline, nothing from elsewhere, never framed; and what no request may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from shuniu.web.errors import bad_request

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    # Addresses may hold a searched name: they go to no other site.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
}


class ContentSecurity:
    """Middleware: set the headers on every answer that has not set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


_IN_PATH: Final = re.compile(r"[\x00-\x1f\x7f]")
_IN_QUERY: Final = re.compile(r"%(?:0[0-8bcef]|1[0-9a-f]|7f)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", re.IGNORECASE)
"""Control characters, but for the tab and the line ends of a text that was typed."""
_LARGEST: Final = 2**63 - 1


class SoundRequests:
    """Middleware: answer 400 to what no page means and the database cannot hold (NUL and its like), 404 to endless numbers.

    It stands behind the CSRF check, which has read a posted form by then; forms that a page streams look for themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _IN_PATH.search(request.path_info) or _IN_QUERY.search(request.META.get("QUERY_STRING", "")):
            return bad_request(request, BadRequest("a control character in the address"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, kwargs: Mapping[str, object]
    ) -> HttpResponse | None:
        """Answer what is not sound; None for all else. Raises Http404."""
        if any(isinstance(one, int) and one > _LARGEST for one in kwargs.values()):
            raise Http404
        posted = [] if getattr(view, "csrf_exempt", False) else request.POST.lists()
        if any("\0" in one for name, texts in posted for one in (name, *texts)):
            return bad_request(request, BadRequest("NUL in what was posted"))
        return None
