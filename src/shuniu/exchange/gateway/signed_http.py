"""Signed requests other than questions: who sent one, and the signed answer to it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shuniu.directory.api import machines
from shuniu.directory.session import origin
from shuniu.exchange.gateway import api
from shuniu.exchange.gateway.authentic import TYPE, check_body, message_of, signed
from shuniu.exchange.gateway.declare import EPOCH, nonce_of
from shuniu.exchange.gateway.http import body_of
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.certificates.api import certificate_of, check_held
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.messages import Message, digest_header, sign_answer
from shuniu.trust.suites import suite


@dataclass(frozen=True)
class SignedRequest:
    """A request whose signature holds: the machine that sent it, by which suite, what for."""

    actor: Actor
    suite: str
    message: Message = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def purpose(self) -> str:
        return self.message.headers["shuniu-purpose"]


def sent_by(request: HttpRequest, kind: str = TYPE, most: int = 0) -> SignedRequest:
    """Who sent a request, and its body of that type (`most`: as in `body_of`), read once the headers' signature holds.

    Raises Refused as a question's reading does; journalled as a question's refusal.
    """
    message = message_of(request)
    try:
        said, held = signed(message, limits(timezone.localdate()), kind)
        body = b"" if message.method == "GET" else body_of(request, most)
        check_body(message, held, body)
        check_held(certificate_of(said.key_id), at=timezone.now(), agency=held.agency)
        store.take_nonce(held.number, said.created - EPOCH, nonce_of(said))
    except IntegrityError:
        refusal = api.replayed()
    except Refused as refused:
        refusal = refused
    else:
        return SignedRequest(machines.machine(held.holder, held.name, held.agency), held.suite, message, body)
    api.answer(refusal, origin(request))
    raise refusal


def answered(sent: SignedRequest, said: Mapping[str, object]) -> HttpResponse:
    """What is said to a request, signed by the platform's key of the same suite."""
    used = suite(sent.suite)
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = {"content-digest": digest_header(used, used.digest(body)), "content-type": TYPE}
    signer = api.signer_of(sent.suite)
    signature = sign_answer(Message(headers, status=200), sent.message, signer, created=int(time.time()))
    answer = HttpResponse(body)
    for name, value in {**headers, **signature}.items():
        answer.headers[name] = value
    return answer
