"""An officer reads under the agreement on the desk, and the dry run says beforehand what would be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.exchange import api as exchange
from shuniu.exchange.grants import api as grants
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.grants.wishes import REGISTRATION_KEY, answers, asked, granted, refused, terms
from tests.exchange.people import MARKET, MARKET_SECOND, OFFICE, TAX, citizen, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def read(actor: Actor, use: str = "licensing") -> exchange.Rows:
    return exchange.read(actor=actor, resource=REGISTRATION_KEY, subject=("uscc", FIRMS[0]), purpose="核验", use=use)


def test_an_officer_reads_under_the_agreement_exactly_what_it_grants(deliver: Deliver) -> None:
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    assert refused(lambda: read(TAX, "")).rule == "share.conditional"
    assert refused(lambda: read(TAX)).rule == "grant.never"
    number = granted(capital="masked")
    found = read(TAX)
    assert [item.name for item in found.items] == ["uscc", "name", "capital"]
    assert found.rows[0].row.values == {"uscc": FIRMS[0], "name": "湘江机械有限公司", "capital": "［已隐去］"}
    assert Entry.objects.latest("id").detail["agreement"] == f"agreement:{number}/1"
    assert grants.agreement(actor=TAX, number=number).use[0].rows == 1
    assert refused(lambda: read(TAX, "penalty")).rule == "grant.other_purpose"
    own = replace(TAX, person=MARKET_SECOND.person)
    assert refused(lambda: read(own)).rule == "grant.own", "who granted may not use"
    grants.suspend_share(actor=MARKET_SECOND, number=number, reason="检查")
    assert refused(lambda: read(TAX)).rule == "grant.suspended"
    assert refused(lambda: read(citizen(5, 1))).rule in ("share.not_open", "share.natural_person")


def test_rows_of_other_regions_stay_where_they_are(deliver: Deliver) -> None:
    deliver(registration(firm(0)), actor=MARKET)
    request = asked(terms(regions=("431000",)))
    grants.decide_share(actor=MARKET_SECOND, number=request.number, answers=answers(request))
    assert read(TAX).rows == ()


def test_the_dry_run_says_what_would_be_seen_and_counts_nothing() -> None:
    number = granted(name="masked")

    def foresee(actor: Actor = MARKET, **more: object) -> grants.Foreseen:
        asked_of = {"resource": REGISTRATION_KEY, "purpose": "licensing", "consumer": "43.tax", **more}
        return grants.foresee(actor=actor, **asked_of)  # type: ignore[arg-type]  # by name

    seen = {one.item.name: (one.how, one.rule) for one in foresee().judgement.items}
    assert seen["uscc"] == ("whole", "grant.item") and seen["name"] == ("masked", "grant.masked")
    assert seen["founded"] == ("withheld", "grant.item")
    assert all(one.forward for one in foresee().judgement.items if one.how != "whole")
    outside = foresee(actor=OFFICE, region="440000").judgement.refused
    assert outside is not None and outside.rule == "grant.region"
    assert foresee(region="430102").judgement.refused is None
    never = foresee(actor=TAX, purpose="penalty").judgement.refused
    assert never is not None and never.rule == "grant.other_purpose" and never.remedy
    assert grants.agreement(actor=TAX, number=number).use == ()
    stranger = officer(40, "莫奇", "430102.market", "data_officer", regions=("430102",))
    assert refused(lambda: foresee(actor=stranger)).rule == "foresee.party"
    assert refused(lambda: foresee(account=999_999)).rule == "foresee.officer"
