"""“为什么是这一天到期”: every interval of a clock and every day of it, counted or not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.base.rules import PACKS, RuleBook
from shuniu.cases.api import filing, specials
from shuniu.directory.session import actor
from shuniu.portal.clocks import lateness
from shuniu.portal.hall.case_filing import case_crumbs
from shuniu.procedures.calendars.declare import Explained, Move, Recounted
from shuniu.web.declare import Column, Row, State, Value
from shuniu.web.templates import write_term


@dataclass(frozen=True)
class Month:
    """The days of one month as a table."""

    title: str
    rows: tuple[Row, ...]


@never_cache
@require_safe
def clock(request: HttpRequest, number: str, clock: int) -> HttpResponse:
    """Why a clock of one's own case is due on its day."""
    who = actor(request)
    case = filing.read_case(actor=who, number=number)
    if not case.own or clock not in {one.id for one in case.clocks}:
        raise Http404
    found = specials.explain_due(actor=who, number=number, clock=clock)
    context = {"case": case, "crumbs": case_crumbs(case), **explanation(found)}
    return render(request, "portal/hall/clock.html.jinja", context)


def explanation(found: Explained) -> dict[str, object]:
    """All that the page says of a clock, at the desk and to the applicant."""
    return {
        "it": found.view,
        "kind": _(found.view.kind.title),
        "standing": _standing(found),
        "facts": _facts(found),
        "intervals": [Column(_("从")), Column(_("到")), Column(_("情况")), Column(_("计入"), "number")],
        "interval_rows": [_interval(found, place) for place in range(len(found.clock.intervals))],
        "days": [Column(_("日期"), "day"), Column(_("星期")), Column(_("第几天"), "number"), Column(_("为什么"))],
        "months": _months(found),
        "changes": [
            Column(_("时间")),
            Column(_("原因")),
            Column(_("原到期日")),
            Column(_("现到期日")),
            Column(_("操作人")),
        ],
        "change_rows": [_change(one) for one in found.moves],
    }


def _standing(found: Explained) -> State:
    if found.view.ended is not None:
        return State(_("已于 %(day)s 停表") % {"day": found.view.ended.isoformat()}, "done")
    left = found.clock.left
    return lateness(found.view.due) or State(
        ngettext("停止计时，还剩 %(n)s 天", "停止计时，还剩 %(n)s 天", left) % {"n": left}, "waiting"
    )


def _facts(found: Explained) -> list[tuple[str, Value]]:
    it = found.view
    facts: list[tuple[str, Value]] = [
        (_("起算"), _("%(day)s（当日不计入）") % {"day": it.start.isoformat()}),
        (_("期限"), write_term(it.term)),
    ]
    if it.rule:
        facts.append((_("依据"), _basis(it.rule)))
    if found.share and found.share_of:
        share = {"n": found.share, "term": write_term(found.share_of)}
        facts.append((_("怎么算的"), _("办理期限（%(term)s）的 %(n)s%%，不满一天的按一天算") % share))
    if it.extension:
        said = {"term": write_term(it.extension), "reason": it.extension_reason}
        facts.append((_("延长一次"), _("%(term)s：%(reason)s") % said))
    facts.extend((_("停止计时"), _stop(found, place)) for place in range(len(found.stops)))
    return facts


def _basis(rule: str) -> str:
    found = next((one for pack in PACKS for one in RuleBook.load(pack).rules if one.id == rule), None)
    if found is None:
        return rule
    return found.legal_basis + (_("第%(n)s条") % {"n": found.article} if found.article else "")


def _stop(found: Explained, place: int) -> str:
    one = found.stops[place]
    until = one.days.end.isoformat() if one.days.end else _("尚未恢复")
    kind = _("%(kind)s（%(basis)s）") % {"kind": one.kind, "basis": one.basis} if one.basis else one.kind
    said = {"kind": kind, "from": one.days.start.isoformat(), "to": until, "evidence": one.evidence}
    return _("%(kind)s：%(from)s 至 %(to)s；凭据：%(evidence)s") % said


def _interval(found: Explained, place: int) -> Row:
    one = found.clock.intervals[place]
    state = State(_("计时"), "info") if one.running else State(_("停止计时"), "waiting")
    return Row((one.start, one.end or _("尚未恢复"), state, one.counted))


def _months(found: Explained) -> list[Month]:
    months: dict[str, list[Row]] = {}
    for one in found.days:
        why = _(one.why.value) + (f"（{one.name}）" if one.name else "")
        why += _("，该年节假日表尚未公布，按周末推算") if one.guessed else ""
        why += _("，延长期内") if one.extended and one.number else ""
        row = Row((one.day, _WEEK[one.day.weekday()], one.number or "—", why))
        months.setdefault(one.day.strftime("%Y-%m"), []).append(row)
    return [Month(title, tuple(rows)) for title, rows in months.items()]


_WEEK = "一二三四五六日"


def _change(one: tuple[Recounted, Move]) -> Row:
    recount, move = one
    cause = _(recount.cause.title) + (_("（第 %(n)s 号表）") % {"n": recount.table} if recount.table else "")
    return Row((recount.at, cause, move.before or "—", move.after or "—", recount.person_name))


urlpatterns = [path("hall/cases/<str:number>/clocks/<int:clock>/", clock, name="my_clock")]
