"""What the portal's pages share: the desk's shell, lists that go on, files to take away, forms' refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shuniu.directory.session import actor
from shuniu.directory.session import tried as tried  # forms' refusals
from shuniu.exchange.api.overview import Freshness, Timing
from shuniu.exchange.api.timeliness import freshness
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.declare import State as Standing
from shuniu.portal import tables
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Paging, Receipt, State, StateKind

T = TypeVar("T")
SIZE = 50
"""Rows of one page of a list."""

_KINDS: Mapping[Standing, StateKind] = {
    Standing.RECEIVED: "info",
    Standing.HELD: "waiting",
    Standing.STORED: "done",
    Standing.REFUSED: "stopped",
    Standing.RECALLED: "none",
}


def submission_state(state: Standing) -> State:
    """A submission's state as a word with its shape."""
    return State(state.title, _KINDS[state])


_TIMELY: Mapping[Freshness, StateKind] = {
    Freshness.FRESH: "done",
    Freshness.DUE: "warning",
    Freshness.GRACE: "warning",
    Freshness.OVERDUE: "stopped",
    Freshness.NEVER_DUE: "none",
}


def timely_state(timing: Timing) -> State:
    """Whether a resource is delivered in time, as a word with its shape and, where one runs, the day that is due."""
    due = _("，%(day)s 到期") % {"day": timing.due.isoformat()} if timing.due else ""
    return State(f"{_(timing.state.title)}{due}", _TIMELY[timing.state])


def timings(who: Actor, agency: str) -> dict[str, Timing]:
    """How the resources of an agency (empty: of all) stand in time, by key; none for who may not ask."""
    if not who.may("exchange.read_freshness"):
        return {}
    return {one.resource.key: one.timing for one in freshness(actor=who, agency=agency)}


def receipt_card(it: ReceiptView, agency: str, hrefs: Mapping[str, str]) -> Receipt:
    """A receipt as the card draws it: it adds up, or is not drawn; `hrefs` says where a count's rows are listed."""
    c = it.counts
    return Receipt(
        number=_("第 %(n)s 号") % {"n": it.number}, agency=agency, resource=it.resource_title,
        submitted_at=it.received_at, received=c.received, new=c.new, changed=c.changed, unchanged=c.unchanged,
        duplicate=c.duplicate, rejected=c.rejected, held_before=c.held_before, held_after=c.held_after,
        withdrawn=c.withdrawn, state=submission_state(it.state), hrefs=hrefs,
    )  # fmt: skip


def officer(request: HttpRequest) -> Actor:
    """Who asks, of an agency. Raises Refused right.officer for citizens, firms and who has not signed in."""
    who = actor(request)
    if not who.agency:
        raise Refused("right.officer", "这个页面只供单位工作人员使用。", "请用单位账号登录；办理自己的事请到办事大厅。")
    return who


def desk_page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Draw a page of the desk, with the menu that its reader's rights give."""
    if file := tables.listed(request, context):
        return file
    who = actor(request)
    exports = tables.links(request) if context.get("export") else ()
    shared = {"who": who, "may": who.may, "exports": exports}
    return render(request, f"portal/{template}.html.jinja", {**shared, **context}, status=status)


def own_page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Draw one of a reader's own pages in the hall, with the menu of what is the reader's own."""
    return render(request, f"portal/hall/{template}.html.jinja", dict(context), status=status)


def href(name: str) -> str:
    """The address of a page that an instance may lack; empty when it does."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def number(text: str | None, default: int = 0) -> int:
    """A whole number from an address; `default` when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else default


def page_asked(request: HttpRequest) -> int:
    """Which page of a list an address asks for, from 1. No list has a million: a row's place must stay a number of the database."""
    return min(max(1, number(request.GET.get("page"), 1)), 1_000_000)


@dataclass(frozen=True)
class Going:
    """Where a list by key goes on: the address of its next and of its first page, empty when there is none."""

    next: str = ""
    first: str = ""


def going(request: HttpRequest, parameter: str, last: int | str | None) -> Going:
    """The next page's address starts behind `last` (None: this is the end); the first page's drops the parameter."""
    kept = [(key, value) for key, value in _asked(request).items() if key != parameter]
    following = "" if last is None else "?" + urlencode([*kept, (parameter, str(last))])
    return Going(following, "?" + urlencode(kept) if request.GET.get(parameter) else "")


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks, without the empty fields of a filter row."""
    return {key: str(value) for key, value in request.GET.items() if value}


def paged(request: HttpRequest, found: Sequence[T], size: int = SIZE) -> tuple[Sequence[T], Paging]:
    """One page of a list that is wholly in memory, as the address's `page` asks; all of it for a file."""
    if tables.exporting(request):
        return found[: tables.MOST], Paging(1, tables.MOST, len(found))
    query = tuple((key, value) for key, value in _asked(request).items() if key != "page")
    paging = Paging(1, size, len(found), query)
    page = min(page_asked(request), paging.pages)
    return found[(page - 1) * size : page * size], Paging(page, size, len(found), query)


def download(data: bytes, name: str, kind: str = "text/csv; charset=utf-8") -> HttpResponse:
    """A file to take away, under a Chinese name, never opened in place."""
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def first_click(key: str) -> bool:
    """Whether a form comes for the first time within the hour, by the key that it was given out with."""
    return bool(cache.add(key, True, 3600))


def unclicked(key: str) -> None:
    """Let the form come again: it was refused."""
    cache.delete(key)
