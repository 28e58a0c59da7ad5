"""What time it is elsewhere: a question to a network time server (SNTP, RFC 4330). Pure but for its socket."""

from __future__ import annotations

import socket
import struct
from datetime import UTC, datetime, timedelta

PORT, TIMEOUT = 123, 2
_SINCE_1900 = datetime(1900, 1, 1, tzinfo=UTC)


def ask(server: str) -> datetime | None:
    """The time of a server (`host` or `host:port`), half of the way there and back added; None where it does not answer."""
    host, _, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "")
    try:
        found = socket.getaddrinfo(host, int(port or PORT), type=socket.SOCK_DGRAM)[0]
        with socket.socket(found[0], socket.SOCK_DGRAM) as asking:
            asking.settimeout(TIMEOUT)
            began = datetime.now(UTC)
            asking.sendto(b"\x1b" + bytes(47), found[4])
            answer = asking.recv(512)
            taken = datetime.now(UTC) - began
    except (OSError, ValueError):
        return None
    if len(answer) < 48 or answer[0] & 7 != 4 or not 0 < answer[1] < 16:
        return None
    seconds, fraction = struct.unpack("!II", answer[40:48])
    return _SINCE_1900 + timedelta(seconds=seconds + fraction / 2**32) + taken / 2
