"""Writing a draft at the desk: its terms, its items one by one in their order, a new one; taking back, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.api import VersionView
from shuniu.catalogue.declare import Element, Fault, Item, NotFound, Resource
from shuniu.catalogue.declare import State as Stands
from shuniu.directory.session import actor
from shuniu.portal.pages.cataloguing import needed, version_href
from shuniu.portal.pages.cataloguing_forms import ItemForm, NewResource, Seen, Terms, Why
from shuniu.portal.shell import desk_page, tried
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
WRITABLE = (Stands.DRAFT, Stands.REJECTED, Stands.PUBLISHED)
"""What may be written on; what is published becomes the next version's first wording."""


@dataclass(frozen=True)
class Desk:
    """What lies before the editor: the version that his changes start from, and what it says."""

    one: VersionView
    it: Resource

    @property
    def seen(self) -> str:
        """The moment at which the version before the editor was written: what came since, he has not read."""
        return self.one.made_at.isoformat()

    @property
    def open(self) -> bool:
        """Whether there is a draft already; else the first change makes it."""
        return self.one.state is not Stands.PUBLISHED

    @property
    def href(self) -> str:
        return reverse("portal:resource_draft", args=[self.it.key])

    def crumbs(self, *further: Link) -> list[Link]:
        return [Link(_("编制目录"), reverse("portal:cataloguing")), *further]


def _desk(who: Actor, key: str) -> Desk:
    """The resource of the actor's own agency as it may be written on. Raises Http404, Refused."""
    needed(who, "catalogue.draft")
    one = _own(who, key, (*WRITABLE, Stands.REVIEW))
    if one.state is Stands.REVIEW:
        raise Refused("catalogue.in_review", f"“{one.title}”正在审核，不能修改。", "请等审核办结，或由提交人撤回送审。")
    if one.shipped:
        message = f"“{one.title}”随平台发布，不能在这里修改。"
        raise Refused("catalogue.owner", message, "请在它的版本页选“复制为新资源”。")
    return Desk(one, catalogue.version(key, one.number).resource)


def _save(request: HttpRequest, form: forms.Form, resource: Resource, seen: datetime | None) -> bool:
    """Write the draft; a refusal stands in the form."""
    who = actor(request)
    return tried(form, lambda: catalogue.draft(actor=who, resource=resource, seen=seen)) is not None


@never_cache
@_read_or_post
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """A draft with what is amiss in it, its items and its terms. A POST saves the terms, or moves or removes an item."""
    at = _desk(actor(request), key)
    move = Seen(request.POST if request.method == "POST" and "do" in request.POST else None)
    terms = Terms(
        request.POST if request.method == "POST" and not move.is_bound else None, of=at.it, initial={"seen": at.seen}
    )
    if move.is_bound and move.is_valid() and _rearranged(request, at, move):
        return HttpResponseRedirect(f"{at.href}#items")
    if terms.is_bound and terms.is_valid():
        resource = terms.resource()
        if resource is not None and _save(request, terms, resource, terms.cleaned_data["seen"]):
            messages.success(request, _("已保存。"))
            return redirect(at.href)
    return _drawn(request, at, terms, move)


def _rearranged(request: HttpRequest, at: Desk, form: Seen) -> bool:
    """Do with one item what its button says."""
    act, _colon, name = str(request.POST["do"]).partition(":")
    items = list(at.it.items)
    place = next((n for n, item in enumerate(items) if item.name == name), None)
    if place is None or act not in ("up", "down", "remove"):
        form.add_error(None, _("没有这个信息项了。请在下面最新的内容上修改。"))
        return False
    item = items.pop(place)
    if act != "remove":
        items.insert(max(0, place - 1) if act == "up" else place + 1, item)
    resource = form.whole(lambda: Resource.model_validate(at.it.model_dump() | {"items": items}))
    return resource is not None and _save(request, form, resource, form.cleaned_data["seen"])


def _drawn(request: HttpRequest, at: Desk, terms: Terms, move: Seen) -> HttpResponse:
    elements = catalogue.elements()
    faults = catalogue.faults_of([at.it.key]).get(at.it.key, ())
    amiss: dict[str, list[Fault]] = {}
    for fault in faults:
        amiss.setdefault(fault.item, []).append(fault)
    who = actor(request)
    context = {
        "crumbs": at.crumbs(Link(_("第 %(n)s 版") % {"n": at.one.number}, version_href(at.one))),
        "at": at,
        "terms": terms,
        "move": move,
        "amiss": amiss,
        "blocking": sum(fault.blocks for fault in faults),
        "columns": [
            Column(_("信息项")), Column(_("字段名"), "code"), Column(_("数据元")), Column(_("类型")), Column(_("必填")),
            Column(_("问题")), Column(_("顺序")),
        ],
        "rows": [(item, _element(item, elements), amiss.get(item.name, ())) for item in at.it.items],
        "may_hand_in": who.may("catalogue.submit_for_review") and at.open,
    }  # fmt: skip
    return desk_page(request, "cataloguing_draft", context, status=422 if terms.errors or move.errors else 200)


def _element(item: Item, elements: dict[str, Element]) -> str:
    return elements[item.element].title if item.element in elements else item.element


@never_cache
@_read_or_post
def item(request: HttpRequest, key: str, name: str = "") -> HttpResponse:
    """One item of a draft; without a name, one more at the end."""
    at = _desk(actor(request), key)
    held = next((one for one in at.it.items if one.name == name), None)
    if name and held is None:
        raise Http404
    form = ItemForm(request.POST if request.method == "POST" else None, of=held, initial={"seen": at.seen})
    if form.is_bound and form.is_valid() and (said := form.item()) is not None:
        items = [said if one is held else one for one in at.it.items] + ([] if held else [said])
        resource = form.whole(lambda: Resource.model_validate(at.it.model_dump() | _with(at.it, items, name, said)))
        if resource is not None and _save(request, form, resource, form.cleaned_data["seen"]):
            messages.success(request, _("“%(title)s”已保存。") % {"title": said.title})
            return redirect("portal:new_item", key) if "more" in request.POST else redirect(f"{at.href}#items")
    context = {
        "crumbs": at.crumbs(Link(at.it.title, at.href)),
        "form": form,
        "held": held,
        "it": at.it,
        "elements": sorted(catalogue.elements().values(), key=lambda one: one.title),
        "faults": [one for one in catalogue.faults_of([key]).get(key, ()) if name and one.item == name],
    }
    return desk_page(request, "cataloguing_item", context, status=422 if form.errors else 200)


def _with(it: Resource, items: list[Item], name: str, said: Item) -> dict[str, object]:
    """The items, and the region's field by the item's new name where it was renamed."""
    return {"items": items, "by_region": said.name if name and it.by_region == name else it.by_region}


@never_cache
@_read_or_post
def new(request: HttpRequest) -> HttpResponse:
    """A resource that does not exist yet, from nothing or, with `?from=`, as a copy of a published one."""
    who = actor(request)
    needed(who, "catalogue.draft")
    of = _copied(who, request.GET.get("from", ""))
    form = NewResource(request.POST if request.method == "POST" else None, agency=who.agency, of=of)
    if form.is_bound and form.is_valid() and (resource := form.resource()) is not None:
        if catalogue.versions(key=resource.key):
            form.add_error("code", _("这个代码已经用过了。请换一个。"))
        elif _save(request, form, resource, None):
            messages.success(request, _("已做成草稿。请补全说明和信息项。"))
            return redirect("portal:resource_draft", resource.key)
    context = {"crumbs": [Link(_("编制目录"), reverse("portal:cataloguing"))], "form": form, "of": of}
    return desk_page(request, "cataloguing_new", context, status=422 if form.errors else 200)


def _copied(who: Actor, key: str) -> Resource | None:
    """The published resource of the actor's own agency to start from. Raises Refused."""
    if not key:
        return None
    try:
        found = catalogue.published(key).resource
    except NotFound as unknown:
        raise Http404 from unknown
    if found.agency != who.agency:
        raise Refused("right.agency", "只能复制本单位的资源。", "请从本单位的资源中选择。")
    return found


@never_cache
@_read_or_post
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Make what one has handed in a draft again (撤回送审)."""
    who = actor(request)
    needed(who, "catalogue.take_back")
    one = _own(who, key, (Stands.REVIEW,))
    return _ending(
        request, one, _("撤回送审"), _("审核终止，回到草稿，可以修改后再提交。"), _("已撤回，现在是草稿。"),
        lambda reason: catalogue.take_back(actor=who, key=key, reason=reason), reverse("portal:resource_draft", args=[key]),
    )  # fmt: skip


@never_cache
@_read_or_post
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take an open draft away, or else the published version out of the catalogue (撤销)."""
    who = actor(request)
    needed(who, "catalogue.withdraw")
    one = _own(who, key, WRITABLE)
    what = (
        _("这项资源将从目录中撤销，不再接收报送；已有的数据不动。")
        if one.state is Stands.PUBLISHED
        else _("这份草稿将被撤销；已发布的版本不受影响。")
    )
    return _ending(
        request, one, _("撤销"), what, _("已撤销。"),
        lambda reason: catalogue.withdraw(actor=who, key=key, reason=reason), reverse("portal:cataloguing"),
    )  # fmt: skip


def _own(who: Actor, key: str, states: tuple[Stands, ...]) -> VersionView:
    found = [one for one in catalogue.versions(key=key, states=states) if one.agency == who.agency]
    if not found:
        raise Http404
    return found[0]


def _ending(
    request: HttpRequest, one: VersionView, title: str, what: str, done: str, act: Callable[[str], object], after: str
) -> HttpResponse:
    """The page that asks why, and what follows."""
    form = Why(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: (act(reason), True)) is not None:
            messages.success(request, done)
            return redirect(after)
    crumbs = [Link(_("编制目录"), reverse("portal:cataloguing")), Link(one.title, version_href(one))]
    context = {"crumbs": crumbs, "form": form, "one": one, "act": title, "what": what}
    return desk_page(request, "cataloguing_ending", context, status=422 if form.errors else 200)
