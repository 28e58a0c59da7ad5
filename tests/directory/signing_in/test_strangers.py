"""Refusals of callers unknown: the first of a minute are journalled one by one, the others as one line with their number."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from shuniu.directory import api, tasks
from shuniu.directory.models import Stranger
from shuniu.directory.signing_in.api import strangers
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Entries = Callable[[str], list[Entry]]
MOST = 30


def joins(times: int, address: str = "203.0.113.7") -> None:
    """Try that often to join with a code that nobody was given."""
    for _ in range(times):
        body = json.dumps({"code": "AAAA-BBBB-CCCC-DDDD", "request": "x"})
        client = Client(REMOTE_ADDR=address)
        answer = client.post("/api/trust/join", body, content_type="application/json")
        assert (answer.status_code, answer.json()["rule"]) == (422, "trust.code_unknown")


class Minutes:
    """The clock of the counts: it goes on when it is told to, so that no test runs over a minute's end."""

    def __init__(self) -> None:
        self.now = 29_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> Minutes:
    made = Minutes()
    monkeypatch.setattr(strangers, "_minute", made)
    return made


def test_joins_with_no_good_code_are_journalled_so_often_and_then_counted(
    cast: Cast, entries: Entries, minutes: Minutes
) -> None:
    joins(MOST + 12)
    joins(3, "203.0.113.8")
    assert len(entries("trust.join")) == MOST + 3, "each address by itself, and everybody is answered"
    assert not entries("directory.note_strangers")
    minutes.now += 1
    tasks.note_strangers(timestamp=0)
    (line,) = entries("directory.note_strangers")
    assert (line.object, line.outcome) == ("trust.join", "refused")
    assert line.detail == {"origin": "203.0.113.7", "minute": 60 * 29_000_000, "more": 12}
    assert not Stranger.objects.exists()
    tasks.note_strangers(timestamp=0)
    assert len(entries("directory.note_strangers")) == 1


def test_a_whole_ipv6_network_and_callers_without_an_address_are_counted_together(cast: Cast) -> None:
    joins(1, "2001:db8::1")
    joins(1, "2001:db8::2")
    joins(2, "127.0.0.1")
    assert sorted(Stranger.objects.values_list("place", "refusals")) == [("", 2), ("2001:db8::/64", 2)]


def test_the_running_minute_is_left_and_what_stayed_below_the_bound_needs_no_line(
    cast: Cast, entries: Entries, minutes: Minutes
) -> None:
    joins(MOST)
    minutes.now += 1
    joins(MOST + 1)
    assert not api.sift_strangers()
    assert Stranger.objects.get().refusals == MOST + 1
    tasks.note_strangers(timestamp=0)
    assert not entries("directory.note_strangers")
    assert api.note_strangers(actor=api.system("worker")) == 0
    assert entries("directory.note_strangers")[-1].detail == {"more": 0}


def test_renewing_is_counted_by_itself(cast: Cast, entries: Entries) -> None:
    joins(MOST + 1)
    body = json.dumps({"key": "x", "request": "x", "signature": ""})
    Client(REMOTE_ADDR="203.0.113.7").post("/api/trust/renew", body, content_type="application/json")
    assert len(entries("trust.renew")) == 1 and len(entries("trust.join")) == MOST


def test_what_is_refused_to_somebody_known_is_journalled_each_time(cast: Cast, entries: Entries) -> None:
    for _ in range(MOST + 5):
        with pytest.raises(Refused):
            api.create_account(actor=cast.tax_officer, login="x", name="x", agency="43.tax")
    assert len(entries("directory.create_account")) == MOST + 5


def test_so_are_requests_to_the_gateway_that_nobody_has_signed_whatever_they_ask_for(
    cast: Cast, entries: Entries, minutes: Minutes
) -> None:
    def asked(address: str) -> list[int]:
        client = Client(REMOTE_ADDR=address)
        return [
            client.post("/exchange/query/43.market/registration", {}, content_type="application/json").status_code,
            client.get("/exchange/files/1").status_code,
            client.get("/exchange/evidence/1").status_code,
        ]

    for _ in range(MOST):
        assert asked("203.0.113.7") == [401, 401, 401]
    asked("203.0.113.8")
    assert len(entries("exchange.query")) == MOST + 3
    minutes.now += 1
    tasks.note_strangers(timestamp=0)
    (line,) = entries("directory.note_strangers")
    assert (line.object, line.detail["origin"], line.detail["more"]) == ("exchange.query", "203.0.113.7", 2 * MOST)
