"""What was typed before the session ended, for its writer to look at and post, or to have destroyed."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.directory.session import actor
from shuniu.portal.kept import api, declared
from shuniu.portal.kept.api import Kept
from shuniu.portal.kept.asking import NUMBER, TOKEN
from shuniu.trust.declare import Actor

_UNSAID = frozenset({"act", "back", "do", "next", "once", "seen", "whole"})
"""Fields that pages add to what is typed: posted again, but not shown."""


@never_cache
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """All that waits. Nothing is posted but by its writer's own press."""
    who = actor(request)
    found = api.waiting(actor=who, token=request.COOKIES.get(TOKEN, ""))
    context = {"shown": [(one, _typed(who, one)) for one in found.forms], "others": found.others, "number": NUMBER}
    return render(request, "portal/kept.html.jinja", context)


def _typed(who: Actor, one: Kept) -> list[tuple[str, str]]:
    """What was typed, under the words that its form had for each field."""
    said = [(name, text) for name, text in one.typed.fields if text and name not in _UNSAID]
    return declared.shown(who, urlsplit(one.typed.address).path, said)


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
