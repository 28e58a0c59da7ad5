"""A method that an address does not take is told so; the gateway's refusals do not fill the log, its faults do."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from shuniu.exchange.gateway import admission
from shuniu.exchange.gateway import http as gateway
from shuniu.project.logs import Refusals
from tests.exchange.gateway.road import Machine

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "/exchange/query/43.market/registration": "POST", "/exchange/files/1": "GET", "/exchange/files/1/chunks": "GET",
    "/exchange/evidence/1": "GET", "/exchange/uploads": "POST", "/exchange/uploads/1": "GET", "/exchange/uploads/1/0": "PUT",
}  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_each_address_says_which_method_it_takes(address: str, method: str) -> None:
    client = Client(enforce_csrf_checks=True)  # a machine has no cookie: it is never asked for the form's token
    came = client.generic(method, address)
    assert (came.status_code == 405) == (method != ADDRESSES[address])
    assert came.headers["Content-Type"] == "application/problem+json"
    if came.status_code == 405:
        assert came.headers["Allow"] == ADDRESSES[address]
        assert method == "HEAD" or came.json()["rule"] == "gateway.method"


def test_refusals_are_not_logged_one_by_one(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = admission.questions()
    monkeypatch.setattr(gate, "enter", lambda: False)
    assert [Client().post(one).status_code for one in ADDRESSES if "query" in one] == [503]
    assert Client().get("/exchange/evidence/1").status_code == 401
    assert caplog.records == []
    assert Client().get("/nowhere/").status_code == 404
    assert [one.getMessage() for one in caplog.records] == ["Not Found: /nowhere/"]


def test_a_fault_of_the_gateway_is_logged(
    tax: Machine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(gateway, "_answer", broken)
    client = Client(raise_request_exception=False)
    assert client.post("/exchange/query/43.market/registration").status_code == 500
    assert any(one.exc_info and one.levelno == logging.ERROR for one in caplog.records)
    assert any(isinstance(one, Refusals) for one in logging.getLogger("django.request").filters)
