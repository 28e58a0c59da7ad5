"""Compiling the catalogue at the desk: an agency's versions, its data dictionary, what it must still say, handing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.api import Imported, OpenRecognition, VersionView
from shuniu.catalogue.declare import State as Stands
from shuniu.directory.session import actor
from shuniu.portal.shell import desk_page, paged, tried
from shuniu.trust.api import VERBS
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Filter, Link, Row, State, StateKind
from shuniu.web.forms import PlainForm
from shuniu.web.templates import write_number

LARGEST = 20 * 1024 * 1024
"""Bytes of a data dictionary: as many as the catalogue reads."""
LISTED = 500
"""Lines of an import's result that are drawn; all of them are counted."""

_KINDS: Mapping[Stands, StateKind] = {
    Stands.DRAFT: "info",
    Stands.REVIEW: "waiting",
    Stands.REJECTED: "stopped",
    Stands.PUBLISHED: "done",
    Stands.SUPERSEDED: "none",
    Stands.WITHDRAWN: "none",
}
STANDING = (Stands.DRAFT, Stands.REJECTED, Stands.REVIEW, Stands.PUBLISHED)
TO_HAND_IN = (Stands.DRAFT, Stands.REJECTED)


class Dictionary(PlainForm):
    """A department's data dictionary."""

    file = forms.FileField(
        label=gettext_lazy("数据字典文件"),
        help_text=gettext_lazy(
            "CSV 或 XLSX，最大 20 MB。表头须有：资源代码、资源名称、信息项名称、字段名、数据类型。文件不落盘，读完即弃。"
        ),
        error_messages={"empty": gettext_lazy("这个文件是空的。请核对后重新选择。")},
        max_length=200,
    )


@dataclass(frozen=True)
class Choice:
    """A row that may be ticked: what it stands for, and whether it is; no key, no box."""

    row: Row
    key: str = ""
    ticked: bool = False


def needed(who: Actor, *rights: str) -> None:
    """Refuse a page to whoever holds none of these verbs. Raises Refused (right.missing)."""
    if not any(who.may(right) for right in rights):
        title = VERBS[rights[0]].title
        raise Refused("right.missing", f"您没有“{title}”的权限。", "如工作需要，请向本单位的系统管理员申请。")


def version_state(state: Stands) -> State:
    """A version's state as a word with its shape."""
    return State(state.title, _KINDS[state])


def version_href(one: VersionView) -> str:
    """The address of a version's page."""
    return reverse("portal:catalogue_version", args=[one.resource, one.number])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest) -> HttpResponse:
    """The versions of the actor's own agency; a POST hands the ticked drafts (or all of them) in for review."""
    who = actor(request)
    needed(who, "catalogue.draft")
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        keys = _drafts(who) if "all" in request.POST else request.POST.getlist("key")
        if not keys:
            form.add_error(None, _("没有选择任何草稿。请至少勾选一项。"))
        elif (cases := tried(form, lambda: catalogue.submit_for_review(actor=who, keys=keys))) is not None:
            messages.success(request, _("%(n)s 项已提交审核。") % {"n": write_number(len(cases))})
            return redirect("portal:cataloguing")
    return _versions(request, who, form)


def _drafts(who: Actor) -> list[str]:
    return [one.resource for one in catalogue.versions(agency=who.agency, states=TO_HAND_IN)]


def _versions(request: HttpRequest, who: Actor, form: forms.Form) -> HttpResponse:
    state, ticking = request.GET.get("state", ""), "tick" in request.GET
    asked = (Stands(state),) if state in set(Stands) else STANDING
    shown, paging = paged(request, catalogue.versions(agency=who.agency, states=asked))
    ticked = set(request.POST.getlist("key"))
    may = who.may("catalogue.submit_for_review")
    choices = [("", _("现行和在办")), *((one.value, _(one.title)) for one in Stands)]
    context = {
        "form": form,
        "filters": (Filter("state", _("状态"), state, tuple(choices)),),
        "columns": [
            Column(_("资源")), Column(_("代码"), "code"), Column(_("版本"), "code"), Column(_("状态")),
            Column(_("说明")), Column(_("编制时间"), "day"),
        ],
        "choices": [_choice(one, may, ticking, ticked) for one in shown],
        "paging": paging,
        "drafts": len(_drafts(who)) if may else 0,
        "open": len(catalogue.open_recognitions(who.agency)),
    }  # fmt: skip
    return desk_page(request, "cataloguing_versions", context, status=422 if form.errors else 200)


def _choice(one: VersionView, may: bool, ticking: bool, ticked: set[str]) -> Choice:
    cells = (one.title, one.resource, one.number, version_state(one.state), _note(one), one.made_at)
    key = one.resource if may and one.state in TO_HAND_IN else ""
    return Choice(Row(cells, version_href(one)), key, ticking or one.resource in ticked)


def _note(one: VersionView) -> str:
    """What a reader of the list is told of a version: why it came back, or that its table is still to be made."""
    if one.state is Stands.PUBLISHED and not one.mounted:
        return _("正在建库表，约一分钟后可报送")
    return one.reason


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory whatever its size up to `LARGEST`: a dictionary never meets the disk."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_: Any, **__: Any) -> None:
        """Refuse a request that is too large before its first byte is read."""
        if content_length > LARGEST + 64 * 1024:
            raise Refused("catalogue.import_size", "文件超过 20 MB。", "请按资源拆成几个文件再导入。")
        self.activated = True


# The CSRF check reads the request, and the handler must be in place before anything does: so it is made inside.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """The page that takes a data dictionary, and what became of it."""
    needed(actor(request), "catalogue.import_dictionary")
    request.upload_handlers = [InMemory(request)]
    return _importing(request)


@csrf_protect
def _importing(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    form = Dictionary(request.POST, request.FILES) if request.method == "POST" else Dictionary()
    crumbs = [Link(_("编制目录"), reverse("portal:cataloguing"))]
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        done = tried(
            form,
            lambda: catalogue.import_dictionary(actor=who, content=file.read(), name=file.name, agency=who.agency),
        )
        if done is not None:
            return desk_page(request, "cataloguing_imported", {"crumbs": crumbs, **_imported(done, who)})
    context = {"crumbs": crumbs, "form": form}
    return desk_page(request, "cataloguing_import", context, status=422 if form.errors else 200)


def _imported(done: Imported, who: Actor) -> dict[str, object]:
    """What was made, what is amiss where, which elements were recognised, and what waits for a human."""
    plan, made = done.plan, set(done.drafts)
    numbers = {one.resource: one for one in catalogue.versions(agency=who.agency, states=TO_HAND_IN)}
    elements = catalogue.elements()
    waiting = [one for one in catalogue.open_recognitions(who.agency) if one.resource in made]
    return {
        "name": plan.name,
        "problems_columns": _columns(pgettext("列名", "行"), _("列"), _("影响"), _("问题"), _("改法")),
        "made_columns": [*_columns(_("资源")), Column(_("代码"), "code"), Column(_("信息项"), "number")],
        "certain_columns": _columns(_("信息项"), _("资源"), _("数据元"), _("理由")),
        "made": [
            Row((one.resource.title, one.resource.key, len(one.items)), version_href(numbers[one.resource.key]))
            for one in plan.resources
            if one.resource.key in made
        ][:LISTED],
        "counts": (len(made), len(plan.resources) - len(made), len(plan.problems), plan.count("certain")),
        "problems": [
            Row((
                _("第 %(n)s 行") % {"n": one.row} if one.row else _("整个文件"), one.column,
                State(_("未导入"), "stopped") if one.blocks else State(_("请核对"), "warning"), one.message, one.remedy,
            ))
            for one in sorted(plan.problems, key=lambda one: (not one.blocks, one.row))[:LISTED]
        ],
        "certain": [
            Row((item.item.title, one.resource.title, elements[item.proposal.element].title, item.proposal.why))
            for one in plan.resources
            for item in one.items
            if item.proposal.confidence == "certain"
        ][:LISTED],
        "listed": LISTED,
        **_waiting(waiting[:50], len(waiting), {}),
    }  # fmt: skip


def _waiting(shown: list[OpenRecognition], count: int, picked: Mapping[str, str]) -> dict[str, object]:
    """The form's rows: each item with the field that asks for it, and what was already picked."""
    titles = {one.resource: one.title for one in catalogue.versions(states=TO_HAND_IN)} if shown else {}
    elements = catalogue.elements()
    rows = [
        (one, titles.get(one.resource, one.resource), elements.get(one.element), picked.get(_field(one), ""))
        for one in shown
    ]
    others = elements.values() if any(not one.element for one in shown) else ()
    columns = _columns(_("信息项"), _("资源"), _("建议和理由"), _("认定为"))
    return {"waiting_columns": columns, "waiting": rows, "waiting_count": count, "elements": others}


def _columns(*titles: str) -> list[Column]:
    return [Column(title) for title in titles]


def _field(one: OpenRecognition) -> str:
    return f"is:{one.resource}:{one.item}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recognitions(request: HttpRequest) -> HttpResponse:
    """The items of the agency's drafts that wait for a human, and the human's word on them."""
    who = actor(request)
    needed(who, "catalogue.confirm_recognitions")
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (stored := _confirm(request, who, form)) is not None:
        messages.success(request, _("已保存 %(n)s 项。") % {"n": write_number(stored)})
        if not form.errors:
            return redirect("portal:recognitions")
    found = catalogue.open_recognitions(who.agency)
    shown, paging = paged(request, found)
    picked = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    context = {
        "crumbs": [Link(_("编制目录"), reverse("portal:cataloguing"))],
        "form": form,
        "paging": paging,
        **_waiting(list(shown), len(found), picked),
    }
    return desk_page(request, "cataloguing_recognitions", context, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, who: Actor, form: forms.Form) -> int | None:
    """Store what was picked, resource by resource; one that is refused stays on the page with its reason."""
    picked: dict[str, dict[str, str]] = {}
    keys = {one.title: one.key for one in catalogue.elements().values()}
    for one in catalogue.open_recognitions(who.agency):
        said = str(request.POST.get(_field(one), "")).strip()
        if not said and "rest" in request.POST and _field(one) in request.POST:
            said = one.element
        if said:
            picked.setdefault(one.resource, {})[one.item] = (
                "" if said in ("none", "无", _("无")) else keys.get(said, said)
            )
    if not picked:
        form.add_error(None, _("没有选择任何一项。请至少认定一项再保存。"))
        return None
    stored = 0
    for key, elements in picked.items():
        if _told(form, who, key, elements):
            stored += len(elements)
    return stored or None


def _told(form: forms.Form, who: Actor, key: str, elements: dict[str, str]) -> bool:
    number = tried(form, lambda: catalogue.confirm_recognitions(actor=who, key=key, elements=elements))
    return number is not None
