"""What the pages of cases share: how a case stands, who holds it, its terms, its history, its answers and materials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.cases.api import drafts, materials
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.declare.material import CaseMaterialView, How
from shuniu.cases.declare.timing import DELIVER, DELIVER_TITLE, Timing
from shuniu.portal.clocks import lateness, why
from shuniu.portal.hall.apply_forms import spoken
from shuniu.portal.hall.apply_parts import Answered, chip
from shuniu.procedures.calendars.declare import ClockView
from shuniu.procedures.declare import ANSWERS, CORRECTION, Move, Seat, Suspension
from shuniu.procedures.declare import Event as Happened
from shuniu.trust.declare import Actor
from shuniu.web.declare import Clock, Column, Event, Link, Row, State, StateKind, Value
from shuniu.web.templates import write_term

_KINDS: Mapping[CaseState, StateKind] = {
    CaseState.FILED: "info",
    CaseState.CORRECTING: "waiting",
    CaseState.ACCEPTED: "info",
    CaseState.DECLINED: "stopped",
    CaseState.GRANTED: "done",
    CaseState.REFUSED: "stopped",
    CaseState.WITHDRAWN: "none",
    CaseState.PARTIAL: "warning",
    CaseState.CUT: "stopped",
}


def standing(state: CaseState, result: str = "") -> State:
    """A case's state as a word with its shape; the word is the result's where the item declares results."""
    return State(_(result or state.title), _KINDS[state])


# --- who holds it -------------------------------------------------------------------------------------------------------


def holders(it: CaseView, names: Mapping[str, str]) -> list[Clock]:
    """Who has to act now, one by one: every agency that is asked, or the applicant while a correction is waited for."""
    waiting = next((one for one in it.matter.state.suspensions if one.kind == CORRECTION), None)
    if it.state.running and waiting is not None:
        state = State(_("等补正"), "waiting")
        return [Clock(it.applicant, waiting.since, None, _("补正期间不计入办理时限"), state)]
    if it.state.running and it.matter.state.suspensions:
        return [_pause(it, one) for one in it.matter.state.suspensions]
    return [_holder(it, seat, names) for seat in it.matter.open]


def _pause(it: CaseView, one: Suspension) -> Clock:
    why = _("正在%(kind)s，不计入办理时限") % {"kind": one.kind}
    return Clock(it.agency_name, one.since, None, why, State(_("暂停计时"), "waiting"))


def pauses(timing: Timing) -> list[tuple[str, str]]:
    """What special procedures do to the term now, one sentence each, with the kind of its notice."""
    found = []
    for one in timing.running:
        said = {"kind": one.kind, "from": one.begun.isoformat(), "until": one.until.isoformat()}
        if one.is_late(timezone.localdate()):
            words = (
                _("时限暂停：正在%(kind)s，自 %(from)s 起，不计入办理时限。告知的最迟日期是 %(until)s，已经超过。")
                % said
            )
            found.append((words, "warning"))
        else:
            words = _("时限暂停：正在%(kind)s，自 %(from)s 起，最迟到 %(until)s，不计入办理时限。") % said
            found.append((words, "waiting"))
    return found


def _holder(it: CaseView, seat: Seat, names: Mapping[str, str]) -> Clock:
    """Whoever has a seat, with the term that ends first: the stage's own or the whole's."""
    stage = it.matter.procedure[seat.stage]
    held = f"{names.get(seat.agency, seat.agency)} {seat.person_name}".strip()
    own, whole = _first(it, seat.stage), _first(it, "")
    first = min((one for one in (own, whole) if one is not None), key=_due, default=None)
    if first is None:
        return Clock(held, seat.since, None, _(stage.title), State(_("没有期限"), "none"))
    said = {"stage": _(stage.title), "kind": _(first.kind.title), "term": write_term(first.term)}
    if first is own:
        words = why(stage, own.rule, own.term)
    elif own is not None:
        words = _("%(stage)s不晚于全件办结，%(kind)s %(term)s") % said
    else:
        words = _("%(stage)s不单独计时，%(kind)s %(term)s") % said
    return Clock(held, seat.since, first.due, words, lateness(first.due) or State(_("没有期限"), "none"))


def _first(it: CaseView, stage: str) -> ClockView | None:
    """The running clock of a stage, or (`stage` empty) of the whole, that is due first."""
    running = (one for one in it.clocks if one.due and one.ended is None and one.stage == stage)
    return min(running, key=_due, default=None)


def _due(one: ClockView) -> date:
    return one.due or date.max


def clock_table(it: CaseView, explains: bool, *, own: bool = False) -> dict[str, object]:
    """The terms of the whole, the law's and the agency's own; `explains`: the reader may see each day of them.

    `own`: on the applicant's page, which leads to an explanation of its own.
    """
    columns = [
        Column(_("时限")),
        Column(_("起算"), "day"),
        Column(_("期限")),
        Column(_("到期"), "day"),
        Column(_("情况")),
    ]
    rows = []
    order = ["", *(stage.key for stage in it.matter.procedure.stages), DELIVER]
    for one in sorted(it.clocks, key=lambda one: order.index(one.stage) if one.stage in order else len(order)):
        if one.ended is not None:
            state = State(_("%(day)s 停止计时") % {"day": one.ended.isoformat()}, "done")
        else:
            state = lateness(one.due) or State(_("暂停计时"), "waiting")
        day: Value = one.due or "—"
        if explains:
            address = (
                reverse("portal:my_clock", args=[it.number, one.id]) if own else reverse("portal:clock", args=[one.id])
            )
            day = Link(_why(one.due), address)
        term = write_term(one.term) + (
            _("，延长%(term)s") % {"term": write_term(one.extension)} if one.extension else ""
        )
        rows.append(Row((_named(it, one), one.start, term, day, state)))
    return {"clock_columns": columns, "clock_rows": rows}


def _named(it: CaseView, one: ClockView) -> str:
    titles = {stage.key: stage.title for stage in it.matter.procedure.stages} | {DELIVER: DELIVER_TITLE}
    title = titles.get(one.stage, "")
    return _("“%(stage)s”环节的时限") % {"stage": _(title)} if title else _(one.kind.title)


def _why(due: date | None) -> str:
    if due is None:
        return _("还没有到期日，为什么")
    return _("%(day)s，为什么是这一天到期？") % {"day": due.isoformat()}


# --- what happened ------------------------------------------------------------------------------------------------------

_SAID = {
    ("cases.accept", Move.AGREE): gettext_noop("受理"),
    ("cases.accept", Move.DISAGREE): gettext_noop("不予受理"),
    ("cases.examine", Move.AGREE): gettext_noop("审查完毕，送交决定"),
    ("cases.decide", Move.AGREE): gettext_noop("决定：准予"),
}
_WHOLE = {Move.OPEN: gettext_noop("提交申请"), Move.CANCEL: gettext_noop("撤回申请")}
_INTERNAL = (("cases.examine", Move.AGREE), ("cases.decide", Move.AGREE))


def asked_to_correct(it: CaseView) -> str:
    """What was asked for once and all of it (一次告知); empty where nothing was."""
    asked = [one.reason for one in it.history if one.move is Move.SUSPEND and one.to == (CORRECTION,)]
    return asked[-1] if asked else ""


def history(it: CaseView, *, inside: bool) -> list[Event]:
    """What happened, the newest first, in plain words. `inside`: with opinions and with what happened within the agency."""
    found, added = [], _added(it.history)
    for one in reversed(it.history):
        word = one.move not in ANSWERS or (one.seat not in added and _stands(it, one))
        if said := _said(it, one, inside) if word else _answered(it, one) if inside else None:
            what, shown = said
            found.append(Event(one.at, one.person_name, what, one.reason if shown or inside else ""))
    return found


def _added(log: Iterable[Happened]) -> set[int]:
    """The numbers of the seats that were added (加签, 委派): their answers are the agency's own affair."""
    number, found = 1, set()
    for one in log:
        if one.move in (Move.ADD_BEFORE, Move.ADD_AFTER, Move.DELEGATE):
            found.add(number)
        number += len(one.to) if one.move is Move.SEAT else one.move in (Move.ADD_BEFORE, Move.ADD_AFTER, Move.DELEGATE)
    return found


def _stands(it: CaseView, one: Happened) -> bool:
    """Whether an answer came to be the agency's word, and does not wait for others or was outvoted by them."""
    lane, state = it.matter.procedure[one.stage].lane, it.decision.state if it.decision else None
    if one.move is Move.DISAGREE:
        return lane not in ("cases.accept", "cases.decide") or state in (CaseState.DECLINED, CaseState.REFUSED)
    if lane == "cases.decide":
        return state in (CaseState.GRANTED, CaseState.PARTIAL)
    return lane != "cases.accept" or it.accepted_at is not None


def _answered(it: CaseView, one: Happened) -> tuple[str, bool]:
    return f"{_(it.matter.procedure[one.stage].title)}{_('：')}{_(one.move.value)}", False


def _said(it: CaseView, one: Happened, inside: bool) -> tuple[str, bool] | None:
    """What an event is called, and whether its reason is meant for the applicant; None for one that is not told."""
    stage = it.matter.procedure[one.stage] if one.stage else None
    if one.move in _WHOLE:
        return _(_WHOLE[one.move]), True
    if one.to == (CORRECTION,) and one.move in (Move.SUSPEND, Move.RESUME):
        return (_("一次告知补正") if one.move is Move.SUSPEND else _("提交补正")), True
    if one.move in (Move.SUSPEND, Move.RESUME):
        words = _("启动特别程序：%(kind)s") if one.move is Move.SUSPEND else _("特别程序结束：%(kind)s")
        return words % {"kind": one.to[0]}, True
    if one.move in ANSWERS and stage and stage.lane == "cases.decide" and it.decision and it.decision.result:
        return _("答复：%(result)s") % {"result": _(it.decision.result)}, one.move is Move.DISAGREE
    if one.move is Move.DISAGREE and stage and stage.lane == "cases.decide" and it.decision:
        return _("决定：%(outcome)s") % {"outcome": _(it.decision.words)}, True
    if stage is not None and (stage.lane, one.move) in _SAID:
        return _(_SAID[stage.lane, one.move]), (stage.lane, one.move) not in _INTERNAL
    if one.move is Move.RETURN:
        titles = "、".join(_(it.matter.procedure[key].title) for key in one.to if not key.startswith("@"))
        return _("退回“%(stage)s”重新办理") % {"stage": titles}, False
    if not inside or one.move is Move.SEAT:
        return None
    return _answered(it, one) if stage else (_(one.move.value), False)


# --- what was handed in -------------------------------------------------------------------------------------------------


def answers(it: CaseView) -> list[Answered]:
    """Every question of the form that was answered: its answer as people read it, and its source where a register said it."""
    form = drafts.frozen_form(it.form)
    given = {one.question: one for one in it.prefilled}
    found = []
    for one in (one for one in form.form.questions if one.name in it.answers):
        text, held = it.answers[one.name], given.get(one.name)
        source = chip(held) if held is not None and held.value == text else None
        found.append(Answered(one.title, spoken(one, form, text), source, None))
    return found


@dataclass(frozen=True)
class Paper:
    """One material as the pages show it: by what it is satisfied, its files, and where it is handed in while that is open."""

    title: str
    state: State
    said: str
    files: tuple[Link, ...]
    at: CaseMaterialView
    hand_in: str = ""


_HOWS: Mapping[How, StateKind] = {
    How.LATER: "waiting",
    How.PROMISE: "info",
    How.OMITTED: "none",
    How.MISSING: "stopped",
}


def paper_columns() -> list[Column]:
    return [Column(_("材料")), Column(_("以什么满足")), Column(_("文件")), Column(_("时间"), "day")]


def papers(who: Actor, it: CaseView) -> list[Paper]:
    """The materials of a case in order, each version; only the newest of each can be open."""
    if not who.may("cases.read_materials"):
        return []
    found = materials.case_materials(actor=who, case=it.id)
    newest = {one.material: one.version for one in found}
    return [_paper(it, one, open_=one.version == newest[one.material]) for one in found]


def _paper(it: CaseView, one: CaseMaterialView, *, open_: bool) -> Paper:
    said = ""
    if one.fact is not None:
        said = _("%(agency)s《%(title)s》第 %(batch)s 批第 %(line)s 行") % {
            "agency": one.fact.agency, "title": one.fact.title, "batch": one.fact.batch, "line": one.fact.line,
        }  # fmt: skip
    elif one.licence:
        said = _("证照编号 %(n)s") % {"n": one.licence}
    elif one.promise is not None:
        said = one.promise.text
    files = tuple(
        Link(name, reverse("portal:hall_upload_file", args=[number]))
        for number, name in zip(one.uploads, one.names, strict=True)
    )
    title = _("%(title)s（第 %(n)s 次提交）") % {"title": one.title, "n": one.version} if one.version > 1 else one.title
    waits = one.how in (How.LATER, How.PROMISE) or it.state is CaseState.CORRECTING
    href = reverse("portal:case_hand_in", args=[it.number, one.material]) if it.own and open_ and waits else ""
    kind = _HOWS.get(one.how, "done")
    return Paper(title, State(_(one.how.title), kind), said, files, one, href if it.state.running else "")
