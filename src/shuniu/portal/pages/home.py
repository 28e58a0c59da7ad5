"""The front page and the search over what is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory.session import actor
from shuniu.portal.pages.catalogue import listed, matching
from shuniu.portal.shell import menu, paged


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the platform is and where to go; who has signed in finds the ways of the desk as well."""
    published = catalogue.published_all()
    who = actor(request)
    context = {
        "who": who,
        "desk": menu(who, request.path) if who.agency else (),
        "resources": len(published),
        "agencies": len({one.resource.agency for one in published}),
    }
    return render(request, "portal/home.html.jinja", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Resources of the catalogue that a word leads to; the credit site is one link further."""
    text = request.GET.get("q", "").strip()[:100]
    found, paging = paged(request, matching(text) if text else [])
    context = {"text": text, "paging": paging, **listed(found)}
    return render(request, "portal/search.html.jinja", context)
