"""The gateway over HTTP: signed questions in, signed answers out, refusals as problem details with the platform's time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from shuniu.directory.session import origin
from shuniu.exchange.gateway import admission, api
from shuniu.exchange.gateway.authentic import authenticate, message_of
from shuniu.exchange.gateway.declare import Asked
from shuniu.exchange.gateway.rules import Later, limits, status_of
from shuniu.trust.declare import Refused

P = ParamSpec("P")
READ = 1 << 18
"""Bytes that a body is read in: the web server's own memory grows with what is asked of it at once."""
_View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def only(method: str) -> Callable[[_View[P]], _View[P]]:
    """An address that takes one method: any other is refused (405, RFC 9110 §15.5.6) before anything is read or counted."""

    def narrowed(view: _View[P]) -> _View[P]:
        @csrf_exempt  # a signature, never a cookie, says who asks
        @wraps(view)
        def narrow(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == method:
                return view(request, *args, **kwargs)
            answer = problem(Refused("gateway.method", f"这个地址只接受 {method}。", "请对照接口说明改用这种方法。"))
            answer.headers["Allow"] = method
            return answer

        return narrow

    return narrowed


@only("POST")
def query(request: HttpRequest, key: str) -> HttpResponse:
    """Answer one question, if there is room for it."""
    with admission.questions().room() as room:
        if room:
            admission.turned.keep()
            return _answer(request)
    return turned_away()


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        answered = api.answer(_asked(request), origin(request))
    except Refused as refusal:
        return problem(refusal)
    except OperationalError:
        return problem(Later("gateway.full", "平台正忙，没有处理。", "请稍后用同一幂等键重试。", 5))
    made = HttpResponse(answered.body)
    for name, value in answered.headers.items():
        made.headers[name] = value
    return made


def _asked(request: HttpRequest) -> Asked | Refused:
    try:
        return authenticate(message_of(request), body_of(request))
    except Refused as refusal:
        return refusal


def body_of(request: HttpRequest, most: int = 0) -> bytes:
    """The body, of known size. Raises Refused gateway.size before more of it is read than may be (0: than a question has)."""
    most = most or limits(timezone.localdate()).size
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said.isascii() or not said.isdigit() or int(said) > most:
        raise Refused("gateway.size", f"请求体应写明长度，最多 {most:,} 字节。", "请分批发送。")
    body = bytearray()
    while len(body) < int(said) and (block := request.read(min(int(said) - len(body), READ))):
        body += block
    if len(body) != int(said):
        raise Refused("gateway.size", "请求体没有收全。", "请重新发送。")
    return bytes(body)


def turned_away() -> HttpResponse:
    """What is said to whom there is no room for: counted, and nothing of it read."""
    admission.turned.count()
    return problem(admission.full())


def problem(refusal: Refused) -> HttpResponse:
    """A refusal as problem details (RFC 9457). It carries the platform's clock, by which the other side sees its own."""
    status = status_of(refusal.rule)
    said = {
        "type": f"urn:shuniu:rule:{refusal.rule}", "title": "没有提供数据", "status": status, "detail": str(refusal),
        "rule": refusal.rule, "message": refusal.message, "remedy": refusal.remedy, "time": int(time.time()),
    }  # fmt: skip
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type="application/problem+json")
    if isinstance(refusal, Later):
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer
