"""The demo's payment provider: only where no real one is set up and the instance is no production, its books kept."""

from __future__ import annotations

import socket
from dataclasses import asdict
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from shuniu.cases import payments
from shuniu.cases.declare.fee import Order
from shuniu.cases.payments.sandbox import Sandbox
from shuniu.project import place, sandbox

ORDER = Order("A-F-1", "A-F", 4000, datetime(2026, 11, 22, tzinfo=UTC))


def test_a_demo_instance_has_it_unless_a_provider_is_set_up_and_a_production_one_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sandbox.wanted({}, tmp_path)
    assert not sandbox.wanted({sandbox.URL: "https://pay.example.gov.cn"}, tmp_path)
    place.mark(tmp_path, place.Production(province="43", made=datetime(2026, 11, 22, tzinfo=UTC)))
    assert not sandbox.wanted({}, tmp_path)
    monkeypatch.setenv("SHUNIU_VAR", str(tmp_path))
    assert sandbox.main(["127.0.0.1", "0"]) == 1
    assert "正式实例" in capsys.readouterr().err


def test_it_serves_on_the_next_port_or_on_any_that_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told, arguments = sandbox.settings("127.0.0.1", port - 1)
        assert not told[sandbox.URL].endswith(f":{port}")
    assert arguments[:2] == ["-m", "shuniu.project.sandbox"] and told[sandbox.URL].endswith(f":{arguments[3]}")
    assert len(told[sandbox.SECRET]) >= 32
    assert sandbox.settings("0.0.0.0", port)[0][sandbox.URL].startswith("http://127.0.0.1:")  # noqa: S104 - not bound
    assert sandbox.settings("::1", port)[1][2] == "127.0.0.1"


def test_the_payer_reaches_it_at_the_host_he_came_from_and_reads_that_it_is_a_sandbox(settings: Settings) -> None:
    books = Sandbox("secret", silent=True, beside=True).start()
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = books.address, "secret"
    page = payments.provider().create(ORDER, title="演示", back="http://localhost:8043/hall/", notify="")
    at = urlsplit(page)
    assert at.hostname == "localhost" and at.port == urlsplit(books.address).port
    connection = HTTPConnection("127.0.0.1", at.port, timeout=5)
    connection.request("GET", at.path)
    said = connection.getresponse().read().decode()
    connection.close()
    books.stop()
    assert "演示支付（沙箱）" in said and "不发生真实的资金往来" in said and "40.00" in said


def test_its_books_outlive_it_and_who_does_not_answer_its_call_is_still_paid(tmp_path: Path) -> None:
    kept = tmp_path / "books.json"
    books = Sandbox("secret", kept=kept).start()
    books.announce({**asdict(ORDER), "expires": "", "back": "", "notify": "http://127.0.0.1:9/"})  # nobody is there
    books.stop()
    paid = books.pay(ORDER.number)
    after = Sandbox("secret", kept=kept)
    assert after.trades == {paid.trade: paid} and after.orders.keys() == {ORDER.number}
    assert after.refund("A-F-R2", paid.trade, 1000).trade != paid.trade
    assert len(Sandbox("secret", kept=kept).trades) == 2
