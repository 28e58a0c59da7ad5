"""The way to a provider's interface: its name looked up within its time, each address looked at, and that one connected to.

The platform calls where the office says, from inside its own network: an address that leads back into the platform's host,
or to what a cloud tells its machines alone, is no provider's (OWASP Server-Side Request Forgery Prevention). Addresses of a
closed network (RFC 1918) are where front-end nodes stand, and are called.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from shuniu.trust.declare import Refused
from shuniu.web.templates import is_demo

_CLOUDS = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254")))
"""Where clouds answer their machines' questions about themselves, beside the link-local 169.254.169.254."""
_THIS = ipaddress.ip_network("0.0.0.0/8")
Address = tuple[socket.AddressFamily, Any]


def parts_of(url: str) -> SplitResult:
    """An interface's address, as it may be declared. Raises Refused live.url, live.plain."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise Refused("live.url", "接口地址不对。", "请写完整的 https 地址，不带账号。")
    if parts.scheme == "http" and not (is_demo() or settings.LIVE_PLAIN):
        raise Refused(
            "live.plain",
            "接口地址没有加密。",
            "请写 https 地址；确在封闭政务网内而不用加密的，由平台运维设置 SHUNIU_LIVE_PLAIN=1。",
        )
    return parts


def is_closed(address: str) -> bool:
    """Whether an address is one that no provider's interface may have; only a demo's may stand on the platform's own host."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.sixtofour is not None or found.teredo is not None:
            return True
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return not is_demo()
    return (
        found.is_link_local or found.is_unspecified or found.is_multicast or found.is_reserved
        or found in _CLOUDS or found in _THIS
    )  # fmt: skip


def addresses(parts: SplitResult, ends: float) -> list[Address]:
    """What an interface's name stands for, looked up until `ends` (of the monotonic clock).

    Raises TimeoutError, OSError; Refused live.host where any of them is closed: a name that says now this and now that is
    not to be trusted with either.
    """
    port = parts.port or (http.client.HTTPS_PORT if parts.scheme == "https" else http.client.HTTP_PORT)
    found = [(one[0], one[4]) for one in _looked_up(parts.hostname or "", port, ends)]
    if any(is_closed(str(where[0])) for _family, where in found):
        raise Refused("live.host", "接口地址指向平台本机或者不能使用的网段。", "请写提供单位前置机在政务网内的地址。")
    return found


def _looked_up(host: str, port: int, ends: float) -> list[tuple[Any, ...]]:
    """In a thread of its own: the system's look-up knows no time, and a name server that is silent would hold the caller."""
    told: queue.SimpleQueue[list[tuple[Any, ...]] | OSError] = queue.SimpleQueue()

    def look() -> None:
        try:
            told.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            told.put(error)
        except UnicodeError as error:  # a name of no possible form
            told.put(OSError(str(error)))

    threading.Thread(target=look, daemon=True, name="looking-up").start()
    try:
        came = told.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty as error:
        raise TimeoutError from error
    if isinstance(came, OSError):
        raise came
    return came


class Plain(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at, as a name may soon say others; until `ends`, without TLS."""

    def __init__(self, parts: SplitResult, where: list[Address], ends: float) -> None:
        super().__init__(parts.hostname or "", parts.port or self.default_port, timeout=_left(ends))
        self._where, self._ends = where, ends

    def connect(self) -> None:
        """To the first that answers."""
        failed: OSError = ConnectionError("a name without an address")
        for family, where in self._where:
            taken = socket.socket(family, socket.SOCK_STREAM)
            try:
                taken.settimeout(_left(self._ends))
                taken.connect(where)
            except OSError as error:
                taken.close()
                failed = error
                continue
            with contextlib.suppress(OSError):
                taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = taken
            return
        raise failed


class Secure(Plain):
    """The same with TLS, whose certificate must name the host and be of an authority that this machine believes."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(_left(self._ends))
        self.sock = tls().wrap_socket(self.sock, server_hostname=self.host)


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """The machine's trusted authorities (`SSL_CERT_FILE` names others), names checked, TLS 1.2 or later."""
    return ssl.create_default_context()


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
