"""A provider's live interface behind the gateway: asked signed, bounded, checked; what goes wrong is said honestly."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection

from shuniu.exchange.gateway import admission, interfaces, live
from shuniu.exchange.gateway.store import interfaces as store
from shuniu.exchange.grants.models import AgreementVersion
from shuniu.trust import suites
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message, check, described, digest_header, sign_answer
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, Machine, certificate_of, machine
from tests.exchange.people import OFFICE
from tests.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)
SUITE = suites.suite("international")


@dataclass
class Provider:
    """The market department's own service, as honest as `how` says."""

    platform: bytes
    how: str = "good"
    asked: list[dict[str, Any]] = field(default_factory=list)
    private: bytes = field(default_factory=SUITE.generate)
    certificate: bytes = b""

    def answer(self, said: dict[str, Any]) -> Any:
        """Rows for what was asked."""
        values = {"uscc": FIRMS[0], "name": "湘江机械有限公司", "state": "1", "region": "430102"}
        row = {item: values[item] for item in said["items"]}
        if self.how == "extra item":
            row["capital"] = "100"
        if self.how == "number":
            row["state"] = 1  # type: ignore[assignment]  # what a careless provider sends
        if self.how == "other region":
            row["region"] = "431000"
        if self.how == "other subject":
            return {"rows": [row], "of": [2]}
        return ["rows"] if self.how == "other shape" else {"rows": [row], "of": [1]}


@pytest.fixture
def provider(tax: Machine) -> Iterator[Provider]:
    joined = machine(agency="43.market", name="省市场监管局")
    played = Provider(tax.platform, private=joined.private, certificate=certificate_of(joined.held.number))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            serve(self, played)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/firms"
    interfaces.declare_live(
        actor=OFFICE, resource=KEY, url=url, certificate=played.certificate, wait_ms=700, most=20_000
    )
    live.breaker.forget()
    yield played
    store.end(KEY, OFFICE.person)  # a table of no model, which nobody else empties
    server.shutdown()
    server.server_close()


def serve(handler: BaseHTTPRequestHandler, played: Provider) -> None:
    body = handler.rfile.read(int(handler.headers["content-length"]))
    headers = {name.lower(): value for name, value in handler.headers.items()}
    question = Message(headers, "POST", headers["host"], handler.path)
    check(described(question), played.platform, question)  # it is the platform that asks, and nobody else
    played.asked.append(json.loads(body))
    if played.how == "slow":
        time.sleep(1.2)
    if played.how == "down":
        handler.connection.close()
        return
    if played.how == "drips":
        drip(handler)
        return
    content = json.dumps(played.answer(played.asked[-1]), ensure_ascii=False).encode()
    if played.how == "huge":
        content += b" " * 30_000
    said = {"content-digest": digest_header(SUITE, SUITE.digest(content)), "content-type": "application/json"}
    signer = SUITE.signer(SUITE.generate() if played.how == "other key" else played.private)
    said |= sign_answer(Message(said, status=200), question, signer, created=int(time.time()))
    handler.send_response(500 if played.how == "error" else 200)
    for name, value in said.items():
        handler.send_header(name, value)
    if played.how != "endless":
        more = {"says more": 50, "says less": -5}.get(played.how, 0)
        handler.send_header("content-length", str(len(content) + more))
    handler.end_headers()
    handler.wfile.write(content.replace("湘江".encode(), "岳麓".encode()) if played.how == "altered" else content)
    if played.how == "endless":
        for _ in range(40):
            time.sleep(0.05)
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A head of which a byte comes now and then."""
    for one in b"HTTP/1.1 200 OK\r\nX-Slowly: " + b"a" * 40:
        time.sleep(0.05)
        try:
            handler.wfile.write(bytes([one]))
            handler.wfile.flush()
        except OSError:
            return


def test_a_live_interface_is_asked_for_what_is_granted_and_its_answer_is_evidenced(
    tax: Machine, provider: Provider
) -> None:
    answer = tax.ask(FIRMS[0])
    assert [dict(row) for row in answer.rows] == [
        {"@of": f"uscc:{FIRMS[0]}", "uscc": FIRMS[0], "name": "湘江机械有限公司", "state": "1"}
    ]
    (asked,) = provider.asked
    assert asked["items"] == ["uscc", "name", "state", "region"] and asked["consumer"] == "43.tax"
    assert asked["regions"] == ["43"] and asked["number"] == answer.number
    entry = Entry.objects.get(pk=answer.number)
    assert entry.detail["live"] > 0, "which interface answered"


def test_a_question_sent_twice_reaches_the_provider_once(tax: Machine, provider: Provider) -> None:
    signed = tax.sign(FIRMS[0])
    assert tax.send(signed).status_code == 200
    assert tax.refused(signed) == (409, "gateway.replay")
    lost = tax.sign(FIRMS[0])
    provider.how = "down"
    assert tax.send(lost).status_code == 502
    provider.how = "good"
    assert tax.refused(lost) == (409, "gateway.replay"), "nor after a failure: whoever asks again signs again"
    assert len(provider.asked) == 2


def test_an_idempotency_key_gets_the_same_answer_of_a_live_interface_under_the_same_number(
    tax: Machine, provider: Provider
) -> None:
    first = tax.ask(FIRMS[0], token="token-0001")
    again = tax.sign(FIRMS[0], token="token-0001")
    came = tax.send(again)
    assert came.status_code == 200 and came.json()["number"] == first.number
    assert tax.refused(again) == (409, "gateway.replay")


@pytest.mark.parametrize(
    ("how", "status", "rule"),
    [
        ("slow", 504, "gateway.slow"), ("drips", 504, "gateway.slow"),
        ("endless", 504, "gateway.slow"), ("down", 502, "gateway.down"),
        ("error", 502, "gateway.down"), ("huge", 502, "gateway.lies"), ("says more", 504, "gateway.slow"),
        ("says less", 502, "gateway.lies"), ("altered", 502, "gateway.lies"), ("other key", 502, "gateway.lies"),
        ("extra item", 502, "gateway.lies"), ("number", 502, "gateway.lies"), ("other shape", 502, "gateway.lies"),
        ("other subject", 502, "gateway.lies"),
    ],
)  # fmt: skip
def test_what_a_provider_does_wrong_is_said_and_nothing_of_it_is_given(
    tax: Machine, provider: Provider, how: str, status: int, rule: str
) -> None:
    provider.how = how
    found = tax.refused(tax.sign(FIRMS[0]))
    assert found == (status, rule) or (how in ("down", "says more") and found[1] in ("gateway.down", "gateway.lies"))


def test_rows_of_other_regions_stay_with_the_platform(tax: Machine, provider: Provider) -> None:
    AgreementVersion.objects.update(regions=["4301"])
    provider.how = "other region"
    assert tax.ask(FIRMS[0]).rows == ()


def test_an_interface_that_keeps_failing_is_left_alone_for_a_while(tax: Machine, provider: Provider) -> None:
    provider.how = "error"
    rules = [tax.refused(tax.sign(FIRMS[0]))[1] for _ in range(6)]
    assert rules == ["gateway.down"] * 5 + ["gateway.open"] and len(provider.asked) == 5
    said = tax.send(tax.sign(FIRMS[0]))
    assert said.status_code == 503 and 1 <= int(said.headers["Retry-After"]) <= 31


def test_an_interface_that_nobody_serves_is_down(tax: Machine, provider: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/firms"
    interfaces.declare_live(actor=OFFICE, resource=KEY, url=url, certificate=provider.certificate)
    assert tax.refused(tax.sign(FIRMS[0])) == (502, "gateway.down")


def test_a_slow_interface_does_not_take_all_the_room(tax: Machine, provider: Provider) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select id from exchange_live where ended_at is null")
        gate = admission.live(cursor.fetchone()[0])
    while gate.enter():
        continue
    said = tax.send(tax.sign(FIRMS[0]))
    assert (said.status_code, said.json()["rule"]) == (503, "gateway.busy") and said.headers["Retry-After"]
    assert not provider.asked


def test_an_interface_is_declared_in_order_and_ended(tax: Machine, provider: Provider) -> None:
    for url, wait, rule in (
        ("ftp://127.0.0.1/x", 100, "live.url"), ("http://u:p@127.0.0.1/x", 100, "live.url"),
        ("http://127.0.0.1:99999/x", 100, "live.url"), ("http://127.0.0.1/x#y", 100, "live.url"),
        ("http://127.0.0.1/x", 0, "live.limits"), ("http://169.254.169.254/x", 100, "live.host"),
    ):  # fmt: skip
        with refused(rule):
            interfaces.declare_live(actor=OFFICE, resource=KEY, url=url, certificate=provider.certificate, wait_ms=wait)
    interfaces.end_live(actor=OFFICE, resource=KEY)
    assert tax.ask(FIRMS[0]).rows and not provider.asked, "its stored rows answer again"
    with pytest.raises(Refused, match="没有登记"):
        interfaces.end_live(actor=OFFICE, resource=KEY)
