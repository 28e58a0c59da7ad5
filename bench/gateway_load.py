"""Many connections kept busy by one thread: prepared requests out, whole answers in, each timed. No library in between."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

END = b"\r\n\r\n"


@dataclass(eq=False)
class Connection:
    """One kept connection: what it waits for, and since when."""

    socket: socket.socket
    place: int = -1  # of the request in hand
    due: float = 0.0
    came: bytearray = field(default_factory=bytearray)
    wanted: int = 0  # bytes of the whole answer, once its head has come


@dataclass(frozen=True)
class Told:
    """What came of the requests: status and body by place, milliseconds in order, seconds of all."""

    statuses: dict[int, int]
    answers: dict[int, bytes]
    ms: list[float]
    seconds: float


def request(path: str, host: str, headers: dict[str, str], body: bytes) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", f"host: {host}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(address: tuple[str, int], requests: Sequence[bytes], connections: int, rate: float = 0.0) -> Told:
    """Send every request once over so many connections; `rate` a second, evenly spaced and timed from when due (0: at once)."""
    chooser = selectors.DefaultSelector()
    idle: list[Connection] = []
    for _ in range(connections):
        made = socket.create_connection(address)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setblocking(False)
        idle.append(Connection(made))
        chooser.register(made, selectors.EVENT_READ, idle[-1])
    told = Told({}, {}, [], 0.0)
    begun = time.perf_counter()
    place = _give(0, idle, requests, begun, rate)
    while len(told.statuses) < len(requests):
        for key, _ in chooser.select(0.0005 if rate else 1.0):
            one: Connection = key.data
            if one in idle:  # the server ends a connection that has long asked nothing
                idle.remove(one)
                chooser.unregister(one.socket)
                one.socket.close()
            elif _take(one, told):
                idle.append(one)
            elif one.place < 0:
                chooser.unregister(one.socket)
        place = _give(place, idle, requests, begun, rate)
    seconds = time.perf_counter() - begun
    for one in idle:
        one.socket.close()
    return Told(told.statuses, told.answers, told.ms, seconds)


def _give(place: int, idle: list[Connection], requests: Sequence[bytes], begun: float, rate: float) -> int:
    """Hand what is due to idle connections; the place of the next request."""
    while idle and place < len(requests):
        now = time.perf_counter()
        due = begun + place / rate if rate else now
        if now < due:
            break
        one = idle.pop()
        one.place, one.due = place, due
        one.socket.sendall(requests[place])
        place += 1
    return place


def _take(one: Connection, told: Told) -> bool:
    """Read what has come; whether the answer is whole."""
    try:
        data = one.socket.recv(65_536)
    except ConnectionError:
        data = b""
    if not data:  # closed with a question in hand: an answer with status 0
        told.ms.append(1000 * (time.perf_counter() - one.due))
        told.statuses[one.place] = 0
        one.place = -1
        return False
    one.came += data
    if not one.wanted:
        head = one.came.find(END)
        if head < 0:
            return False
        length = one.came.lower().find(b"content-length:", 0, head)
        one.wanted = head + 4 + int(one.came[length + 15 : one.came.index(b"\r\n", length)])
    if len(one.came) < one.wanted:
        return False
    told.ms.append(1000 * (time.perf_counter() - one.due))
    told.statuses[one.place] = int(one.came[9:12])
    told.answers[one.place] = bytes(one.came)
    one.came.clear()
    one.wanted = 0
    return True


def parsed(answer: bytes) -> tuple[dict[str, str], bytes]:
    """Headers by small names, and the body, of an answer as it came."""
    head, _, body = answer.partition(END)
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}, body
