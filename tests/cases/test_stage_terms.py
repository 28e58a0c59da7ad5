"""Who examines and who decides have each a share of what the item promises; the applicant waits for the whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term, Unit
from shuniu.cases.api import extensions, filing, handling, items
from shuniu.cases.procedure import SIMPLE
from shuniu.portal.figures import figure
from shuniu.portal.hall.case_parts import holders
from shuniu.portal.hall.clocks import explanation
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.store import recounting
from shuniu.procedures.declare import Procedure
from shuniu.systems.service_hall.declare import ITEMS
from shuniu.trust.declare import Actor
from tests.cases.filing import ITEM, chief, clerk, examiner, filed
from tests.cases.versioned import revised
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner", "revised"]
pytestmark = pytest.mark.django_db


def working(days: int) -> Term:
    return Term(days, Unit.WORKING_DAY)


def ends(days: int) -> date:
    return Calendar.load().add_working_days(timezone.localdate(), days).date


PROMISED = ITEM.model_copy(update={"statutory": working(20), "promised": working(10), "extension": working(10)})


@pytest.fixture
def number(cast: Cast, clerk: Actor) -> str:
    items.ship(actor=cast.installer, items=[PROMISED])
    return handling.accept(actor=clerk, number=filed(cast.citizen).number).number


def running(number: str, who: Actor) -> dict[str, Term]:
    clocks = filing.read_case(actor=who, number=number).clocks
    return {one.stage: one.term for one in clocks if one.ended is None and one.stage}


def test_examining_and_deciding_have_their_shares_and_the_desk_lists_them_by_it(
    cast: Cast, examiner: Actor, chief: Actor, number: str
) -> None:
    assert running(number, examiner) == {"examine": working(7)}
    assert [one.due for one in procedures.tasks(examiner)] == [ends(7)]
    (held,) = holders(filing.read_case(actor=examiner, number=number), {})
    assert (held.due, held.why) == (ends(7), "审查限 7 个工作日（办理期限的 70%）")
    handling.examine(actor=examiner, number=number, opinion="材料齐全，建议准予。")
    assert running(number, chief) == {"decide": working(3)}
    assert [one.due for one in procedures.tasks(chief)] == [ends(3)]


def test_sent_back_late_a_stage_is_due_with_the_whole_and_its_holder_is_told_so(
    cast: Cast, examiner: Actor, chief: Actor, number: str
) -> None:
    handling.examine(actor=examiner, number=number, opinion="材料齐全，建议准予。")
    (matter,) = Clock.objects.filter(stage="", kind="promised").values_list("case", flat=True)
    Clock.objects.filter(stage="", kind="promised").update(due=ends(2))
    recounting.project([matter])
    handling.return_(actor=chief, number=number, reason="请补充核查结论。")
    (held,) = holders(filing.read_case(actor=examiner, number=number), {})
    assert (held.due, held.why) == (ends(2), "审查不晚于全件办结，承诺时限 10 个工作日")
    assert [one.due for one in procedures.tasks(examiner)] == [ends(2)]


def test_the_applicant_is_told_of_the_whole(cast: Cast, examiner: Actor, number: str) -> None:
    assert [one.due for one in filing.list_own(actor=cast.citizen)] == [ends(10)]


def test_what_is_put_off_is_put_off_for_whoever_examines(
    cast: Cast, examiner: Actor, chief: Actor, number: str
) -> None:
    extensions.ask(actor=examiner, number=number, reason="须等待省级检测机构出具复检结果。")
    extensions.answer(actor=chief, number=number, approved=True)
    assert [one.due for one in procedures.tasks(examiner)] == [ends(17)]


def test_the_guide_says_how_long_each_stage_has(cast: Cast, client: Client, number: str) -> None:
    page = client.get(f"/hall/guide/{ITEM.key}/").content.decode()
    for said in ("受理限 5 个工作日（中华人民共和国行政许可法第32条）", "审查限 7 个工作日（办理期限的 70%）",
                 "决定限 3 个工作日（办理期限的 30%）"):  # fmt: skip
        assert said in page


def test_why_a_stage_is_due_on_its_day_says_of_what_it_has_its_share(number: str) -> None:
    found = calendars.explained(Clock.objects.get(stage="examine").pk)
    facts = explanation(found)["facts"]
    assert isinstance(facts, list)
    assert ("怎么算的", "办理期限（10 个工作日）的 70%，不满一天的按一天算") in facts


def test_the_drawing_of_the_procedure_says_the_shares() -> None:
    drawn = figure("p", SIMPLE)
    said = [row.cells[-1] for row in drawn.rows]
    assert said == ["限 5 个工作日", "办理期限的 70%", "办理期限的 30%"]


def test_every_stage_of_every_shipped_item_has_a_time_unless_it_is_done_on_the_spot() -> None:
    for item in ITEMS:
        procedure = procedures.PROCEDURES[item.procedure]
        timed = procedures.stage_terms(procedure, item.term, timezone.localdate())
        if not item.on_the_spot:
            assert timed.keys() == {stage.key for stage in procedure.stages}, item.key


def test_a_case_opened_under_the_version_before_goes_on_without_terms_of_stages(
    cast: Cast, clerk: Actor, examiner: Actor, revised: Callable[[Procedure], None]
) -> None:
    items.ship(actor=cast.installer, items=[PROMISED])
    bare = tuple(stage.model_copy(update={"share": 0}) for stage in SIMPLE.stages)
    revised(SIMPLE.model_copy(update={"version": SIMPLE.version - 1, "stages": bare}))
    number = filed(cast.citizen).number
    revised(SIMPLE)
    handling.accept(actor=clerk, number=number)
    assert running(number, examiner) == {} and [one.due for one in procedures.tasks(examiner)] == [ends(10)]
    (held,) = holders(filing.read_case(actor=examiner, number=number), {})
    assert held.why == "审查不单独计时，承诺时限 10 个工作日"
