"""What becomes of a flag: who is asked explains, the agency's data-protection officer looks and closes it with a reason.

Asked is the officer who read; about a machine, which nobody is, whoever answers for the machines of its agency.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shuniu.assessment.looked.declare import Figure, FlagState, FlagView, Kind
from shuniu.assessment.looked.models import ReadingFlag
from shuniu.base.periods import add_months
from shuniu.trust.api import OVERSEE, of_machine, record, require, verb
from shuniu.trust.declare import Actor, Refused

CLOSES = "assessment.close_flag"
FOR_MACHINES = "assessment.explain_machines"


def _in_sight(actor: Actor) -> QuerySet[ReadingFlag]:
    """What one is asked; the agency's, for its data-protection officer. Nobody else sees who was asked what."""
    seen = Q(person=actor.person)
    if actor.agency and actor.may(CLOSES):
        seen |= Q(agency=actor.agency)
    elif actor.agency and actor.may(FOR_MACHINES):
        seen |= Q(agency=actor.agency, person__startswith="agency:")
    return ReadingFlag.objects.filter(seen)


def _is_asked(row: ReadingFlag, actor: Actor) -> bool:
    """Whether the flag asks this actor."""
    if of_machine(row.person):
        return bool(actor.agency) and actor.agency == row.agency and actor.may(FOR_MACHINES)
    return row.person == actor.person


def _own(row: ReadingFlag, actor: Actor) -> bool:
    return actor.person in (row.person, row.explained_by)


def _unknown(number: int) -> Refused:
    return Refused("flag.unknown", f"您没有第 {number} 号查阅提示。", "请从列表进入。")


@verb("assessment.list_flags", "查看查阅提示", reads=True)
def list_flags(
    *, actor: Actor, number: int = 0, state: FlagState | None = None, kind: Kind | None = None, person: str = "",
    limit: int = 50, before: int = 0,
) -> tuple[FlagView, ...]:  # fmt: skip
    """Flags in the actor's sight, newest first; one alone by its `number`. Raises Refused (flag.unknown)."""
    require()
    asked = {"pk": number, "state": state, "kind": kind, "person": person, "pk__lt": before}
    rows = _in_sight(actor).filter(**{key: value for key, value in asked.items() if value})
    found = tuple(_view(row, actor) for row in rows.order_by("-pk")[:limit])
    if number and not found:
        raise _unknown(number)
    record(f"flag:{number}" if number else "flags", detail={"rows": len(found)})
    return found


def _locked(actor: Actor, number: int) -> ReadingFlag:
    row = ReadingFlag.objects.select_for_update().filter(pk=number).first()
    if row is None or not _in_sight(actor).filter(pk=number).exists():
        raise _unknown(number)
    return row


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise Refused("flag.reason", f"没有写{what}。", f"请写明{what}。")
    return text.strip()


@verb("assessment.explain_flag", "说明查阅提示")
def explain_flag(*, actor: Actor, number: int, text: str) -> FlagView:
    """Say, as who is asked, how it came about. Raises Refused: flag.unknown, flag.own, flag.state, flag.reason."""
    require()
    row = _locked(actor, number)
    if not _is_asked(row, actor):
        raise Refused("flag.own", "这条提示问的不是您。", "请由查阅人本人说明；问接口的，由本单位管接口的人员说明。")
    if row.state != FlagState.ASKED:
        raise Refused("flag.state", f"这条提示{FlagState(row.state).title}。", "请刷新后查看。")
    row.explanation, row.explained_at, row.state = _said(text, "说明"), timezone.now(), FlagState.EXPLAINED.value
    row.explained_by, row.explained_name = actor.person, actor.name
    row.save(update_fields=["explanation", "explained_by", "explained_name", "explained_at", "state"])
    record(f"flag:{number}", detail={"state": row.state})
    return _view(row, actor)


@verb(CLOSES, "了结查阅提示")
def close_flag(*, actor: Actor, number: int, reason: str) -> FlagView:
    """Close a flag with the reason, explained or not: never one's own, nor one that one explained. It costs nobody a point.

    Raises Refused: flag.unknown, flag.second_person, flag.state, flag.reason; right.agency.
    """
    row = _locked(actor, number)
    require(agency=row.agency)
    if _own(row, actor):
        raise Refused(
            "flag.second_person", "自己的或者自己说明过的查阅提示，不能自己了结。", "请由本单位另一名数据保护专员办理。"
        )
    if row.state == FlagState.CLOSED:
        raise Refused("flag.state", "已经了结。", "请刷新后查看。")
    row.closed_by, row.closed_name, row.closed_at = actor.person, actor.name, timezone.now()
    row.reason, row.state = _said(reason, "了结的理由"), FlagState.CLOSED.value
    row.save(update_fields=["closed_by", "closed_name", "closed_at", "reason", "state"])
    record(f"flag:{number}", detail={"state": row.state})
    return _view(row, actor)


@verb("assessment.flag_figures", "查看查阅提示情况", reads=True)
def flag_figures(*, actor: Actor, month: date) -> tuple[Figure, ...]:
    """The agencies' flags of the days of a month by kind, without names: for the provincial office."""
    require(capability=OVERSEE)
    first = month.replace(day=1)
    late = Q(state=FlagState.ASKED, due__lt=timezone.localdate())
    rows = (
        ReadingFlag.objects.filter(day__gte=first, day__lt=add_months(first, 1))
        .values("agency", "kind")
        .annotate(
            flags=Count("pk"), explained=Count("explained_at"), closed=Count("closed_at"), late=Count("pk", filter=late)
        )
        .order_by("agency", "kind")
    )
    found = tuple(
        Figure(row["agency"], Kind(row["kind"]), row["flags"], row["explained"], row["closed"], row["late"])
        for row in rows
    )
    record("flags", detail={"month": f"{first:%Y-%m}", "rows": len(found)})
    return found


def _view(row: ReadingFlag, actor: Actor) -> FlagView:
    return FlagView(
        row.pk, Kind(row.kind), row.person, row.person_name, row.agency, row.day, row.said, row.rule, row.at, row.due,
        FlagState(row.state), row.explanation, row.explained_name, row.explained_at, row.closed_name, row.reason,
        row.closed_at, tuple(row.entries), row.state == FlagState.ASKED and _is_asked(row, actor), _own(row, actor),
    )  # fmt: skip
