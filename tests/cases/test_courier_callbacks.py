"""The courier over HTTP: ordered once, heard in any order, twice, late, forged; what it did not tell is asked for."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.cases import courier as couriers
from shuniu.cases.api import postal, postal_desk
from shuniu.cases.courier.gateway import Gateway
from shuniu.cases.courier.sandbox import Sandbox
from shuniu.cases.courier.tasks import ask_courier
from shuniu.cases.declare.postal import Addressee, HandoverState, HandoverView, Parcel, Word
from shuniu.cases.models import Handover, HandoverEvent
from shuniu.cases.partner import send
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor
from tests.cases.posting import ADDRESS, CONTENTS, DOOR, SECRET, by_mail, clerk, courier, decided, published, sandbox
from tests.cast import Cast, cast
from tests.refusals import refused

__all__ = ["cast", "clerk", "decided", "published", "sandbox"]
pytestmark = pytest.mark.django_db(transaction=True)


def consigned(cast: Cast, number: str, clerk: Actor) -> str:
    """Have the documents ordered from the courier; the order."""
    by_mail(cast.citizen, number)
    postal_desk.consign(actor=clerk, number=number, contents=CONTENTS)
    return f"{number}-P1"


def state() -> str:
    return Handover.objects.get().state


def moves() -> list[str]:
    return list(HandoverEvent.objects.order_by("pk").values_list("move", flat=True))


def take(sandbox: Sandbox, word: Word) -> HandoverState:
    message = sandbox.message(word)
    return postal.take_word(actor=courier(), body=message.body, signature=message.signature)


def test_a_parcel_from_the_order_to_the_signature_over_http(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox, live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    order = consigned(cast, decided, clerk)
    assert sandbox.orders[order]["to"] == {"name": "田小野", "telephone": "13812345678", "address": ADDRESS}
    assert (state(), Handover.objects.get().waybill) == ("consigned", "SB0000000001CN")
    sandbox.move(order, "transit", said="到达长沙中心，联系人 13912345678")
    word = sandbox.move(order, "signed", signer="物业代收")
    assert sandbox.call_back(word) == 200, "the second time"
    seen = postal.read(actor=cast.citizen, number=decided)
    assert isinstance(seen, HandoverView) and seen.receipt is not None
    assert (seen.receipt.signer, seen.receipt.who, seen.receipt.at) == ("物业代收", "寄递企业", word.at)
    assert moves() == ["chosen", "ordered", "consigned", "transit", "signed"]
    assert "13912345678" not in str([*HandoverEvent.objects.values_list("said", flat=True)])
    assert Notice.objects.filter(template="cases.documents_signed").count() == 1


def test_a_notice_that_is_forged_unknown_or_broken_is_refused_over_http(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox, live_server: LiveServer
) -> None:
    order = consigned(cast, decided, clerk)
    sandbox.silent = True
    word = sandbox.move(order, "signed", signer="本人")
    door = live_server.url + DOOR
    assert send("POST", door, replace(sandbox.message(word), signature="forged"))[0] == 401
    assert send("POST", door, Sandbox("another secret").message(word))[0] == 401
    assert send("POST", door, sandbox.message(replace(word, order="none-P1")))[0] == 404
    broken = sandbox.message(replace(word, state="lost"))  # type: ignore[arg-type]  # that is what is wrong with it
    assert send("POST", door, broken)[0] == 422
    assert send("POST", door, sandbox.message(replace(word, signer=" ")))[0] == 422
    assert send("POST", door, sandbox.message(replace(word, waybill="EX000000000CN")))[0] == 409
    assert Client().get(DOOR).status_code == 405
    assert state() == "consigned" and "signed" not in moves()
    assert send("POST", door, sandbox.message(word))[0] == 200 and state() == "signed"


def test_without_a_courier_the_door_is_shut(settings: Settings) -> None:
    settings.COURIER_URL = ""
    answer = Client().post(DOOR, b"{}", content_type="application/json")
    assert answer.status_code == 503 and answer.json()["rule"] == "postal.no_courier"


def test_words_that_come_late_twice_or_against_one_another(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox
) -> None:
    sandbox.silent = True
    order = consigned(cast, decided, clerk)
    collected, away, signed = (
        sandbox.move(order, "consigned"),
        sandbox.move(order, "transit"),
        sandbox.move(order, "signed", signer="本人"),
    )
    assert take(sandbox, away) is HandoverState.TRANSIT
    assert take(sandbox, signed) is HandoverState.SIGNED
    assert take(sandbox, collected) is HandoverState.SIGNED, "late: kept as evidence, nothing goes back"
    assert take(sandbox, signed) is HandoverState.SIGNED, "twice: once"
    with refused("postal.conflict"):
        take(sandbox, replace(signed, state="returned"))
    with refused("postal.conflict"):
        take(sandbox, replace(signed, at=signed.at + timedelta(seconds=1)))
    with refused("postal.conflict"):
        take(sandbox, sandbox.move(order, "returned", said="查无此人"))
    assert moves() == ["chosen", "ordered", "consigned", "transit", "signed", "consigned"]
    assert Notice.objects.filter(template__startswith="cases.documents").count() == 2


def test_the_same_word_at_the_same_moment_is_noted_once(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox
) -> None:
    sandbox.silent = True
    word = sandbox.move(consigned(cast, decided, clerk), "signed", signer="本人")
    ready, told = Barrier(4), list[HandoverState]()

    def act() -> None:
        ready.wait(20)
        try:
            told.append(take(sandbox, word))
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert told == [HandoverState.SIGNED] * 4 and moves().count("signed") == 1


def test_a_returned_parcel_goes_out_again_and_words_of_the_first_are_not_taken_for_the_second(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox
) -> None:
    sandbox.silent = True
    first = consigned(cast, decided, clerk)
    back = sandbox.move(first, "returned", said="地址不详")
    assert take(sandbox, back) is HandoverState.RETURNED
    assert [one.state for one in postal_desk.list_deliveries(actor=clerk)] == [HandoverState.RETURNED]
    by_mail(cast.citizen, decided, "湖南省长沙市岳麓区麓山路 2 号")
    postal_desk.consign(actor=clerk, number=decided, contents=CONTENTS)
    assert take(sandbox, back) is HandoverState.CONSIGNED, "told again: nothing new"
    with refused("postal.conflict"):
        take(sandbox, sandbox.move(first, "signed", signer="本人"))
    assert take(sandbox, sandbox.move(f"{decided}-P2", "signed", signer="本人")) is HandoverState.SIGNED


def test_a_courier_that_cannot_be_reached_gets_the_same_order_later_and_takes_it_once(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox, settings: Settings
) -> None:
    by_mail(cast.citizen, decided)
    settings.COURIER_URL = "http://127.0.0.1:9"
    with refused("postal.unreachable"):
        postal_desk.consign(actor=clerk, number=decided, contents=CONTENTS)
    assert state() == "waiting" and Handover.objects.get().order == f"{decided}-P1"
    with refused("postal.sent"):
        by_mail(cast.citizen, decided, "湖南省长沙市岳麓区麓山路 2 号")
    settings.COURIER_URL = sandbox.address
    for _ in range(2):
        parcel = postal_desk.order_parcel(actor=clerk, number=decided, contents=CONTENTS)
        waybill = couriers.courier().order(parcel, notify="")
    assert postal_desk.note_waybill(actor=clerk, order=parcel.order, waybill=waybill).waybill == waybill
    assert len(sandbox.orders) == 1 and ADDRESS not in repr(parcel)


def test_what_the_courier_did_not_tell_is_asked_for_once_an_hour(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox, settings: Settings
) -> None:
    sandbox.silent = True
    order = consigned(cast, decided, clerk)
    sandbox.move(order, "transit")
    sandbox.move(order, "signed", signer="本人")
    for _ in range(2):
        ask_courier(0)
    assert state() == "signed" and moves().count("signed") == 1
    assert postal.under_way() == []
    settings.COURIER_URL = ""
    ask_courier(0)


def test_a_courier_s_answer_that_cannot_be_read_or_is_not_signed_is_not_believed(
    cast: Cast, decided: str, clerk: Actor, sandbox: Sandbox
) -> None:
    sandbox.silent = True
    order = consigned(cast, decided, clerk)
    sandbox.move(order, "signed", signer="本人")
    sandbox.secret = f"another {os.urandom(4).hex()}"
    ask_courier(0)
    assert state() == "consigned"
    with pytest.raises(OSError, match="401"):
        Gateway(sandbox.address, SECRET).order(Parcel("x-P1", "", Addressee("", "", "")), notify="")
