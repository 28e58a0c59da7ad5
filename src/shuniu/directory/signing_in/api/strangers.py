"""Refusals of callers who have not proved who they are: counted by network address and minute, so that nobody can fill the
journal. The first of a minute are journalled one by one, the others as one line that says how many they were.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from shuniu.directory import models
from shuniu.directory.actors.checks import dated
from shuniu.directory.signing_in import store
from shuniu.directory.signing_in.places import network
from shuniu.trust.api import counting_refusals, record, require, verb
from shuniu.trust.declare import Actor


@contextmanager
def counted(what: str, origin: str) -> Iterator[None]:
    """Count what is refused within, of a caller at this network address; `what` is the verb that he calls."""
    place = network(origin)
    with counting_refusals(lambda: store.refused_stranger(what, place, _minute()) <= _most()):
        yield


@verb("directory.note_strangers", "汇总未验明身份的请求")
def note_strangers(*, actor: Actor) -> int:
    """Journal, for each address and past minute, how many refusals were not journalled by themselves; returns how many lines."""
    require()
    over = [row for row in store.take_strangers(_minute()) if row.refusals > _most()]
    for row in over:
        more = row.refusals - _most()
        record(row.what, outcome="refused", detail={"origin": row.place, "minute": 60 * row.minute, "more": more})
    if not over:
        record("strangers", detail={"more": 0})
    return len(over)


def sift_strangers() -> bool:
    """Forget the counts of past minutes that need no line of their own; whether others wait for `note_strangers`."""
    past = models.Stranger.objects.filter(minute__lt=_minute())
    past.filter(refusals__lte=_most()).delete()
    return past.exists()


def _most() -> int:
    return dated("journal.strangers.minute")


def _minute() -> int:
    """The running minute since 1970."""
    return int(time.time()) // 60
