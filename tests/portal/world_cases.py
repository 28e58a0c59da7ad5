"""Things of cases on a citizen's and the market bureau's side, for the test that tries every address."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from shuniu.assessment.models import Card
from shuniu.cases.api import appointments, counter, fees, handling, item_drafts, items, licences, rating_links
from shuniu.cases.models import (
    Bill,
    Booking,
    Reconciliation,
    RefundTry,
)
from shuniu.procedures.calendars.models import Clock
from shuniu.systems.licences.declare import BY_KEY
from shuniu.trust.declare import Actor
from tests.assessment.told import scanned
from tests.cases import booking, licensed, papers, posting
from tests.cases.fees import FEES
from tests.cases.filing import ITEM, drafted, filed, officer
from tests.cases.rating import TEXT, bad
from tests.cases.service_items import ITEM as DRAFTED
from tests.cast import Cast
from tests.portal.everyone import Thing

NONE, NO_CASE = 999_999, "430000209912310001"
NAME = "田野"


def things(cast: Cast) -> dict[str, Thing]:
    """One of each: the citizen's, or the market bureau's about the citizen."""
    licensed.agencies()
    items.ship(actor=cast.installer, items=[ITEM, posting.ITEM, booking.ITEM, booking.OTHER])
    clerk, examiner, chief = (
        officer(cast, role, number, name)
        for role, number, name in (
            ("case_clerk", 901, "马丽"),
            ("case_examiner", 902, "彭涛"),
            ("case_decider", 903, "曾志"),
        )
    )
    return {
        "service": Thing({"key": ITEM.key}, none={"key": "43.market/none"}),
        **_drafts(cast),
        **_case(cast, clerk, examiner, chief),
        **_window(cast, chief),
        **_money(cast),
        **_licence(cast),
        **_item(cast),
    }


def _drafts(cast: Cast) -> dict[str, Thing]:
    draft = drafted(cast.citizen)
    upload = papers.uploaded(cast.citizen).id
    return {
        "draft": Thing({"draft": draft}, ("湘味小馆",), {"draft": NONE}),
        "page": Thing({"draft": draft, "key": "seats"}, ("湘味小馆",), {"draft": NONE, "key": "seats"}),
        "upload": Thing({"number": upload}, ("trailer",), {"number": NONE}),
    }


def _case(cast: Cast, clerk: Actor, examiner: Actor, chief: Actor) -> dict[str, Thing]:
    accepted = handling.accept(actor=clerk, number=filed(cast.citizen).number)
    number = accepted.number
    handling.take(actor=replace(examiner, person=cast.market_officer.person), number=number)
    scanned(11)
    card = Card.objects.get(rule="J02.stage")
    clock = Clock.objects.filter(case=accepted.matter.id).earliest("pk").pk
    decided = filed(cast.citizen).number
    handling.accept(actor=clerk, number=decided)
    handling.examine(actor=examiner, number=decided, opinion="建议准予。")
    handling.decide(actor=chief, number=decided)
    rating = bad(cast.citizen, decided)
    token = rating_links.show_rating_code(actor=cast.citizen, number=decided).rstrip("/").rpartition("/")[2]
    posted = posting.filed(cast.citizen)
    posting.decide(cast, posted)
    posting.by_mail(cast.citizen, posted)
    secrets, none = (NAME, "湘味小馆"), {"number": NO_CASE}
    return {
        "case": Thing({"number": number}, secrets, none),
        "case_clock": Thing({"number": number, "clock": clock}, (), {**none, "clock": NONE}),
        "case_act": Thing({"number": number, "key": "examine"}, secrets, {**none, "key": "examine"}),
        "special_act": Thing({"number": number, "key": "begin"}, secrets, {**none, "key": "begin"}),
        "material": Thing({"number": number, "key": "plan"}, secrets, {**none, "key": "plan"}),
        "card": Thing({"number": card.pk}, ("环节超时",), {"number": NONE}),
        "decided": Thing({"number": decided}, secrets, none),
        "stage": Thing({"number": decided, "stage": "decide"}, (TEXT[:8],), {**none, "stage": "decide"}),
        "rating": Thing({"number": rating}, (TEXT[:8], NAME), {"number": NONE}),
        "rating_act": Thing({"number": rating, "key": "look"}, (TEXT[:8], NAME), {"number": NONE, "key": "look"}),
        "token": Thing({"token": token}, (NAME,), {"token": "x" * 32}),
        "posted": Thing({"number": posted}, (posting.NAME, posting.TELEPHONE), none),
        "posted_act": Thing({"number": posted, "key": "consign"}, (posting.TELEPHONE,), {**none, "key": "consign"}),
        "watch": Thing({"key": "circulated"}, none={"key": "none"}),
        "procedure_version": Thing({"key": "cases.simple", "number": 2}, none={"key": "no.such", "number": 1}),
        "procedure": Thing({"key": "cases.simple"}, none={"key": "no.such"}),
    }


def _window(cast: Cast, chief: Actor) -> dict[str, Thing]:
    made = counter.keep_window(
        actor=chief, title="综合窗口 3 号", place="一楼", items=[booking.ITEM.key, booking.OTHER.key]
    )
    counter.schedule(actor=chief, window=made.id, since=timezone.localdate(), hours="09:00-11:00", minutes=30, places=2)
    offer = next(one for one in appointments.offers(made.id) if one.day > timezone.localdate())
    appointments.book(
        actor=cast.citizen, window=made.id, item=booking.ITEM.key, day=offer.day, start=offer.slots[0].start
    )
    number = {"number": made.id}
    return {
        "book": Thing({"key": booking.ITEM.key}, none={"key": "43.market/none"}),
        "booking": Thing({"number": Booking.objects.get().number}, (NAME,), {"number": "Y00000000"}),
        "board": Thing({"window": made.id}, none={"window": NONE}),
        "window": Thing(number, none={"number": NONE}),
        "window_act": Thing({**number, "key": "call"}, none={"number": NONE, "key": "call"}),
    }


def _money(cast: Cast) -> dict[str, Thing]:
    row = papers.filed(
        "430000202611200001", "accepted", item=ITEM.key, account=cast.citizen.person,
        answers={"extra": "2"}, accepted_at=timezone.now(),
    )  # fmt: skip
    bill = fees.issue_bill(case=row.pk, fees=FEES, answers={"extra": "2"})
    assert bill is not None
    taker = officer(cast, "fee_officer", 906, "收费")
    asked = fees.ask_fee_change(actor=taker, number=bill.number, change="waiver", reason="低保户")
    refund = RefundTry.objects.create(bill=Bill.objects.get(), order="T1", tries=3, said="409", due=timezone.now())
    day = Reconciliation.objects.create(
        day=timezone.localdate(), made_at=timezone.now(), here=0, there=0, differences=[]
    ).day
    number, none = {"number": bill.number}, {"number": "none"}
    return {
        "bill": Thing(number, ("不动产登记费",), none),
        "bill_ask": Thing({**number, "change": "waiver"}, ("不动产登记费",), {**none, "change": "waiver"}),
        "bill_decide": Thing({**number, "seq": asked.events[-1].seq}, ("低保户",), {**none, "seq": 1}),
        "refund": Thing({"order": refund.order}, ("不动产登记费",), {"order": "none"}),
        "reconciliation": Thing({"day": day.isoformat()}, none={"day": "2001-01-01"}),
    }


def _licence(cast: Cast) -> dict[str, Thing]:
    keeper = officer(cast, "licence_officer", 907, "证照")
    held = licences.issue_licence(actor=keeper, case=licensed.granted("G1"), licence=BY_KEY["food_business"]).number
    unissued = licensed.granted("G2")
    return {
        "licence": Thing({"number": held}, ("芙蓉区文艺路 1 号",), {"number": "none"}),
        "unissued": Thing({"case": unissued, "kind": "food_business"}, (), {"case": NO_CASE, "kind": "food_business"}),
    }


def _item(cast: Cast) -> dict[str, Thing]:
    items.draft(actor=cast.market_cataloguer, item=DRAFTED)
    assert item_drafts.read(actor=cast.market_cataloguer, key=DRAFTED.key)
    agency, _sep, name = DRAFTED.key.partition("/")
    own, none = {"agency": agency, "name": name}, {"agency": agency, "name": "none"}
    return {
        "item": Thing(own, ("经营场所",), none),
        "part": Thing({**own, "key": "materials"}, (), {**none, "key": "materials"}),
        "entry": Thing({**own, "key": "materials", "place": 0}, (), {**none, "key": "materials", "place": 0}),
    }
