"""A card about a report (举报) never tells the accused of it, whatever they oversee, and never tells the public what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.assessment import api
from shuniu.assessment.models import Card
from shuniu.cases.api import withheld
from shuniu.cases.models import LetterPart
from shuniu.directory.declare import ROLES
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused
from tests.assessment.told import after, numbered, scanned
from tests.cases.letters import COMPLAINT, REPORT, sent
from tests.cast import Cast, cast

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
EVERYTHING = frozenset().union(*(role.capabilities for role in ROLES.values()), {OVERSEE, *ROLES})
SIGNED_IN = {"assessment.list_cards", "assessment.read_card", "assessment.explain", "procedures.read_place"}


def overseer(agency: str) -> Actor:
    """Somebody of an agency who may do everything, oversight of all included."""
    return Actor("officer:9", "某人", agency, agency, ("43",), EVERYTHING | SIGNED_IN)


@pytest.fixture
def late(cast: Cast) -> Card:
    """The card of a report about the market bureau, left lying beyond its sixty days."""
    receipt = sent(REPORT)
    scanned(60)
    part = LetterPart.objects.get(letter__number=receipt.number)
    return Card.objects.get(matter=part.matter, rule="J03.statutory")


@pytest.mark.parametrize("agency", ["43.market", "430102.market"])
def test_the_accused_and_those_below_them_see_no_card_about_the_report_though_they_oversee_all(
    late: Card, agency: str
) -> None:
    assert numbered(overseer(agency)) == {}
    for act in (
        lambda who: api.read_card(actor=who, number=late.pk),
        lambda who: api.recompute(actor=who, number=late.pk),
        lambda who: api.explain(actor=who, number=late.pk, text="说明"),
        lambda who: api.decide_appeal(actor=who, number=late.pk, cancel=True, reason="撤"),
    ):
        with pytest.raises(Refused) as refusal:
            act(overseer(agency))
        assert refusal.value.rule == "assessment.unknown"


def test_others_who_oversee_see_it_and_the_handling_agency_explains(late: Card) -> None:
    assert late.agency == "43.office"
    assert numbered(overseer("43.tax"))["J03.statutory"].number == late.pk
    head = replace(overseer("43.office"), capabilities=ROLES["agency_head"].capabilities | SIGNED_IN)
    assert api.explain(actor=head, number=late.pk, text="核查尚未结束。").line.state == "explained"


def test_the_public_sees_that_there_is_a_card_and_not_what_it_is_about(late: Card, cast: Cast) -> None:
    sent(COMPLAINT)
    scanned(66)
    month = f"{after(60):%Y-%m}"
    months = {month, f"{after(66):%Y-%m}"}
    rows = [one for period in months for one in api.public_cards(period)]
    (secret,) = [one for one in rows if one.number == late.pk]
    assert (secret.rule, secret.title, secret.person) == ("", "", "")
    assert {one.title for one in rows if one.agency == "43.market"} == {"来信承办"}


def test_what_is_withheld_is_every_part_and_the_whole_of_a_letter(late: Card, cast: Cast) -> None:
    whole = LetterPart.objects.get(matter=late.matter).letter.matter
    assert withheld.hidden_from("43.market") == {late.matter, whole}
    assert withheld.hidden_from("43.tax") == withheld.hidden_from("") == frozenset()
    assert withheld.never_public([late.matter, 0]) == {late.matter}


def test_the_accused_cannot_see_where_the_report_stands_nor_when_it_is_due_nor_take_it(late: Card) -> None:
    clock = late.finding["clock"]
    for agency in ("43.market", "430102.market"):
        for act in (
            lambda who: procedures.read_place(actor=who, case=late.matter),
            lambda who: calendars.explain_due(actor=who, clock=clock),
        ):
            with pytest.raises(Refused) as refusal:
                act(overseer(agency))
            assert refusal.value.rule == "procedures.unknown"
        assert late.matter not in {one.case for one in procedures.tasks(overseer(agency))}
    assert procedures.read_place(actor=overseer("43.tax"), case=late.matter)[0].id == late.matter
    assert late.matter in {one.case for one in procedures.tasks(overseer("43.office"))}
