"""The HTTP API: one instance that every engine's router hangs on, its errors as problem details (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.types import DictStrAny

from shuniu.directory import api as directory
from shuniu.directory.session import origin
from shuniu.exchange.http import router as exchange
from shuniu.notices.http import router as notices
from shuniu.trust.certificates.http import routes as certificates
from shuniu.trust.declare import Refused

_UNSOUND: Final = re.compile("[\0\ud800-\udfff]")


class SoundBodies(Parser):
    """JSON whose texts the database and UTF-8 can hold: no NUL, no half of a character."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """What was sent. Raises ValueError, which is answered with 400."""
        said: DictStrAny = super().parse_body(request)
        if any(_UNSOUND.search(text) for text in _texts(said)):
            raise ValueError("a text that nothing can hold")
        return said


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        yield from _texts([*said.keys(), *said.values()])
    elif isinstance(said, list):
        for one in said:
            yield from _texts(one)


# The interactive pages load their scripts from a CDN, so there are none; the description itself is at /api/openapi.json.
api = NinjaAPI(
    title="枢纽 HTTP API",
    version="1",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    parser=SoundBodies(),
)
api.add_router("/exchange", exchange, tags=["exchange"])
api.add_router(
    "/trust",
    certificates(lambda: directory.system("joining"), lambda what, request: directory.counted(what, origin(request))),
    tags=["trust"],
)
api.add_router("/notices", notices, tags=["notices"])

_STATUS = {
    "right.": 403,
    "catalogue.unknown": 404,
    "notices.receipt_forged": 403,
    "notices.receipt_unknown": 404,
    "submission.unknown": 404,
    "file.size": 413,
    "file.incomplete": 400,
    "batch.number": 409,
    "batch.period": 409,
}


def problem(request: HttpRequest, status: int, rule: str, message: str, remedy: str = "") -> HttpResponse:
    """A refusal as a machine reads it: which rule, what it says, how to mend it."""
    said = {
        "type": f"urn:shuniu:rule:{rule}",
        "title": "这项操作没有进行",
        "status": status,
        "detail": f"{message}{remedy}",
        "instance": request.path,
        "rule": rule,
        "message": message,
        "remedy": remedy,
    }
    return JsonResponse(
        said, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule said no: the status by the rule, 422 where none is listed."""
    status = next((code for prefix, code in _STATUS.items() if refusal.rule.startswith(prefix)), 422)
    return problem(request, status, refusal.rule, refusal.message, refusal.remedy)


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or one that is wrong, expired or revoked."""
    remedy = "请在请求头 Authorization: Bearer 中使用本单位管理员发放的有效接口令牌。"
    answer = problem(request, 401, "token.invalid", "接口令牌缺失或无效。", remedy)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter is missing or not of its form; the names are said, the values are not repeated."""
    names = "、".join(sorted({str(one["loc"][-1]) for one in error.errors}))
    return problem(request, 422, "request.parameters", f"参数不完整或格式不对：{names}。", "请对照接口说明改正。")


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, or whose texts nothing can hold."""
    return problem(
        request, error.status_code, "request.body", "没有看懂请求的内容。", "请按接口说明发送 JSON（UTF-8）。"
    )
