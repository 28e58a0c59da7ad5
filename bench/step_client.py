"""One of the deciders of `bench step`: a process of its own, with one connection, that answers in the cases it is told."""

from __future__ import annotations

import json
import sys
import tempfile
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from procrastinate.contrib.django import app  # noqa: E402 - as above

from shuniu.procedures import api  # noqa: E402 - as above
from shuniu.procedures.declare import Move, Opening, Procedure, Stage  # noqa: E402 - as above
from shuniu.trust.api import require, verb  # noqa: E402 - as above
from shuniu.trust.declare import Actor  # noqa: E402 - as above

FINAL = Move.AGREE.value
PROCEDURE = Procedure(
    key="bench.step",
    version=1,
    title="许可",
    stages=(
        Stage(key="check", title="审查", lane="bench.decide", term="exchange.objection.accept.days"),
        Stage(key="decide", title="决定", lane="bench.decide", needs=("check",), term="exchange.objection.verify.days"),
    ),
    term_rule="catalogue.review.days",
)
"""Two stages with terms of their own, under a term of the whole."""
RIGHTS = frozenset({"bench.open", "bench.decide"})
CITIZEN = Actor("citizen:1", "王敏", "", "", ("43",), RIGHTS)
OFFICERS = [Actor(f"officer:{n}", f"经办{n}", "43.market", "省市场监督管理局", ("43",), RIGHTS) for n in (1, 2)]


@verb("bench.open", "提出")
def opened(*, actor: Actor, count: int) -> None:
    require()
    openings = [Opening(f"item:{number}", "43.market", "430102") for number in range(count)]
    api.open_cases(actor=actor, procedure=PROCEDURE.key, openings=openings)


@verb("bench.decide", "办理")
def decide(*, actor: Actor, case: int) -> str:
    view = api.answer(actor=actor, case=case, answer="同意", reason="符合条件")
    app.configure_task("bench.notice", queue="bench").defer(case=case, outcome=view.outcome)
    return view.outcome


def register() -> None:
    """Make the bench's procedure known."""
    api.register(PROCEDURE)


def open_cases(count: int) -> None:
    """Open so many cases by the verb."""
    opened(actor=CITIZEN, count=count)


def main() -> None:
    """Say ready, read the cases, answer each twice; tell how long each took, the processor time of all, the round trips of one."""
    register()
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    cases = json.loads(sys.stdin.readline())
    taken = []
    trips, cpu = 0, time.process_time()
    for place, case in enumerate(cases):
        for officer in OFFICERS:
            begun = time.perf_counter()
            decide(actor=officer, case=case)
            taken.append(1000 * (time.perf_counter() - begun))
        if place == 10:
            trips = _round_trips(cases.pop())
    sys.stdout.write(json.dumps({"ms": taken, "round_trips": trips, "cpu_s": time.process_time() - cpu}) + "\n")


def _round_trips(case: int) -> int:
    """How many times the driver waited for the server in one answer, warm."""
    decide(actor=OFFICERS[0], case=case)
    with tempfile.TemporaryFile("w+") as trace:
        connection.connection.pgconn.trace(trace.fileno())
        decide(actor=OFFICERS[1], case=case)
        connection.connection.pgconn.untrace()
        trace.seek(0)
        return sum("ReadyForQuery" in line for line in trace)


if __name__ == "__main__":
    main()
