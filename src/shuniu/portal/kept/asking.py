"""The door of the portal's forms: who posts one after the session ended is led to sign in, and loses nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from shuniu.directory.session import actor
from shuniu.portal.kept import api
from shuniu.portal.kept.api import Typed
from shuniu.trust.declare import Refused
from shuniu.web.errors import refused_page

TOKEN, WRITER = "kept", "writer"
"""Cookies: the token of what this browser's forms are sealed under, and who used it last."""
NUMBER = "kept_form"
"""The field by which a form that is posted again says which one it is."""
MOST_READ = 50_000_000
"""Bytes of a request that are read through for the text between its files."""
_SECRET: Final = re.compile(
    r"(^|[-_])(password|passwd|secret|token|otp|totp|pin|captcha)([-_0-9]|$)|middlewaretoken", re.I
)
_SIGNER: Final = signing.Signer(salt="portal.kept")


class KeptForms:
    """Middleware: keep what is posted to the portal's pages without a session, and forget it once it has been posted again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and (who := actor(request)).person != "anonymous":
            if _writer(request) != api.whose(who):
                _set(response, WRITER, _SIGNER.sign(api.whose(who)))
            _forget(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal for want of a session; all others are as they are."""
        refused = isinstance(exception, Refused) and exception.rule.startswith("right.")
        match = request.resolver_match
        asked = request.method == "POST" and match is not None and match.app_name == "portal"
        if not (refused and asked and request.accepts("text/html")) or actor(request).person != "anonymous":
            return None
        if not hasattr(request, "_files"):  # not read so far: nor need the files be
            request.upload_handlers = [_Names(request)]
        return _unread(request) if _length(request) > MOST_READ else _keep(request)


@csrf_protect
def _keep(request: HttpRequest) -> HttpResponse:
    """Keep what was typed. The CSRF check stands before it, for the pages too that make their own: nothing foreign is kept."""
    token = request.COOKIES.get(TOKEN) or secrets.token_urlsafe(32)
    match = request.resolver_match
    try:
        api.keep(
            actor=actor(request), token=token, writer=_writer(request), view=match.view_name if match else "",
            typed=_typed(request),
        )  # fmt: skip
    except Refused as refusal:
        return refused_page(request, _("登录已过期"), refusal.message, refusal.remedy)
    said = _("登录已过期，这次没有提交。您填写的内容已经留下，登录后请核对，再由您自己提交。")
    answer = _to_sign_in(request, said, reverse("portal:kept"))
    _set(answer, TOKEN, token)
    return answer


def _unread(request: HttpRequest) -> HttpResponse:
    return _to_sign_in(
        request, _("登录已过期，这次没有提交，文件没有保存。登录后请重新选择文件。"), request.get_full_path()
    )


def _to_sign_in(request: HttpRequest, said: str, onward: str) -> HttpResponse:
    messages.warning(request, said)
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': onward})}")


def _typed(request: HttpRequest) -> Typed:
    hidden = set(vars(request).get("sensitive_post_parameters") or ())  # what the view itself marks; "__ALL__" for all
    posted = [(name, str(text)) for name, all_ in request.POST.lists() for text in all_ if name != NUMBER]
    kept = [(name, text) for name, text in posted if not _SECRET.search(name) and not hidden & {name, "__ALL__"}]
    left_out = any(name != "csrfmiddlewaretoken" and (name, text) not in kept for name, text in posted)
    return Typed(
        address=request.get_full_path(), page=_page(request), fields=tuple(kept), files=tuple(_files(request)),
        left_out=left_out,
    )  # fmt: skip


def _page(request: HttpRequest) -> str:
    """The page of this site that the form stood on, as the browser says; the form's own address where it does not."""
    said = urlsplit(request.headers.get("Referer", ""))
    if said.netloc != request.get_host() or not said.path.startswith("/") or said.path.startswith("//"):
        return request.get_full_path()
    return said.path + (f"?{said.query}" if said.query else "")


def _files(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for handler in request.upload_handlers:
        if isinstance(handler, _Names):
            yield from handler.names
    for name, files in request.FILES.lists():
        yield from ((name, str(file.name)) for file in files)


class _Names(FileUploadHandler):
    """Reads past the files of a form and keeps nothing but their names."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.names: list[tuple[str, str]] = []

    def new_file(self, field_name: str, file_name: str, *args: object, **options: object) -> None:
        self.names.append((field_name, file_name))
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing comes here: every file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """Nothing comes here: every file is skipped."""


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() else 0


def _writer(request: HttpRequest) -> str:
    """Who used this browser last, as a keyed value; empty when nobody did, or the cookie is not ours."""
    try:
        return _SIGNER.unsign(request.COOKIES.get(WRITER, ""))
    except signing.BadSignature:
        return ""


def _forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """A form that had been kept went through: it is of no more use."""
    token = request.COOKIES.get(TOKEN)
    if token and request.method == "POST" and "_post" in vars(request) and response.status_code in (302, 303):
        number = request.POST.get(NUMBER, "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            api.drop(actor=actor(request), token=token, number=int(number))


def _set(response: HttpResponseBase, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
