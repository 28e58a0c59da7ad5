"""Appointments in the hall: choose a day and a slot, one's own bookings, and what hangs in the waiting room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import appointments as api
from shuniu.cases.api import counter, items
from shuniu.cases.declare.appointment import BookingState, BookingView, Offer, WindowView
from shuniu.directory.session import actor
from shuniu.portal.shell import number as whole
from shuniu.portal.shell import own_page, tried
from shuniu.web.declare import Column, Link, Row, State, StateKind
from shuniu.web.forms import PlainForm

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
_KINDS: Mapping[BookingState, StateKind] = {
    BookingState.OPEN: "waiting",
    BookingState.ARRIVED: "done",
    BookingState.MISSED: "stopped",
    BookingState.CANCELLED: "none",
    BookingState.DROPPED: "warning",
}


class SlotForm(PlainForm):
    """One of the day's slots that have a place left."""

    start = forms.ChoiceField(label=gettext_lazy("时段"), widget=forms.RadioSelect)

    def __init__(self, offer: Offer, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["start"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (f"{one.start:%H:%M}", _("%(since)s–%(until)s，余 %(free)s 个") % {
                "since": f"{one.start:%H:%M}", "until": f"{one.until:%H:%M}", "free": one.free})
            for one in offer.slots if one.free
        ]  # fmt: skip


def spoken(day: date) -> str:
    """A day as people say it: with its weekday."""
    return _("%(day)s %(weekday)s") % {"day": day.isoformat(), "weekday": date_format(day, "D")}


def state(of: BookingState) -> State:
    """Where a booking stands as a word with its shape."""
    return State(_(of.title), _KINDS[of])


@never_cache
@_read_or_post
def book(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a window, a day and a slot for an item; whoever looks need not have signed in."""
    it = items.published(key).item
    windows = api.windows(key) if it.appointment else ()
    asked = whole(request.GET.get("window"))
    window = next((one for one in windows if one.id == asked), windows[0] if len(windows) == 1 else None)
    offers = api.offers(window.id) if window else ()
    open_days = [one for one in offers if any(slot.free for slot in one.slots)]
    offer = next((one for one in open_days if one.day.isoformat() == request.GET.get("day")), None)
    form = SlotForm(offer, request.POST if request.method == "POST" else None) if offer else None
    who = actor(request)
    if window and offer and form and form.is_bound and form.is_valid():
        start = time.fromisoformat(form.cleaned_data["start"])
        made = tried(form, lambda: api.book(actor=who, window=window.id, item=key, day=offer.day, start=start))
        if made is not None:
            messages.success(
                request, _("预约成功，预约号 %(number)s。请按时到窗口报预约号取号。") % {"number": made.number}
            )
            return redirect("portal:my_bookings")
    context = {
        "crumbs": [Link(it.title, reverse("portal:hall_guide", args=[key]))], "it": it, "window": window, "offer": offer,
        "windows": [(one, _place(one), f"?window={one.id}") for one in windows], "form": form, "spoken": spoken,
        "days": [(one, spoken(one.day), _free(one), _day(window, one)) for one in offers], "may": who.may("cases.book"),
        "sign_in": f"{reverse('directory:sign_in')}?{urlencode({'next': request.get_full_path()})}",
        "signed_in": bool(who.subject) or ":" in who.person,
    }  # fmt: skip
    return render(request, "portal/hall/book.html.jinja", context, status=422 if form and form.errors else 200)


def _place(window: WindowView) -> str:
    return f"{window.agency_name} {window.title}"


def _free(offer: Offer) -> int:
    return sum(slot.free for slot in offer.slots)


def _day(window: WindowView | None, offer: Offer) -> str:
    return f"?{urlencode([('window', window.id), ('day', offer.day.isoformat())])}" if window else ""


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own bookings, the newest first."""
    columns = [Column(_("事项")), Column(_("时间")), Column(_("地点")), Column(_("预约号"), "code"), Column(_("状态")),
               Column(_("可以做什么"))]  # fmt: skip
    rows = [
        Row((one.title, _time(one), f"{one.agency_name} {one.place} {one.window_title}", one.number, state(one.state),
             _offered(one)))
        for one in api.own(actor=actor(request))
    ]  # fmt: skip
    return own_page(request, "bookings", {"columns": columns, "rows": rows})


def _time(one: BookingView) -> str:
    return f"{spoken(one.day)} {one.start:%H:%M}–{one.until:%H:%M}"


def _offered(one: BookingView) -> Link | str | None:
    if one.may_cancel:
        return Link(
            f"{_('取消')}{_('：')}{one.title} {one.number}", reverse("portal:booking_cancel", args=[one.number])
        )
    if one.code:
        return Link(
            _("排队号 %(code)s，看叫号") % {"code": one.code}, reverse("portal:waiting_board", args=[one.window])
        )
    return None


@never_cache
@_read_or_post
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Give up a booking, after being asked."""
    who = actor(request)
    it = next((one for one in api.own(actor=who) if one.number == number), None)
    if it is None:
        raise Http404(number)
    form = PlainForm(request.POST) if request.method == "POST" else PlainForm()
    if form.is_bound and tried(form, lambda: api.cancel(actor=who, number=number)) is not None:
        messages.success(request, _("预约 %(number)s 已取消。") % {"number": number})
        return redirect("portal:my_bookings")
    facts = [
        (_("事项"), it.title), (_("时间"), _time(it)), (_("地点"), f"{it.place} {it.window_title}"),
        (_("状态"), state(it.state)),
    ]  # fmt: skip
    context = {
        "crumbs": [Link(_("我的预约"), reverse("portal:my_bookings"))], "it": it, "facts": facts, "form": form,
    }  # fmt: skip
    return render(request, "portal/hall/booking_cancel.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def board(request: HttpRequest, window: int) -> HttpResponse:
    """Who is called and who is next, by number only: for the waiting room and for a phone."""
    return render(request, "portal/hall/waiting.html.jinja", {"it": counter.board(window)})


urlpatterns = [
    path("hall/book/<path:key>/", book, name="book"),
    path("hall/bookings/", mine, name="my_bookings"),
    path("hall/bookings/<str:number>/cancel/", cancel, name="booking_cancel"),
    path("hall/windows/<int:window>/", board, name="waiting_board"),
]
