"""我的来信: the letters that one wrote signed in, each with its answers and their rating; no code is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import letter_own as api
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.hall.letter_forms import OwnRateForm
from shuniu.portal.hall.letters_seen import TITLES, facts_of, may_rate, standing
from shuniu.portal.shell import SIZE, going, own_page, tried
from shuniu.web.declare import Column, Link, Row


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's letters, the newest first; never a report (举报), which no account is kept of."""
    found = api.list_own_letters(actor=actor(request), before=request.GET.get("before", "")[:20], most=SIZE + 1)
    names = agency_names()
    columns = [
        Column(_("标题")), Column(_("类别")), Column(_("办理单位")), Column(_("状态")), Column(_("来信时间"), "day"),
        Column(_("编号"), "code"),
    ]  # fmt: skip
    rows = [
        Row(
            (one.title, _(TITLES.get(one.category, one.category)), "、".join(names.get(key, key) for key in one.agencies),
             standing(one.state, one.overdue), timezone.localdate(one.received_at), one.number),
            reverse("portal:my_letter", args=[one.number]),
        )
        for one in found[:SIZE]
    ]  # fmt: skip
    more = going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None)
    return own_page(request, "letters_mine", {"columns": columns, "rows": rows, "going": more})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """One's own letter as it stands, and the rating of its answer."""
    who = actor(request)
    it = api.read_own_letter(actor=who, number=number)
    form = OwnRateForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        good, words = form.cleaned_data["satisfied"] == "yes", form.cleaned_data["words"]
        if tried(form, lambda: api.rate_own_letter(actor=who, number=number, satisfied=good, words=words)) is not None:
            return redirect("portal:my_letter", number=number)
    context = {
        "it": it, "wrong": form, **facts_of(it), "rate": (form or OwnRateForm()) if may_rate(it) else None,
        "crumbs": [Link(_("我的来信"), reverse("portal:my_letters"))],
    }  # fmt: skip
    return own_page(request, "letter_own", context, status=422 if form is not None and form.errors else 200)
