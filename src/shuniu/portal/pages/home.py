"""The front page and the search over what is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory.session import actor
from shuniu.portal.pages.catalogue import listed, matching
from shuniu.portal.shell import landing, menu, paged
from shuniu.procedures import api as procedures


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the platform is and where to go; who has signed in finds the ways of the desk as well."""
    published = catalogue.published_all()
    who = actor(request)
    context = {
        "who": who,
        "start": landing(who),
        "desk": menu(who, request.path) if who.may("directory.sign_out") else (),
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


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Resources of the catalogue that a word leads to; the credit site is one link further."""
    text = request.GET.get("q", "").strip()[:100]
    found, paging = paged(request, matching(text) if text else [])
    context = {"text": text, "paging": paging, **listed(found)}
    return render(request, "portal/search.html.jinja", context)
