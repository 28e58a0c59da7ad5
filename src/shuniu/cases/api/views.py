"""How cases look to their readers, whom the verb that calls has found to have the right."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.cases.api import items
from shuniu.cases.declare.case import CaseLine, CaseState, CaseView, DecisionView
from shuniu.cases.declare.draft import Prefilled
from shuniu.cases.models import Case, Decision
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.trust.declare import Json


def title_of(case: Case) -> str:
    return items.title(case.item, case.version)


def listed(cases: Sequence[Case], *, own: bool = False) -> tuple[CaseLine, ...]:
    """Cases as a list shows them, `own` to their applicant; a few statements however many they are."""
    running = [case.matter for case in cases if case.matter is not None and case.ended_at is None]
    dues = calendars.next_dues(running, whole=own)
    titles = items.titles({(case.item, case.version) for case in cases})
    results = _results([case for case in cases if case.ended_at])
    return tuple(
        CaseLine(
            case.number, titles[case.item, case.version], case.agency, case.applicant_name, CaseState(case.state),
            case.filed_at, dues.get(case.matter or 0),
            results.get(case.pk, ""),
        )
        for case in cases
    )  # fmt: skip


def seen(case: Case, bill: str, *, own: bool) -> CaseView:
    """All of a case, for a reader whom `api` has found to have the right."""
    held = case if case.matter is not None or case.parent is None else case.parent
    matter = held.matter or 0  # a part that still waits stands where its whole does
    standing, history = procedures.case_and_history(matter)
    decision = Decision.objects.filter(case=case).first()
    return CaseView(
        case.pk, case.number, case.item, case.version, title_of(case), case.agency,
        directory.agency_name(case.agency), case.region, case.applicant_name,
        _acting(case), case.channel, CaseState(case.state), case.filed_at,
        case.accepted_at, case.ended_at, case.answers, tuple(Prefilled(**one) for one in case.prefilled), case.form,
        standing, calendars.clocks([matter]), history,
        _decision(case, decision) if decision else None, bill, own,
    )  # fmt: skip


def under(case: Case) -> dict[str, Json]:
    """What a journal entry about a case says of the delegation that it was filed under."""
    return (
        {}
        if case.delegation is None
        else {"delegation": case.delegation, "giver": directory.told_of(case.delegation)[0]}
    )


def _acting(case: Case) -> str:
    by = " ".join(filter(None, (case.acting, case.acting_name)))
    return by if case.delegation is None else f"由 {case.acting_name} 代办（第 {case.delegation} 号委托）"


def _decision(case: Case, row: Decision) -> DecisionView:
    return DecisionView(
        row.number, CaseState(row.state), row.facts, row.articles, row.remedy, row.person_name, row.agency_name, row.at,
        _results([case])[case.pk] if row.result else "", row.text, row.outcome,
    )  # fmt: skip


def _results(ended: Sequence[Case]) -> dict[int, str]:
    """What was decided, of those cases whose items declare results or whose procedures have a word for a refusal."""
    decided = (
        Decision.objects.filter(case__in=[case.pk for case in ended]).exclude(result="", outcome="") if ended else ()
    )
    words = {row.case_id: row.outcome for row in decided if not row.result}
    keys = {row.case_id: row.result for row in decided if row.result}
    kinds = {(case.item, case.version) for case in ended if case.pk in keys}
    titles = {(*kind, one.key): one.title for kind in kinds for one in items.version(*kind).item.results}
    return words | {case.pk: titles[case.item, case.version, keys[case.pk]] for case in ended if case.pk in keys}
