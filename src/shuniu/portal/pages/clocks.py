"""“为什么是这一天到期” at the desk: a clock, explained as to the applicant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import letter_lists
from shuniu.directory.session import actor
from shuniu.portal.hall.clocks import explanation
from shuniu.portal.pages.work_objects import LETTER, place_of, words_of
from shuniu.portal.shell import desk_page
from shuniu.procedures.calendars import api
from shuniu.web.declare import Link


@never_cache
@require_safe
def clock(request: HttpRequest, number: int) -> HttpResponse:
    """Why a clock is due on its day, and the way back to what it runs for."""
    who = actor(request)
    found, about = api.explain_due(actor=who, clock=number)
    numbers = letter_lists.numbers(who, [about]) if about.startswith(f"{LETTER}:") else {}
    words, place = words_of(about, numbers), place_of(about, numbers)
    context = {"about": words, "crumbs": [Link(words, place)] if place else [], **explanation(found)}
    return desk_page(request, "clock", context)
