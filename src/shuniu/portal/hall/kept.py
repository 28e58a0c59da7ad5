"""A page that is posted after its session has ended: sealed at once, and shown again to its owner after signing in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from shuniu.cases.api import drafts
from shuniu.directory.session import actor
from shuniu.trust.declare import Refused

_COOKIE = "kept"


def keep(request: HttpRequest, draft: int, page: str) -> HttpResponse:
    """Seal what was typed and send its writer to sign in. The token lies in a cookie of this one page's address."""
    if actor(request).person != "anonymous":
        raise Refused("right.missing", "您没有“填写申请”的权限。", "请登录本人、企业或窗口代录员的账号。")
    posted = {name: text for name, text in request.POST.items() if name != "csrfmiddlewaretoken"}
    token = drafts.keep_page(
        actor=actor(request), draft=draft, page=page, posted={n: str(t) for n, t in posted.items()}
    )
    there = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    answer = HttpResponseRedirect(there)
    answer.set_cookie(
        _COOKIE, token, path=request.path, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer


def kept(request: HttpRequest, draft: int, page: str) -> dict[str, str] | None:
    """What was typed before the session ended, for the draft's owner; None when nothing waits."""
    token = request.COOKIES.get(_COOKIE)
    if not token or request.method == "POST":
        return None
    found = drafts.restore_page(actor=actor(request), draft=draft, page=page, token=token)
    if found is not None:
        messages.info(request, _("登录过期前填写的内容还在下面，还没有保存。请核对后保存。"))
    return found


def forgetting(answer: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Saved: what was sealed for this page is of no more use."""
    if _COOKIE in request.COOKIES:
        answer.delete_cookie(_COOKIE, path=request.path, samesite="Lax")
    return answer
