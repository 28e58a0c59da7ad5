"""More questions at once than there is room for: answered or told honestly, and nothing half-kept of whom was turned away."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.client import Client
from shuniu.client.asking import Signed
from shuniu.exchange.gateway import admission, counting
from shuniu.exchange.gateway.admission import Gate, Place
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, Machine
from tests.exchange.people import OFFICE

Came = tuple[int, dict[str, str], dict[str, object]]


def test_a_gate_lets_in_so_many_and_others_wait_only_while_something_moves() -> None:
    gate = Gate(2, 0.2)
    with gate.room() as first, gate.room() as second:
        assert first and second
        begun = time.monotonic()
        with gate.room() as third:
            assert not third and 0.1 < time.monotonic() - begun < 1, "it waited for one of them to go"
        begun = time.monotonic()
        with gate.room() as fourth:
            assert not fourth and time.monotonic() - begun < 0.1, "nothing had moved meanwhile"
    assert gate.enter() and gate.enter() and not gate.enter(), "both places were given back, and there are no more"


def test_who_waits_gets_the_place_that_is_given_back() -> None:
    gate = Gate(1, 5.0)
    assert gate.enter()
    threading.Timer(0.05, gate.leave).start()
    begun = time.monotonic()
    assert gate.enter() and time.monotonic() - begun < 2


def test_nobody_is_overtaken_and_all_wait_as_long_as_it_goes_on() -> None:
    gate, came = Gate(1, 0.3), list[str]()

    def ask(name: str) -> None:
        if gate.enter():
            came.append(name)
            time.sleep(0.1)
            gate.leave()

    assert gate.enter()
    waiting = [threading.Thread(target=ask, args=[name]) for name in "abcde"]
    for thread in waiting:
        thread.start()
        time.sleep(0.02)
    gate.leave()
    ask("one who has just come")
    assert came == [*"abcde", "one who has just come"]
    for thread in waiting:
        thread.join()


def test_a_place_that_is_held_longer_is_given_back_once_however_it_ends() -> None:
    gate = Gate(1)
    assert gate.enter() and not gate.enter()
    place = Place(gate)
    place.free()
    place.free()
    assert gate.enter() and not gate.enter(), "given back, and once only"
    forgotten = Place(gate)
    del forgotten
    assert gate.enter(), "nobody holds it any more"


def test_an_interface_that_is_slow_takes_its_own_places_alone() -> None:
    slow, other = admission.live(1), admission.live(2)
    assert slow is admission.live(1) and slow is not other
    while slow.enter():
        continue
    assert other.enter() and admission.questions().enter()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_crowd_before_a_database_that_stands_still_is_told_so_and_may_ask_again(
    tax: Machine, live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    address = urlsplit(live_server.url).netloc
    tax.ask(FIRMS[0])  # so that what a process learns once is learnt
    asked = [signed(tax, live_server.url) for _ in range(60)]
    entries, before = Entry.objects.filter(verb="exchange.query"), kept()
    journalled = entries.count()
    with held("exchange_nonce"):
        threading.Timer(8.0, let_go.set).start()
        first = all_at_once(address, asked)
    statuses = Counter(status for status, _, _ in first)
    assert set(statuses) == {200, 503} and statuses[200] >= 6 and statuses[503] >= 20
    turned = [place for place, (status, _, _) in enumerate(first) if status == 503]
    for place in turned:
        _, headers, said = first[place]
        assert 1 <= int(headers["retry-after"]) <= 5 and headers["content-type"] == "application/problem+json"
        assert said["rule"] == "gateway.full" and said["status"] == 503 and said["remedy"]
    assert kept() == before + statuses[200], "of whom was turned away nothing is kept"
    assert entries.count() == journalled + statuses[200], "not in the journal either"
    again = all_at_once(address, [asked[place] for place in turned[:6]])
    assert [status for status, _, _ in again] == [200] * 6, "the very same request is no replay"
    whole = counting.connections(actor=OFFICE)
    (line,) = [one for one in whole.hours if not one.resource]
    assert whole.failures == (("gateway.full", len(turned)),), "by the rule that was said"
    assert (line.failed, line.calls, line.agency) == (len(turned), 0, "")


let_go = threading.Event()


@contextmanager
def held(table: str) -> Iterator[None]:
    """A table that nobody else can write until `let_go` is set."""
    let_go.clear()
    locked = threading.Event()

    def hold() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("begin")
                cursor.execute(f"lock table {table} in exclusive mode")
                locked.set()
                let_go.wait(30)
                cursor.execute("rollback")
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        yield
    finally:
        let_go.set()
        holder.join()


def signed(tax: Machine, url: str) -> Signed:
    """A question to the server at this address."""
    return Client(url, tax.private, [tax.platform]).sign(KEY, [("uscc", FIRMS[0])], purpose="inspection")


def all_at_once(address: str, asked: Sequence[Signed]) -> list[Came]:
    """Status, headers and body of each answer, every question sent by a thread of its own."""

    def send(one: Signed) -> Came:
        made = http.client.HTTPConnection(address, timeout=60)
        try:
            made.request("POST", one.message.path, one.body, dict(one.message.headers))
            came = made.getresponse()
            return came.status, {name.lower(): value for name, value in came.getheaders()}, json.loads(came.read())
        except ConnectionResetError:  # this server closes on a body that it has not read: what it said is lost at times
            return send(one)
        finally:
            made.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(send, asked))


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from exchange_nonce")
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def _fresh_count() -> None:
    admission.turned = admission.Turned()
