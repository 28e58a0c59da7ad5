"""What the pages of cases share: how a case stands, who holds it, its terms, its history, its answers and materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.base.periods import Term
from shuniu.cases.api import drafts, materials
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.declare.material import CaseMaterialView, How
from shuniu.portal.clocks import clock, lateness
from shuniu.portal.hall.apply_forms import spoken
from shuniu.portal.hall.apply_parts import Answered, chip
from shuniu.procedures.declare import CORRECTION, Move, Seat
from shuniu.procedures.declare import Event as Happened
from shuniu.trust.declare import Actor
from shuniu.web.declare import Clock, Column, Event, Link, Row, State, Value

_KINDS = {
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


def standing(state: CaseState) -> State:
    """A case's state as a word with its shape."""
    return State(_(state.title), _KINDS[state])  # type: ignore[arg-type]  # the table's values are State's kinds


def spaced(term: Term) -> str:
    """A term as people read it: 10 个工作日."""
    return str(term).replace(str(term.amount), f"{term.amount} ", 1)


# --- who holds it -------------------------------------------------------------------------------------------------------


def holders(it: CaseView, names: Mapping[str, str]) -> list[Clock]:
    """Who has to act now, one by one: every agency that is asked, or the applicant while a correction is waited for."""
    waiting = next((one for one in it.matter.state.suspensions if one.kind == CORRECTION), None)
    if it.state.running and waiting is not None:
        state = State(_("等补正"), "waiting")
        return [Clock(it.applicant, waiting.since, None, _("补正期间不计入办理时限"), state)]
    return [_holder(it, seat, names) for seat in it.matter.open]


def _holder(it: CaseView, seat: Seat, names: Mapping[str, str]) -> Clock:
    by_stage = clock(replace(it.matter, open=(seat,)), dict(names))
    if by_stage is not None and by_stage.why:
        return by_stage
    agency = names.get(seat.agency, seat.agency)
    title = _(it.matter.procedure[seat.stage].title)
    whole = min(
        (one for one in it.clocks if one.due and one.ended is None), key=lambda one: one.due or date.max, default=None
    )
    if whole is None:
        return Clock(f"{agency} {seat.person_name}".strip(), seat.since, None, title, State(_("没有期限"), "none"))
    said = {"stage": title, "kind": _(whole.kind.words), "term": spaced(whole.term)}
    why = _("%(stage)s不单独计时，%(kind)s %(term)s") % said
    state = lateness(whole.due) or State(_("没有期限"), "none")
    return Clock(f"{agency} {seat.person_name}".strip(), seat.since, whole.due, why, state)


def clock_table(it: CaseView, explains: bool) -> dict[str, object]:
    """The terms of the whole, the law's and the agency's own; `explains`: the reader may see each day of them."""
    columns = [
        Column(_("时限")),
        Column(_("起算"), "day"),
        Column(_("期限")),
        Column(_("到期"), "day"),
        Column(_("情况")),
    ]
    rows = []
    for one in it.clocks:
        if one.ended is not None:
            state = State(_("%(day)s 停止计时") % {"day": one.ended.isoformat()}, "done")
        else:
            state = lateness(one.due) or State(_("暂停计时"), "waiting")
        day: Value = one.due or "—"
        if explains and one.due:
            day = Link(
                _("%(day)s，为什么是这一天") % {"day": one.due.isoformat()}, reverse("portal:clock", args=[one.id])
            )
        term = spaced(one.term) + (_("，延长%(term)s") % {"term": spaced(one.extension)} if one.extension else "")
        rows.append(Row((_(one.kind.words), one.start, term, day, state)))
    return {"clock_columns": columns, "clock_rows": rows}


# --- what happened ------------------------------------------------------------------------------------------------------

_SAID = {
    ("cases.accept", Move.AGREE): gettext_noop("受理"),
    ("cases.accept", Move.DISAGREE): gettext_noop("不予受理"),
    ("cases.examine", Move.AGREE): gettext_noop("审查完毕，送交决定"),
    ("cases.decide", Move.AGREE): gettext_noop("决定：准予"),
    ("cases.decide", Move.DISAGREE): gettext_noop("决定：不予许可"),
}
_WHOLE = {Move.OPEN: gettext_noop("提交申请"), Move.CANCEL: gettext_noop("撤回申请")}
_INTERNAL = (("cases.examine", Move.AGREE), ("cases.decide", Move.AGREE))


def asked_to_correct(it: CaseView) -> str:
    """What was asked for once and all of it (一次告知); empty where nothing was."""
    asked = [one.reason for one in it.history if one.move is Move.SUSPEND and one.to == (CORRECTION,)]
    return asked[-1] if asked else ""


def history(it: CaseView, *, inside: bool) -> list[Event]:
    """What happened, the newest first, in plain words. `inside`: with opinions and with what happened within the agency."""
    found = []
    for one in reversed(it.history):
        if said := _said(it, one, inside):
            what, shown = said
            found.append(Event(one.at, one.person_name, what, one.reason if shown or inside else ""))
    return found


def _said(it: CaseView, one: Happened, inside: bool) -> tuple[str, bool] | None:
    """What an event is called, and whether its reason is meant for the applicant; None for one that is not told."""
    stage = it.matter.procedure[one.stage] if one.stage else None
    if one.move in _WHOLE:
        return _(_WHOLE[one.move]), True
    if one.to == (CORRECTION,) and one.move in (Move.SUSPEND, Move.RESUME):
        return (_("一次告知补正") if one.move is Move.SUSPEND else _("提交补正")), True
    if stage is not None and (stage.lane, one.move) in _SAID:
        return _(_SAID[stage.lane, one.move]), (stage.lane, one.move) not in _INTERNAL
    if one.move is Move.RETURN:
        titles = "、".join(_(it.matter.procedure[key].title) for key in one.to if not key.startswith("@"))
        return _("退回“%(stage)s”重新办理") % {"stage": titles}, False
    if not inside or one.move is Move.SEAT:
        return None
    return (f"{_(stage.title)}{_('：')}{_(one.move.value)}" if stage else _(one.move.value)), False


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


_HOWS = {How.LATER: "waiting", How.PROMISE: "info", How.OMITTED: "none", How.MISSING: "stopped"}


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
        Link(_("文件 %(n)s") % {"n": at}, reverse("portal:hall_upload_file", args=[number]))
        for at, number in enumerate(one.uploads, start=1)
    )
    title = _("%(title)s（第 %(n)s 次提交）") % {"title": one.title, "n": one.version} if one.version > 1 else one.title
    waits = one.how in (How.LATER, How.PROMISE) or it.state is CaseState.CORRECTING
    href = reverse("portal:case_hand_in", args=[it.number, one.material]) if it.own and open_ and waits else ""
    kind = _HOWS.get(one.how, "done")
    return Paper(title, State(_(one.how.title), kind), said, files, one, href if it.state.running else "")  # type: ignore[arg-type]  # State's kinds
