"""The switches of the language, of the elder version and of close-set tables, and the gallery of all parts in all states."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from shuniu.web import language as languages
from shuniu.web import samples
from shuniu.web.templates import is_demo

_YEAR = 365 * 24 * 3600


@require_safe
def elder(request: HttpRequest, switch: str) -> HttpResponse:
    """Turn the elder version (长辈版) on or off by a cookie and go back to the page `next`.

    A plain link may do it, as it changes nothing but this reader's own view. 404 for any other switch.
    """
    return _switched(request, "elder", switch)


@require_safe
def dense(request: HttpRequest, switch: str) -> HttpResponse:
    """Set tables close (紧凑) or wide (宽松) by a cookie and go back to the page `next`. 404 for any other switch."""
    return _switched(request, "dense", switch)


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Show the pages in the language `code` from now on and go back to the page `next`. 404 for one there is not."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return _back(request, languages.COOKIE, code)


def _switched(request: HttpRequest, cookie: str, switch: str) -> HttpResponse:
    if switch not in ("on", "off"):
        raise Http404
    return _back(request, cookie, "1" if switch == "on" else "0")


def _back(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        cookie,
        value,
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show all parts in all states, on the face `?face=`. 404 unless DEBUG or a demo instance."""
    if not (settings.DEBUG or is_demo()):
        raise Http404
    face = request.GET.get("face", "public")
    if face not in ("public", "desk", "board"):
        raise Http404
    return render(request, "web/gallery.html.jinja", {"face": face, **samples.everything()})
