"""Letting the forms of signing in lead to the application that asked for it: browsers hold a form's redirects, too, to the
page's content security policy (`form-action`).
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.urls import reverse

from shuniu.directory.signing_in.oidc.api.codes import application
from shuniu.trust.declare import Refused
from shuniu.web.security import HEADERS

_POLICY = "Content-Security-Policy"


def allow_leaving(response: HttpResponse, back: str) -> HttpResponse:
    """Add the origin of a registered application's address, where `back` is its authorization request; else nothing."""
    going = urlsplit(back)
    if going.path != reverse("directory:oidc_authorize"):
        return response
    asked = parse_qs(going.query)
    try:
        application(asked.get("client_id", [""])[0], address := asked.get("redirect_uri", [""])[0])
    except Refused:
        return response
    origin = urlsplit(address)
    policy = HEADERS[_POLICY].replace("form-action 'self'", f"form-action 'self' {origin.scheme}://{origin.netloc}")
    response.headers[_POLICY] = policy
    return response
