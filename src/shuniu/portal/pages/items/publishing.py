"""An item's way to the hall: seen as applicants will see it, what it changes and touches, handed in, published, returned."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import drafts, items
from shuniu.cases.api import item_drafts as api
from shuniu.cases.declare import PublishedItem
from shuniu.cases.declare.form import Page
from shuniu.portal.hall.apply_forms import Answering
from shuniu.portal.hall.guide import described, when
from shuniu.portal.pages.items.editing import Desk, desk_of, overview
from shuniu.portal.pages.items.listing import desk_href
from shuniu.portal.pages.items.parts import changes
from shuniu.portal.shell import desk_page, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Link, Row
from shuniu.web.forms import PlainForm


class Reason(PlainForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写明哪一部分、为什么、怎样改；会通知编制人。"),
    )  # fmt: skip


@never_cache
@require_safe
def guide(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """The guide as applicants will see it."""
    at = desk_of(request, agency, name).at
    context = {**described(PublishedItem(at.row.number, at.item)), "preview": True}
    return render(request, "portal/hall/guide/guide.html.jinja", context)


@never_cache
@require_safe
def form(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """The form as applicants will see it, every page of it, with what makes each question appear."""
    desk = desk_of(request, agency, name)
    crumbs = desk.crumbs(Link(desk.at.item.title, desk_href(desk.key)))
    try:
        resolved = drafts.resolved(desk.at.item.form)
    except Refused as refusal:
        return desk_page(request, "items/form", {"crumbs": crumbs, "it": desk.at.item, "wrong": refusal, "pages": ()})
    titles = {one.name: one.title for one in resolved.form.questions}

    def drawn(page: Page) -> tuple[Page, str, list[tuple[forms.BoundField, str, bool]]]:
        asked = Answering(page.questions, resolved, {})
        bound = [
            (field, when(one.show_if, titles), one.prefill is not None)
            for field, one in zip(asked, page.questions, strict=True)
        ]
        return page, when(page.show_if, titles), bound

    pages = [drawn(page) for page in resolved.form.pages]
    return desk_page(request, "items/form", {"crumbs": crumbs, "it": desk.at.item, "wrong": None, "pages": pages})


@never_cache
@require_safe
def effect(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """What publishing changes, which life events it touches, and which cases run."""
    desk = desk_of(request, agency, name)
    before = desk.at.published
    touched = api.check(actor=desk.who, key=desk.key)
    context = {
        "crumbs": desk.crumbs(Link(desk.at.item.title, desk_href(desk.key))),
        "it": desk.at.item,
        "changes": list(changes(before, desk.at.item)) if before is not None else None,
        "events": touched.events,
        "columns": [Column(_("按哪一版受理"), "number"), Column(_("没有办结的办件"), "number")],
        "running": [Row((number, count)) for number, count in touched.running],
    }
    return desk_page(request, "items/effect", context)


def _act(request: HttpRequest, desk: Desk, act: Callable[[], object], done: str, after: str) -> HttpResponse:
    """Do it; a refusal stands on the item's page."""
    form = PlainForm(request.POST)
    form.is_valid()
    if tried(form, lambda: (act(), True)) is None:
        return overview(request, desk, form, 422)
    messages.success(request, done)
    return redirect(after)


@never_cache
@require_POST
def submit(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """Hand the draft in."""
    desk = desk_of(request, agency, name)
    done = _("已提交，等平台审核后发布。")
    return _act(request, desk, lambda: items.submit(actor=desk.who, key=desk.key), done, desk_href(desk.key))


@never_cache
@require_POST
def publish(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """Publish what waits."""
    desk = desk_of(request, agency, name)
    done = _("已发布，办事大厅现在按这一版受理。")
    return _act(request, desk, lambda: items.publish(actor=desk.who, key=desk.key), done, desk_href(desk.key))


@never_cache
@require_POST
def discard(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """Throw the draft away."""
    desk = desk_of(request, agency, name)
    after = desk_href(desk.key) if desk.at.published else reverse("portal:item_list")
    return _act(request, desk, lambda: api.discard(actor=desk.who, key=desk.key), _("草稿已删除。"), after)


@never_cache
def give_back(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """Send what waits back to its agency, saying why."""
    desk = desk_of(request, agency, name)
    what = _("退回后回到草稿，由编制单位修改后再提交。")
    return _reasoned(
        request, desk, _("退回"), what, _("已退回，并通知了编制人。"), items.give_back, reverse("portal:item_list")
    )


@never_cache
def withdraw(request: HttpRequest, agency: str, name: str) -> HttpResponse:
    """Take no new applications for what is published, saying why."""
    desk = desk_of(request, agency, name)
    what = _("取消后不再受理新的申请；已经受理的继续办完。")
    return _reasoned(request, desk, _("取消事项"), what, _("事项已取消。"), items.withdraw, desk_href(desk.key))


def _reasoned(
    request: HttpRequest, desk: Desk, title: str, what: str, done: str, act: Callable[..., object], after: str
) -> HttpResponse:
    """The page that asks why, and what follows."""
    form = Reason(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: (act(actor=desk.who, key=desk.key, reason=reason), True)) is not None:
            messages.success(request, done)
            return redirect(after)
    crumbs = desk.crumbs(Link(desk.at.item.title, desk_href(desk.key)))
    context = {"crumbs": crumbs, "form": form, "it": desk.at.item, "act": title, "what": what}
    return desk_page(request, "items/reason", context, status=422 if form.errors else 200)
