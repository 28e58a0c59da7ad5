"""The issuer's desk of licences: found by number, holder, type and state; issued by a granted case; changed; reissued."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.base.identifiers import licence_id_valid
from shuniu.cases.api import items
from shuniu.cases.api import licence_desk as desk
from shuniu.cases.api import licences as api
from shuniu.cases.declare.licence import LicenceQuery, LicenceState, LicenceView
from shuniu.cases.models import Licence
from shuniu.systems.licences.declare import BY_KEY
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases import licensed
from tests.cases.filing import ITEM
from tests.cases.papers import filed
from tests.cases.service_items import changed
from tests.cast import FIRM_SUBJECT, Cast, SignedIn, cast, signed_in
from tests.portal.cases import officer, text

__all__ = ["cast", "signed_in"]
pytestmark = pytest.mark.django_db
AT = "/desk/licences/"
FOOD = BY_KEY["food_business"]
GROUNDS = {"reason": "抽检不合格", "basis": "食品安全法第一百二十六条"}


@pytest.fixture
def keeper(cast: Cast) -> Actor:
    licensed.agencies()
    return officer("licence_officer", "sunfang", "孙芳")


def issued(keeper: Actor, number: str = "G1", kind: str = "food_business", **more: object) -> LicenceView:
    case = licensed.granted(number, **more)
    return api.issue_licence(actor=keeper, case=case, licence=BY_KEY[kind])


def numbers(keeper: Actor, **query: object) -> list[str]:
    return [one.number for one in desk.list_licences(actor=keeper, query=LicenceQuery(**query))]  # type: ignore[arg-type]  # as named


def test_the_library_is_asked_by_number_holder_type_and_state(keeper: Actor) -> None:
    first, second = issued(keeper), issued(keeper, "G2", applicant=7_000_011, applicant_name="橘洲演示有限公司")
    licensed.change(first.number, LicenceState.SUSPENDED)
    assert numbers(keeper) == [second.number, first.number]
    assert numbers(keeper, number=first.number) == [first.number] and numbers(keeper, number=first.number[:-1]) == []
    assert numbers(keeper, holder=7_000_011) == [second.number]
    assert numbers(keeper, type="food_business", state=LicenceState.SUSPENDED) == [first.number]
    assert numbers(keeper, type="business-licence") == []
    past = api.issue_licence(
        actor=keeper, case=licensed.granted("G3"), licence=FOOD, valid_from=timezone.localdate() - timedelta(days=2000)
    )
    assert numbers(keeper, state=LicenceState.EXPIRED) == [past.number], "without anybody's act"
    assert numbers(keeper, state=LicenceState.VALID) == [second.number]
    assert numbers(keeper, state=LicenceState.SUSPENDED) == [first.number]


def test_a_list_goes_on_by_key_and_shows_a_person_s_name_masked(keeper: Actor) -> None:
    for n in range(3):
        issued(keeper, f"N{n}", kind="business-licence", applicant=7_000_020 + n, applicant_kind="natural",
               applicant_name="田野", answers={"shop_name": "湘味小馆"})  # fmt: skip
    first = desk.list_licences(actor=keeper, query=LicenceQuery(), limit=2)
    rest = desk.list_licences(actor=keeper, query=LicenceQuery(), before=first[-1].id, limit=2)
    assert len(first) == 2 and len(rest) == 1 and {one.holder_name for one in [*first, *rest]} == {"田*"}


def test_a_holder_is_found_by_the_whole_identifier_and_it_stays_out_of_the_journal(keeper: Actor) -> None:
    assert desk.find_holder(actor=keeper, identifier="430102199001011234") is None
    entry = Entry.objects.get(verb="cases.find_holder")
    assert "430102199001011234" not in str(entry.detail) and len(str(entry.detail["identifier"])) == 32


def test_a_reissue_keeps_what_is_said_and_the_term_and_cancels_the_old(keeper: Actor) -> None:
    old = issued(keeper)
    new = desk.reissue_licence(actor=keeper, number=old.number, reason="原证遗失", basis="食品经营许可和备案管理办法")
    assert (new.content, new.valid_from, new.valid_to, new.holder) == (
        old.content, old.valid_from, old.valid_to, old.holder,
    )  # fmt: skip
    assert (new.version, new.replaces, new.state) == (2, old.number, LicenceState.VALID)
    assert licence_id_valid(new.identifier) and new.identifier.split(".")[-3:-1] == [
        old.identifier.split(".")[-3],
        "002",
    ]
    assert api.intact(new) and new.check != old.check
    before = api.licence(actor=keeper, number=old.number)
    assert (before.state, before.replaced_by) == (LicenceState.CANCELLED, new.number)
    third = desk.reissue_licence(actor=keeper, number=new.number, reason="损毁", basis="同上")
    assert third.number == f"{old.number}-3" and third.version == 3
    with pytest.raises(Refused) as refusal:
        desk.reissue_licence(actor=keeper, number=old.number, reason="再补一份", basis="同上")
    assert refusal.value.rule == "licence.reissue"


def test_the_database_lets_a_licence_be_replaced_once(keeper: Actor) -> None:
    old = issued(keeper)
    new = desk.reissue_licence(actor=keeper, number=old.number, reason="原证遗失", basis="办法")
    row = Licence.objects.get(number=new.number)
    row.pk, row.number, row.identifier, row.single = None, "another", "another", False
    with pytest.raises(IntegrityError, match="replaces"), transaction.atomic():
        row.save(force_insert=True)


def test_what_is_granted_and_has_no_licence_waits_and_is_issued_as_its_item_says(
    cast: Cast, keeper: Actor, signed_in: SignedIn
) -> None:
    items.ship(actor=cast.installer, items=[changed(ITEM, licences=("food_business",))])
    case = licensed.granted("430000202611210001", applicant=FIRM_SUBJECT, item=ITEM.key)
    filed("still", "accepted", item=ITEM.key)
    (waits,) = desk.list_unissued(actor=keeper)
    assert waits.case == case and waits.kinds == (FOOD,)
    client = signed_in(keeper)
    assert case in text(client.get(AT))
    assert client.post(f"{AT}issue/{case}/business-licence/", {}).status_code == 422
    made = client.post(f"{AT}issue/{case}/food_business/", {"valid_from": "2026-01-05"}, follow=True)
    assert "已制发" in text(made) and desk.list_unissued(actor=keeper) == []
    assert Licence.objects.get(case__number=case).valid_from == date(2026, 1, 5)


def test_an_officer_suspends_restores_and_reissues_and_a_missing_ground_comes_back(
    keeper: Actor, signed_in: SignedIn
) -> None:
    it, client = issued(keeper), signed_in(keeper)
    at = f"{AT}{it.number}/"
    page = text(client.get(at))
    assert "暂扣" in page and "换发" in page and it.number in page
    bare = client.post(f"{at}change/", {"act": "02", "reason": "抽检不合格", "basis": ""})
    assert bare.status_code == 422 and "抽检不合格</textarea>" in text(bare) and "summary-error" in text(bare)
    assert "现为“暂扣”" in text(client.post(f"{at}change/", {"act": "02", **GROUNDS}, follow=True))
    assert client.post(f"{at}change/", {"act": "reissue", **GROUNDS}).status_code == 422, "what is suspended is not"
    client.post(f"{at}change/", {"act": "01", "reason": "整改合格", "basis": "同上"})
    made = client.post(f"{at}change/", {"act": "reissue", "reason": "遗失", "basis": "办法"}, follow=True)
    assert f"{it.number}-2" in text(made)
    assert client.get(f"{at}licence.pdf").content.startswith(b"%PDF")


def test_a_search_by_holder_never_puts_the_identifier_in_an_address(keeper: Actor, signed_in: SignedIn) -> None:
    issued(keeper)
    client = signed_in(keeper)
    none = client.post(AT, {"identifier": "430102199001011234"})
    assert none.status_code == 422 and "没有这个号码的持证人" in text(none)
    assert client.get(AT, {"holder": str(licensed.HOLDER)}).status_code == 200
    assert "没有这样的证照" in text(client.get(AT, {"holder": "1", "state": "01", "type": "nurse"}))


def test_other_agencies_and_the_public_see_nothing(cast: Cast, keeper: Actor, signed_in: SignedIn) -> None:
    it = issued(keeper)
    other = signed_in(officer("licence_officer", "qianjun", "钱军", "43.tax"))
    assert it.number not in text(other.get(AT)) and other.get(f"{AT}{it.number}/").status_code == 403
    assert other.post(f"{AT}{it.number}/change/", {"act": "02", **GROUNDS}).status_code == 403
    assert signed_in(cast.citizen).get(AT).status_code == 403
    assert signed_in(officer("case_clerk", "mali", "马丽")).get(AT).status_code == 403
