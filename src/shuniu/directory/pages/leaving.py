"""Letting the forms of signing in and out lead to the application that asked for it: browsers hold a form's redirects, too, to the
page's content security policy (`form-action`).
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.urls import reverse

from shuniu.directory.signing_in.oidc import rules
from shuniu.directory.signing_in.oidc.api.codes import application
from shuniu.directory.signing_in.oidc.declare import Leaving
from shuniu.trust.declare import Refused
from shuniu.web.security import HEADERS

_POLICY = "Content-Security-Policy"


def signs_on(back: str) -> bool:
    """Whether an address of this site is an application's authorization request."""
    return urlsplit(back).path == reverse("directory:oidc_authorize")


def allow_leaving(response: HttpResponse, back: str) -> HttpResponse:
    """Add the origin of a registered application's address, where `back` is its authorization request; else nothing."""
    if not signs_on(back):
        return response
    asked = parse_qs(urlsplit(back).query)
    try:
        application(asked.get("client_id", [""])[0], address := asked.get("redirect_uri", [""])[0])
    except Refused:
        return response
    return letting_go(response, address)


def letting_go(response: HttpResponse, address: str) -> HttpResponse:
    """Let the page's form lead to this registered address; empty: nowhere else."""
    if not address:
        return response
    origin = urlsplit(address)
    policy = HEADERS[_POLICY].replace("form-action 'self'", f"form-action 'self' {origin.scheme}://{origin.netloc}")
    response.headers[_POLICY] = policy
    return response


def gone_to(found: Leaving | None, state: str) -> str:
    """Where somebody is sent who has signed out: back to the application that asked for it, or to the start."""
    return rules.answer(found.back, {"state": state[:1000]}) if found is not None and found.back else "/"
