"""Tasks on cases as their officers deal with them: taken and given back many at a time, and who has how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shuniu.cases.api import items
from shuniu.cases.models import Case
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView as MatterView
from shuniu.procedures.declare import Load
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

Seat = tuple[int, int]
"""The procedure's case and the number of the seat in it."""


@verb("cases.take_tasks", "批量领办")
def take_tasks(*, actor: Actor, tasks: Sequence[Seat]) -> int:
    """Take these seats of cases, all or none; how many. Raises Refused: case.no_task, procedures.*, naming the case."""
    require()
    return _each(tasks, lambda matter, seat: procedures.take(actor=actor, case=matter, seat=seat))


@verb("cases.release_tasks", "批量退领")
def release_tasks(*, actor: Actor, tasks: Sequence[Seat], reason: str) -> int:
    """Give these seats of cases back, all or none; how many. Raises Refused as `take_tasks` does."""
    require()
    return _each(tasks, lambda matter, seat: procedures.release(actor=actor, case=matter, seat=seat, reason=reason))


def _each(tasks: Sequence[Seat], act: Callable[[int, int], MatterView]) -> int:
    chosen = sorted(set(tasks))  # in one order, so that two officers never wait for one another
    numbers = dict(Case.objects.filter(matter__in=[one for one, _ in chosen]).values_list("matter", "number"))
    if not chosen or len(numbers) < len({one for one, _ in chosen}):
        raise Refused("case.no_task", "没有选择办件的任务。", "请至少勾选一项办件。")
    for matter, seat in chosen:
        try:
            act(matter, seat)
        except Refused as refusal:
            raise Refused(
                refusal.rule, f"办件 {numbers[matter]}：{refusal.message}", f"{refusal.remedy}所选各项均未变动。"
            ) from refusal
    record("cases", detail={"cases": [numbers[matter] for matter, _ in chosen]})
    return len(chosen)


@verb("cases.read_load", "查看人员办件量", reads=True)
def read_load(*, actor: Actor) -> tuple[tuple[str, Load], ...]:
    """How much waits in the actor's agency, by person with the person's name ("": nobody has taken it yet)."""
    require(agency=actor.agency)
    found = procedures.loads(actor)
    record(f"agency:{actor.agency}", detail={"people": len(found)})
    return tuple((_name(one.person), one) for one in found)


def _name(person: str) -> str:
    _kind, _, account = person.partition(":")
    known = directory.person(int(account)) if account.isdecimal() else None
    return known.name if known else ""


def titles(matters: Sequence[int]) -> dict[int, str]:
    """What is applied for, by the procedure's case. The caller's list shows which cases there are to its reader."""
    rows = Case.objects.filter(matter__in=list(matters)).values_list("matter", "item", "version")
    known = {(item, version): items.title(item, version) for _, item, version in rows}
    return {matter: known[item, version] for matter, item, version in rows if matter is not None}
