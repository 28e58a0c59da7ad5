"""A line that breaks: connections that are passed on to the platform, each cut after so many bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

Of = Literal["requests", "answers"]


@contextmanager
def breaking(url: str, most: int, of: Of) -> Iterator[tuple[str, list[int]]]:
    """The address of such a line to `url`, and a list that grows by one with each break: after `most` bytes of one direction."""
    breaks: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_cutting, args=(door, urlsplit(url).port or 0, most, of, breaks), daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", breaks


def _cutting(door: socket.socket, port: int, most: int, of: Of, breaks: list[int]) -> None:
    while True:
        try:
            taken, _ = door.accept()
        except OSError:
            return
        with taken, socket.create_connection(("127.0.0.1", port)) as onward:
            cut, other = ((onward, taken), (taken, onward)) if of == "answers" else ((taken, onward), (onward, taken))
            passing = threading.Thread(target=_passed, args=other, daemon=True)
            passing.start()
            _passed(*cut, most)
            breaks.append(1)
            for one in (taken, onward):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            passing.join()


def _passed(source: socket.socket, target: socket.socket, most: int = 1 << 40) -> None:
    while most > 0:
        try:
            data = source.recv(min(65_536, most))
            target.sendall(data)
        except OSError:
            return
        if not data:
            with suppress(OSError):
                target.shutdown(socket.SHUT_WR)
            return
        most -= len(data)
