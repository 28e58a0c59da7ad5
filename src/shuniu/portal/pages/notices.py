"""The inbox: what an officer or a citizen was told, each opening what it speaks of, and noting that it was read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api.letter_own import TO_WRITERS
from shuniu.directory.session import actor
from shuniu.notices import api as inbox
from shuniu.notices.declare import NoticeView
from shuniu.portal.shell import SIZE, desk_page, going
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link

_PLACES = {
    "submission": ("portal:submission", "exchange.read_receipt"),
    "objection": ("portal:objection", "exchange.read_objection"),
    "repair": ("portal:repair", "credit.read_repair"),
    "case": ("portal:my_case", "cases.list_own"),
    "rating": ("portal:rating", "cases.read_rating"),
    "letter": ("portal:letter", "cases.read_letter"),
    "document": ("portal:document", "cases.read_document"),
    "certificate": ("portal:certificate", "trust.read_certificate"),
    "share_request": ("portal:share", "exchange.read_share"),
    "agreement": ("portal:agreement", "exchange.read_agreement"),
    "delegation": ("portal:delegation", "directory.read_delegation"),
    "question": ("portal:reading_question", "assessment.list_questions"),
    "flag": ("portal:reading_flag", "assessment.list_flags"),
}
_CATALOGUED = "resource"


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The reader's notices, newest first; `?show=unread` leaves out what was read."""
    who = actor(request)
    unread = request.GET.get("show") == "unread"
    found = inbox.read_inbox(actor=who, unread=unread, limit=SIZE + 1, before=whole(request.GET.get("before")))
    at = reverse("portal:notices")
    context = {
        "tabs": [
            Link(_("全部"), at, current=not unread),
            Link(_("未读"), f"{at}?show=unread", current=unread),
        ],
        "unread": unread,
        "unready": [way.channel.title for way in inbox.ways() if not way.ready],
        "found": [(one, _place(one, who)) for one in found[:SIZE]],
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
    }
    return desk_page(request, "notices", context)


def _place(one: NoticeView, who: Actor) -> str:
    """Where that lies which a notice speaks of; empty where its reader has no page for it."""
    kind, _colon, name = one.object.partition(":")
    if kind == _CATALOGUED and one.template != "exchange.secrecy":
        due = one.template == "exchange.overdue" and who.may("exchange.submit")
        return reverse("portal:upload" if due else "portal:resource", args=[name])
    if kind == "case" and name.isalnum() and who.may("cases.list_agency"):
        return reverse("portal:case", args=[name])
    if one.template in TO_WRITERS and name.isalnum() and who.may("cases.read_own_letter"):
        return reverse("portal:my_letter", args=[name])
    if kind == "question" and not who.agency:
        return f"{reverse('portal:my_reading_questions')}#q{name}"
    page, right = _PLACES.get(kind, ("", ""))
    if not page or not name.isalnum() or not who.may(right):
        return ""
    return reverse(page, args=[name if kind in ("case", "letter") else int(name)])


@never_cache
@require_POST
def mark_read(request: HttpRequest, number: int) -> HttpResponse:
    """Note that a notice was read, and go on to what it speaks of, or back to the list."""
    who = actor(request)
    told = inbox.mark_read(actor=who, number=number)
    place = _place(told, who) if request.POST.get("open") else ""
    return redirect(place or f"{reverse('portal:notices')}{'?show=unread' if request.POST.get('unread') else ''}")
