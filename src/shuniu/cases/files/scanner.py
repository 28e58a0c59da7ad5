"""The virus scanner behind one function: clamd's INSTREAM (clamd(8)) over TCP or a UNIX socket, when one is configured.

`CLAMD` in the settings is `tcp://host:port` or `unix:///path`; empty: none. What is always looked for is the EICAR test file,
so that an instance without a scanner can be tested as well.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that every scanner calls a virus (eicar.org), in two parts lest this source be taken for it."""
SECONDS = 30.0
"""The longest silence of the scanner."""
_ANSWER_BYTES = 4096


class Unavailable(Exception):
    """The scanner is down or did not look at the file; says why."""


def configured() -> bool:
    """Whether this instance has a scanner, up or down."""
    return bool(_address())


def scan(blocks: Iterable[bytes]) -> str:
    """The name of the virus in these bytes, empty when there is none. Raises Unavailable."""
    try:
        with _connect() as connection:
            connection.sendall(b"zINSTREAM\0")
            for block in blocks:
                if block:  # an empty chunk would end the stream
                    connection.sendall(len(block).to_bytes(4, "big") + block)
            connection.sendall(bytes(4))
            answer = _answer(connection)
    except (OSError, ValueError) as problem:
        raise Unavailable(str(problem)) from problem
    said = answer.partition(b"\0")[0].decode(errors="replace").removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise Unavailable(said or "no answer")


def _address() -> str:
    return str(getattr(settings, "CLAMD", ""))


def _connect() -> socket.socket:
    where = urlsplit(_address())
    if where.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(SECONDS)
            connection.connect(where.path)
        except OSError:
            connection.close()
            raise
        return connection
    if where.scheme != "tcp" or where.hostname is None or where.port is None:
        raise ValueError(f"CLAMD is neither tcp://host:port nor unix:///path: {_address()}")
    return socket.create_connection((where.hostname, where.port), timeout=SECONDS)


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER_BYTES:
        part = connection.recv(_ANSWER_BYTES)
        if not part:
            break
        answer += part
    return answer
