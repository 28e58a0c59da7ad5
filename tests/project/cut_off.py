"""Run by test_cut_off in a network of its own: a sender and a reader of the real web server whose cable is pulled.

There the cable is the loopback: it goes down, and neither side hears of the other again.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LIMITS = {"silent": 2, "again": 1, "times": 2}
_PORT, _SIOCSIFFLAGS, _UP = 8043, 0x8914, 1  # linux/sockios.h, linux/if.h


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Takes a PUT and gives an endless GET; says when it is done with either."""
    start_response("200 OK", [])
    return _taken(environ) if environ["REQUEST_METHOD"] == "PUT" else _given()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _taken(environ: WSGIEnvironment) -> list[bytes]:
    size = len(environ["wsgi.input"].read(1000))
    _say(f"taken {size}")
    return []


def _given() -> Iterator[bytes]:
    try:
        while True:
            yield bytes(1 << 16)
    finally:
        _say("given")


def _cable(flags: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags))


def _connected() -> socket.socket:
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", _PORT))
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _pulled(server: subprocess.Popen[str]) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", _PORT)
    with _connected() as sender:
        sender.sendall(b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n" + bytes(500))
        asked.request("GET", "/")
        asked.getresponse().read(1)
        time.sleep(0.5)
        _cable(0)
        assert server.stdout is not None
        sys.stdout.write(server.stdout.readline() + server.stdout.readline())
        server.kill()


def main() -> None:
    """Pull the cable, and hand on what the server then says of each of the two."""
    _cable(_UP)
    call = f"from shuniu.project.web import main; main(**{LIMITS!r})"
    words = ["--interface", "wsgi", "--no-ws", "--port", str(_PORT), "--workers", "1", "--blocking-threads", "2"]
    command = [sys.executable, "-c", call, *words, "--no-log", "tests.project.cut_off:application"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        _pulled(server)


if __name__ == "__main__":
    main()
