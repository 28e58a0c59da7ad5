"""Supervision sees whatever runs in procedures with a term, of every system, not applications alone."""

from __future__ import annotations

import pytest

from shuniu.assessment.declare import Level
from shuniu.assessment.models import Card
from shuniu.cases.models import LetterPart
from shuniu.procedures import api as procedures
from shuniu.procedures.models import Event
from shuniu.systems.documents.declare import INCOMING, OUTGOING
from shuniu.trust.declare import Actor
from tests.assessment.told import scanned
from tests.cases.letters import COMPLAINT, sent
from tests.cast import Cast, cast
from tests.loosening import loosened
from tests.procedures.hall import do, officer

__all__ = ["cast"]
pytestmark = pytest.mark.django_db

CLERK = officer("甲")
ABOUT = {
    "exchange.objection": "objection",
    "registries.match_review": "doubt",
    "credit.repair": "repair",
    "catalogue.review": "resource",
    OUTGOING.key: "document",
    "cases.rectification": "rating",
    "assessment.appeal": "card",
}
"""The procedures that are nobody's application and have a term, and what a case of each is about."""


def opened(procedure: str, opener: Actor = CLERK) -> int:
    return do(
        procedures.open_case, opener, procedure=procedure, object=f"{ABOUT.get(procedure, 'thing')}:1",
        agency="43.market", region="430000", reason="请办理",
    ).id  # fmt: skip


def test_every_procedure_that_is_known_and_has_a_term_is_tried_here() -> None:
    timed = {
        key
        for key, one in procedures.PROCEDURES.items()
        if not key.startswith("test.") and (one.term_rule or any(stage.term for stage in one.stages))
    }
    applications = {key for key in timed if key.startswith("cases.") and key != "cases.rectification"}
    assert timed - applications >= set(ABOUT)


@pytest.mark.parametrize("procedure", sorted(ABOUT))
def test_a_case_of_any_procedure_that_is_left_lying_is_reminded_of_and_carded_on_who_holds_it(
    cast: Cast, procedure: str
) -> None:
    matter = opened(procedure)
    scanned(0)
    assert not Card.objects.exists()
    for day in range(1, 24):
        scanned(day)
    levels = list(Card.objects.filter(matter=matter).order_by("pk").values_list("level", flat=True))
    assert levels[0] == Level.REMINDER and Level.YELLOW in levels
    assert not Card.objects.filter(rule="J03.statutory").exists(), "a default of the platform's is no law"
    assert set(Card.objects.values_list("agency", "object")) == {("43.market", f"{ABOUT[procedure]}:1")}
    rated = set(Card.objects.filter(rule__startswith="J07").values_list("level", flat=True))
    assert rated == ({Level.YELLOW} if procedure == "cases.rectification" else set())


def test_the_officer_who_took_an_objection_is_named_and_who_answered_in_time_is_not(cast: Cast) -> None:
    first, second = opened("exchange.objection"), opened("exchange.objection")
    taker = officer("乙", "exchange.accept_objection")
    do(procedures.take, taker, first)
    do(procedures.answer, taker, second, answer="同意")
    scanned(3)
    found = Card.objects.filter(rule="J02.stage")
    assert list(found.values_list("matter", "stage", "person_name")) == [(first, "accept", "乙")]


def test_a_letter_that_is_not_answered_is_carded_by_its_part_and_says_nothing_of_the_letter(cast: Cast) -> None:
    receipt = sent(COMPLAINT)
    part = LetterPart.objects.get(letter__number=receipt.number)
    scanned(6)
    card = Card.objects.get(level=Level.YELLOW)
    assert (card.matter, card.agency, card.title) == (part.matter, "43.market", "来信承办")
    told = f"{card.facts}{card.finding}{card.object}"
    assert not any(secret in told for secret in (receipt.number, "退货", "田野", COMPLAINT.contact))


def test_a_document_that_is_sent_back_in_an_imported_log_without_a_reason_is_carded(cast: Cast) -> None:
    matter = opened(INCOMING.key)
    taker = officer("丙", "cases.review_document", "cases.sign_document")
    for answer in ("同意", "同意"):
        do(procedures.answer, taker, matter, answer=answer)
    do(procedures.return_, taker, matter, to_stage="instruct", reason="请明确承办单位")
    with loosened(Event):
        Event.objects.filter(case=matter, verb="退回").update(reason="")
    scanned(0)
    assert list(Card.objects.values_list("rule", "stage", "person_name")) == [("J04.returned", "handle", "丙")]
