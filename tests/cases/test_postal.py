"""Documents handed over: chosen, posted by hand or taken in person, what came back, and the evidence that is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shuniu.cases.api import filing, postal, postal_desk
from shuniu.cases.declare.postal import Addressee, HandoverState, Way
from shuniu.cases.models import Handover, HandoverEvent
from shuniu.cases.rules import postal as rules
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.booking import at_another
from tests.cases.posting import ADDRESS, CONTENTS, NAME, TELEPHONE, by_mail, clerk, decide, decided, filed, published
from tests.cast import Cast, cast
from tests.refusals import refused

__all__ = ["cast", "clerk", "decided", "published"]
pytestmark = pytest.mark.django_db
WAYBILL = "EX123456789CN"


def consign(clerk: Actor, number: str, waybill: str = WAYBILL) -> None:
    postal_desk.consign(actor=clerk, number=number, contents=CONTENTS, waybill=waybill)


def test_an_address_is_sealed_shown_masked_and_destroyed_once_the_documents_arrived(
    cast: Cast, decided: str, clerk: Actor
) -> None:
    seen = by_mail(cast.citizen, decided)
    assert (seen.name, seen.telephone, seen.address) == ("田**", "138****5678", "湖南省长沙市芙蓉区****")
    assert postal_desk.read_address(actor=clerk, number=decided) == Addressee(NAME, TELEPHONE, ADDRESS)
    assert Entry.objects.latest("id").verb == "cases.read_address", "each look is journalled"
    consign(clerk, decided)
    postal_desk.note_mail(actor=clerk, number=decided, signer="田小野（本人）")
    assert Handover.objects.get().sealed is None
    with refused("postal.no_address"):
        postal_desk.read_address(actor=clerk, number=decided)
    with connection.cursor() as cursor:
        for table in ("cases_handover", "cases_handoverevent", "trust_entry", "notices_notice"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            said = cursor.fetchone()[0]
            assert TELEPHONE not in said and "五一大道" not in said, table


def test_posted_by_hand_signed_and_told_with_all_of_it_as_evidence(cast: Cast, decided: str, clerk: Actor) -> None:
    by_mail(cast.citizen, decided)
    (line,) = postal_desk.list_deliveries(actor=clerk)
    assert (line.case, line.way, line.state) == (decided, Way.MAIL, HandoverState.WAITING)
    consign(clerk, decided, "ex 123456789 cn")
    assert postal_desk.list_deliveries(actor=clerk) == ()
    (line,) = postal_desk.list_deliveries(actor=clerk, states=postal_desk.GOING)
    assert (line.state, line.waybill, line.late) == (HandoverState.CONSIGNED, WAYBILL, False)
    with refused("postal.sent"):
        by_mail(cast.citizen, decided, "湖南省长沙市岳麓区麓山路 2 号")
    seen = postal_desk.note_mail(actor=clerk, number=decided, signer="田小野（本人）")
    assert seen.receipt is not None and (seen.receipt.signer, seen.receipt.who) == ("田小野（本人）", "马丽")
    assert [one.move for one in seen.events] == ["chosen", "ordered", "consigned", "signed"]
    told = list(Notice.objects.filter(template__startswith="cases.documents").values_list("template", "person"))
    assert told == [("cases.documents_mailed", cast.citizen.person), ("cases.documents_signed", cast.citizen.person)]
    own = postal.read(actor=cast.citizen, number=decided)
    assert own is not None and own.state_title == "已签收" and own.contents == CONTENTS
    with refused("postal.not_sent"):
        postal_desk.note_mail(actor=clerk, number=decided, returned="查无此人")
    for change in (lambda: HandoverEvent.objects.update(signer="别人"), lambda: HandoverEvent.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_comes_back_is_on_the_window_s_list_and_goes_out_again_or_is_taken(
    cast: Cast, decided: str, clerk: Actor
) -> None:
    by_mail(cast.citizen, decided)
    consign(clerk, decided)
    postal_desk.note_mail(actor=clerk, number=decided, returned="地址不详")
    assert "地址不详" in Notice.objects.get(template="cases.documents_returned").text
    (line,) = postal_desk.list_deliveries(actor=clerk)
    assert line.state is HandoverState.RETURNED
    assert by_mail(cast.citizen, decided, "湖南省长沙市岳麓区麓山路 2 号").address == "湖南省长沙市岳麓区****"
    consign(clerk, decided, "EX987654321CN")
    postal_desk.note_mail(actor=clerk, number=decided, returned="收件人拒收")
    postal.choose(actor=cast.citizen, number=decided, way=Way.PICKUP)
    seen = postal_desk.hand_over(actor=clerk, number=decided, taker="田小野", proof="own", contents=CONTENTS)
    assert (seen.state, seen.state_title, len(seen.events)) == (HandoverState.TAKEN, "已领取", 10)
    assert {one.order for one in seen.events} == {"", f"{decided}-P1", f"{decided}-P2"}
    (line,) = postal_desk.list_deliveries(actor=clerk, states=postal_desk.DONE)
    assert line.case == decided
    with refused("postal.sent"):
        postal.choose(actor=cast.citizen, number=decided, way=Way.PICKUP)


def test_who_has_chosen_nothing_comes_with_a_proof(cast: Cast, decided: str, clerk: Actor) -> None:
    assert postal.read(actor=cast.citizen, number=decided) is None
    for taker, proof, contents, rule in (
        (" ", "own", CONTENTS, "taker"),
        ("田野", "", CONTENTS, "proof"),
        ("田野", "own", " ", "contents"),
    ):
        with refused(f"postal.{rule}"):
            postal_desk.hand_over(actor=clerk, number=decided, taker=taker, proof=proof, contents=contents)
    seen = postal_desk.hand_over(
        actor=clerk, number=decided, taker="林川 430102190001010000", proof="proxy", contents=CONTENTS
    )
    assert seen.receipt is not None and (seen.receipt.proof, seen.receipt.signer[:4]) == ("proxy", "林川 ［")
    assert "林川" in Notice.objects.get(template="cases.documents_taken").text
    with refused("postal.sent"):
        postal_desk.hand_over(actor=clerk, number=decided, taker="田野", proof="own", contents=CONTENTS)


def test_a_choice_is_one_s_own_and_made_at_filing_or_later_until_it_is_sent(
    cast: Cast, published: None, clerk: Actor
) -> None:
    number = filed(cast.citizen)
    by_mail(cast.citizen, number)
    with refused("case.unknown"):
        by_mail(cast.firm, number)
    with refused("case.unknown"):
        postal.read(actor=cast.firm, number=number)
    with refused("case.unknown"):
        postal.read(actor=at_another(clerk, "43.tax"), number=number)
    assert postal_desk.list_deliveries(actor=clerk) == (), "nothing to post before the decision"
    with refused("postal.undecided"):
        consign(clerk, number)
    assert postal.choose(actor=cast.citizen, number=number, way=Way.PICKUP).state_title == "待领取"
    assert Handover.objects.get().sealed is None
    decide(cast, number)
    with refused("postal.not_mail"):
        consign(clerk, number)
    for number_ in (number, "none"):
        with refused("case.unknown"):
            consign(at_another(clerk, "43.tax"), number_)
    with refused("case.unknown"):
        postal.choose(actor=cast.citizen, number="none", way=Way.PICKUP)
    assert postal.offered(number) and not postal.offered("none")


def test_a_case_taken_back_has_nothing_to_hand_over(cast: Cast, published: None) -> None:
    number = filed(cast.citizen)
    filing.withdraw(actor=cast.citizen, number=number, reason="不办了")
    with refused("postal.nothing"):
        by_mail(cast.citizen, number)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [("name", " ", "name"), ("telephone", "12345", "telephone"), ("address", "长沙", "address")],
)
def test_an_address_that_cannot_be_used_is_refused_and_nothing_kept(
    cast: Cast, decided: str, field: str, value: str, rule: str
) -> None:
    said = {"name": NAME, "telephone": TELEPHONE, "address": ADDRESS} | {field: value}
    with refused(f"postal.{rule}"):
        postal.choose(actor=cast.citizen, number=decided, way=Way.MAIL, **said)
    assert not Handover.objects.exists()


def test_what_the_window_writes_is_checked_before_anything_is_noted(cast: Cast, decided: str, clerk: Actor) -> None:
    by_mail(cast.citizen, decided)
    for contents, waybill, rule in (
        (" ", WAYBILL, "contents"),
        (CONTENTS, "x", "waybill"),
        (CONTENTS, "", "no_courier"),
    ):
        with refused(f"postal.{rule}"):
            postal_desk.consign(actor=clerk, number=decided, contents=contents, waybill=waybill)
    assert Handover.objects.get().order is None
    consign(clerk, decided)
    for signer, returned in (("", ""), ("田野", "拒收")):
        with refused("postal.result"):
            postal_desk.note_mail(actor=clerk, number=decided, signer=signer, returned=returned)
    with refused("postal.conflict"):
        postal_desk.note_waybill(actor=clerk, order=f"{decided}-P1", waybill="EX000000000CN")
    with refused("postal.unknown_order"):
        postal_desk.note_waybill(actor=clerk, order="none-P1", waybill=WAYBILL)


def test_a_parcel_that_is_on_its_way_for_too_long_is_marked(cast: Cast, decided: str, clerk: Actor) -> None:
    by_mail(cast.citizen, decided)
    consign(clerk, decided)
    Handover.objects.update(consigned_at=timezone.now() - timedelta(days=16))
    assert [one.late for one in postal_desk.list_deliveries(actor=clerk, states=postal_desk.GOING)] == [True]


def test_the_database_itself_wants_an_address_and_a_receipt(cast: Cast, decided: str) -> None:
    by_mail(cast.citizen, decided)
    row = Handover.objects.get()
    for change in ({"sealed": None}, {"state": "signed"}, {"state": "transit"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.update(**change)
    for move in ("signed", "taken"):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandoverEvent.objects.create(
                handover=row, move=move, at=row.chosen_at, noted_at=row.chosen_at, who="", person=""
            )


@given(st.lists(st.sampled_from([one for one in HandoverState if one not in ("waiting", "taken")]), max_size=8))
def test_whatever_order_words_come_in_a_parcel_goes_forward_and_keeps_its_first_end(said: list[HandoverState]) -> None:
    now, path = HandoverState.WAITING, []
    for one in said:
        try:
            now = rules.moved(now, one) or now
        except Refused as refusal:
            assert refusal.rule == "postal.conflict" and now in ("signed", "returned")
        path.append(now)
    ranks = [("waiting", "consigned", "transit", "signed", "returned").index(one) for one in path]
    assert ranks == sorted(ranks)
    ends = [one for one in said if one in ("signed", "returned")]
    assert not ends or now is ends[0]
