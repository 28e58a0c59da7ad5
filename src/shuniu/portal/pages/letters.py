"""Letters at the desk: the list, one letter with the steps that its reader may take, entry for a caller, the routing table."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.cases.api import letter_desk as desk
from shuniu.cases.api import letter_lists as lists
from shuniu.cases.api import letters as api
from shuniu.cases.declare.letters import (
    LetterBox,
    LetterChannel,
    LetterIn,
    LetterLine,
    LetterPart,
    LetterState,
    LetterView,
    PartState,
    Writer,
)
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.portal.hall.letters_seen import TITLES, standing
from shuniu.portal.pages import letter_forms as forms
from shuniu.portal.pages.steps import Step
from shuniu.portal.shell import SIZE, desk_page, first_click, going, tried, unclicked
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Filter, Link, Row, State, Value
from shuniu.web.forms import PlainForm


@never_cache
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The letters that the reader may know of, newest first; by state and by words."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("state", "q", "before")}
    narrowed = {"state": asked["state"], "words": asked["q"], "before": asked["before"]}
    found = desk.list_letters(actor=actor(request), box=PETITIONS, **narrowed, most=SIZE + 1)
    states = [("", _("全部")), *((one.value, _(one.title)) for one in LetterState), ("overdue", _("超期")),
              ("returning", _("申请退单"))]  # fmt: skip
    context = {
        "filters": (Filter("state", _("状态"), asked["state"], tuple(states)), Filter("q", _("编号或文字"), asked["q"])),
        "columns": _columns(), "rows": _rows(found[:SIZE]),
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
    }  # fmt: skip
    return desk_page(request, "letters", context)


def _columns() -> list[Column]:
    return [
        Column(_("编号"), "code"), Column(_("标题")), Column(_("类别")), Column(_("属地")), Column(_("办理单位")),
        Column(_("来信时间"), "day"), Column(_("状态")),
    ]  # fmt: skip


def _rows(found: Sequence[LetterLine]) -> list[Row]:
    names, places = directory.agency_names(), directory.region_names()
    return [
        Row(
            (
                one.number, one.title, _(TITLES.get(one.category, one.category)), places.get(one.region, one.region),
                "、".join(names.get(key, key) for key in one.agencies), one.received_at,
                State(_("申请退单"), "warning") if one.returning else standing(one.state, one.overdue),
            ),
            reverse("portal:letter", args=[one.number]),
        )
        for one in found
    ]  # fmt: skip


@never_cache
@require_safe
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """One letter, and the steps that its reader may take."""
    return _page(request, number)


def _page(
    request: HttpRequest, number: str, tried_form: Step | None = None, writer: Writer | None = None
) -> HttpResponse:
    who = actor(request)
    it = desk.read_letter(actor=who, box=PETITIONS, number=number)
    names, places = directory.agency_names(), directory.region_names()
    facts: list[tuple[str, Value]] = [
        (_("状态"), standing(it.line.state, it.line.overdue)), (_("类别"), _(TITLES[it.line.category])),
        (_("属地"), places.get(it.line.region, it.line.region)), (_("来信方式"), _(it.channel.title)),
        (_("来信时间"), it.line.received_at), (_("为何派到这里"), it.why),
        (_("公开"), _("已公开") if it.published else _("同意公开") if it.consent else _("不公开")),
    ]  # fmt: skip
    if it.accused:
        facts.append((_("被举报单位（不得知悉）"), "、".join(names.get(key, key) for key in it.accused)))
    if it.declined:
        facts.append((_("不予受理"), it.declined))
    steps = [tried_form if tried_form and tried_form.key == one.key else one for one in _steps(who, it)]
    context = {
        "crumbs": [Link(_("群众来信"), reverse("portal:letter_desk"))],
        "it": it, "facts": facts, "steps": steps, "wrong": tried_form.form if tried_form else None, "writer": writer,
        "parts_": [(one, _part_facts(one, names, who)) for one in it.parts],
        "ratings": [(_("满意") if one.satisfied else _("不满意"), one.words, one.at) for one in it.ratings],
        "columns": _columns(), "similar": _rows(list(it.similar)),
    }  # fmt: skip
    return desk_page(request, "letter", context, status=422 if tried_form else 200)


def _part_state(one: LetterPart, word: str) -> State:
    if one.overdue:
        return State(word, "stopped")
    return State(word, "done" if one.state is PartState.DONE else "none" if one.state is PartState.MOVED else "waiting")


def _part_facts(one: LetterPart, names: dict[str, str], who: Actor) -> list[tuple[str, Value]]:
    word = _(one.state.title) + (_("，超期") if one.overdue else "")
    due: Value = one.due
    if one.due and one.clock and who.may("procedures.explain_due"):
        due = Link(one.due.isoformat(), reverse("portal:clock", args=[one.clock]))
    rows: list[tuple[str, Value]] = [
        (_("办理单位"), names.get(one.agency, one.agency) + (_("（直接指定）") if one.designated else "")),
        (_("要求"), one.task or None), (_("状态"), _part_state(one, word)),
        (_("应签收"), one.sign_by), (_("应答复"), due), (_("退单理由"), one.return_reason or None),
        (_("答复"), one.answer or None), (_("答复时间"), one.answered_at),
    ]  # fmt: skip
    return [row for row in rows if row[1] is not None]


def _steps(who: Actor, it: LetterView) -> list[Step]:
    """What the rights and the state let this reader do; the verb decides once more."""
    steps: list[Step] = []
    running = it.line.state is LetterState.HANDLING
    for one in it.parts:
        if one.agency == who.agency and one.state.running:
            steps += _own(who, one)
        if one.return_reason and one.state.running and who.may("cases.decide_return"):
            steps.append(Step("decide", _("审定退单"), forms.DecideForm(initial={"part": one.id}), _("审定")))
    if running and who.may("cases.split_letter"):
        steps.append(Step("split", _("分办、改派（直接指定）"), forms.SplitForm(), _("分办")))
    if running and who.may("cases.decline_letter") and max(one.round for one in it.parts) == 1:
        steps.append(Step("decline", _("不予受理"), forms.DeclineForm(PETITIONS), _("不予受理")))
    if it.consent and not (it.sealed or it.minor or it.published) and who.may("cases.publish_letter"):
        said = {"title": it.line.title, "text": desk.masked(it)}
        steps.append(Step("publish", _("公开来信"), forms.PublishForm(initial=said), _("确认公开")))
    if not it.sealed and who.may("cases.read_writer"):
        steps.append(Step("writer", _("来信人"), PlainForm(), _("查看来信人（留痕）")))
    if it.sealed and who.may("cases.read_reporter"):
        steps.append(Step("reporter", _("举报人"), forms.ReporterForm(), _("启封举报人（留痕）")))
    return steps


def _own(who: Actor, one: LetterPart) -> list[Step]:
    start = {"part": one.id}
    ways = (
        ("cases.sign_letter", PartState.SENT, "sign", _("签收"), forms.PartForm, _("签收")),
        ("cases.answer_letter", PartState.SIGNED, "answer", _("答复"), forms.AnswerForm, _("送审")),
        ("cases.review_letter", PartState.REVIEW, "review", _("审核答复"), forms.ReviewForm, _("提交审核意见")),
    )
    found = [
        Step(key, title, form(initial=start), button)
        for right, state, key, title, form, button in ways
        if one.state is state and who.may(right) and not one.return_reason
    ]
    may_return = one.state in (PartState.SENT, PartState.SIGNED) and not (one.designated or one.return_reason)
    if may_return and who.may("cases.return_letter"):
        found.append(Step("return", _("不属于本单位职责"), forms.ReturnForm(initial=start), _("申请退单")))
    return found


@require_POST
def act(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take one step; a refusal stands in its form."""
    who, data = actor(request), request.POST
    made: dict[str, PlainForm] = {
        "sign": forms.PartForm(data), "return": forms.ReturnForm(data), "answer": forms.AnswerForm(data),
        "review": forms.ReviewForm(data), "decide": forms.DecideForm(data), "split": forms.SplitForm(data),
        "decline": forms.DeclineForm(PETITIONS, data), "publish": forms.PublishForm(data), "writer": PlainForm(data),
        "reporter": forms.ReporterForm(data),
    }  # fmt: skip
    if step not in made:
        raise Http404
    form = made[step]
    done = tried(form, lambda: _taken(who, number, step, form)) if form.is_valid() else None
    if isinstance(done, Writer):
        return _page(request, number, writer=done)
    if done is None:
        it = desk.read_letter(actor=who, box=PETITIONS, number=number)
        shown = next((one for one in _steps(who, it) if one.key == step), Step(step, _("未能办理"), form, _("重试")))
        return _page(request, number, tried_form=Step(step, shown.title, form, shown.button))
    messages.success(request, _("来信 %(n)s：已办理。") % {"n": number})
    mine = any(one.agency == who.agency and one.state is not PartState.MOVED for one in done.parts)
    leads = who.may("cases.split_letter")
    return redirect("portal:letter", number=number) if mine or leads else redirect("portal:letter_desk")


def _taken(who: Actor, number: str, step: str, form: PlainForm) -> LetterView | Writer:
    said, box = form.cleaned_data, PETITIONS
    ways: dict[str, Callable[[], LetterView | Writer]] = {
        "sign": lambda: desk.sign_letter(actor=who, part=said["part"]),
        "return": lambda: desk.return_letter(actor=who, part=said["part"], reason=said["reason"]),
        "answer": lambda: desk.answer_letter(actor=who, part=said["part"], answer=said["answer"]),
        "review": lambda: desk.review_letter(actor=who, part=said["part"], good=said["good"] == "yes"),
        "decide": lambda: desk.decide_return(actor=who, box=box, number=number, part=said["part"], to=said["to"]),
        "split": lambda: desk.split_letter(actor=who, box=box, number=number, parts=_parts(form)),
        "decline": lambda: desk.decline_letter(
            actor=who, box=box, number=number, ground=said["ground"], note=said["note"]
        ),
        "publish": lambda: desk.publish_letter(
            actor=who, box=box, number=number, title=said["title"], text=said["text"]
        ),
        "writer": lambda: desk.read_writer(actor=who, box=box, number=number),
        "reporter": lambda: desk.read_reporter(actor=who, box=box, number=number, reason=said["reason"]),
    }
    return ways[step]()


def _parts(form: PlainForm) -> dict[str, str]:
    return form.parts() if isinstance(form, forms.SplitForm) else {}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entered(request: HttpRequest) -> HttpResponse:
    """Enter a letter for who came to the counter or called; the receipt is read out."""
    who, posted = actor(request), request.method == "POST"
    if not who.may("cases.take_letter"):
        raise Refused("right.missing", "您没有“代录来信”的权限。", "群众来信请从民声通道提交；窗口人员请用受理账号。")
    form = forms.EnteredForm(PETITIONS, request.POST if posted else None, initial={"once": secrets.token_hex(8)})
    if posted and form.is_valid():
        once, channel = f"letter:{form.cleaned_data['once']}", LetterChannel(form.cleaned_data["channel"])
        if not first_click(once):  # the first one entered it
            return redirect("portal:letter_desk")
        sent = tried(form, lambda: api.take_letter(actor=who, box=PETITIONS, letter=form.letter(), channel=channel))
        if sent is not None:
            said = {"number": sent.number, "code": sent.code, "why": sent.met.why}
            return desk_page(request, "letter_entered", said)
        unclicked(once)
    context = {"form": form, "crumbs": [Link(_("群众来信"), reverse("portal:letter_desk"))]}
    return desk_page(request, "letter_entry", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def routes(request: HttpRequest) -> HttpResponse:
    """The routing table, row by row; a simulation of a text (posted: no letter enters an address) and of a changed row."""
    who, names = actor(request), directory.agency_names()
    form = forms.SimulateForm(PETITIONS, request.POST if request.method == "POST" else None)
    found = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        letter = None
        if said["text"].strip():
            letter = LetterIn(
                category=said["category"], region=said["region"], title=said["text"][:60], text=said["text"]
            )
        found = tried(
            form,
            lambda: lists.simulate_routes(
                actor=who, box=PETITIONS, letter=letter, changed=_changed(said["row"], said["to"])
            ),
        )
    else:
        lists.simulate_routes(actor=who, box=PETITIONS)  # who may simulate may read the table
    context = {
        "crumbs": [Link(_("群众来信"), reverse("portal:letter_desk"))], "form": form, "found": found, "names": names,
        "columns": [Column(_("次序"), "number"), Column(_("规则")), Column(_("类别")), Column(_("含有文字")),
                    Column(_("属地")), Column(_("派给"))],
        "rows": [
            Row((at, _(one.title), "、".join(_(TITLES[key]) for key in one.categories) or _("全部"),
                 "、".join(one.words) or _("不限"), "、".join(one.regions) or _("不限"), names.get(one.agency, one.agency)))
            for at, one in enumerate(PETITIONS.routes, start=1)
        ],
        "moved_columns": [Column(_("来信"), "code"), Column(_("现在派给")), Column(_("改后派给")), Column(_("为何"))],
        "moved": [
            Row((one.number, names.get(one.before, one.before), names.get(one.after.agency, one.after.agency), one.after.why),
                reverse("portal:letter", args=[one.number]))
            for one in (found.moved if found else ())
        ],
    }  # fmt: skip
    return desk_page(request, "letter_routes", context, status=422 if form.errors else 200)


def _changed(row: str, to: str) -> LetterBox | None:
    """The table with one row led elsewhere, or without it."""
    if not row:
        return None
    led = (one.model_copy(update={"agency": to}) if one.key == row else one for one in PETITIONS.routes)
    return PETITIONS.model_copy(update={"routes": tuple(one for one in led if one.key != row or to)})
