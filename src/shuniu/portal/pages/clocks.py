"""“为什么是这一天到期” at the desk: a clock, explained as to the applicant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.session import actor
from shuniu.portal.hall.clocks import explanation
from shuniu.portal.shell import desk_page
from shuniu.procedures.calendars import api


@never_cache
@require_safe
def clock(request: HttpRequest, number: int) -> HttpResponse:
    """Why a clock is due on its day."""
    found, about = api.explain_due(actor=actor(request), clock=number)
    return desk_page(request, "clock", {"about": about, **explanation(found)})
