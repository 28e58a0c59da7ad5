"""The language of a page: Chinese, unless the reader chose another by the link at its head."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE = "language"


def chosen(request: HttpRequest) -> str:
    """The code of the language that the reader chose, as `settings.LANGUAGES` has it; the site's own without a choice.

    The browser's Accept-Language is not asked: the site of a Chinese government opens in Chinese (国家通用语言文字法
    art. 2, 9), and many browsers of its users were installed in English.
    """
    asked = request.COOKIES.get(COOKIE, "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class ChosenLanguage:
    """Middleware: answer in the language that the reader chose, and leave none of it to the thread's next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = chosen(request)
        with translation.override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Cookie",))
        return response
