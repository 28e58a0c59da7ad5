"""“为什么是这一天到期” for the applicant: a clock of the own case, explained as at the desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import filing, specials
from shuniu.directory.session import actor
from shuniu.portal.hall.case_filing import case_crumbs
from shuniu.portal.pages.clocks import explanation


@never_cache
@require_safe
def clock(request: HttpRequest, number: str, clock: int) -> HttpResponse:
    """Why a clock of one's own case is due on its day."""
    who = actor(request)
    case = filing.read_case(actor=who, number=number)
    if not case.own or clock not in {one.id for one in case.clocks}:
        raise Http404
    found = specials.explain_due(actor=who, number=number, clock=clock)
    context = {"case": case, "crumbs": case_crumbs(case), **explanation(found)}
    return render(request, "portal/hall/clock.html.jinja", context)


urlpatterns = [path("hall/cases/<str:number>/clocks/<int:clock>/", clock, name="my_clock")]
