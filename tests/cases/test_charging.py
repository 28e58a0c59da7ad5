"""A fee that the agency decides to charge: by the item's tariff alone, once, on one basis; and what was asked before."""

from __future__ import annotations

import pytest

from shuniu.cases.api import charging, earlier, fees, handling, items
from shuniu.cases.declare.case import CaseView
from shuniu.notices.models import Notice
from shuniu.systems.disclosure.declare import ITEM, PAGES, by_pages, by_pieces
from shuniu.trust.declare import Refused
from tests.cases.filing import officer
from tests.cast import Cast, cast
from tests.systems.information import WHAT, answered, asked, at, shipped

__all__ = ["cast", "shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def accepted(cast: Cast) -> CaseView:
    made = asked(cast.citizen)
    return handling.accept(actor=officer(cast, "case_clerk", 901, "马丽"), number=made.number)


def test_the_bill_has_a_line_for_each_tier_and_the_applicant_is_told(cast: Cast) -> None:
    made, chief = accepted(cast), officer(cast, "case_decider", 903, "曾志")
    done = charging.charge(actor=chief, number=made.number, counts=by_pages(120))
    bill = fees.read_bill(actor=cast.citizen, number=done.bill)
    assert [(one.key, one.amount) for one in bill.lines] == [("page-31", 70_000), ("page-101", 40_000)]
    assert bill.due == 110_000 and all("国办函〔2020〕109号" in one.basis for one in bill.lines)
    assert Notice.objects.filter(person=cast.citizen.person, template="cases.charged").count() == 1


@pytest.mark.parametrize(
    ("counts", "rule"),
    [
        (by_pages(30), "fees.nothing"),
        (by_pieces(10), "fees.nothing"),
        ({}, "fees.nothing"),
        ({**by_pages(50), **by_pieces(12)}, "fees.double"),
        ({"pieces": "很多"}, "fees.count"),
    ],
)
def test_what_the_tariff_does_not_charge_is_not_charged(cast: Cast, counts: dict[str, str], rule: str) -> None:
    made, chief = accepted(cast), officer(cast, "case_decider", 903, "曾志")
    with pytest.raises(Refused) as refusal:
        charging.charge(actor=chief, number=made.number, counts=counts)
    assert refusal.value.rule == rule and refusal.value.remedy


def test_a_fee_is_charged_once_after_acceptance_by_the_asked_agency(cast: Cast) -> None:
    made, chief = asked(cast.citizen), officer(cast, "case_decider", 903, "曾志")
    with pytest.raises(Refused) as refusal:
        charging.charge(actor=chief, number=made.number, counts=by_pages(50))
    assert refusal.value.rule == "fees.accepted"
    handling.accept(actor=officer(cast, "case_clerk", 901, "马丽"), number=made.number)
    with pytest.raises(Refused) as refusal:
        charging.charge(actor=at(chief, "43.tax", "430000"), number=made.number, counts=by_pages(50))
    assert refusal.value.rule == "right.agency"
    charging.charge(actor=chief, number=made.number, counts=by_pages(50))
    with pytest.raises(Refused) as refusal:
        charging.charge(actor=chief, number=made.number, counts=by_pieces(50))
    assert refusal.value.rule == "fees.charged"


def test_a_fee_without_basis_or_without_what_it_counts_is_not_published() -> None:
    for change in ({"basis": " "}, {"per": ""}):
        line = PAGES[0].model_copy(update=change)
        found = items.faults(ITEM.model_copy(update={"extra_fees": (line,)}))
        assert "item.fee_basis" in {one.rule for one in found if one.blocks}


def test_two_results_of_one_name_are_not_published() -> None:
    found = items.faults(ITEM.model_copy(update={"results": (*ITEM.results, ITEM.results[0])}))
    assert "item.doubled" in {one.rule for one in found if one.blocks}


def test_what_the_same_applicant_asked_here_before_is_shown_with_its_answer(cast: Cast) -> None:
    first = answered(cast, asked(cast.citizen).number, "open", "见附件。")
    asked(cast.citizen, what="本机关 2024 年车辆购置的预算批复")
    asked(cast.citizen, agency="43.tax")
    asked(cast.firm, kind="firm")
    again = asked(cast.citizen, what=f"{WHAT}，再次申请")
    clerk = officer(cast, "case_clerk", 901, "马丽")
    (found,) = earlier.list_earlier(actor=clerk, number=again.number, question="what")
    assert found.line.number == first.number and found.line.result == "予以公开" and 0.8 < found.alike < 1
    assert earlier.list_earlier(actor=clerk, number=first.number, question="what") == ()


def test_another_agency_is_not_told_what_somebody_asked_before(cast: Cast) -> None:
    made = asked(cast.citizen)
    with pytest.raises(Refused) as refusal:
        earlier.list_earlier(
            actor=at(officer(cast, "case_clerk", 901, "马丽"), "43.tax", "430000"), number=made.number, question="what"
        )
    assert refusal.value.rule == "case.unknown"
