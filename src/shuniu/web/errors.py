"""Error pages in plain Chinese: what happened, why, and what to do next."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

# status: (title, what happened, what to do next)
_WORDS: Final[dict[int, tuple[Promise, Promise, Promise]]] = {
    400: (
        _("没有看懂这次请求"),
        _("网址或提交的内容不完整，或者格式不对。没有保存任何内容。"),
        _("请返回上一页，核对后重新提交。如果网址是手工输入的，请检查是否有误。"),
    ),
    403: (
        _("您没有打开这一页的权限"),
        _("这一页只对有相应权限的人员开放。"),
        _("如果还没有登录，请先登录；如果工作需要，请向本单位的系统管理员申请权限。"),
    ),
    404: (
        _("没有这个页面"),
        _("这个网址不存在，或者页面已经移走。"),
        _("请检查网址是否有误，或者从首页、搜索框重新查找。"),
    ),
    405: (
        _("这一页不能这样打开"),
        _("这个网址只用来接收提交，不能直接打开；或者这一页不接受提交。"),
        _("请返回上一页，用页面上的按钮操作。"),
    ),
    413: (
        _("提交的内容太大"),
        _("文件或表单超过了这一页允许的大小。没有保存任何内容。"),
        _("请回到填写页，把文字删短，或者换一份小一些的文件，再重新提交。"),
    ),
    429: (
        _("请求太频繁"),
        _("短时间内从这里发来的请求超过了上限，本次请求没有处理。"),
        _("请等一分钟再试。需要批量取用数据的，请申请数据接口。"),
    ),
    500: (
        _("这一页出错了"),
        _("程序遇到了没有预料到的问题。正在提交的内容没有保存。"),
        _("请过几分钟再试。如果仍然出错，请把下面的错误编号告诉系统管理员。"),
    ),
}
_DESK_REMEDY: Final = _("请把文件分成几份，或者压缩成 ZIP 后重新提交。大批量数据请用接口或者投递目录报送。")
"""What an agency does about too large a delivery; a citizen has no such ways."""
_AGENCIES: Final = ("/desk/", "/api/", "/exchange/")
_READ, _GIVEN_BACK = 4_000_000, 20_000
"""Bytes of too large a form that are read, and characters of each text that are given back."""


def refused_page(
    request: HttpRequest,
    title: object,
    message: object,
    remedy: object,
    status: int = 403,
    reference: str = "",
    typed: Sequence[str] = (),
) -> HttpResponse:
    """Answer a refused request: a page to a reader, problem details (RFC 9457) to a program that asks for JSON.

    `title` says what is refused, `message` which rule refuses it, `remedy` what to do next; `reference` is a number
    by which the log finds the event; `typed` are texts of a form that the page gives back to be copied.
    """
    kinds = ["text/html", "application/problem+json", "application/json"]
    if request.get_preferred_type(kinds) in kinds[1:]:
        problem = {"title": str(title), "status": status, "detail": f"{message}{remedy}", "instance": request.path}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {
        "title": title, "message": message, "remedy": remedy, "status": status, "reference": reference, "typed": typed,
    }  # fmt: skip
    return render(request, "web/problem.html.jinja", context, status=status)


def _page(request: HttpRequest, status: int, reference: str = "") -> HttpResponse:
    title, message, remedy = _WORDS[status]
    if status == 413 and request.path.startswith(_AGENCIES):
        remedy = _DESK_REMEDY
    return refused_page(request, title, message, remedy, status, reference, _typed(request) if status == 413 else ())


def _typed(request: HttpRequest) -> Sequence[str]:
    """What was typed into one of this site's forms that came out too large, each text from its beginning.

    Only what the browser says to be sent from here: no other site may have its words shown as ours. Nothing of a form
    with more fields than a form may have: a page of a million boxes would cost whoever draws it more than whoever asks.
    """
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not own or request.content_type != "application/x-www-form-urlencoded":
        return ()
    try:
        sent = request.read(_READ).decode("ascii", "ignore")
        posted = parse_qsl(sent, errors="replace", max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    except (UnreadablePostError, ValueError):
        return ()
    secret = ("csrfmiddlewaretoken", "password")
    return [text[:_GIVEN_BACK] for name, text in posted if not name.endswith(secret)]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400; too large a request comes this way too."""
    large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _page(request, 413 if large else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the page carries a number which the log carries too."""
    reference = secrets.token_hex(4).upper()
    log.error("error page %s shown for %s", reference, request.path)
    return _page(request, 500, reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for `CSRF_FAILURE_VIEW`: the form was open too long, or cookies are off."""
    return refused_page(
        request,
        _("这次提交没有通过核验"),
        _("页面打开太久、已经重新登录，或者浏览器不接受 Cookie，所以无法确认是您本人提交。没有保存任何内容。"),
        _("请返回上一页，先把填写的内容复制下来，刷新后重新提交；并确认浏览器允许本站使用 Cookie。"),
    )


class ErrorPages:
    """Middleware: give words to the bare 405, 413 and 429 that views and decorators answer without any."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        bare = isinstance(response, HttpResponse) and not response.content
        if response.status_code not in (405, 413, 429) or not bare:
            return response
        page = _page(request, response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return page
