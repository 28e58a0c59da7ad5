"""From a request to an agreement: checked at once, decided item by item, in force, stopped, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ShareType
from shuniu.directory import api as directory
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.declare import Basis, Standing
from shuniu.exchange.grants.models import Agreement, AgreementVersion, ShareRequest
from shuniu.exchange.grants.views import columns_of
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.trust.models import Entry
from tests.exchange.conftest import INSTALL, REGISTRATION
from tests.exchange.grants.wishes import (
    LICENSING,
    REGISTRATION_KEY,
    TAX_SECOND,
    answers,
    asked,
    granted,
    refused,
    terms,
)
from tests.exchange.people import MARKET, MARKET_SECOND, OFFICE, TAX, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
COUNTY_TAX = officer(31, "罗丹", "430102.market", "data_officer", regions=("430102",))


def standing(purpose: str = "licensing", on: date | None = None) -> Standing:
    return grants.look_up("43.tax", REGISTRATION_KEY, purpose, on or timezone.localdate()).standing


def open_freely(**more: object) -> None:
    catalogue.ship(
        actor=INSTALL, resources=[REGISTRATION.model_copy(update={"share": ShareType.UNCONDITIONAL, **more})]
    )


def test_a_conditional_request_becomes_a_case_on_its_owners_clock_and_its_grant_an_agreement() -> None:
    request = asked(terms("uscc", "name", "capital"))
    assert request.state == "asked" and request.case is not None
    case = procedures.case_view(request.case)
    assert case.agency == "43.market" and case.due is not None and case.rule == "c26.share.answer.days.2025"
    assert [task.object for task in procedures.tasks(MARKET_SECOND)] == [f"share_request:{request.number}"]
    assert standing() is Standing.NEVER
    decided = grants.decide_share(
        actor=MARKET_SECOND, number=request.number, answers=answers(request, name="masked", capital="refused")
    )
    assert decided.state == "partial" and decided.decided_name == MARKET_SECOND.name
    found = grants.look_up("43.tax", REGISTRATION_KEY, "licensing", timezone.localdate())
    assert found.standing is Standing.IN_FORCE and found.agreement is not None
    assert found.agreement.terms.items == ("uscc", "name") and found.agreement.masked == {"name"}
    assert found.agreement.granted_by == MARKET_SECOND.person and found.agreement.terms.bases == (LICENSING,)
    assert Entry.objects.latest("id").verb == "exchange.decide_share"
    assert Notice.objects.filter(agency="43.tax", object=f"share_request:{request.number}").exists()


def test_what_is_shared_freely_and_tells_of_nobody_is_granted_at_once() -> None:
    open_freely()
    request = asked()
    assert request.state == "granted" and request.case is None and request.decided_name
    assert standing() is Standing.IN_FORCE
    assert Notice.objects.filter(agency="43.market").exists(), "its owner is told all the same"


def test_after_a_stop_not_even_free_data_is_granted_without_the_owner() -> None:
    open_freely()
    asked()
    number = Agreement.objects.get().pk
    grants.suspend_share(actor=MARKET_SECOND, number=number, reason="超范围调用")
    grants.give_up_share(actor=TAX, number=number, reason="不再需要")
    assert asked().state == "asked"


def test_persons_data_is_decided_by_its_owner_even_where_it_is_shared_freely() -> None:
    person = REGISTRATION.items[4].model_copy(
        update={"name": "person", "title": "经办人身份证号", "check": "resident_id", "code_list": ""}
    )
    open_freely(items=(*REGISTRATION.items, person))
    assert asked().state == "asked"


def test_what_is_not_shared_is_refused_with_its_basis() -> None:
    closed = REGISTRATION.model_copy(update={"share": ShareType.NOT_SHARED, "share_refusal_basis": "保守国家秘密法"})
    catalogue.ship(actor=INSTALL, resources=[closed])
    refusal = refused(asked)
    assert refusal.rule == "share.none" and "保守国家秘密法" in refusal.message


def test_every_fault_of_a_request_names_its_rule_and_how_to_mend_it() -> None:
    today = timezone.localdate()
    wrong: dict[str, dict[str, object]] = {
        "share.items": {"items": ()},
        "share.item": {"items": ("nothing",)},
        "share.purpose": {"purposes": ("curiosity",)},
        "share.basis_count": {"purposes": ("licensing", "penalty")},
        "share.basis_law": {"bases": (Basis("领导要求", "第一条"),)},
        "share.basis_article": {"bases": (Basis("中华人民共和国行政许可法", "全文"),)},
        "share.region": {"regions": ()},
        "share.region_reach": {"regions": ("44",)},
        "share.amount": {"rate": 10**7},
        "share.term_start": {"valid_from": today - timedelta(days=1)},
        "share.term_end": {"valid_until": today - timedelta(days=1)},
        "share.term": {"valid_until": today + timedelta(days=500)},
    }
    for rule, change in wrong.items():
        assert refused(partial(asked, terms(**change))).rule == rule
    county = refused(lambda: asked(terms(regions=("43",)), by=replace(COUNTY_TAX, agency="430102.market")))
    assert county.rule == "share.region_reach"
    assert refused(lambda: asked(by=MARKET)).rule == "share.own"
    assert not ShareRequest.objects.exists()


def test_nothing_is_asked_twice() -> None:
    first = asked()
    assert refused(asked).rule == "share.asked"
    grants.withdraw_share_request(actor=TAX, number=first.number, reason="写错了")
    assert procedures.case_view(first.case or 0).outcome == "withdrawn"
    granted()
    assert refused(asked).rule == "share.have"


def test_a_refusal_of_an_item_without_its_reasons_or_a_forgotten_item_is_not_taken() -> None:
    request = asked(terms("uscc", "name"))
    bare = [replace(one, facts="") for one in answers(request, uscc="refused", name="refused")]
    for wrong, rule in ((bare, "share.answer_why"), (answers(request)[:1], "share.answers")):
        decide = partial(grants.decide_share, actor=MARKET_SECOND, number=request.number, answers=wrong)
        assert refused(decide).rule == rule
    whole = grants.decide_share(
        actor=MARKET_SECOND, number=request.number, answers=answers(request, uscc="refused", name="refused")
    )
    assert whole.state == "refused" and all(one.law and one.forward for one in whole.answers)
    assert procedures.case_view(request.case or 0).outcome == "refused" and standing() is Standing.NEVER


def test_an_owner_gives_less_than_was_asked_for_and_never_more() -> None:
    request = asked()
    today = timezone.localdate()

    def decide(narrower: grants.Narrower) -> object:
        return grants.decide_share(
            actor=MARKET_SECOND, number=request.number, answers=answers(request), narrower=narrower
        )

    assert refused(lambda: decide(grants.Narrower(rate=61))).rule == "share.narrower"
    assert refused(lambda: decide(grants.Narrower(valid_until=today + timedelta(days=91)))).rule == "share.narrower"
    decide(grants.Narrower(valid_until=today + timedelta(days=30), rate=10, quota_calls=5))
    given = AgreementVersion.objects.get()
    assert (given.rate, given.quota_calls, given.quota_rows) == (10, 5, 5000)
    assert given.valid_until == today + timedelta(days=30)


def test_an_owner_narrows_purposes_and_regions_too_and_the_database_lets_no_version_exceed_its_request() -> None:
    bases = (LICENSING, Basis("中华人民共和国行政处罚法", "第四十条"))
    request = asked(terms(purposes=("licensing", "penalty"), bases=bases))

    def decide(purposes: tuple[str, ...] = (), regions: tuple[str, ...] = ()) -> object:
        narrower = grants.Narrower(purposes=purposes, regions=regions)
        return grants.decide_share(
            actor=MARKET_SECOND, number=request.number, answers=answers(request), narrower=narrower
        )

    for less in (
        {"purposes": ("inspection",)},
        {"regions": ("44",)},
        {"regions": ("430102", "4")},
        {"regions": ("甲",)},
    ):
        assert refused(partial(decide, **less)).rule == "share.narrower"
    decide(purposes=("licensing",), regions=("430102", "431000"))
    given = AgreementVersion.objects.get()
    assert (given.purposes, given.regions) == (["licensing"], ["430102", "4310"])
    assert standing() is Standing.IN_FORCE and standing("penalty") is not Standing.IN_FORCE
    columns = {name: getattr(given, name) for name in columns_of(terms())} | {"agreement": given.agreement, "number": 2}
    wider: Mapping[str, object]
    for wider in (
        {"regions": ["44"]},
        {"purposes": ["inspection"]},
        {"rate": 61},
        {"items": ["capital"]},
        {"regions": []},
    ):
        with pytest.raises(IntegrityError, match="gives more than request"), transaction.atomic():
            AgreementVersion.objects.create(**{**columns, **wider}, request=given.request)


def test_who_asked_does_not_decide_nor_does_another_agency() -> None:
    request = asked()
    both = replace(MARKET_SECOND, person=TAX.person)
    for actor, rule in ((TAX_SECOND, "right.agency"), (both, "procedures.own_approval"), (MARKET, "right.missing")):
        decide = partial(grants.decide_share, actor=actor, number=request.number, answers=answers(request))
        assert refused(decide).rule == rule
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareRequest.objects.update(state="granted", decided_by=TAX.person)


def test_suspension_and_revocation_count_at_once_and_are_told_to_the_other_side() -> None:
    number = granted()
    assert standing() is Standing.IN_FORCE and standing("penalty") is Standing.OTHER_PURPOSE
    assert refused(lambda: grants.suspend_share(actor=MARKET_SECOND, number=number, reason=" ")).rule == "grant.reason"
    grants.suspend_share(actor=MARKET_SECOND, number=number, reason="异常调用")
    assert standing() is Standing.SUSPENDED
    grants.resume_share(actor=MARKET_SECOND, number=number, reason="已说明")
    assert standing() is Standing.IN_FORCE
    grants.suspend_share(actor=OFFICE, number=number, reason="专项检查")
    resume = refused(lambda: grants.resume_share(actor=MARKET_SECOND, number=number, reason="我方恢复"))
    assert resume.rule == "grant.office"
    grants.revoke_share(actor=OFFICE, number=number, reason="超范围使用")
    assert standing() is Standing.REVOKED
    assert refused(lambda: grants.resume_share(actor=OFFICE, number=number, reason="再开")).rule == "grant.state"
    seen = grants.agreement(actor=TAX, number=number)
    assert [event.what for event in seen.events] == [
        "revoked", "suspended", "resumed", "suspended", "made",
    ]  # fmt: skip
    assert Notice.objects.filter(agency="43.tax", object=f"agreement:{number}").count() == 4


def test_a_change_is_a_new_version_after_a_new_decision_and_the_old_one_stays() -> None:
    number = granted()
    later = asked(terms("uscc", purposes=("penalty",)), changes=number)
    assert standing() is Standing.IN_FORCE, "the old terms hold until it is decided"
    grants.decide_share(actor=MARKET_SECOND, number=later.number, answers=answers(later))
    assert standing("penalty") is Standing.IN_FORCE and standing("licensing") is Standing.OTHER_PURPOSE
    seen = grants.agreement(actor=MARKET_SECOND, number=number)
    assert seen.it.version == 2 and [version.number for version in seen.versions] == [2, 1]
    assert seen.versions[1].terms.items == ("uscc", "name", "capital")
    grants.give_up_share(actor=TAX, number=number, reason="业务取消")
    assert standing("penalty") is Standing.GIVEN_UP
    assert refused(lambda: asked(changes=number)).rule == "grant.ended"


def test_a_change_of_an_agreement_that_ended_meanwhile_is_not_granted() -> None:
    number = granted()
    later = asked(terms("uscc"), changes=number)
    grants.revoke_share(actor=MARKET_SECOND, number=number, reason="依据废止")
    decide = refused(lambda: grants.decide_share(actor=MARKET_SECOND, number=later.number, answers=answers(later)))
    assert decide.rule == "grant.ended"


def test_an_agreement_holds_from_its_first_to_its_last_day_and_within_its_quota() -> None:
    number = granted()
    today = timezone.localdate()
    assert standing(on=today - timedelta(days=1)) is Standing.NOT_YET
    assert standing(on=today + timedelta(days=90)) is Standing.IN_FORCE
    assert standing(on=today + timedelta(days=91)) is Standing.EXPIRED
    grants.count_use(number, today, calls=999, rows=1)
    assert standing() is Standing.IN_FORCE
    grants.count_use(number, today, calls=1, rows=0)
    assert standing() is Standing.QUOTA_CALLS and standing(on=today + timedelta(days=1)) is Standing.IN_FORCE
    grants.count_use(number, today + timedelta(days=1), calls=1, rows=5000)
    assert standing(on=today + timedelta(days=1)) is Standing.QUOTA_ROWS


def test_what_is_past_its_last_day_is_ended_by_night_and_what_ends_soon_is_said() -> None:
    worker, today = directory.system("worker"), timezone.localdate()
    number = granted()
    AgreementVersion.objects.update(valid_until=today + timedelta(days=30))
    assert grants.expire_shares(actor=worker) == 0
    assert Notice.objects.filter(object=f"agreement:{number}", agency="43.tax").count() == 1
    AgreementVersion.objects.update(valid_from=today - timedelta(days=9), valid_until=today - timedelta(days=1))
    assert standing() is Standing.EXPIRED, "the look-up does not wait for the night"
    assert grants.expire_shares(actor=worker) == 1 and grants.expire_shares(actor=worker) == 0
    assert standing() is Standing.EXPIRED
    assert asked().state == "asked", "an ended agreement bars no new request"


def test_unused_agreements_are_told_from_used_ones() -> None:
    number = granted()
    (held,) = grants.agreements(actor=TAX, agency="43.tax")
    assert not held.unused and held.last_used is None
    today = timezone.localdate()
    Agreement.objects.update(made_at=timezone.now() - timedelta(days=100))
    assert grants.agreements(actor=OFFICE)[0].unused
    grants.count_use(number, today, calls=1, rows=1)
    (held,) = grants.agreements(actor=MARKET, agency="43.market")
    assert not held.unused and held.last_used == today


def test_lists_and_pages_are_for_both_sides_and_the_office() -> None:
    request = asked(terms("uscc", "name"))
    grants.decide_share(actor=MARKET_SECOND, number=request.number, answers=answers(request))
    number = Agreement.objects.get().pk
    stranger = officer(40, "莫奇", "430102.market", "data_officer", regions=("430102",))
    for actor in (TAX, MARKET, OFFICE):
        assert grants.share_request(actor=actor, number=request.number).it.state == "granted"
        assert grants.agreement(actor=actor, number=number).it.number == number
    assert refused(lambda: grants.share_request(actor=stranger, number=request.number)).rule == "share.unknown"
    assert refused(lambda: grants.agreement(actor=stranger, number=number)).rule == "grant.unknown"
    assert refused(lambda: grants.share_requests(actor=stranger, agency="43.tax")).rule == "right.agency"
    assert [one.it.number for one in grants.share_requests(actor=OFFICE)] == [request.number]
    assert grants.share_requests(actor=stranger) == []


def test_a_purpose_has_one_live_agreement_whatever_writes_it() -> None:
    granted()
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(
            "insert into exchange_agreement (consumer, resource, owner, state, version, made_at)"
            " select consumer, resource, owner, state, version, now() from exchange_agreement"
        )
        cursor.execute(
            "insert into exchange_agreement_purpose (agreement_id, consumer, resource, purpose, live)"
            " select max(a.id), p.consumer, p.resource, p.purpose, true from exchange_agreement a,"
            " exchange_agreement_purpose p group by 2, 3, 4"
        )
