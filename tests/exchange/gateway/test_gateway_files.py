"""Granted files: streamed, gone on with after a break, checked portion by portion; memory stays flat."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.client import Client, ForgedError, RefusedError
from shuniu.directory.api import machines
from shuniu.exchange.gateway import files
from shuniu.exchange.grants.models import Agreement, AgreementVersion
from shuniu.exchange.spool import FRAME
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.exchange.files import framed
from tests.exchange.gateway.breaking import breaking
from tests.exchange.gateway.road import Machine, machine
from tests.exchange.gateway.test_gateway_purposes import case
from tests.exchange.people import MARKET, TAX

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def content(size: int) -> Iterator[bytes]:
    """So many bytes that differ from portion to portion."""
    for start in range(0, size, 777_777):
        yield bytes([start % 251]) * min(777_777, size - start)


def offered(size: int) -> int:
    return files.offer_file(
        actor=MARKET, agreement=Agreement.objects.get().pk, name="登记.csv", writer=framed(content(size))
    )


@pytest.fixture
def url(live_server: LiveServer, settings: Settings) -> str:
    settings.PUBLIC_URL = live_server.url
    return live_server.url


def test_a_file_comes_whole_and_goes_on_where_it_broke_off(tax: Machine, url: str, tmp_path: Path) -> None:
    size = 5 * FRAME + 12_345
    number, wanted = offered(size), b"".join(content(size))
    client = Client(url, tax.private, [tax.platform])
    assert client.fetch(number, tmp_path / "whole", purpose="inspection").read_bytes() == wanted
    (tmp_path / "broken.part").write_bytes(wanted[: 2 * FRAME + 99])
    assert client.fetch(number, tmp_path / "broken", purpose="inspection").read_bytes() == wanted
    client.close()
    ended = Entry.objects.filter(object=f"file:{number}", outcome="ended").order_by("id")
    deadline = time.monotonic() + 10
    while ended.count() < 2 and time.monotonic() < deadline:
        time.sleep(0.05)  # the end is journalled once the last byte has gone, which the other side need not await
    assert [one.detail["from"] for one in ended] == [0, 2 * FRAME]
    assert [one.detail["bytes"] for one in ended] == [size, size - 2 * FRAME]


@pytest.mark.parametrize(
    ("asked", "status", "wanted"),
    [
        ("bytes=0-9", 206, 10),
        ("bytes=1048570-1048585", 206, 16),
        ("bytes=9-0", 416, 0),
        ("bytes=99999999-", 416, 0),
        ("lines=1-2", 200, 2 * FRAME),
    ],
)
def test_a_range_is_served_exactly_and_a_wrong_one_refused(tax: Machine, asked: str, status: int, wanted: int) -> None:
    number, whole = offered(2 * FRAME), b"".join(content(2 * FRAME))
    came = tax.send(tax.client._signed("GET", f"/exchange/files/{number}", "inspection"), range=asked)
    assert came.status_code == status
    if status == 416:
        assert came.json()["rule"] == "gateway.range"
        return
    first = int(asked.partition("=")[2].partition("-")[0]) if status == 206 else 0
    assert came.getvalue() == whole[first : first + wanted] and int(came.headers["Content-Length"]) == wanted


def test_an_altered_file_is_not_believed(tax: Machine, url: str, tmp_path: Path) -> None:
    number = offered(3 * FRAME)
    with connection.cursor() as cursor:
        cursor.execute("update exchange_file set chunks = overlay(chunks placing '\\x00'::bytea from 40)")
    client = Client(url, tax.private, [tax.platform])
    with pytest.raises(ForgedError):
        client.fetch(number, tmp_path / "x", purpose="inspection")
    assert not (tmp_path / "x").exists()
    client.close()


def test_a_file_of_another_looks_like_none_and_a_suspended_agreement_gives_none(
    tax: Machine, url: str, tmp_path: Path
) -> None:
    number = offered(FRAME)
    other = machine(agency="43.police", name="省公安厅")
    for key, wanted in ((other, number), (tax, number + 1)):
        client = Client(url, key.private, [tax.platform])
        with pytest.raises(RefusedError) as refusal:
            client.fetch(wanted, tmp_path / "x", purpose="inspection")
        assert (refusal.value.status, refusal.value.rule) == (404, "gateway.unknown")
        client.close()
    with pytest.raises(Refused, match="没有这份"):
        files.offer_file(actor=TAX, agreement=Agreement.objects.get().pk, name="x", writer=framed([b"x"]))
    Agreement.objects.update(state="suspended")
    client = Client(url, tax.private, [tax.platform])
    with pytest.raises(RefusedError) as refusal:
        client.fetch(number, tmp_path / "x", purpose="inspection")
    assert refusal.value.rule == "grant.ended"
    client.close()


def test_memory_is_that_of_a_few_portions_whatever_the_size(tax: Machine) -> None:
    size = 64 * FRAME
    tracemalloc.start()
    granted = files.take_file(actor=asker(tax), number=offered(size), purpose="inspection")
    total = sum(len(block) for block in files.portions(granted, 0, size - 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == size and peak < 8 * FRAME


def asker(tax: Machine) -> Actor:
    """The tax department's machine as the platform knows it."""
    return machines.machine(tax.held.holder, tax.held.name, tax.held.agency)


def test_so_many_files_leave_at_a_time_and_who_hangs_up_gives_his_place_back(
    tax: Machine, url: str, tmp_path: Path
) -> None:
    number = offered(24 * FRAME)
    held = [Client(url, tax.private, [tax.platform]) for _ in range(3)]
    for one in held:
        assert one._get(f"/exchange/files/{number}", "inspection").read(10)  # and reads no further
    client = Client(url, tax.private, [tax.platform])
    with pytest.raises(RefusedError) as refusal:
        client.fetch(number, tmp_path / "x", purpose="inspection")
    assert (refusal.value.status, refusal.value.rule) == (503, "gateway.full") and refusal.value.retry_after
    for one in held:
        one.close()
    deadline = time.monotonic() + 20
    while True:
        try:
            client.fetch(number, tmp_path / "x", purpose="inspection")
            break
        except RefusedError as refused:
            assert refused.status == 503 and time.monotonic() < deadline
            time.sleep(0.1)
    assert (tmp_path / "x").read_bytes() == b"".join(content(24 * FRAME))
    client.close()


def test_a_break_in_the_middle_is_no_forgery_and_the_next_attempt_goes_on(
    tax: Machine, url: str, tmp_path: Path, settings: Settings
) -> None:
    number, wanted = offered(5 * FRAME), b"".join(content(5 * FRAME))
    with breaking(url, 2 * FRAME + 99_999, "answers") as (line, _):
        settings.PUBLIC_URL = line
        client, breaks = Client(line, tax.private, [tax.platform]), 0
        while True:
            try:
                client.fetch(number, tmp_path / "x", purpose="inspection")
                break
            except OSError:
                breaks += 1
        client.close()
    assert breaks == 2 and (tmp_path / "x").read_bytes() == wanted


def test_the_part_of_another_file_is_not_gone_on_with(tax: Machine, url: str, tmp_path: Path) -> None:
    number, wanted = offered(3 * FRAME), b"".join(content(3 * FRAME))
    (tmp_path / "x.part").write_bytes(wanted[:FRAME] + b"x" * 4 * FRAME)
    client = Client(url, tax.private, [tax.platform])
    assert client.fetch(number, tmp_path / "x", purpose="inspection").read_bytes() == wanted
    client.close()


def test_a_file_is_fetched_for_a_purpose_of_its_agreement_and_counts_as_a_call(
    tax: Machine, url: str, tmp_path: Path
) -> None:
    number = offered(1000)
    client = Client(url, tax.private, [tax.platform])
    case("F1", applicant=None)
    case("F2", applicant=None, agency="43.police")
    wrong = {
        "credit": "grant.other_purpose", "licensing": "gateway.purpose", "just looking": "gateway.purpose",
        "licensing/case:F2": "gateway.purpose", "licensing/case:NONE": "gateway.purpose",
    }  # fmt: skip
    for purpose, rule in wrong.items():
        with pytest.raises(RefusedError) as refused:
            client.fetch(number, tmp_path / "x", purpose=purpose)
        assert refused.value.rule == rule
    client.fetch(number, tmp_path / "x", purpose="licensing/case:F1")
    with connection.cursor() as cursor:
        cursor.execute("select sum(calls), sum(rows) from exchange_agreement_use")
        assert cursor.fetchone() == (1, 0)
    AgreementVersion.objects.update(quota_calls=1)
    with pytest.raises(RefusedError) as refused:
        client.fetch(number, tmp_path / "y", purpose="inspection")
    assert refused.value.rule == "grant.quota_calls"
    client.close()
