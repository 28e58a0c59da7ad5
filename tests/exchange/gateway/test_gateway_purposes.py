"""What a question is for: a case that runs, is in the asker's hands and concerns the subject; and who asks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from shuniu.cases.models import Case as Filed
from shuniu.directory.models import Account
from shuniu.exchange.gateway import api
from shuniu.procedures.models import Case, Declaration
from shuniu.registries import api as registries
from shuniu.trust.models import Entry
from tests.cast import newcomer
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import Machine
from tests.exchange.people import MARKET

pytestmark = pytest.mark.django_db(transaction=True)


def case(number: str, *, agency: str = "43.tax", applicant: int | None = None, outcome: str = "") -> None:
    """A case about an applicant, running where it has no outcome."""
    declared, _ = Declaration.objects.get_or_create(key="gateway.test", version=1, defaults={"form": {}})
    Case.objects.create(
        declaration=declared, object=f"case:{number}", agency=agency, region="430000", opened_at=timezone.now(),
        opened_by="officer:1", opened_by_name="甲", outcome=outcome, open_stages=[] if outcome else ["受理"],
    )  # fmt: skip
    Filed.objects.create(
        number=number, item="gateway.test", version=1, agency=agency, region="430000", applicant=applicant,
        applicant_kind="legal", applicant_name="某企业", account="citizen:1", channel="2", form="", answers={},
        state="filed", filed_at=timezone.now(),
    )  # fmt: skip


def test_a_case_must_run_be_in_hand_and_concern_the_subject(tax: Machine) -> None:
    subject, other = (registries.find_subject("uscc", code) for code in FIRMS[:2])
    case("A1", applicant=subject)
    case("A2", applicant=other)
    case("A3", applicant=subject, agency="43.police")
    case("A4", applicant=subject, outcome="granted")
    case("A5")
    answer = tax.ask(FIRMS[0], purpose="licensing/case:A1")
    assert len(answer.rows) == 1 and Entry.objects.get(pk=answer.number).detail["purpose"] == "licensing/case:A1"
    assert api.proof_of(answer.number).request == answer.request["base"]
    assert tax.ask(FIRMS[0], purpose="licensing/case:A5").rows, "one about nobody in particular"
    for number in ("A2", "A3", "A4", "NONE"):
        assert tax.refused(tax.sign(FIRMS[0], purpose=f"licensing/case:{number}")) == (403, "gateway.purpose")


def test_a_case_about_one_that_was_merged_concerns_the_whole_subject(tax: Machine) -> None:
    one, other = (registries.find_subject("uscc", code) for code in FIRMS[:2])
    assert one is not None and other is not None
    case("B1", applicant=one)
    case("B2", applicant=other)
    decider = replace(MARKET, capabilities=frozenset({"registries.merge"}))
    registries.merge(actor=decider, one=one, other=other, why="更名，同一企业")
    for number in ("B1", "B2"):
        assert len(tax.ask(FIRMS[1], purpose=f"licensing/case:{number}").rows) == 2


def test_a_purpose_that_needs_a_case_and_one_that_is_not_agreed_are_refused(tax: Machine) -> None:
    assert tax.refused(tax.sign(FIRMS[0], purpose="licensing")) == (403, "gateway.purpose")
    assert tax.refused(tax.sign(FIRMS[0], purpose="credit")) == (403, "grant.other_purpose")
    for wrong in ("case:", "licensing/", "Case:1", "task:1"):
        assert tax.refused(tax.sign(FIRMS[0], purpose=wrong)) == (403, "gateway.purpose")


def test_the_officer_who_asks_is_the_agencys_own_with_the_right_and_stands_in_the_journal(tax: Machine) -> None:
    good, elsewhere, without, gone = (
        newcomer(agency, role, login=login, name="周杰").person
        for login, agency, role in (
            ("g1", "43.tax", "data_officer"), ("g2", "43.market", "data_officer"), ("g3", "43.tax", "secrecy_officer"),
            ("g4", "43.tax", "data_officer"),
        )
    )  # fmt: skip
    Account.objects.filter(login="g4").update(is_active=False)
    answer = tax.ask(FIRMS[0], officer=good)
    entry = Entry.objects.get(pk=answer.number)
    assert (entry.person, entry.person_name, entry.agency) == (good, "周杰", "43.tax")
    assert api.proof_of(answer.number).request == answer.request["base"]
    for wrong in (elsewhere, without, gone, "officer:999999", "9 or 1=1"):
        assert tax.refused(tax.sign(FIRMS[0], officer=wrong)) == (403, "gateway.officer")
