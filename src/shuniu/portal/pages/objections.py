"""Objections (数据异议): the list, one page each with its timeline, raising one, and the owner's steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names, keeper
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.api.objections import OPEN, Disputed, ObjectionView
from shuniu.portal.clocks import clock, due_cell, stage_due
from shuniu.portal.hall.matters import OBJECTION_STATES
from shuniu.portal.pages.objection_forms import Acceptance, Claim, Correction, Verification
from shuniu.portal.row_facts import row_facts
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Event, Filter, Link, Row, Value
from shuniu.web.forms import PlainForm


@never_cache
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """What the reader's agency answers and raised, or what he raised himself; the office sees all. Newest first."""
    who = actor(request)
    open_only, size = request.GET.get("show", "open") == "open", most(request, SIZE)
    found = exchange.objections(
        actor=who, agency=_agency(who), open_only=open_only, limit=size + 1, before=whole(request.GET.get("before"))
    )
    names = agency_names()
    cases = procedures.case_views([one.case for one in found if one.case is not None and one.state in OPEN])
    choices = (("open", _("办理中")), ("all", _("全部")))
    context = {
        "filters": (Filter("show", _("情况"), "open" if open_only else "all", choices),),
        "columns": [
            Column(_("编号")), Column(_("资源")), Column(_("有误的信息项")), Column(_("状态")),
            Column(_("提出人")), Column(_("由谁办理")), Column(_("提出时间"), "day"), Column(_("本环节应办结"), "day"),
            Column(_("办结时间"), "day"),
        ],
        "rows": [_row(one, names, cases.get(one.case or 0)) for one in found[:size]],
        "going": going(request, "before", found[size - 1].number if len(found) > size else None),
        "export": _("数据异议"),
    }  # fmt: skip
    return desk_page(request, "objections", context)


def _agency(who: Actor) -> str:
    """Whose objections the reader sees: his agency's; all for the office, and a citizen's own, both by no agency."""
    return "" if who.may(OVERSEE) else who.agency


def _row(one: ObjectionView, names: dict[str, str], case: CaseView | None) -> Row:
    ended = one.decided_at if one.state not in OPEN else None
    return Row(
        (
            _("第 %(n)s 号") % {"n": one.number}, one.resource_title, one.item_title or _("整条记录"),
            OBJECTION_STATES[one.state], one.person_name, names.get(one.agency, one.agency), one.raised_at,
            due_cell(stage_due(case)) if case else None, ended,
        ),
        reverse("portal:objection", args=[one.number]),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_one(request: HttpRequest) -> HttpResponse:
    """Raise an objection to a row (`?resource=&row=`, and `&item=` where it is known): from whichever page shows it."""
    who = actor(request)
    if not who.may("exchange.raise_objection"):
        raise Refused("right.missing", "您没有“提出数据异议”的权限。", "请先登录；单位人员请用数据专员账号。")
    resource = catalogue.published(request.GET.get("resource", "")).resource
    row = whole(request.GET.get("row"))
    posted = request.method == "POST"
    form = Claim(resource, request.POST) if posted else Claim(resource, initial={"item": request.GET.get("item", "")})
    if posted and form.is_valid():
        said = form.cleaned_data
        made = tried(
            form,
            lambda: exchange.raise_objection(
                actor=who, resource=resource.key, row=row, claim=said["claim"], item=said["item"]
            ),
        )
        if made is not None:
            messages.success(request, _("异议已提出，编号第 %(n)s 号。办理结果会通知您。") % {"n": made.number})
            return redirect("portal:objection", number=made.number)
    context = {
        "crumbs": [Link(_("数据异议"), reverse("portal:objections"))],
        "it": resource,
        "owner": agency_names().get(resource.agency, resource.agency),
        "batch": row >> 32,
        "line": row & 0xFFFFFFFF,
        "form": form,
    }
    return desk_page(request, "objection_new", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def objection(request: HttpRequest, number: int) -> HttpResponse:
    """One objection: what is said to be wrong, how it stands, what happened, and the next step for who may take it."""
    return _page(request, number)


@dataclass(frozen=True)
class _Step:
    """The one thing that the owner does next: its heading, form and address."""

    title: str
    hint: str
    form: PlainForm
    href: str
    button: str


def _page(request: HttpRequest, number: int, tried_form: PlainForm | None = None) -> HttpResponse:
    who = actor(request)
    it, about = exchange.objection(actor=who, number=number)
    case = procedures.case_view(it.case) if it.case is not None else None
    own = case is not None and case.opened_by == who.person
    step = None if own else _step(it, who, tried_form)
    context = {
        "crumbs": [Link(_("数据异议"), reverse("portal:objections"))],
        "it": it,
        "state": OBJECTION_STATES[it.state],
        "facts": _facts(it, about, case),
        "clock": clock(case, agency_names()) if case else None,
        "present": _present(it, about),
        "about": about,
        "events": _events(it),
        "step": step,
        "own": own and it.agency == who.agency and it.state in OPEN,
        "mends": it.state == "upheld" and it.agency == who.agency and who.may("exchange.enter_record"),
    }
    wrong = tried_form is not None and bool(tried_form.errors)
    return desk_page(request, "objection", context, status=422 if wrong else 200)


def _step(it: ObjectionView, who: Actor, form: PlainForm | None) -> _Step | None:
    """What this reader may do now."""
    steps: dict[str, tuple[str, str, str, type[PlainForm], str]] = {
        "raised": ("accept", _("受理"), _("受理后核实；不予受理的，提出人会收到理由。"), Acceptance, _("提交")),
        "accepted": ("verify", _("核实"), _("对照原始档案核实这一条记录。"), Verification, _("提交核实结果")),
        "upheld": (
            "correct", _("更正办结"),
            _("先把更正后的行报送或录入，再办结；更正前不能办结。查阅过这条记录的单位和个人会收到通知。"),
            Correction, _("已更正，办结"),
        ),
    }  # fmt: skip
    if it.state not in steps or keeper(it.agency) != who.agency:
        return None
    name, title, hint, kind, button = steps[it.state]
    if not who.may(f"exchange.{name}_objection"):
        return None
    return _Step(title, hint, form or kind(), reverse(f"portal:objection_{name}", args=[it.number]), button)


def _facts(it: ObjectionView, about: Disputed, case: CaseView | None) -> list[tuple[str, Value]]:
    place = _("批次 %(b)s 第 %(n)s 行") % {"b": it.row >> 32, "n": it.row & 0xFFFFFFFF}
    facts: list[tuple[str, Value]] = [
        (_("状态"), OBJECTION_STATES[it.state]),
        (_("资源"), Link(it.resource_title, reverse("portal:resource", args=[it.resource]))),
        *([(_("主体"), about.subject_name)] if about.subject_name else []),
        (_("记录"), place),
        (_("有误的信息项"), it.item_title or _("整条记录")),
        (_("提出人"), it.person_name),
        (_("由谁办理"), agency_names().get(keeper(it.agency), it.agency)),
        (_("提出时间"), it.raised_at),
    ]
    answered = it.state not in ("raised", "accepted")
    due = case.due if case is not None and not answered else None
    return [*facts, *([(_("答复期限"), due)] if due else []), *([(_("办理意见"), it.reason)] if it.reason else [])]


def _present(it: ObjectionView, about: Disputed) -> list[tuple[str, Value]]:
    """The row as it stands now, what is disputed first."""
    if about.present is None or not about.present.rows:
        return []
    values = about.present.rows[0].row.values
    items = sorted(about.present.items, key=lambda item: item.name != it.item)
    return row_facts(items, values)


_STAGES = {
    ("accept", Move.AGREE): gettext_noop("受理"),
    ("accept", Move.DISAGREE): gettext_noop("不予受理"),
    ("verify", Move.AGREE): gettext_noop("核实属实"),
    ("verify", Move.DISAGREE): gettext_noop("核实不属实，驳回"),
    ("correct", Move.AGREE): gettext_noop("更正办结"),
}


def _events(it: ObjectionView) -> list[Event]:
    """What happened so far, the newest first."""
    if it.case is None:
        return []
    words = {("", Move.OPEN): gettext_noop("提出异议"), **_STAGES}
    return [
        Event(one.at, one.person_name, _(words.get((one.stage, one.move), one.move.value)), one.reason)
        for one in reversed(procedures.history(it.case))
        if one.move is Move.OPEN or (one.stage, one.move) in words
    ]


def _answered(
    request: HttpRequest, number: int, form: PlainForm, act: Callable[[], ObjectionView], said: str
) -> HttpResponse:
    if form.is_valid() and tried(form, act) is not None:
        messages.success(request, said)
        return redirect("portal:objection", number=number)
    return _page(request, number, form)


@never_cache
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Take an objection up, or not, with the reason."""
    form = Acceptance(request.POST)

    def act() -> ObjectionView:
        said = form.cleaned_data
        return exchange.accept_objection(
            actor=actor(request), number=number, accept=said["answer"] == "yes", reason=said["reason"]
        )

    return _answered(request, number, form, act, _("已记下，并通知提出人。"))


@never_cache
@require_POST
def verify(request: HttpRequest, number: int) -> HttpResponse:
    """Say what the check found, with the reason."""
    form = Verification(request.POST)

    def act() -> ObjectionView:
        said = form.cleaned_data
        return exchange.verify_objection(
            actor=actor(request), number=number, upheld=said["answer"] == "yes", reason=said["reason"]
        )

    return _answered(request, number, form, act, _("核实结果已记下，并通知提出人。"))


@never_cache
@require_POST
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Close an objection whose row has been corrected."""
    form = Correction(request.POST)

    def act() -> ObjectionView:
        return exchange.correct_objection(actor=actor(request), number=number, reason=form.cleaned_data["reason"])

    return _answered(request, number, form, act, _("已办结，提出人和查阅过这条记录的都会收到通知。"))
