"""Items that go by a declared procedure, walked to their end: agencies beside each other (会签), and two of three (会商)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.base.rules import RuleBook
from shuniu.cases.api import filing, handling, items
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.models import Decision
from shuniu.systems.service_hall.declare import ITEMS
from shuniu.systems.service_hall.procedures import CONFERRED, CONSULTED
from shuniu.trust.declare import Actor
from tests.cases.filing import ITEM, chief, clerk, examiner, filed
from tests.cast import Cast, cast
from tests.refusals import refused

__all__ = ["cast", "chief", "clerk", "examiner"]
pytestmark = pytest.mark.django_db
SHIPPED = {item.procedure: item for item in ITEMS if item.procedure != "cases.simple"}
SAID = "没有意见。"


def at(examiner: Actor, agency: str, number: int) -> Actor:
    """An officer of another agency with the same right."""
    return replace(examiner, person=f"officer:{number}", agency=agency)


def begun(cast: Cast, clerk: Actor, procedure: str) -> CaseView:
    """An accepted case that goes by a shipped item's procedure, at the agencies that this item names."""
    shipped = SHIPPED[procedure]
    items.ship(actor=cast.installer, items=[ITEM.model_copy(update={"procedure": procedure, "lanes": shipped.lanes})])
    return handling.accept(actor=clerk, number=filed(cast.citizen).number)


def opened(it: CaseView) -> list[tuple[str, str]]:
    return sorted((one.stage, one.agency) for one in it.matter.open)


def say(who: Actor, it: CaseView) -> CaseView:
    """An officer's opinion in the seat of his agency, as the page of the case sends it."""
    now = filing.read_case(actor=who, number=it.number)
    seat = next((one.number for one in now.matter.seats if one.agency == who.agency and not one.answer), 0)
    return handling.examine(actor=who, number=it.number, opinion=SAID, seat=seat)


def test_real_items_go_by_procedures_of_several_agencies() -> None:
    assert SHIPPED.keys() == {CONSULTED.key, CONFERRED.key}
    assert SHIPPED[CONSULTED.key].key == "43.resources/construction-planning"
    assert all(len(agencies) >= 2 for item in SHIPPED.values() for _stage, agencies in item.lanes)


def test_who_is_consulted_answers_while_the_agency_examines_and_the_decision_waits_for_all(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    it = begun(cast, clerk, CONSULTED.key)
    assert opened(it) == [("consult", "43.ecology"), ("consult", "43.housing"), ("examine", "43.market")]
    days = RuleBook.load("current-2026").resolve("cases.consult.days", timezone.localdate()).term()
    (clock,) = [one for one in it.clocks if one.stage == "consult"]
    assert clock.due == Calendar.load().due(timezone.localdate(), days).date
    it = say(at(examiner, "43.housing", 911), it)
    it = say(examiner, it)
    assert opened(it) == [("consult", "43.ecology")] and not it.matter.results["consult"]
    with refused("procedures.not_open"):
        handling.decide(actor=chief, number=it.number)
    it = say(at(examiner, "43.ecology", 912), it)
    assert opened(it) == [("decide", "43.market")]
    assert all(one.ended for one in it.clocks if one.stage == "consult")
    assert handling.decide(actor=chief, number=it.number).state is CaseState.GRANTED
    assert Decision.objects.get().person == chief.person


def test_who_is_consulted_can_send_back_and_all_are_asked_again(cast: Cast, clerk: Actor, examiner: Actor) -> None:
    it = begun(cast, clerk, CONSULTED.key)
    housing = at(examiner, "43.housing", 911)
    it = say(examiner, it)
    seat = next(one.number for one in it.matter.open if one.agency == "43.housing")
    it = handling.return_(actor=housing, number=it.number, to_stage="accept", reason="缺少消防设计文件", seat=seat)
    assert opened(it) == [("accept", "43.market")]
    again = handling.accept(actor=clerk, number=it.number)
    assert opened(again) == [("consult", "43.ecology"), ("consult", "43.housing"), ("examine", "43.market")]


def test_two_of_three_that_confer_are_enough_and_the_third_comes_too_late(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    it = say(examiner, begun(cast, clerk, CONFERRED.key))
    assert opened(it) == [("confer", "43.housing"), ("confer", "43.resources"), ("confer", "43.water")]
    it = say(at(examiner, "43.water", 911), it)
    assert ("decide", "43.market") not in opened(it)
    it = say(at(examiner, "43.resources", 912), it)
    assert opened(it) == [("decide", "43.market")]
    with refused("procedures.not_open"):
        say(at(examiner, "43.housing", 913), it)
    assert handling.decide(actor=chief, number=it.number).state is CaseState.GRANTED


def test_nobody_examines_in_the_seat_of_who_decides(cast: Cast, clerk: Actor, examiner: Actor, chief: Actor) -> None:
    it = say(examiner, begun(cast, clerk, CONFERRED.key))
    for agency, number in (("43.water", 911), ("43.resources", 912)):
        it = say(at(examiner, agency, number), it)
    (seat,) = it.matter.open
    both = replace(chief, capabilities=chief.capabilities | examiner.capabilities)
    with refused("procedures.not_open"):
        handling.examine(actor=both, number=it.number, opinion=SAID, seat=seat.number)
    assert not Decision.objects.exists()
