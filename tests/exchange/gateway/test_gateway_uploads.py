"""A machine's file in portions: gone on with after any break, checked whole before it is offered, swept when given up."""

from __future__ import annotations

import hashlib
import os
import random
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shuniu.directory.api import machines
from shuniu.exchange.gateway import files, uploads
from shuniu.exchange.gateway.counting import tidy
from shuniu.exchange.gateway.store import uploads as store
from shuniu.exchange.grants.models import Agreement
from shuniu.exchange.spool import FRAME
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.exchange.files import framed
from tests.exchange.gateway import offering
from tests.exchange.gateway.offering import begun, checked, content, kept, number_of, offered, portion, put, state
from tests.exchange.gateway.road import Machine
from tests.exchange.people import MARKET

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TIDY = Actor("system:worker", "系统任务", capabilities=frozenset({"exchange.tidy_calls"}))


def read(number: int) -> bytes:
    """A file as its consumer's machine gets it."""
    taker = machines.machine("agency:43.tax", "接口", "43.tax")
    granted = files.take_file(actor=taker, number=number, purpose="inspection")
    return b"".join(files.portions(granted, 0, granted.size - 1))


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]  # a test's own values


class Killed(BaseException):
    """As kill -9 would end it: nothing after it runs, what was written to the disk stays."""


def killed(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("seed", range(6))
def test_cut_anywhere_and_gone_on_with_it_comes_whole_and_is_not_offered_before(
    market: Machine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, size = random.Random(seed), 7 * FRAME + seed * 100_001
    data, taken, faults = content(size, seed), 0, 0
    number = number_of(market, data)

    while taken < size:
        end = min(size, taken + dice.randint(1, 3) * FRAME)
        what = dice.choice(["whole", "whole", "cut", "killed", "again", "ahead", "altered"])
        if what == "whole":
            came = put(market, number, taken, data[taken:end])
            assert came.status_code == 200, came.content.decode()
            taken = end
        elif what == "cut":  # the connection broke in the middle of the body
            assert market.refused(portion(market, number, taken, data[taken:end]), body=data[taken : end - 7]) == (
                400, "message.digest",
            )  # fmt: skip
        elif what == "killed":  # the bytes were written, and nobody noted it
            with monkeypatch.context() as patched, pytest.raises(Killed):
                patched.setattr(store, "take", killed)
                put(market, number, taken, data[taken:end])
        elif what == "altered":
            body = bytes([data[taken] ^ 1]) + data[taken + 1 : end]
            assert market.refused(portion(market, number, taken, data[taken:end]), body=body)[1] == "message.digest"
        elif what == "ahead" and end < size:
            assert market.refused(portion(market, number, end, data[end : end + FRAME])) == (409, "gateway.offset")
        elif what == "again" and taken:
            assert market.refused(portion(market, number, taken - FRAME, data[:FRAME])) == (409, "gateway.offset")
        faults += what != "whole"
        assert state(market, number)["taken"] == taken == begun(market, data).json()["taken"], what
        assert offered() == ()
    checked(number)
    (one,) = offered()
    assert state(market, number)["file"] == one.number and read(one.number) == data and faults
    assert begun(market, data).json() == state(market, number), "the same file again is the same offer"
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("otherwise", "wanted"),
    [
        ({"size": (16 << 30) + 1}, (413, "file.size")), ({"days": 367}, (422, "file.days")),
        ({"days": 0}, (422, "file.days")), ({"name": "a\nb"}, (422, "file.name")), ({"size": 0}, (400, "gateway.json")),
        ({"agreement": 987_654_321}, (403, "file.agreement")), ({"digest": "AB"}, (400, "gateway.json")),
        ({"size": "9"}, (400, "gateway.json")), ({"more": 1}, (400, "gateway.json")),
    ],
)  # fmt: skip
def test_what_may_not_be_offered_is_refused_before_a_byte_comes(
    market: Machine, otherwise: dict[str, object], wanted: tuple[int, str]
) -> None:
    came = begun(market, b"x", **otherwise)
    assert (came.status_code, came.json()["rule"]) == wanted and came.json()["remedy"] and kept() == []


def test_the_limit_is_ten_gigabytes_and_more_and_the_refusal_names_its_rule(market: Machine) -> None:
    assert begun(market, b"x", size=10_000_000_000).status_code == 200
    said = begun(market, b"x", size=20 << 30).json()
    assert "gateway.file.bytes" in said["message"] and "17,179,869,184" in said["message"]
    assert "gateway.file.days" in begun(market, b"x", days=500).json()["message"]


def test_only_the_owners_machine_begins_and_only_its_own_uploads_are_there_for_it(
    market: Machine, tax: Machine
) -> None:
    data = content(2 * FRAME)
    number = number_of(market, data)
    came = begun(tax, data)
    assert (came.status_code, came.json()["rule"]) == (403, "file.agreement")
    for which in (number, number + 999):
        assert tax.refused(portion(tax, which, 0, data)) == (404, "gateway.unknown")
        assert tax.refused(tax.client._signed("GET", f"{offering.AT}/{which}", "offer")) == (404, "gateway.unknown")
    assert market.refused(market.client._signed("GET", f"{offering.AT}/{number}", "inspection"))[1] == "gateway.purpose"
    assert state(market, number)["taken"] == 0
    stolen = portion(market, number, 0, data)
    assert market.send(stolen).status_code == 200
    assert market.refused(stolen) == (409, "gateway.replay")
    assert Entry.objects.filter(verb="exchange.append_upload", outcome="refused", agency="43.tax").count() == 2


@pytest.mark.parametrize(
    ("first", "size", "wanted"),
    [
        (0, FRAME + 1, (400, "gateway.portion")), (0, 0, (413, "gateway.size")),
        (0, 4 * FRAME, (400, "gateway.portion")), (FRAME, FRAME, (409, "gateway.offset")),
        (0, 5 * FRAME, (413, "gateway.size")),
    ],
)  # fmt: skip
def test_a_portion_stands_in_its_place_and_is_whole(
    market: Machine, first: int, size: int, wanted: tuple[int, str]
) -> None:
    number = number_of(market, content(3 * FRAME + 5))
    assert market.refused(portion(market, number, first, bytes(size))) == wanted
    assert state(market, number)["taken"] == 0 and kept() == []


def test_what_does_not_have_the_digest_that_was_said_is_never_offered(market: Machine) -> None:
    data = content(2 * FRAME + 3)
    number = number_of(market, data)
    put(market, number, 0, data[: 2 * FRAME])
    assert put(market, number, 2 * FRAME, b"abc").status_code == 200
    checked(number)
    said = state(market, number)
    assert said["refused"]["rule"] == "file.digest" and said["file"] is None and offered() == () and kept() == []
    assert number_of(market, data) != number, "it may be begun anew"


def test_other_bytes_in_the_place_of_those_that_a_kill_left_end_the_upload(
    market: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, other = content(2 * FRAME), content(2 * FRAME, 2)
    number = number_of(market, data)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(store, "take", killed)
        put(market, number, 0, data[:FRAME])
    assert put(market, number, 0, other).json()["refused"]["rule"] == "file.changed"
    assert kept() == [] and offered() == ()
    assert market.refused(portion(market, number, 0, data)) == (409, "gateway.offset")


def test_bytes_that_the_disk_lost_are_noticed(market: Machine) -> None:
    data = content(2 * FRAME)
    spoils: tuple[Callable[[Path], object], ...] = (
        Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x"),
    )  # fmt: skip
    for spoil in spoils:
        number = number_of(market, data)
        put(market, number, 0, data)
        spoil(files.folder() / kept()[0])
        checked(number)
        assert state(market, number)["refused"]["rule"] == "file.digest" and offered() == () and kept() == []


def test_the_check_may_die_be_repeated_and_be_made_by_two(market: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    data = content(FRAME + 1)
    number = number_of(market, data)
    checked(number)
    put(market, number, 0, data)
    jobs = ProcrastinateJob.objects.filter(task_name="exchange.check_upload", args={"number": number})
    assert jobs.filter(status="todo").count() == 1

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(store, "end", killed)
        checked(number)
    assert offered() == () and state(market, number)["file"] is None
    sql("delete from procrastinate_jobs where id = any(%s)", [one.pk for one in jobs])
    uploads.take_up()
    assert not jobs.all().exists(), "its job may still run"
    sql("update exchange_upload set took_at = clock_timestamp() - interval '11 minutes'")
    uploads.take_up()
    uploads.take_up()
    assert jobs.all().count() == 1
    checked(number)
    checked(number)
    uploads.end_upload(
        actor=Actor("system:worker", "系统任务", capabilities=frozenset({"exchange.end_upload"})), number=number,
        digest=b"", frames=b"",
    )  # fmt: skip
    assert len(offered()) == 1 and read(offered()[0].number) == data


def test_an_agreement_that_ends_meanwhile_stops_it(market: Machine) -> None:
    data = content(2 * FRAME)
    first, last = number_of(market, data), number_of(market, data[:FRAME])
    put(market, first, 0, data)
    Agreement.objects.update(state="revoked")
    checked(first)
    assert state(market, first)["refused"]["rule"] == "file.agreement" and offered() == ()
    assert market.refused(portion(market, last, 0, data[:FRAME])) == (403, "file.agreement")
    assert kept() == []


def test_what_is_not_gone_on_with_in_time_is_swept_and_nothing_else(market: Machine) -> None:
    data = content(2 * FRAME)
    given_up, running, done = (number_of(market, data + bytes([one])) for one in range(3))
    for number in (given_up, running):
        put(market, number, 0, data[:FRAME])
    put(market, done, 0, data + b"\x02")
    checked(done)
    orphan, fresh = files.folder() / ("a" * 32), files.folder() / ("b" * 32)
    for path in (orphan, fresh):
        path.write_bytes(b"left by a kill")
    long_ago = time.time() - 90_000
    for path in files.folder().iterdir():
        if path != fresh:
            os.utime(path, (long_ago, long_ago))
    sql("update exchange_upload set expires = clock_timestamp() - interval '1 second' where id = %s", given_up)
    assert market.refused(portion(market, given_up, FRAME, data[:FRAME])) == (410, "file.expired")
    assert len(kept()) == 5
    tidy(actor=TIDY)
    assert len(kept()) == 3 and fresh.exists() and not orphan.exists()
    assert market.refused(portion(market, given_up, FRAME, data[:FRAME])) == (404, "gateway.unknown")
    assert put(market, running, FRAME, data[FRAME:] + b"\x01").status_code == 200
    assert read(offered()[0].number) == data + b"\x02"
    assert state(market, number_of(market, data + b"\x00"))["taken"] == 0, "it begins anew"


def test_so_many_wait_for_the_rest_at_a_time(market: Machine) -> None:
    for one in range(20):
        number_of(market, bytes([one]))
    came = begun(market, b"one more")
    assert (came.status_code, came.json()["rule"]) == (429, "file.open") and "gateway.upload.most" in came.json()[
        "message"
    ]
    assert begun(market, b"\x03").status_code == 200, "one of them may be gone on with"


def test_the_consumer_is_told_when_a_file_is_offered_and_when_it_is_withdrawn(market: Machine) -> None:
    data = content(5)
    number = number_of(market, data)
    put(market, number, 0, data)
    assert not Notice.objects.filter(template="exchange.share").exists()
    checked(number)
    agreement, file = Agreement.objects.get().pk, offered()[0].number
    files.withdraw_file(actor=MARKET, agreement=agreement, number=file)
    files.offer_file(actor=MARKET, agreement=agreement, name="二.csv", writer=framed([b"x"]), days=9)
    told = list(Notice.objects.filter(template="exchange.share").order_by("id"))
    assert {(one.agency, one.object) for one in told} == {("43.tax", f"agreement:{agreement}")}
    came, gone, again = (one.text for one in told)
    assert "提供了文件“登记.bin”" in came and f"第 {file} 号" in came and "7 天" in came
    assert "撤回了文件“登记.bin”" in gone and "提供了文件“二.csv”" in again and "9 天" in again


def test_memory_is_that_of_a_few_portions_whatever_the_size(market: Machine) -> None:
    sender = Actor(
        "agency:43.market",
        "接口",
        "43.market",
        capabilities=frozenset({"exchange.begin_upload", "exchange.append_upload"}),
    )
    block, size = content(4 * FRAME), 96 * FRAME
    digest = hashlib.sha256(block * 24).digest()
    begin = uploads.begin_upload(
        actor=sender, agreement=Agreement.objects.get().pk, name="x", size=size, digest=digest, days=1
    )
    tracemalloc.start()
    for first in range(0, size, len(block)):
        uploads.append_upload(actor=sender, number=begin.number, first=first, data=block)
    checked(begin.number)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(offered()) == 1 and peak < 8 * FRAME


def test_only_ciphertext_meets_the_disk(market: Machine) -> None:
    data = "湘江机械".encode() * 200_000
    put(market, number_of(market, data), 0, data)
    (name,) = kept()
    path = files.folder() / name
    assert "湘江机械".encode() not in path.read_bytes() and path.stat().st_mode & 0o77 == 0
