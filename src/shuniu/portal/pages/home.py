"""The front page, and the search over what is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import items as cases
from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.hall.guide import items_href
from shuniu.portal.hall.search import Asked, events, find
from shuniu.portal.menu import landing
from shuniu.portal.pages.catalogue import listed, matching
from shuniu.portal.shell import paged
from shuniu.procedures import api as procedures
from shuniu.web.declare import Link


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the platform is and where to go; who has signed in finds the ways of the desk as well."""
    published = catalogue.published_all()
    who = actor(request)
    context = {
        "who": who,
        "start": landing(who),
        "waiting": procedures.count_tasks(who) if who.may("directory.sign_out") else 0,
        "resources": len(published),
        "agencies": len({one.resource.agency for one in published}),
    }
    return render(request, "portal/home.html.jinja", context)


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Go to where the reader's work begins; who has not signed in does that first."""
    return redirect(landing(actor(request)).href)


_ITEMS = 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Service items and resources that a word leads to; the credit site is one link further."""
    text = request.GET.get("q", "").strip()[:100]
    found, paging = paged(request, matching(text) if text else [])
    items = find((one.item for one in cases.published_all()), Asked(text), agency_names()) if text else []
    context = {
        "text": text,
        "paging": paging,
        "items": [Link(one.title, reverse("portal:hall_guide", args=[one.key])) for one in items[:_ITEMS]],
        "more": items_href(q=text) if len(items) > _ITEMS else "",
        "events": events((one.bundle for one in cases.bundles()), text),
        **listed(found),
    }
    return render(request, "portal/search.html.jinja", context)
