"""What was typed before the session ended, for its writer to look at and post, or to have destroyed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.directory.session import actor
from shuniu.portal.kept import api
from shuniu.portal.kept.asking import NUMBER, TOKEN

_UNSAID = frozenset({"act", "back", "do", "next", "once", "seen", "whole"})
"""Fields that pages add to what is typed: posted again, but not shown."""


@never_cache
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """All that waits. Nothing is posted but by its writer's own press."""
    found = api.waiting(actor=actor(request), token=request.COOKIES.get(TOKEN, ""))
    shown = [(one, [text for name, text in one.typed.fields if text and name not in _UNSAID]) for one in found.forms]
    context = {"shown": shown, "others": found.others, "number": NUMBER}
    return render(request, "portal/kept.html.jinja", context)


@never_cache
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Destroy one of them."""
    api.drop(actor=actor(request), token=request.COOKIES.get(TOKEN, ""), number=number)
    messages.success(request, _("已清除，不能恢复。"))
    return redirect("portal:kept")


urlpatterns = [
    path("kept/", kept, name="kept"),
    path("kept/<int:number>/drop/", drop, name="kept_drop"),
]
