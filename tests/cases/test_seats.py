"""What an officer does with a seat in a case beside answering: nothing is decided before all who are asked have answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import filing, handling, seats
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.models import Bill, Case, Decision
from shuniu.notices.models import Notice
from shuniu.procedures.calendars.declare import ClockView
from shuniu.procedures.declare import Move
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import NO, filed, published
from tests.cast import Cast, cast
from tests.portal.cases import chief, clerk, examiner, officer

__all__ = ["cast", "chief", "clerk", "examiner", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def second(cast: Cast) -> Actor:
    return officer("case_decider", "tanwei", "谭伟")


@pytest.fixture
def colleague(cast: Cast) -> Actor:
    return officer("case_clerk", "liqin", "李琴")


@pytest.fixture
def ready(cast: Cast, clerk: Actor, examiner: Actor) -> str:
    """The number of a case that waits for its decision."""
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    return number


def told(who: Actor) -> list[str]:
    return [*Notice.objects.filter(person=who.person).order_by("pk").values_list("template", flat=True)]


def moves(number: str, reader: Actor) -> list[Move]:
    return [one.move for one in filing.read_case(actor=reader, number=number).history]


def terms(view: CaseView) -> list[ClockView]:
    """The clocks of the whole, without those of its stages."""
    return [one for one in view.clocks if not one.stage]


def test_a_decision_comes_after_every_signer_and_not_before(ready: str, chief: Actor, second: Actor) -> None:
    made = seats.add_signer(actor=chief, number=ready, to=second.person, reason="请核对面积")
    assert told(second) == ["cases.signer"] and [one.person for one in made.matter.open] == [second.person]
    with pytest.raises(Refused, match="由谭伟办理"):
        handling.decide(actor=chief, number=ready)
    signed = handling.decide(actor=second, number=ready)
    assert signed.state is CaseState.ACCEPTED and not Decision.objects.exists()
    assert handling.decide(actor=chief, number=ready).state is CaseState.GRANTED
    assert Decision.objects.get().person_name == "曾志"


def test_a_signer_after_the_actor_makes_the_decision_with_his_yes(ready: str, chief: Actor, second: Actor) -> None:
    seats.add_signer(actor=chief, number=ready, to=second.person, after=True)
    assert handling.decide(actor=chief, number=ready).state is CaseState.ACCEPTED
    assert handling.decide(actor=second, number=ready).state is CaseState.GRANTED


def test_the_no_of_one_signer_refuses_with_his_grounds(ready: str, chief: Actor, second: Actor) -> None:
    seats.add_signer(actor=chief, number=ready, to=second.person)
    assert handling.decide(actor=second, number=ready, grounds=NO).state is CaseState.REFUSED
    assert Decision.objects.get().facts == NO.facts


def test_acceptance_too_waits_for_the_signer_and_only_then_runs_the_clocks(
    cast: Cast, clerk: Actor, colleague: Actor
) -> None:
    number = filed(cast.citizen).number
    seats.add_signer(actor=clerk, number=number, to=colleague.person, after=True)
    first = handling.accept(actor=clerk, number=number)
    assert first.state is CaseState.FILED and not terms(first) and not Bill.objects.exists()
    assert terms(handling.accept(actor=colleague, number=number))


def test_a_signer_that_has_not_answered_is_taken_back(ready: str, chief: Actor, second: Actor) -> None:
    asked = seats.add_signer(actor=chief, number=ready, to=second.person).matter.open[0].number
    with pytest.raises(Refused) as refusal:
        seats.drop_signer(actor=chief, number=ready, seat=asked, reason=" ")
    assert refusal.value.rule == "procedures.reason"
    seats.drop_signer(actor=chief, number=ready, seat=asked, reason="外出")
    assert handling.decide(actor=chief, number=ready).state is CaseState.GRANTED


@pytest.mark.parametrize("agree", [True, False])
def test_advice_decides_nothing_whatever_it_says(ready: str, chief: Actor, second: Actor, agree: bool) -> None:
    asked = seats.delegate(actor=chief, number=ready, to=second.person, reason="请先看场所").matter.open[0].number
    assert told(second) == ["cases.delegated"]
    said = seats.advise(actor=second, number=ready, agree=agree, opinion="场所合格。", seat=asked)
    assert said.state is CaseState.ACCEPTED and [one.person for one in said.matter.open] == [chief.person]
    assert handling.decide(actor=chief, number=ready).state is CaseState.GRANTED


def test_the_verbs_of_the_law_make_no_more_of_advice_than_advice(ready: str, chief: Actor, second: Actor) -> None:
    seats.delegate(actor=chief, number=ready, to=second.person, reason="请先看场所")
    assert handling.decide(actor=second, number=ready, grounds=NO).state is CaseState.ACCEPTED
    assert not Decision.objects.exists()


def test_what_is_not_advice_is_not_answered_as_advice(ready: str, chief: Actor) -> None:
    own = filing.read_case(actor=chief, number=ready).matter.open[0].number
    for seat in (own, 0):
        with pytest.raises(Refused) as refusal:
            seats.advise(actor=chief, number=ready, agree=True, opinion="同意。", seat=seat)
        assert refusal.value.rule == "case.advice"
    assert Case.objects.get().state == CaseState.ACCEPTED


def test_a_seat_is_handed_on_and_is_then_the_others_alone(cast: Cast, clerk: Actor, colleague: Actor) -> None:
    number = filed(cast.citizen).number
    seats.transfer(actor=clerk, number=number, to=colleague.person, reason="外出培训")
    assert told(colleague) == ["cases.transferred"]
    with pytest.raises(Refused, match="由李琴办理"):
        handling.accept(actor=clerk, number=number)
    seats.release(actor=colleague, number=number, reason="回到窗口")
    assert handling.accept(actor=clerk, number=number).state is CaseState.ACCEPTED


def test_a_seat_goes_to_nobody_without_the_right_and_to_no_stranger(cast: Cast, clerk: Actor, examiner: Actor) -> None:
    number = filed(cast.citizen).number
    for to, wanted in (
        (examiner.person, "procedures.transfer"),
        (clerk.person, "procedures.transfer"),
        (cast.citizen.person, "case.person"),
        ("", "case.person"),
        ("officer:999999", "directory.no_account"),
    ):
        with pytest.raises(Refused) as refusal:
            seats.transfer(actor=clerk, number=number, to=to, reason="外出")
        assert refusal.value.rule == wanted
    assert not Notice.objects.filter(template="cases.transferred").exists()


def test_one_takes_back_the_own_answer_until_somebody_has_answered_on_it(
    ready: str, examiner: Actor, clerk: Actor, chief: Actor
) -> None:
    back = seats.withdraw_answer(actor=examiner, number=ready, reason="漏看一份材料")
    assert [one.stage for one in back.matter.open] == ["examine"]
    with pytest.raises(Refused) as refusal:
        handling.decide(actor=chief, number=ready)
    assert refusal.value.rule.startswith("procedures.")
    handling.examine(actor=examiner, number=ready, opinion="补看后仍建议准予。")
    with pytest.raises(Refused) as refusal:
        seats.withdraw_answer(actor=clerk, number=ready, reason="受理有误")
    assert refusal.value.rule == "procedures.withdraw"
    handling.decide(actor=chief, number=ready)
    with pytest.raises(Refused) as refusal:
        seats.withdraw_answer(actor=chief, number=ready, reason="改主意")
    assert refusal.value.rule == "case.ended"


def test_an_acceptance_taken_back_and_given_again_keeps_its_day_and_its_clocks(cast: Cast, clerk: Actor) -> None:
    number = filed(cast.citizen).number
    first = handling.accept(actor=clerk, number=number)
    seats.withdraw_answer(actor=clerk, number=number, reason="再看一眼")
    again = handling.accept(actor=clerk, number=number)
    assert again.accepted_at == first.accepted_at and terms(again) == terms(first)


def test_who_is_to_answer_is_urged_and_nobody_where_the_applicant_is_waited_for(
    cast: Cast, clerk: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen).number
    seats.urge(actor=chief, number=number, note="请今天办")
    assert Notice.objects.filter(template="cases.urged", agency="43.market").count() == 1
    handling.take(actor=clerk, number=number)
    seats.urge(actor=chief, number=number)
    assert told(clerk) == ["cases.urged"]
    handling.ask_correction(actor=clerk, number=number, what="请补充平面图。")
    with pytest.raises(Refused) as refusal:
        seats.urge(actor=chief, number=number)
    assert refusal.value.rule == "case.nobody" and moves(number, chief).count(Move.URGE) == 2


def test_what_is_circulated_is_read_even_when_it_has_ended(
    ready: str, clerk: Actor, chief: Actor, colleague: Actor, cast: Cast
) -> None:
    seats.circulate(actor=chief, number=ready, to=[clerk.person, colleague.person, clerk.person], note="供参考")
    assert told(clerk) == told(colleague) == ["cases.circulated"]
    handling.decide(actor=chief, number=ready)
    done = seats.confirm_read(actor=clerk, number=ready)
    assert [one.person for one in done.matter.state.readers if one.read_at] == [clerk.person]
    for to, wanted in (([], "case.person"), ([cast.tax_officer.person], "case.reader"), (["x"], "case.person")):
        with pytest.raises(Refused) as refusal:
            seats.circulate(actor=chief, number=ready, to=to)
        assert refusal.value.rule == wanted
    with pytest.raises(Refused) as refusal:
        seats.confirm_read(actor=chief, number=ready)
    assert refusal.value.rule == "procedures.readers"


def test_the_chief_and_the_provinces_office_supervise_and_say_by_when(cast: Cast, clerk: Actor, chief: Actor) -> None:
    number, today = filed(cast.citizen).number, timezone.localdate()
    handling.take(actor=clerk, number=number)
    with pytest.raises(Refused) as refusal:
        seats.supervise(actor=cast.office, number=number, due=today - timedelta(days=1))
    assert refusal.value.rule == "case.due"
    for who in (cast.office, chief):
        seats.supervise(actor=who, number=number, due=today, note="群众反映")
    assert told(clerk) == ["cases.supervised"] * 2
    assert today.isoformat() in Notice.objects.filter(template="cases.supervised").latest("pk").text
    left = seats.unsupervise(actor=chief, number=number)
    assert [one.person for one in left.matter.state.supervisors] == [cast.office.person]


def test_who_has_nothing_to_do_with_a_case_neither_urges_nor_reads_it(cast: Cast, chief: Actor) -> None:
    number = filed(cast.citizen).number
    other = officer("case_decider", "wuyan", "吴燕", agency="43.tax")
    verbs = (seats.urge, seats.confirm_read, seats.supervise, seats.unsupervise)
    for verb in verbs:
        with pytest.raises(Refused) as refusal:
            verb(actor=other, number=number)
        assert refusal.value.rule == "case.unknown"
    with pytest.raises(Refused) as refusal:
        seats.supervise(actor=chief, number="43X0")
    assert refusal.value.rule == "case.unknown"


def test_colleagues_are_those_of_the_agency_with_the_right_and_the_region(
    cast: Cast, clerk: Actor, colleague: Actor, chief: Actor, second: Actor
) -> None:
    for capability, names in (
        ("cases.accept", ["马丽", "李琴"]),
        ("cases.decide", ["曾志", "谭伟"]),
        (seats.MAY_READ, ["马丽", "李琴", "曾志", "谭伟"]),
    ):
        assert [one.name for one in seats.colleagues("43.market", capability, "430102")] == names
    assert seats.colleagues("43.market", "cases.accept", "440000") == ()


def test_every_act_is_in_the_journal_with_the_case_and_without_reasons(ready: str, chief: Actor, second: Actor) -> None:
    seats.add_signer(actor=chief, number=ready, to=second.person, reason="秘密理由")
    entry = Entry.objects.filter(verb="cases.add_signer", object=f"case:{ready}").latest("pk")
    assert entry.detail == {"to": second.person}
    assert not Entry.objects.filter(detail__icontains="秘密理由").exists()
