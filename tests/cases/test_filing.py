"""An application is filed once, goes through the agency's hands, and ends with a decision that says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.cases.api import drafts, filing, finding, handling
from shuniu.cases.declare.case import CaseState, CaseView, Grounds
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.cases.models import Case, Decision
from shuniu.cases.store.drafts import AlreadyFiled
from shuniu.notices.models import Notice
from shuniu.procedures.declare import OPENER
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import NO, chief, clerk, drafted, examiner, filed, published
from tests.cast import Cast, cast
from tests.loosening import loosened

__all__ = ["cast", "chief", "clerk", "examiner", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def accepted(cast: Cast, clerk: Actor) -> CaseView:
    return handling.accept(actor=clerk, number=filed(cast.citizen).number)


def test_a_filed_case_has_a_number_a_place_and_an_entry_and_the_applicant_is_told(cast: Cast) -> None:
    made = filed(cast.citizen)
    day = timezone.localdate()
    assert made.state is CaseState.FILED and made.title == "餐饮服务许可"
    assert len(made.number) >= 43 and made.number[31:39] == f"{day:%Y%m%d}"
    assert made.answers == {"shop": "湘味小馆", "sells_food": "true", "seats": "30"}
    assert [seat.stage for seat in made.matter.open] == ["accept"]
    assert Entry.objects.filter(verb="cases.file", object=f"case:{made.number}").count() == 1
    assert Notice.objects.filter(person=cast.citizen.person, object=f"case:{made.number}").count() == 1


def test_a_second_click_leads_to_the_case_and_makes_no_other(cast: Cast) -> None:
    draft = drafted(cast.citizen)
    made = filing.file(actor=cast.citizen, draft=draft)
    with pytest.raises(AlreadyFiled) as again:
        filing.file(actor=cast.citizen, draft=draft)
    assert again.value.number == made.number and Case.objects.count() == 1


def test_what_is_not_finished_is_not_filed(cast: Cast) -> None:
    draft = drafted(cast.citizen)
    seen = drafts.view(actor=cast.citizen, draft=draft).version
    drafts.save_page(actor=cast.citizen, draft=draft, pages=["seats"], posted={"seats": "很多"}, seen=seen)
    with pytest.raises(Refused) as refusal:
        filing.file(actor=cast.citizen, draft=draft)
    assert refusal.value.rule == "draft.not_ready" and not Case.objects.exists()


def test_from_acceptance_on_two_clocks_run_by_the_items_own_terms(cast: Cast, clerk: Actor) -> None:
    made = accepted(cast, clerk)
    assert made.state is CaseState.ACCEPTED and made.accepted_at is not None
    clocks = {clock.kind.value: clock for clock in made.clocks}
    assert str(clocks["statutory"].term) == "20个工作日" and str(clocks["promised"].term) == "10个工作日"
    today = timezone.localdate()
    assert clocks["promised"].due is not None and clocks["promised"].due >= today + timedelta(days=10)


def test_examined_by_one_and_granted_by_another_the_case_ends_and_its_clocks_stop(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = accepted(cast, clerk).number
    handling.examine(actor=examiner, number=number, opinion="场所、设备符合要求，建议准予。")
    made = handling.decide(actor=chief, number=number)
    assert made.state is CaseState.GRANTED and made.ended_at is not None
    assert made.decision is not None and made.decision.person_name == "曾志" and made.decision.remedy == ""
    assert all(clock.ended == timezone.localdate() for clock in made.clocks)
    with pytest.raises(Refused) as refusal:
        handling.decide(actor=chief, number=number)
    assert refusal.value.rule == "case.ended"


def test_a_refusal_states_facts_articles_and_remedy_or_cannot_be_issued(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = accepted(cast, clerk).number
    handling.examine(actor=examiner, number=number, opinion="没有独立加工间，建议不予许可。")
    for grounds, rule in (
        (Grounds(facts="不符合条件", articles=NO.articles), "case.facts"),
        (Grounds(facts=NO.facts, articles="食品安全法"), "case.articles"),
    ):
        with pytest.raises(Refused) as refusal:
            handling.decide(actor=chief, number=number, grounds=grounds)
        assert refusal.value.rule == rule
    made = handling.decide(actor=chief, number=number, grounds=NO)
    assert made.state is CaseState.REFUSED and made.decision is not None
    assert made.decision.facts == NO.facts and "60日内" in made.decision.remedy and "6个月" in made.decision.remedy
    row = Decision.objects.get()
    assert row.rules == ["c26.remedy.review.term.2024", "c26.remedy.suit.term"]
    with loosened(Decision), pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(remedy="")


def test_an_application_can_be_declined_with_the_same_care(cast: Cast, clerk: Actor) -> None:
    made = handling.decline(actor=clerk, number=filed(cast.citizen).number, grounds=NO)
    assert made.state is CaseState.DECLINED and made.decision is not None and "行政复议" in made.decision.remedy
    assert all(clock.ended is not None for clock in made.clocks)


def test_a_correction_is_asked_for_once_and_stops_the_agency_until_it_is_made(cast: Cast, clerk: Actor) -> None:
    number = filed(cast.citizen).number
    waiting = handling.ask_correction(actor=clerk, number=number, what="请补充平面图上的座位数。")
    assert waiting.state is CaseState.CORRECTING and waiting.matter.waits_for == ("补正",)
    with pytest.raises(Refused) as refusal:
        handling.accept(actor=clerk, number=number)
    assert refusal.value.rule == "procedures.held"
    assert filing.correct(actor=cast.citizen, number=number, note="已补充").state is CaseState.FILED
    with pytest.raises(Refused) as refusal:
        handling.ask_correction(actor=clerk, number=number, what="再补一份。")
    assert refusal.value.rule == "case.correction_once"
    assert handling.accept(actor=clerk, number=number).state is CaseState.ACCEPTED


def test_the_chief_sends_back_and_what_was_answered_there_is_asked_again(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = accepted(cast, clerk).number
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    back = handling.return_(actor=chief, number=number, reason="请核对排烟设施。")
    assert Notice.objects.filter(template="cases.returned", agency="43.market").count() == 1, (
        "it waits for whoever takes it"
    )
    assert [seat.stage for seat in back.matter.open] == ["examine"]
    with pytest.raises(Refused) as refusal:
        handling.return_(actor=examiner, number=number, reason="退回申请人。", to_stage=OPENER)
    assert refusal.value.rule == "case.return_opener"
    handling.examine(actor=examiner, number=number, opinion="排烟设施合格，建议准予。")
    assert handling.decide(actor=chief, number=number).state is CaseState.GRANTED


def test_the_applicant_takes_a_running_case_back_and_nobody_decides_it_then(cast: Cast, clerk: Actor) -> None:
    number = accepted(cast, clerk).number
    assert filing.withdraw(actor=cast.citizen, number=number, reason="不再开店").state is CaseState.WITHDRAWN
    with pytest.raises(Refused) as refusal:
        handling.decline(actor=clerk, number=number, grounds=NO)
    assert refusal.value.rule == "case.ended"


def test_a_case_is_read_by_its_applicant_and_the_agency_alone_and_each_reading_is_on_record(
    cast: Cast, clerk: Actor, examiner: Actor
) -> None:
    number = filed(cast.citizen).number
    assert filing.read_case(actor=cast.citizen, number=number).own
    assert not filing.read_case(actor=examiner, number=number).own
    assert Entry.objects.filter(verb="cases.read_case", object=f"case:{number}", outcome="done").count() == 2
    for other in (cast.firm, cast.stranger, cast.tax_officer):
        with pytest.raises(Refused):
            filing.read_case(actor=other, number=number)
    assert [line.number for line in filing.list_own(actor=cast.citizen)] == [number]
    assert filing.list_own(actor=cast.firm) == ()
    assert [line.number for line in finding.list_agency(actor=clerk).lines] == [number]


def test_nobody_accepts_what_he_applied_for_himself(cast: Cast, clerk: Actor) -> None:
    both = replace(
        cast.citizen,
        agency=clerk.agency,
        regions=clerk.regions,
        capabilities=clerk.capabilities | cast.citizen.capabilities,
    )
    number = filed(both).number
    with pytest.raises(Refused) as refusal:
        handling.accept(actor=both, number=number)
    assert refusal.value.rule == "procedures.own_approval"
    assert handling.accept(actor=clerk, number=number).state is CaseState.ACCEPTED


def test_whoever_acts_for_another_hands_in_the_proof(cast: Cast) -> None:
    draft = drafted(cast.citizen, Whom(ground=Ground.AGENT, kind="natural", name="欧阳娜", by="李四"))
    with pytest.raises(Refused) as refusal:
        filing.file(actor=cast.citizen, draft=draft)
    assert refusal.value.rule == "material.missing" and "授权委托书" in refusal.value.message
