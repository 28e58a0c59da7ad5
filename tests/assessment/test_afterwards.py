"""What is watched before and after a case's own stages: letters signed for within their day, licences issued and delivered."""

from __future__ import annotations

import pytest
from django.utils import timezone

from shuniu.assessment import api
from shuniu.assessment.models import Card
from shuniu.cases.api import filing, handling, items, letters, licence_desk, licences, postal, postal_desk
from shuniu.cases.api.letter_desk import sign_letter
from shuniu.cases.declare.postal import Way
from shuniu.cases.declare.timing import DELIVER
from shuniu.cases.models import LetterPart
from shuniu.procedures.calendars.declare import Kind
from shuniu.systems.licences.declare import BY_KEY
from shuniu.trust.declare import Actor
from tests.assessment.told import scanned, working
from tests.cases import licensed
from tests.cases.filing import ITEM, chief, clerk, examiner, filed
from tests.cases.filing import officer as holder
from tests.cases.letters import COMPLAINT, MARKET, sent
from tests.cast import Cast, cast
from tests.portal.cases import officer

__all__ = ["cast", "chief", "clerk", "examiner"]
pytestmark = pytest.mark.django_db
KIND = BY_KEY["business-licence"]


def cards() -> list[tuple[str, str, str, str]]:
    return list(Card.objects.order_by("pk").values_list("rule", "level", "stage", "agency"))


# --- letters ------------------------------------------------------------------------------------------------------------


def test_a_letter_that_nobody_signs_for_gets_a_yellow_card_and_unexplained_a_red_one(cast: Cast) -> None:
    sent(COMPLAINT)
    assert scanned(0) == scanned(1) == 0, "whoever got it was told, and has his day"
    assert scanned(2) == 1 and cards() == [("J02.stage", "yellow", "sign", "43.market")]
    scanned(6)
    assert ("J03.unanswered", "red", "sign", "43.market") in cards()


def test_one_that_is_signed_for_in_its_day_gets_none_and_its_other_term_runs_on(cast: Cast) -> None:
    receipt = sent(COMPLAINT)
    part = LetterPart.objects.get(letter__number=receipt.number)
    sign_letter(actor=MARKET, part=part.pk)
    assert scanned(3) == 0
    (seen,) = letters.follow_letter(number=receipt.number, code=receipt.code).parts
    assert seen.due == working(timezone.localdate(), 5) and not seen.overdue
    scanned(6)
    assert {rule for rule, *_ in cards()} == {"J02.own"}


# --- licences -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(cast: Cast) -> Actor:
    licensed.agencies()
    return officer("licence_officer", "sunfang", "孙芳")


@pytest.fixture
def granted(cast: Cast, keeper: Actor, clerk: Actor, examiner: Actor, chief: Actor) -> str:
    """The number of a case of an item that issues a licence, granted today."""
    items.ship(actor=cast.installer, items=[ITEM.model_copy(update={"licences": (KIND.key,), "by_mail": True})])
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="符合要求，建议准予。")
    handling.decide(actor=chief, number=number)
    return number


def issue(keeper: Actor, case: str) -> None:
    licences.issue_licence(actor=keeper, case=case, licence=KIND)


def test_from_the_decision_ten_working_days_run_until_the_licence_is_issued(
    cast: Cast, granted: str, keeper: Actor
) -> None:
    it = filing.read_case(actor=cast.citizen, number=granted)
    (running,) = [one for one in it.clocks if one.ended is None]
    assert (running.kind, running.stage, running.due) == (Kind.STAGE, DELIVER, working(timezone.localdate(), 10))
    (waits,) = licence_desk.list_unissued(actor=keeper)
    assert (waits.case, waits.due) == (granted, running.due)
    assert [one.due for one in filing.list_own(actor=cast.citizen)] == [None], "the case itself has ended"
    issue(keeper, granted)
    assert all(one.ended for one in filing.read_case(actor=cast.citizen, number=granted).clocks)
    assert scanned(11) == 0


def test_what_is_not_issued_in_time_is_reminded_of_and_then_a_red_card_of_the_agency(
    cast: Cast, granted: str, keeper: Actor
) -> None:
    assert [scanned(day) for day in (8, 9, 10, 11, 12)] == [0, 1, 0, 1, 0]
    assert cards() == [("J01.stage", "reminder", DELIVER, "43.market"), ("J03.deliver", "red", DELIVER, "43.market")]
    late = Card.objects.get(rule="J03.deliver")
    assert (late.person, late.object) == ("", f"case:{granted}")
    overseer = officer("office", "yanming", "严明", "43.office")
    assert api.recompute(actor=overseer, number=late.pk).equal


def test_paper_that_is_wanted_by_post_is_delivered_when_it_is_signed_for(
    cast: Cast, granted: str, keeper: Actor, clerk: Actor
) -> None:
    postal.choose(
        actor=cast.citizen, number=granted, way=Way.MAIL, name="田野", telephone="13812345678",
        address="湖南省长沙市芙蓉区五一大道 1 号 3 栋 402 室",
    )  # fmt: skip
    issue(keeper, granted)
    running = [one.stage for one in filing.read_case(actor=cast.citizen, number=granted).clocks if one.ended is None]
    assert running == [DELIVER]
    postal_desk.consign(actor=clerk, number=granted, contents="许可证 1 本", waybill="EMS123456789CN")
    postal_desk.note_mail(actor=clerk, number=granted, signer="田野")
    assert all(one.ended for one in filing.read_case(actor=cast.citizen, number=granted).clocks)


def test_a_refusal_and_an_item_without_a_licence_have_no_such_term(cast: Cast, clerk: Actor) -> None:
    items.ship(actor=cast.installer, items=[ITEM])
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=holder(cast, "case_examiner", 902, "彭涛"), number=number, opinion="符合要求，建议准予。")
    it = handling.decide(actor=holder(cast, "case_decider", 903, "曾志"), number=number)
    assert it.clocks and all(one.ended for one in it.clocks)
