"""One item at the desk: its parts with what is amiss in each, one part, one entry of a part that is a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import item_drafts as api
from shuniu.cases.api import items
from shuniu.cases.api.succession import keeper
from shuniu.cases.declare import ServiceItem
from shuniu.cases.declare.item_draft import ItemAtHand, ItemState
from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.pages.cataloguing import needed
from shuniu.portal.pages.cataloguing_forms import Seen
from shuniu.portal.pages.items.fields import PartForm
from shuniu.portal.pages.items.listing import copy_href, desk_href, item_state
from shuniu.portal.pages.items.parts import PARTS, Part, part_href, placements, with_fields
from shuniu.portal.shell import desk_page, tried
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, State

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Desk:
    """What lies before a reader, and whether he may write on it."""

    at: ItemAtHand
    who: Actor

    @property
    def key(self) -> str:
        return self.at.row.key

    @property
    def seen(self) -> str:
        """When the version before the editor was written: what came since, he has not read."""
        return self.at.row.made_at.isoformat()

    @property
    def own(self) -> bool:
        return keeper(self.at.row.agency) == self.who.agency and self.who.may("cases.draft_item")

    @property
    def writes(self) -> bool:
        return self.own and not self.at.row.shipped and self.at.row.state is not ItemState.REVIEW

    def crumbs(self, *further: Link) -> list[Link]:
        """The way back."""
        return [Link(_("事项管理"), reverse("portal:item_list")), *further]


def desk_of(request: HttpRequest, agency: str, name: str) -> Desk:
    """The item at hand. Raises Refused cases.no_item, right.missing, right.agency."""
    who = actor(request)
    needed(who, "cases.read_item")
    if who.agency != keeper(agency) and not who.may(OVERSEE):  # before it is known whether there is such a one
        raise Refused("right.agency", "别的单位的事项不在这里办理。", "请由事项所属单位的人员办理。")
    return Desk(api.read(actor=who, key=f"{agency}/{name}"), who)


@never_cache
@require_safe
def item(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """An item's parts, each with what is amiss in it; the ways on."""
    return overview(request, desk_of(request, agency, name))


def overview(request: HttpRequest, desk: Desk, form: Any = None, status: int = 200) -> HttpResponse:
    """The page of an item; `form` is one of its acts that did not succeed."""
    row, it, who = desk.at.row, desk.at.item, desk.who
    found = placements(it, desk.at.faults)
    context = {
        "crumbs": desk.crumbs(),
        "desk": desk,
        "row": row,
        "agency": agency_names().get(row.agency, row.agency),
        "state": item_state(row.state),
        "found": found,
        "blocking": sum(one.fault.blocks for one in found),
        "parts_of": [(part, part_href(it, part), _count(part, it), _standing(part, found)) for part in PARTS.values()],
        "columns": [Column(_("部分")), Column(_("内容")), Column(_("问题"))],
        "form": form,
        "copy": copy_href(row.key) if desk.own else "",
        "publishes": row.state is ItemState.REVIEW and who.may(api.PUBLISH) and who.person not in row.makers,
        "made_it": row.state is ItemState.REVIEW and who.may(api.PUBLISH) and who.person in row.makers,
        "published": desk.at.published is not None,
    }
    return desk_page(request, "items/item", context, status=status)


def _count(part: Part, it: ServiceItem) -> str:
    return _("%(n)s 项") % {"n": len(part.entries(it))} if part.field else "—"


def _standing(part: Part, found: list[Any]) -> State:
    mine = [one.fault.blocks for one in found if one.part is part]
    if any(mine):
        return State(_("%(n)s 处要改正") % {"n": sum(mine)}, "stopped")
    return State(_("%(n)s 处提示") % {"n": len(mine)}, "warning") if mine else State(_("没有问题"), "done")


def _part(key: str) -> Part:
    if key not in PARTS:
        raise Http404
    return PARTS[key]


def _writing(desk: Desk) -> None:
    """Refuse who may only read. Raises Refused."""
    row = desk.at.row
    if not desk.own:
        raise Refused("right.agency", "只有实施单位的事项编制人员可以修改。", "请由实施单位的人员办理。")
    if row.shipped:
        raise Refused("items.shipped", f"“{row.title}”随平台发布。", "请复制为新的事项代码后再改。")
    if row.state is ItemState.REVIEW:
        raise Refused("items.in_review", f"“{row.title}”正在等待发布。", "请等审核人发布或者退回。")


def _save(form: Seen, desk: Desk, make: Callable[[], ServiceItem]) -> bool:
    """Keep what was typed in the draft; what is wrong stands in the form."""
    item = form.whole(make)
    if item is None:
        return False
    seen = form.cleaned_data["seen"]
    return tried(form, lambda: items.draft(actor=desk.who, item=item, seen=seen)) is not None


@never_cache
@_read_or_post
def part(request: HttpRequest, agency: str, name: str, key: str) -> HttpResponse:
    """A part: its form, or its list, whose POST moves or removes an entry."""
    desk, at = desk_of(request, agency, name), _part(key)
    _writing(desk)
    if at.field:
        return _list(request, desk, at)
    form = at.form(request.POST if request.method == "POST" else None, item=desk.at.item, initial={"seen": desk.seen})
    if form.is_bound and form.is_valid():
        said = {field: value for field, value in form.cleaned_data.items() if field != "seen"}
        if _save(form, desk, lambda: with_fields(desk.at.item, form.write(said))):
            messages.success(request, _("“%(part)s”已保存。") % {"part": at.title})
            return redirect(desk_href(desk.key))
    return _drawn(request, desk, at, form)


def _drawn(
    request: HttpRequest, desk: Desk, at: Part, form: PartForm, held: bool = False, called: str = ""
) -> HttpResponse:
    over = [Link(desk.at.item.title, desk_href(desk.key))]
    if at.field:
        over.append(Link(str(at.title), part_href(desk.at.item, at)))
    context = {
        "crumbs": desk.crumbs(*over),
        "form": form,
        "it": desk.at.item,
        "title": called or str(at.title),
        "adding": bool(at.field) and not held,
        "elements": sorted(catalogue.elements().values(), key=lambda one: one.title) if at.key == "questions" else (),
        "faults": [one.fault for one in placements(desk.at.item, desk.at.faults) if _here(one, desk, at, form)],
    }
    return desk_page(request, "items/part", context, status=422 if form.errors else 200)


def _here(one: Any, desk: Desk, at: Part, form: PartForm) -> bool:
    """Whether a fault is about what this form shows."""
    if one.part is not at or not at.field:
        return one.part is at
    entries = at.entries(desk.at.item)
    return form.of in entries and one.href.partition("#")[0] == part_href(desk.at.item, at, entries.index(form.of))


def _list(request: HttpRequest, desk: Desk, at: Part) -> HttpResponse:
    form = Seen(request.POST if request.method == "POST" else None)
    it = desk.at.item
    if form.is_bound and form.is_valid() and _rearranged(request, desk, at, form):
        return HttpResponseRedirect(part_href(it, at))
    found = placements(it, desk.at.faults)
    entries = [
        (place, part_href(it, at, place), *at.form.words(one, it), [
            other.fault for other in found if other.href.partition("#")[0] == part_href(it, at, place)
        ])
        for place, one in enumerate(at.entries(it))
    ]  # fmt: skip
    context = {
        "crumbs": desk.crumbs(Link(it.title, desk_href(desk.key))),
        "form": form,
        "desk": desk,
        "at": at,
        "it": it,
        "new_href": reverse("portal:item_entry_new", args=[*desk.key.split("/"), at.key]) if at.adds else "",
        "columns": [Column(str(at.one)), Column(_("说明")), Column(_("问题")), Column(_("顺序"))],
        "rows": entries,
        "faults": [one.fault for one in found if one.part is at and one.href == part_href(it, at)],
    }
    return desk_page(request, "items/entries", context, status=422 if form.errors else 200)


def _rearranged(request: HttpRequest, desk: Desk, at: Part, form: Seen) -> bool:
    """Do with one entry what its button says."""
    act, _colon, said = str(request.POST.get("do", "")).partition(":")
    entries = at.entries(desk.at.item)
    if act not in ("up", "down", "remove") or not said.isdecimal() or int(said) >= len(entries):
        form.add_error(None, _("没有这一项了。请在下面最新的内容上修改。"))
        return False
    place = int(said)
    if act == "remove" and len(entries) <= at.least:
        form.add_error(None, _("至少要留一项。请先添加别的，再删除这一项。"))
        return False
    left = (
        (*entries[:place], *entries[place + 1 :])
        if act == "remove"
        else at.moved(entries, place, -1 if act == "up" else 1)
    )
    return _save(form, desk, lambda: at.put(desk.at.item, left))


@never_cache
@_read_or_post
def entry(request: HttpRequest, agency: str, name: str, key: str, place: int | None = None) -> HttpResponse:
    """One entry of a part that is a list; without a place, one more at the end."""
    desk, at = desk_of(request, agency, name), _part(key)
    _writing(desk)
    entries = at.entries(desk.at.item) if at.field else ()
    if not at.field or (place is None and not at.adds) or (place is not None and place >= len(entries)):
        raise Http404
    of = entries[place] if place is not None else None
    form = at.form(
        request.POST if request.method == "POST" else None, item=desk.at.item, of=of, initial={"seen": desk.seen}
    )
    if form.is_bound and form.is_valid():
        said = {field: value for field, value in form.cleaned_data.items() if field != "seen"}
        if _save(form, desk, lambda: at.put_one(desk.at.item, form.write(said), place)):
            messages.success(request, _("%(one)s已保存。") % {"one": at.one})
            return redirect(part_href(desk.at.item, at))
    called = at.form.words(of, desk.at.item)[0] if of is not None else _("添加%(one)s") % {"one": at.one}
    return _drawn(request, desk, at, form, held=of is not None, called=called)
