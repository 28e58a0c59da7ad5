"""More questions at once than a process can answer: some are let in, some wait a moment, the others are told at once.

Nothing is read, checked or written for who is turned away: the same signed request may be sent again. A process has eight
threads; those that the gateway leaves free say so, and serve pages.
"""

from __future__ import annotations

import random
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.utils import timezone

from shuniu.exchange.gateway.rules import Later, limits
from shuniu.exchange.gateway.store import calls as store

AGAIN = (1, 5)
"""Seconds after which to ask again, drawn by lot so that those who came together do not come back together."""


class Gate:
    """How many are within at a time. Others wait while somebody still comes or goes, and not `wait` seconds longer.

    Where nothing has moved for that long, as behind a database that stands still, nobody waits at all.
    """

    def __init__(self, places: int, wait: float = 0.0) -> None:
        self._free, self._wait, self._moved = places, wait, 0.0
        self._waiting: deque[threading.Lock] = deque()
        self._one = threading.RLock()  # a place may be given back wherever its holder is forgotten

    @contextmanager
    def room(self) -> Iterator[bool]:
        """Whether there is room; what is within then has it."""
        if not self.enter():
            yield False
            return
        try:
            yield True
        finally:
            self.leave()

    def enter(self) -> bool:
        """Take a place, or say that there is none: whoever has one gives it back by `leave`. Who waited longest is next."""
        called = threading.Lock()
        with self._one:
            if self._free:
                self._free -= 1
                self._moved = time.monotonic()
                return True
            called.acquire()
            self._waiting.append(called)
        while (left := self._moved + self._wait - time.monotonic()) > 0:
            if called.acquire(timeout=left):
                return True
        with self._one:
            if called in self._waiting:
                self._waiting.remove(called)
                return False
        return True  # called at the last moment

    def leave(self) -> None:
        with self._one:
            self._moved = time.monotonic()
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class Place:
    """A place behind a gate that outlives a function: given back by `free`, or once nobody holds it any more."""

    def __init__(self, gate: Gate) -> None:
        self.free = weakref.finalize(self, gate.leave)
        self.free.atexit = False


@lru_cache(maxsize=1024)
def _gate(before: str, places: int, wait: float) -> Gate:
    return Gate(places, wait)


def questions() -> Gate:
    """The gate of this process, as large as today's rules say."""
    rules = limits(timezone.localdate())
    return _gate("questions", rules.at_once, rules.wait)


def files() -> Gate:
    """That of files on their way out, each until its last byte has gone, and of portions on their way in."""
    return _gate("files", limits(timezone.localdate()).files, 0.0)


def live(interface: int) -> Gate:
    """That of a provider's interface: one that is slow takes no more than its own places."""
    return _gate(f"live:{interface}", limits(timezone.localdate()).live, 0.0)


def full() -> Later:
    """What is said to whom there is no room for."""
    seconds = random.randint(*AGAIN)  # noqa: S311 - spreads the crowd, guards nothing
    return Later("gateway.full", "平台正忙，没有处理这个请求。", f"请 {seconds} 秒后原样重发。", seconds)


class Turned:
    """How many this process turned away: counted in memory, noted where connections are counted by the next who has room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minutes: dict[int, int] = {}
        self._due = 0.0

    def count(self) -> None:
        """One more, at no cost."""
        minute = int(time.time()) // 60
        with self._lock:
            self._minutes[minute] = self._minutes.get(minute, 0) + 1

    def keep(self) -> None:
        """Note what was counted, if anything was, once a second at most."""
        if not self._minutes or time.monotonic() < self._due:
            return
        with self._lock:
            self._due = time.monotonic() + 1
            minutes, self._minutes = self._minutes, {}
        for minute, count in minutes.items():
            store.count_failure("", "", minute, "gateway.full", count)


turned = Turned()
