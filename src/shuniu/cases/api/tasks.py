"""Tasks on cases as their officers deal with them: taken, given back and agreed to many at a time; who has how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shuniu.cases.api import handling, items
from shuniu.cases.models import Case
from shuniu.cases.procedure import ACCEPT, DECIDE
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


@dataclass(frozen=True)
class Agreed:
    """What became of one task that was agreed to with others: of which case, and why not (None: it went)."""

    number: str
    title: str
    refusal: Refused | None


def agree_each(*, actor: Actor, tasks: Sequence[Seat]) -> tuple[Agreed, ...]:
    """Accept or grant each of these cases by a verb, and so a transaction, of its own; what became of each.

    An opinion takes words, so that an examination is refused here (case.opinion). Raises Refused case.no_task for nothing.
    """
    chosen = sorted(set(tasks))
    rows = Case.objects.filter(matter__in=[matter for matter, _ in chosen]).values_list("matter", "number")
    numbers, known = dict(rows), titles([matter for matter, _ in chosen])
    if not chosen or len(numbers) < len({matter for matter, _ in chosen}):
        raise Refused("case.no_task", "没有选择办件的任务。", "请至少勾选一项办件。")
    return tuple(
        Agreed(numbers[matter], known[matter], _agreed(actor, numbers[matter], matter, seat)) for matter, seat in chosen
    )


def _agreed(actor: Actor, number: str, matter: int, seat: int) -> Refused | None:
    asked = next((one for one in procedures.case_view(matter).seats if one.number == seat), None)
    try:
        if asked is None:
            raise Refused("case.no_task", "这一项已经不待办理。", "请刷新待办列表。")
        if asked.counts and asked.stage == ACCEPT:
            handling.accept(actor=actor, number=number, seat=seat)
        elif asked.counts and asked.stage == DECIDE:
            handling.decide(actor=actor, number=number, seat=seat)
        else:
            raise Refused("case.opinion", "这一环节须写明意见，不能批量办理。", "请打开该办件办理。")
    except Refused as refusal:
        return refusal
    return None


@verb("cases.read_load", "查看人员办件量", reads=True)
def read_load(*, actor: Actor) -> tuple[tuple[str, Load], ...]:
    """How much waits in the actor's agency, by person with the person's name ("": nobody has taken it yet)."""
    require(agency=actor.agency)
    found = procedures.loads(actor)
    record(f"agency:{actor.agency}", detail={"people": len(found)})
    names = directory.names([one.person for one in found])
    return tuple((names.get(one.person, ""), one) for one in found)


def titles(matters: Sequence[int]) -> dict[int, str]:
    """What is applied for, by the procedure's case. The caller's list shows which cases there are to its reader."""
    rows = Case.objects.filter(matter__in=list(matters)).values_list("matter", "item", "version")
    known = {(item, version): items.title(item, version) for _, item, version in rows}
    return {matter: known[item, version] for matter, item, version in rows if matter is not None}
