"""More applicants at once than the machine can serve: some are let in, a few wait a moment, the others are told honestly.

Nothing is queued that could be lost: what was filled in stands in the draft, and whoever is told to wait files it again, by
the page itself after a while or by the button. Threads that file leave others free, so pages still open meanwhile.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import BoundedSemaphore
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")

AT_ONCE, WAITING, PATIENCE = 4, 3, 2.0
"""Of a process's eight threads: how many file at a time, how many more stand and wait, and for how many seconds."""
AGAIN = (8, 20)
"""Seconds until the page tries again, drawn by lot so that those who came together do not come back together."""


class Gate:
    """How many get through at a time, and how many more may wait for a moment."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._places, self._standing = BoundedSemaphore(at_once), BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def room(self) -> Iterator[bool]:
        """Whether there is room; what is within then has it."""
        with _held(self._standing, 0) as stands:
            if not stands:
                yield False
                return
            with _held(self._places, self._patience) as served:
                yield served


@contextmanager
def _held(places: BoundedSemaphore, patience: float) -> Iterator[bool]:
    got = places.acquire(timeout=patience) if patience else places.acquire(blocking=False)
    try:
        yield got
    finally:
        if got:
            places.release()


GATE = Gate(AT_ONCE, WAITING, PATIENCE)


def when_room(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that files: what is posted to it passes the gate, or is answered with the waiting page (503, Retry-After)."""

    @wraps(view)
    def passing(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with GATE.room() as room:
            if room:
                return view(request, *args, **kwargs)
        return _wait(request)

    return passing


def _wait(request: HttpRequest) -> HttpResponse:
    seconds = random.randint(*AGAIN)  # noqa: S311 - spreads the crowd, guards nothing
    posted = [(name, text) for name, texts in request.POST.lists() for text in texts if name != "csrfmiddlewaretoken"]
    context = {"posted": posted, "seconds": seconds}
    answer = render(request, "portal/hall/crowded.html.jinja", context, status=503)
    answer.headers["Retry-After"] = str(seconds)
    return answer
