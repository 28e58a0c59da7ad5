"""好差评 without signing in: the page that a link leads to, and the code that is shown with a receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.cases.api import rating_links as api
from shuniu.directory.session import actor
from shuniu.portal.credit.document import qr
from shuniu.portal.credit.pages import slowly
from shuniu.portal.hall.rating_forms import RateForm
from shuniu.portal.shell import tried


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@slowly
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Rate the one stage that the token stands for; the address names nobody."""
    it = api.read_rating_link(token=token)
    form = RateForm(it, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data

        def given() -> bool:
            api.rate_by_link(token=token, level=said["level"], parts=form.parts(), text=said["text"])
            return True

        if tried(form, given):
            return render(request, "portal/hall/rating_thanks.html.jinja", {"it": it})
    context = {"it": it, "form": form, "once": True}
    return render(request, "portal/hall/rating.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def code(request: HttpRequest, number: str) -> HttpResponse:
    """A fresh code by which whom the case is for rates it on the own telephone."""
    address = api.show_rating_code(actor=actor(request), number=number)
    context = {"number": number, "address": address, "code": qr(address)}
    return render(request, "portal/hall/rating_code.html.jinja", context)
