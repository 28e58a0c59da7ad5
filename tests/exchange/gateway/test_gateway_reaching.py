"""Where a provider's interface may stand: never on the platform's own host, in clear only where its host says so."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from shuniu.exchange.gateway import interfaces, live, reaching
from shuniu.exchange.gateway.reaching import Secure, addresses, is_closed, parts_of
from shuniu.trust.declare import Refused
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, Machine
from tests.exchange.gateway.test_gateway_live import Provider, provider
from tests.exchange.people import OFFICE
from tests.refusals import refused
from tests.trust.certificates import openssl

__all__ = ["provider"]
CLOSED = (
    "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "0.1.2.3", "::", "169.254.169.254",  # noqa: S104 - refused
    "fe80::1", "fe80::1%eth0", "224.0.0.1", "ff02::1",
    "255.255.255.255", "100.100.100.200", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "2002:7f00:1::",
)  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_of_the_platform_itself_are_closed_in_production(address: str) -> None:
    with override_settings(SHUNIU_DEMO=False):
        assert is_closed(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.9.9", "192.168.1.1", "59.83.0.1", "fd12::1", "2408::1"])
def test_addresses_of_the_closed_network_and_of_elsewhere_are_open(address: str) -> None:
    with override_settings(SHUNIU_DEMO=False):
        assert not is_closed(address)


def test_a_demo_may_call_its_own_host_and_nothing_else_of_what_is_closed() -> None:
    assert [one for one in CLOSED if not is_closed(one)] == ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_however_the_own_host_is_written_it_is_refused(host: str) -> None:
    with override_settings(SHUNIU_DEMO=False), pytest.raises(Refused) as refusal:
        addresses(parts_of(f"https://{host}/x"), time.monotonic() + 5)
    assert refusal.value.rule == "live.host"


@override_settings(SHUNIU_DEMO=False)
def test_without_tls_only_where_the_host_was_set_so() -> None:
    assert parts_of("https://10.1.2.3/x").hostname == "10.1.2.3"
    with refused("live.plain"):
        parts_of("http://10.1.2.3/x")
    with override_settings(LIVE_PLAIN=True):
        assert parts_of("http://10.1.2.3/x").scheme == "http"


def test_a_name_that_is_looked_up_too_slowly_costs_no_more_than_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: silent.wait(20) and [])
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        addresses(parts_of("https://node.example.cn/x"), began + 0.3)
    assert time.monotonic() - began < 3
    silent.set()


def test_a_name_with_one_closed_address_among_good_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("10.1.2.3", "169.254.169.254")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: said)
    with pytest.raises(Refused, match="不能使用的网段"):
        addresses(parts_of("https://node.example.cn/x"), time.monotonic() + 1)


@pytest.mark.django_db(transaction=True)
def test_what_was_declared_in_a_demo_is_not_called_in_production(tax: Machine, provider: Provider) -> None:
    with override_settings(SHUNIU_DEMO=False):
        assert tax.refused(tax.sign(FIRMS[0])) == (502, "gateway.down")
        with override_settings(LIVE_PLAIN=True):
            assert tax.refused(tax.sign(FIRMS[0])) == (502, "gateway.down"), "by its address"
        for url, rule in (("http://10.1.2.3/x", "live.plain"), ("https://127.0.0.1/x", "live.host")):
            with refused(rule):
                interfaces.declare_live(actor=OFFICE, resource=KEY, url=url, certificate=provider.certificate)
    assert not provider.asked
    live.breaker.forget()
    assert tax.ask(FIRMS[0]).rows


class Saying(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[int]:
    """The port of a server with TLS, of an authority that stands in `tls.pem`, for 127.0.0.1."""
    openssl.run(
        tmp_path, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tls.key",
        "-out", "tls.pem", "-days", "2", "-subj", "/CN=node", "-addext", "subjectAltName=IP:127.0.0.1",
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls.pem", tmp_path / "tls.key")
    server = HTTPServer(("127.0.0.1", 0), Saying)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_asked: None  # type: ignore[method-assign]  # a caller who hangs up is what is tested
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    reaching.tls.cache_clear()


def posted(port: int, host: str = "127.0.0.1") -> Any:
    parts = parts_of(f"https://{host}:{port}/x")
    ends = time.monotonic() + 5
    connection = Secure(parts, addresses(parts, ends), ends)
    try:
        connection.request("POST", "/x", b"")
        return connection.getresponse().read()
    finally:
        connection.close()


def test_with_tls_the_host_is_named_and_its_authority_is_believed(
    encrypted: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reaching.tls.cache_clear()
    with pytest.raises(ssl.SSLCertVerificationError):
        posted(encrypted)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls.pem"))
    reaching.tls.cache_clear()
    assert posted(encrypted) == b"ok"
    with pytest.raises(ssl.SSLCertVerificationError):
        posted(encrypted, "localhost")
