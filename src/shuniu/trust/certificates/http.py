"""Certificates over HTTP: a machine joins and renews; anybody fetches the authority's certificates, list and answers.

Joining needs no account: the code, or the present key, is what proves. So who acts is handed in by who hangs the routes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from shuniu.trust.certificates import api, authority
from shuniu.trust.certificates.declare import Joined
from shuniu.trust.declare import Actor, Refused

MOST = 100_000
"""Characters of a request's field; what is longer is none of ours."""


class JoinIn(Schema):
    """A code, and a PKCS#10 request in PEM; `envelope` is a raw X25519 public key in Base64."""

    code: str
    request: str
    agency: str = ""
    envelope: str = ""


class RenewIn(Schema):
    """The id of the present key, the PKCS#10 request for the new one in PEM, and the present key's signature in Base64."""

    key: str
    request: str
    signature: str
    envelope: str = ""


class JoinedOut(Schema):
    """Certificates in PEM; the encryption key sealed for the envelope's private half, in Base64; what time it is here."""

    certificate: str
    chain: str
    encryption: str
    sealed: str
    now: datetime


def routes(actor: Callable[[], Actor], counted: Callable[[str, HttpRequest], AbstractContextManager[None]]) -> Router:
    """The routes, acted on by whom `actor` gives; what is refused to callers unknown is counted by `counted`, by the verb."""
    router = Router()

    @router.post("/join", response=JoinedOut, summary="用邀请码接入，取得证书")
    def join(request: HttpRequest, said: JoinIn) -> JoinedOut:
        with counted("trust.join", request):
            joined = api.join(
                actor=actor(), code=said.code, request=_text(said.request), agency=said.agency,
                envelope=_bytes(said.envelope),
            )  # fmt: skip
        return _out(joined)

    @router.post("/renew", response=JoinedOut, summary="用现有密钥换发证书")
    def renew(request: HttpRequest, said: RenewIn) -> JoinedOut:
        with counted("trust.renew", request):
            joined = api.renew(
                actor=actor(), key=said.key, request=_text(said.request), signature=_bytes(said.signature),
                envelope=_bytes(said.envelope),
            )  # fmt: skip
        return _out(joined)

    _publish(router)
    return router


def _publish(router: Router) -> None:
    """What anybody may fetch: the time, certificates, lists, and whether a certificate is good."""
    router.get("/time", include_in_schema=False)(moment)
    router.get("/{suite}/{role}.crt", include_in_schema=False)(certificate)
    router.get("/{suite}/platform.pem", include_in_schema=False)(platform)
    router.get("/{suite}/issuing.crl", include_in_schema=False)(revocations)
    router.post("/{suite}/ocsp", include_in_schema=False)(status)
    router.get("/{suite}/ocsp/{path:question}", include_in_schema=False)(status_by_address)


def moment(request: HttpRequest) -> dict[str, datetime]:
    return {"now": timezone.now()}


def certificate(request: HttpRequest, suite: str, role: Literal["root", "issuing"]) -> HttpResponse:
    return HttpResponse(api.authority_certificate(suite, role), content_type="application/pkix-cert")


def platform(request: HttpRequest, suite: str) -> HttpResponse:
    certificates = "".join(authority.armoured(one) for one in api.node_certificates(suite))
    return HttpResponse(certificates, content_type="application/x-pem-file")


def revocations(request: HttpRequest, suite: str) -> HttpResponse:
    return HttpResponse(api.revocation_list(suite), content_type="application/pkix-crl")


def status(request: HttpRequest, suite: str) -> HttpResponse:
    return _answered(suite, request.body)


def status_by_address(request: HttpRequest, suite: str, question: str) -> HttpResponse:
    try:
        return _answered(suite, base64.b64decode(question, validate=True))
    except ValueError:  # no Base64, or not even ASCII
        return _answered(suite, b"")


def _answered(suite: str, question: bytes) -> HttpResponse:
    return HttpResponse(api.status_answer(suite, question), content_type="application/ocsp-response")


def _out(joined: Joined) -> JoinedOut:
    return JoinedOut(
        certificate=authority.armoured(joined.certificate),
        chain="".join(authority.armoured(one) for one in joined.chain),
        encryption=authority.armoured(joined.encryption),
        sealed=base64.b64encode(joined.sealed).decode(),
        now=timezone.now(),
    )


def _text(text: str) -> bytes:
    return text[:MOST].encode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text[:MOST], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("request.parameters", "有一项内容不是 Base64。", "请对照接口说明改正。") from error
