"""A life event applied for as one: begun from the answers that decide, filed with one list of materials, followed by branch."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import bundling, drafts, filing, items, licences, uploads
from shuniu.cases.declare.bundling import BranchView, JointMaterial
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.directory.session import actor
from shuniu.portal.clocks import due_cell
from shuniu.portal.hall.apply_parts import crumbs
from shuniu.portal.hall.beside import Wrong, carried, with_files
from shuniu.portal.hall.case_filing import Choosing, asks_consent, case_crumbs, elsewhere, part_of
from shuniu.portal.hall.case_parts import standing
from shuniu.portal.hall.crowd import when_room
from shuniu.portal.shell import tried
from shuniu.web.declare import Column, Link, Row, State

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_read_or_post
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Before the first question: what is asked together, and one's drafts of the same life event."""
    it, who = items.bundle(key).bundle, actor(request)
    said = {one.name: request.GET.get(one.name, "") for one in it.determinants}
    if not all(said.values()):
        return redirect("portal:hall_event", key=key)
    if request.method == "POST":
        return redirect("portal:draft", draft=bundling.start(actor=who, key=key, said=said))
    mine = [one for one in drafts.mine(actor=who) if one.item == key and one.version]
    whole = items.whole(key, said)
    pages = list(dict.fromkeys(page.title for page in whole.form.pages)) if whole.form else []
    context = {"it": it, "mine": mine, "pages": pages, "items": [items.published(one).item for one in whole.items]}
    return render(request, "portal/hall/event_begin.html.jinja", context)


@never_cache
@_read_or_post
@with_files
@when_room
def file(request: HttpRequest, wrong: Wrong, draft: int) -> HttpResponse:
    """The one list of materials and by what each is satisfied; what is posted is planned again, or filed with."""
    who = actor(request)
    found = drafts.view(actor=who, draft=draft)
    if (other := elsewhere(found, "portal:event_case")) is not None:
        return other
    planned = bundling.plan(actor=who, draft=draft)
    wanted = [one.material for one in planned]
    act = request.POST.get("act", "")
    data = carried(request) if act or request.GET else None
    form = Choosing(wanted, uploads.uploads(actor=who), asks_consent(found, wanted), data, wrong)
    if form.is_bound and form.is_valid():
        if act == "file":
            made = tried(form, lambda: bundling.file(actor=who, draft=draft, given=form.handed_in))
            if made is not None:
                return redirect("portal:event_case", number=made.number)
        planned = bundling.plan(actor=who, draft=draft, given=form.handed_in)
    context = {
        "it": found, "form": form, "largest": uploads.largest(),
        "parts_of": [part_of(one.material, one.planned, _for(one), form) for one in planned],
        "missing": sum(not one.planned.settled for one in planned),
        "crumbs": [*crumbs(found), Link(_("核对"), reverse("portal:draft_check", args=[draft]))],
    }  # fmt: skip
    return render(request, "portal/hall/case_materials.html.jinja", context, status=422 if form.errors else 200)


def _for(one: JointMaterial) -> str:
    return _("用于") + _("：") + "、".join(one.items)


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A filed life event: how the whole stands, and for each agency's item who holds it and when it is due."""
    who = actor(request)
    it = filing.read_case(actor=who, number=number)
    branches = bundling.branches(actor=who, number=number)
    if not branches:
        return redirect("portal:my_case", number=number)
    done = sum(not one.state.running for one in branches)
    numbers = {one.number for one in branches if one.state is CaseState.GRANTED}
    issued = licences.licences(actor=who) if numbers and who.may("cases.read_licences") else []
    context = {
        "licences": [one for one in issued if one.case in numbers],
        "it": it, "crumbs": case_crumbs(it)[:1], "facts": _facts(it), "done": done, "all": len(branches),
        "columns": [Column(_("事项")), Column(_("单位")), Column(_("状态")), Column(_("现在谁在办")),
                    Column(_("应办结"), "day"), Column(_("办件编号"), "code")],
        "rows": [
            Row((one.title, one.agency_name, standing(one.state), _now(one), _due(one), one.number),
                reverse("portal:my_case", args=[one.number]))
            for one in branches
        ],
        "given": [(one.title, material, giver) for one in branches for material, giver in one.gives],
        "partial": it.state is CaseState.PARTIAL,
    }  # fmt: skip
    return render(request, "portal/hall/event_case.html.jinja", context)


def _facts(it: CaseView) -> list[tuple[str, object]]:
    due = next((one.due for one in it.clocks if one.kind == "promised" and one.ended is None), None)
    rows: list[tuple[str, object]] = [
        (_("状态"), standing(it.state)), (_("牵头单位"), it.agency_name), (_("申请人"), it.applicant),
        (_("提交时间"), it.filed_at), (_("全部应办结"), due), (_("办结时间"), it.ended_at),
    ]  # fmt: skip
    return [row for row in rows if row[1]]


def _now(one: BranchView) -> str:
    """Who holds a branch, what it waits for, or why it cannot go on."""
    if one.why:
        return _("“%(items)s”未准予，不能继续") % {"items": "、".join(one.why)}
    if one.waits_for:
        return _("等“%(items)s”准予后自动开始") % {"items": "、".join(one.waits_for)}
    if one.state is CaseState.CORRECTING:
        return _("等您补正")
    return "；".join(" ".join(filter(None, (_(held.stage), held.agency, held.person))) for held in one.holders)


def _due(one: BranchView) -> date | State | None:
    return (
        due_cell(one.due or next((held.due for held in one.holders if held.due), None)) if one.state.running else None
    )


urlpatterns = [
    path("hall/events/<slug:key>/apply/", begin, name="event_begin"),
    path("hall/event-cases/file/<int:draft>/", file, name="event_file"),
    path("hall/event-cases/<str:number>/", case, name="event_case"),
]
