"""Reviewing the catalogue at the desk: what waits for the reader in either stage, and one version as it was declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.api import VersionView
from shuniu.catalogue.declare import Fault, Resource
from shuniu.catalogue.declare import State as Stands
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.pages.cataloguing import Choice, needed, version_href, version_state
from shuniu.portal.shell import SIZE, desk_page, page_asked, tried
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, TaskView
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Event, Link, Paging, Row, State, Value
from shuniu.web.forms import PlainForm
from shuniu.web.templates import write_number

PROCEDURE = "catalogue.review"
READERS = ("catalogue.review", "catalogue.conformance", "catalogue.draft")
OPEN = (Stands.DRAFT, Stands.REVIEW, Stands.REJECTED)
_PUBLIC = (Stands.PUBLISHED, Stands.SUPERSEDED, Stands.WITHDRAWN)
_COMPARED = (
    "title", "summary", "subject", "share", "share_conditions", "share_refusal_basis", "open", "cycle", "legal_basis",
    "article", "purpose", "purpose_basis", "retention", "by_region", "note",
)  # fmt: skip


class Decision(PlainForm):
    """One answer for all that was ticked."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("不同意、退回时必须写明：哪一项、违反什么规定、怎样改。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """What waits for this reader's answer, by due date; a POST answers for all that was ticked, all or none."""
    who = actor(request)
    needed(who, "catalogue.review")
    form = Decision(request.POST) if request.method == "POST" else Decision()
    if form.is_bound and form.is_valid():
        keys, answer = request.POST.getlist("key"), request.POST.get("answer", "")
        if not keys:
            form.add_error(None, _("没有选择任何资源。请至少勾选一项。"))
        else:
            reason = form.cleaned_data["reason"]
            views = tried(form, lambda: catalogue.review(actor=who, keys=keys, answer=answer, reason=reason))
            if views is not None:
                messages.success(request, _said(answer, views))
                return redirect("portal:catalogue_review")
    return _list(request, who, form)


def _said(answer: str, views: tuple[CaseView, ...]) -> str:
    """What an answer has come to, counted."""
    counts = Counter(view.outcome for view in views)
    parts = [
        (_("%(n)s 项已发布，库表约一分钟后建好"), counts["granted"]),
        (_("%(n)s 项已驳回，回到编制人"), counts["refused"]),
        (_("%(n)s 项转到下一环节") if answer == "同意" else _("%(n)s 项已退回部门审核"), counts[""]),
    ]
    return _("；").join(words % {"n": write_number(count)} for words, count in parts if count) + _("。")


def _list(request: HttpRequest, who: Actor, form: Decision) -> HttpResponse:
    total = procedures.count_tasks(who, procedure=PROCEDURE)
    paging = Paging(1, SIZE, total)
    page = min(page_asked(request), paging.pages)
    tasks = procedures.tasks(who, procedure=PROCEDURE, limit=SIZE, offset=(page - 1) * SIZE)
    held = {one.resource: one for one in catalogue.versions(states=[Stands.REVIEW])} if tasks else {}
    faults = catalogue.faults_of([_key(task) for task in tasks])
    amiss = {key for key, found in faults.items() if any(fault.blocks for fault in found)}
    ticked, names, tick = set(request.POST.getlist("key")), agency_names(), "tick" in request.GET
    if request.POST.get("answer") == "同意":
        ticked -= amiss
    context = {
        "form": form,
        "columns": [
            Column(_("资源")), Column(_("提供单位")), Column(_("版本"), "code"), Column(_("环节")), Column(_("提交人")),
            Column(_("提交时间"), "day"), Column(_("应办结"), "day"), Column(_("问题")),
        ],
        "choices": [
            _choice(task, held[key], who, names, faults.get(key, ()), key in ticked or (tick and key not in amiss))
            for task in tasks
            if (key := _key(task)) in held
        ],
        "paging": Paging(page, SIZE, total),
    }  # fmt: skip
    return desk_page(request, "cataloguing_review", context, status=422 if form.errors else 200)


def _key(task: TaskView) -> str:
    return task.object.partition(":")[2]


def _choice(
    task: TaskView, one: VersionView, who: Actor, names: dict[str, str], faults: Sequence[Fault], ticked: bool
) -> Choice:
    mine = who.person in one.makers
    stage: Value = State(_("由您编制，须由他人审核"), "none") if mine else State(task.stage_title, "waiting")
    cells = (
        one.title, names.get(one.agency, one.agency), one.number, stage, task.opened_by_name, task.since, task.due,
        _amiss(faults, one),
    )  # fmt: skip
    return Choice(Row(cells, version_href(one)), "" if mine else one.resource, ticked)


def _amiss(faults: Sequence[Fault], one: VersionView) -> Value:
    """How many things the rules hold against a version, opening them; those that block are named apart."""
    blocking = sum(fault.blocks for fault in faults)
    if not faults:
        return State(_("没有"), "done")
    words = _("%(n)s 处要改正，不能同意") % {"n": blocking} if blocking else _("%(n)s 处提示") % {"n": len(faults)}
    return Link(words, f"{version_href(one)}#faults")


@never_cache
@require_safe
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version: its terms and items, what it changes, what it does against the rules, and its review so far."""
    who = actor(request)
    needed(who, *READERS)
    one = next((one for one in catalogue.versions(key=key) if one.number == number), None)
    task = _task(who, key) if one is not None and one.state is Stands.REVIEW else None
    if one is None or not _seen_by(who, one, task):
        raise Http404
    it = catalogue.version(key, number).resource
    before = catalogue.snapshot().published.get(key)
    context = {
        "crumbs": [_back(who)],
        "it": it,
        "one": one,
        "state": version_state(one.state),
        "facts": _facts(it, one),
        "changes": _changes(before.resource, it) if before and before.version < number else None,
        "faults": _faults(who, one),
        "events": _events(one),
        "form": Decision() if task and who.person not in one.makers else None,
        "ways": _ways(who, one),
        **_items(it),
    }
    return desk_page(request, "cataloguing_version", context)


def _task(who: Actor, key: str) -> TaskView | None:
    return next((one for one in procedures.tasks(who, procedure=PROCEDURE, limit=10_000) if _key(one) == key), None)


def _seen_by(who: Actor, one: VersionView, task: TaskView | None) -> bool:
    """What is not published is read by its agency, by oversight and by whoever must answer on it; nobody else learns of it."""
    return one.state in _PUBLIC or who.agency == one.agency or who.may(OVERSEE) or task is not None


def _back(who: Actor) -> Link:
    if who.may("catalogue.review"):
        return Link(_("目录审核"), reverse("portal:catalogue_review"))
    if who.may("catalogue.draft"):
        return Link(_("编制目录"), reverse("portal:cataloguing"))
    return Link(_("目录符合性"), reverse("portal:conformance"))


def _facts(it: Resource, one: VersionView) -> list[tuple[str, Value]]:
    facts: list[tuple[str, Value]] = [
        (_("资源代码"), it.key),
        (_("提供单位"), agency_names().get(it.agency, it.agency)),
        (_("资源摘要"), it.summary),
        (_("指向主体"), _(it.subject.title)),
        (_("共享类型"), _(it.share.title)),
        (_("共享条件"), it.share_conditions),
        (_("不予共享的依据"), it.share_refusal_basis),
        (_("是否向社会开放"), it.open),
        (_("更新周期"), _(it.cycle.title)),
        (_("采集依据"), f"{it.legal_basis} {it.article}".strip()),
        (_("用途"), it.purpose),
        (_("用途依据"), it.purpose_basis),
        (_("保存期限"), it.retention),
        (_("披露方式"), _(it.credit.disclosure.title) if it.credit else ""),
        (_("编制时间"), one.made_at),
        (_("发布时间"), one.published_at),
    ]
    return [(term, value) for term, value in facts if value not in ("", None)]


def _items(it: Resource) -> dict[str, object]:
    elements = catalogue.elements()
    columns = [
        Column(_("信息项")), Column(_("字段名"), "code"), Column(_("数据元")), Column(_("类型")), Column(_("必填")),
        Column(_("敏感级别"), "number"), Column(_("共享")),
    ]  # fmt: skip
    rows = [
        Row((
            item.title, item.name, elements[item.element].title if item.element in elements else item.element,
            _(item.type.title) + (_("（") + str(item.length) + _("）") if item.length else ""),
            _("主键") if item.key else _("必填") if item.required else _("选填"),
            catalogue.sensitivity(item, elements.get(item.element)), _(catalogue.share_of(it, item).title),
        ))
        for item in it.items
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _changes(before: Resource, after: Resource) -> list[str]:
    """What a version says otherwise than the published one, in words."""
    held, new = ({item.name: item for item in one.items} for one in (before, after))
    fields = {
        "title": _("资源名称"), "summary": _("资源摘要"), "subject": _("指向主体"), "share": _("共享类型"),
        "share_conditions": _("共享条件"), "share_refusal_basis": _("不予共享的依据"), "open": _("是否开放"),
        "cycle": _("更新周期"), "legal_basis": _("采集依据"), "article": _("条款"), "purpose": _("用途"),
        "purpose_basis": _("用途依据"), "retention": _("保存期限"), "by_region": _("区划字段"), "note": _("备注"),
    }  # fmt: skip
    return [
        *(_("改了“%(what)s”。") % {"what": fields[f]} for f in _COMPARED if getattr(before, f) != getattr(after, f)),
        *(_("新增信息项“%(title)s”。") % {"title": new[name].title} for name in new.keys() - held.keys()),
        *(_("去掉信息项“%(title)s”。") % {"title": held[name].title} for name in held.keys() - new.keys()),
        *(
            _("改了信息项“%(title)s”。") % {"title": item.title}
            for name, item in new.items()
            if held.get(name, item) != item
        ),
    ]


def _faults(who: Actor, one: VersionView) -> tuple[Fault, ...] | None:
    """What the version does against the rules; of one that is not open, for who may ask it of this agency."""
    if one.state in OPEN:
        return catalogue.faults_of([one.resource]).get(one.resource)
    if not who.may("catalogue.conformance") or (who.agency != one.agency and not who.may(OVERSEE)):
        return None
    report = catalogue.conformance(actor=who, agency=one.agency)
    return next((it.faults for it in report.resources if (it.resource, it.version) == (one.resource, one.number)), None)


def _ways(who: Actor, one: VersionView) -> list[Link]:
    """What this reader may do with a version of the own agency beside answering."""
    if who.agency != one.agency:
        return []
    newest = catalogue.versions(key=one.resource, states=(*OPEN, Stands.PUBLISHED))[:1]
    if not newest or newest[0].number != one.number:
        return []
    review = one.state is Stands.REVIEW
    sent = procedures.case_view(one.case).opened_by if review and one.case is not None else ""
    write = _("编制新版本") if one.state is Stands.PUBLISHED else _("修改草稿")
    ways = (
        (_("撤回送审"), "take_back", sent == who.person and who.may("catalogue.take_back")),
        (write, "resource_draft", not review and not one.shipped and who.may("catalogue.draft")),
        (_("撤销"), "withdraw", not review and not one.shipped and who.may("catalogue.withdraw")),
    )
    copied = f"{reverse('portal:new_resource')}?{urlencode({'from': one.resource})}"
    copy = [Link(_("复制为新资源"), copied)] if one.state is Stands.PUBLISHED and who.may("catalogue.draft") else []
    return [*(Link(text, reverse(f"portal:{name}", args=[one.resource])) for text, name, may in ways if may), *copy]


def _events(one: VersionView) -> list[Event]:
    if one.case is None:
        return []
    case = procedures.case_view(one.case)
    titles = {stage.key: stage.title for stage in case.procedure.stages}
    return [
        Event(it.at, it.person_name, f"{_(titles.get(it.stage, ''))} {_(it.move.value)}".strip(), it.reason)
        for it in procedures.history(one.case)
        if it.person
    ]
