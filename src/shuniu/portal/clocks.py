"""Terms on pages: when a stage is due, how late it is, who holds it and by which rule."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuniu.base.periods import Term
from shuniu.base.rules import RuleBook
from shuniu.procedures.declare import CaseView, Stage
from shuniu.web.declare import Clock, State
from shuniu.web.templates import write_term


def lateness(due: date | None) -> State | None:
    """How a due day stands today, in natural days; None without one."""
    if due is None:
        return None
    left = (due - timezone.localdate()).days
    if left < 0:
        return State(ngettext("已逾期 %(n)s 天", "已逾期 %(n)s 天", -left) % {"n": -left}, "stopped")
    if left == 0:
        return State(_("今天到期"), "warning")
    return State(ngettext("还有 %(n)s 天", "还有 %(n)s 天", left) % {"n": left}, "info")


def due_cell(due: date | None) -> date | State | None:
    """A due day in a list: the day, or once it has come, that it is due or how late it is."""
    standing = lateness(due)
    return due if standing is None or standing.kind == "info" else standing


def stage_due(case: CaseView) -> date | None:
    """When the stage that waits now is due: by its own term or else the whole's; None for a case that has ended."""
    if not case.open:
        return None
    own = case.dues.get(case.open[0].stage)
    return own.date if own else case.due


def clock(case: CaseView, names: dict[str, str]) -> Clock | None:
    """Who holds what waits now, since when, due when and why; None for a case that has ended or has no term."""
    due = stage_due(case)
    standing = lateness(due)
    if due is None or standing is None:
        return None
    seat = case.open[0]
    stage = case.procedure[seat.stage]
    agency = names.get(seat.agency, seat.agency)
    return Clock(f"{agency} {seat.person_name}".strip(), seat.since, due, why(stage, seat.rule or case.rule), standing)


def why(stage: Stage, rule: str, term: Term | None = None) -> str:
    """Why a stage has its time, in a sentence: by which rule, or as its share of the whole's; `term`: what that comes to."""
    if stage.share and not rule and term is not None:
        said = {"stage": _(stage.title), "term": write_term(term), "n": stage.share}
        return _("%(stage)s限 %(term)s（办理期限的 %(n)s%%）") % said
    if isinstance(stage.term, int):
        return _("%(stage)s限 %(n)s 个工作日") % {"stage": _(stage.title), "n": stage.term}
    book = RuleBook.load(settings.RULE_PACK)
    found = next((one for one in book.rules if one.id == rule), None)
    if found is None:
        return ""
    article = _("第%(n)s条") % {"n": found.article} if found.article else ""
    said = {"stage": _(stage.title), "term": write_term(found.term()), "basis": f"{found.legal_basis}{article}"}
    return _("%(stage)s限 %(term)s（%(basis)s）") % said
