"""What becomes of a flag: its officer explains, the agency's data-protection officer looks and closes it with a reason."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shuniu.assessment.looked.declare import Figure, FlagState, FlagView, Kind
from shuniu.assessment.looked.models import ReadingFlag
from shuniu.base.periods import add_months
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused

CLOSES = "assessment.close_flag"


def _in_sight(actor: Actor) -> QuerySet[ReadingFlag]:
    """One's own; the agency's, for its data-protection officer. Nobody else sees who was asked what."""
    own = Q(person=actor.person)
    return ReadingFlag.objects.filter(own | Q(agency=actor.agency) if actor.agency and actor.may(CLOSES) else own)


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
    """Say, as the officer who read, how it came about. Raises Refused: flag.unknown, flag.own, flag.state, flag.reason."""
    require()
    row = _locked(actor, number)
    if row.person != actor.person:
        raise Refused("flag.own", "这条提示问的不是您。", "请由查阅人本人说明。")
    if row.state != FlagState.ASKED:
        raise Refused("flag.state", f"这条提示{FlagState(row.state).words}。", "请刷新后查看。")
    row.explanation, row.explained_at, row.state = _said(text, "说明"), timezone.now(), FlagState.EXPLAINED.value
    row.save(update_fields=["explanation", "explained_at", "state"])
    record(f"flag:{number}", detail={"state": row.state})
    return _view(row, actor)


@verb(CLOSES, "了结查阅提示")
def close_flag(*, actor: Actor, number: int, reason: str) -> FlagView:
    """Close a flag with the reason, explained or not: never one's own. It costs nobody a point.

    Raises Refused: flag.unknown, flag.second_person, flag.state, flag.reason; right.agency.
    """
    row = _locked(actor, number)
    require(agency=row.agency)
    if row.person == actor.person:
        raise Refused("flag.second_person", "自己的查阅提示不能自己了结。", "请由本单位另一名数据保护专员办理。")
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
        FlagState(row.state), row.explanation, row.explained_at, row.closed_name, row.reason, row.closed_at,
        tuple(row.entries), row.person == actor.person,
    )  # fmt: skip
