"""A life event's page: a few questions decide which agencies it takes; the form, materials, fees and time follow."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuniu.cases.api import items as api
from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names
from shuniu.portal.hall.guide import links, promise, when
from shuniu.web.declare import Column, Link, Row

_SAID = ("true", "false")


@require_safe
def event(request: HttpRequest, key: str) -> HttpResponse:
    """The life event for the answers in the address; before all are given, only the questions are shown."""
    it = api.bundle(key).bundle
    answers = {one.name: said for one in it.determinants if (said := request.GET.get(one.name, "")) in _SAID}
    decided = len(answers) == len(it.determinants)
    apply = f"{reverse('portal:event_begin', args=[key])}?{urlencode(answers)}"
    agency = agency_names().get(it.agency, it.agency)
    context = {"apply": apply, "it": it, "answers": answers, "agency": agency, "decided": decided}
    return render(
        request, "portal/hall/guide/event.html.jinja", {**context, **(_whole(key, answers) if decided else {})}
    )


def _whole(key: str, answers: dict[str, str]) -> dict[str, object]:
    """What the whole takes: items in order, what is asked once, what is handed in, what an earlier item gives, fees, time."""
    names = agency_names()
    it = api.whole(key, answers)
    items = {one.item.key: one.item for one in api.published_all()}
    elements = catalogue.elements()
    questions = it.form.questions if it.form else ()
    titles = {one.name: one.title or elements[one.element].title for one in questions}
    separately = sum(len(items[one].form.questions) for one in it.items)
    prices = {one: api.prices(items[one]) for one in it.items}
    return {
        "columns": [Column(_("事项")), Column(_("实施机关")), Column(_("先办")), Column(_("承诺时限"))],
        "rows": [
            Row(
                (items[one].title, names.get(items[one].agency, items[one].agency),
                 "、".join(items[before].title for before in it.after[one]) or _("可以马上办"), promise(items[one])),
                reverse("portal:hall_guide", args=[one]),
            )
            for one in it.items
        ],
        "agencies": len({items[one].agency for one in it.items}),
        "questions": [(titles[one.name], when(one.show_if, titles)) for one in questions],
        "separately": separately,
        "materials": [(one, links(items[key] for key in one.items), when(one.material.show_if, titles)) for one in it.asked],
        "given": [(one, Link(items[one.given_by].title, reverse("portal:hall_guide", args=[one.given_by]))) for one in it.given],
        "charges": [
            (names.get(part.agency, part.agency),
             [(line, prices[key][line.key], when(line.show_if, titles)) for key, line in part.lines])
            for part in it.charges
        ],
        "promised": it.promised,
        "path": links(items[one] for one in it.path),
        "longest": it.longest,
        "extension": it.extension,
    }  # fmt: skip
