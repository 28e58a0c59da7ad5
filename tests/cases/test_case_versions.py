"""Running cases moved to a new version of their procedure: counted by version and stage, told by groups, then moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shuniu.cases.api import filing, handling, versions
from shuniu.cases.declare.case import CaseState
from shuniu.cases.procedure import SIMPLE
from shuniu.directory.api import console
from shuniu.procedures.api import Migration
from shuniu.procedures.declare import Move, Procedure
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import NO, chief, clerk, examiner, filed, published
from tests.cases.versioned import RENAMED, STRICTER, revised
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner", "published", "revised"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
Revised = Callable[[Procedure], None]


@pytest.fixture
def three(cast: Cast, clerk: Actor, examiner: Actor) -> list[str]:
    """One case at each stage."""
    numbers = [filed(cast.citizen).number for _ in range(3)]
    for number in numbers[1:]:
        handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=numbers[2], opinion="建议准予。")
    return numbers


def test_the_versions_in_use_are_counted_with_the_stages_at_which_cases_wait(
    cast: Cast, clerk: Actor, revised: Revised, three: list[str]
) -> None:
    revised(STRICTER)
    filed(cast.citizen)
    handling.decline(actor=clerk, number=filed(cast.citizen).number, grounds=NO)
    (old, new) = versions.read_versions(actor=console(), procedure=SIMPLE.key)
    assert (old.procedure, old.cases, dict(old.waiting)) == (SIMPLE, 3, {"accept": 1, "examine": 1, "decide": 1})
    assert (new.procedure.version, new.cases) == (STRICTER.version, 1)
    assert versions.read_versions(actor=console(), procedure="cases.bundle") == ()


def test_a_dry_run_says_how_many_at_each_stage_go_where_and_moves_none(
    cast: Cast, revised: Revised, three: list[str]
) -> None:
    revised(STRICTER)
    told = versions.migrate(actor=console(), migration=Migration(old=SIMPLE, new=STRICTER), reason="")
    assert (told.moved, told.stuck) == (3, 0)
    where = {one.waits: (one.goes, one.stand, one.cases, one.examples) for one in told.groups}
    assert where == {
        ("accept",): (("accept",), (), 1, (three[0],)),
        ("examine",): (("examine",), ("accept",), 1, (three[1],)),
        ("decide",): (("law",), ("accept", "examine"), 1, (three[2],)),
    }
    assert [one.procedure.version for one in versions.read_versions(actor=console(), procedure=SIMPLE.key)] == [
        SIMPLE.version
    ]


def test_moved_cases_go_on_where_it_was_told_with_their_clocks(
    cast: Cast, revised: Revised, examiner: Actor, chief: Actor, three: list[str]
) -> None:
    revised(STRICTER)
    before = {number: filing.read_case(actor=cast.citizen, number=number).clocks for number in three}
    done = versions.migrate(
        actor=cast.office, migration=Migration(old=SIMPLE, new=STRICTER), reason="湘政办〔2026〕9号", dry_run=False
    )
    assert done.moved == 3
    for number in three:
        found = filing.read_case(actor=cast.citizen, number=number)
        assert found.matter.procedure == STRICTER
        wholes = [[one for one in clocks if not one.stage] for clocks in (found.clocks, before[number])]
        assert wholes[0] == wholes[1]
        assert [one.reason for one in found.history if one.move is Move.MIGRATE] == ["湘政办〔2026〕9号"]
    at = filing.read_case(actor=cast.citizen, number=three[2])
    assert [seat.stage for seat in at.matter.open] == ["law"]
    with pytest.raises(Refused):
        handling.decide(actor=chief, number=three[2])
    assert versions.read_versions(actor=console(), procedure=SIMPLE.key)[0].procedure == STRICTER


def test_a_stage_that_is_renamed_is_named_or_refused_and_its_answers_stand(
    cast: Cast, revised: Revised, three: list[str]
) -> None:
    revised(RENAMED)
    with pytest.raises(Refused, match="没有写明旧环节“examine”") as refusal:
        versions.migration(SIMPLE, RENAMED, {}, {})
    assert refusal.value.rule == "cases.migration"
    told = versions.migrate(
        actor=console(), migration=versions.migration(SIMPLE, RENAMED, {"examine": "check"}, {}), reason=""
    )
    assert {one.waits: one.goes for one in told.groups} == {
        ("accept",): ("accept",), ("examine",): ("check",), ("decide",): ("decide",),
    }  # fmt: skip
    assert next(one.stand for one in told.groups if one.waits == ("decide",)) == ("accept", "check")


def test_what_cannot_move_is_counted_apart_with_the_reason_and_stays(
    cast: Cast, revised: Revised, three: list[str]
) -> None:
    short = SIMPLE.model_copy(update={"version": SIMPLE.version + 1, "stages": (SIMPLE["accept"], SIMPLE["examine"])})
    revised(short)
    move = versions.migration(SIMPLE, short, {"decide": ""}, {})
    done = versions.migrate(actor=console(), migration=move, reason="精简环节", dry_run=False)
    (stuck,) = [one for one in done.groups if one.problem]
    assert (done.moved, done.stuck, stuck.waits, stuck.examples) == (2, 1, ("decide",), (three[2],))
    assert "没有待办的环节" in stuck.problem and stuck.goes == ()
    assert filing.read_case(actor=cast.citizen, number=three[2]).matter.procedure == SIMPLE
    assert filing.read_case(actor=cast.citizen, number=three[2]).state is CaseState.ACCEPTED


def test_unknown_procedures_and_versions_are_refused_by_name(cast: Cast, three: list[str]) -> None:
    with pytest.raises(Refused, match=r"没有程序“cases\.nothing”"):
        versions.newest("cases.nothing")
    used = versions.read_versions(actor=console(), procedure=SIMPLE.key)
    assert versions.old_version(used, SIMPLE.version) == SIMPLE
    with pytest.raises(Refused, match="第 7 版"):
        versions.old_version(used, 7)
    with pytest.raises(Refused):
        versions.read_versions(actor=replace(cast.citizen), procedure=SIMPLE.key)
