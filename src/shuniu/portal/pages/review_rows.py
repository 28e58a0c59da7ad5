"""The rows behind both sides of a doubtful pair, masked, for the reviewer who has taken it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.portal.row_facts import row_facts
from shuniu.portal.shell import desk_page
from shuniu.registries import api as registries
from shuniu.registries.declare import Portrait
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link, Value


@dataclass(frozen=True)
class Said:
    """What one resource says of one side: its title with its agency, and the facts of each row."""

    title: str
    rows: tuple[list[tuple[str, Value]], ...]


@never_cache
@require_safe
def match_rows(request: HttpRequest, number: int) -> HttpResponse:
    """Both sides' current rows, resource by resource; each reading is journalled, with the review as its purpose."""
    who = actor(request)
    it = registries.doubt(actor=who, number=number)
    sides = [(_("一方"), it.subject), (_("另一方"), it.candidate)]
    context = {
        "crumbs": [
            Link(_("主体复核"), reverse("portal:matches")),
            Link(_("第 %(n)s 号疑似主体") % {"n": number}, reverse("portal:match", args=[number])),
        ],
        "number": number,
        "sides": [(title, _said(who, side, number)) for title, side in sides],
    }
    return desk_page(request, "review_rows", context)


def _said(who: Actor, side: Portrait, number: int) -> list[Said]:
    names = agency_names()
    purpose = f"主体复核第 {number} 号"  # kept in the journal, so the same in every language
    found = [exchange.read(actor=who, resource=key, subject=side.subject, purpose=purpose) for key in side.sources]
    return [
        Said(
            f"{names.get(one.resource.agency, one.resource.agency)} · {one.resource.title}",
            tuple(row_facts(one.items, seen.row.values) for seen in one.rows),
        )
        for one in found
    ]
