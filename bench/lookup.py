"""A person in a 10 M-row register by ID, and a firm's open row by code: `shuniu bench lookup`.

Each of 8 clients is a process with one connection, on which the platform's reading (right checked, journalled, the entry
committed) takes turns of one second with the bare thing: a prepared SELECT of the same row plus one INSERT and COMMIT, all
in one transaction; and the open reading, not journalled, with the SELECT alone. Then both journalled readings at half the
rate that the platform's reached, each look-up timed from the moment it was due.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections

from bench import subjects
from bench.generated import Register, fill
from bench.lookup_sides import PLAIN
from bench.result import Result
from shuniu.trust import api as trust

CLIENTS, FEW = 8, 2
SIDES = ("read", "read_bare", "open", "open_bare")
ROOT = Path(__file__).parents[1]
Client = subprocess.Popen[str]


def run(*, rows: int = 10_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure in a register of `rows` persons, and one of a tenth as many firms; clients are fewer and turns shorter
    when `rows` are few."""
    del input
    firms = max(2000, rows // 10)
    people, companies = subjects.mounted()
    trust.prepare()
    proven = fill(Register(people, subjects.people, rows), Register(companies, subjects.firms, firms))
    make_plain()
    many, turns, seconds = (CLIENTS, 15, 1.0) if rows >= 100_000 else (FEW, 3, 0.25)
    done = dict.fromkeys(SIDES, 0)
    with clients(many, seed, rows, firms) as at_work:
        for turn in range(turns + 1):
            for side in SIDES if turn % 2 else reversed(SIDES):
                count = len(ask(at_work, side, seconds))
                done[side] += count if turn else 0  # the first turn warms up
        rate = {side: count / turns / seconds for side, count in done.items()}
        taken, bare = at_half_load(at_work, turns, seconds, rate["read"] / 2 / many)
    return Result(
        "lookup",
        measures={
            "ratio": round(rate["read"] / rate["read_bare"], 3),
            "ours": round(rate["read"]),
            "reference": round(rate["read_bare"]),
            "ratio_open": round(rate["open"] / rate["open_bare"], 3),
            "ours_open": round(rate["open"]),
            "reference_open": round(rate["open_bare"]),
            "p50_ms": taken[len(taken) // 2],
            "p95_ms": taken[len(taken) * 95 // 100],
            "p99_ms": taken[len(taken) * 99 // 100],
            "reference_p99_ms": bare[len(bare) * 99 // 100],
            "rows": rows,
            "proven": proven,
        },
        must={"ratio": ">=0.5", "ratio_open": ">=0.5", "p99_ms": "<=5"},
    )


def at_half_load(at_work: list[Client], turns: int, seconds: float, rate: float) -> tuple[list[float], list[float]]:
    """Latencies in order of the platform's reading, and of the bare one in turn with it, at the same rate a client."""
    taken: dict[str, list[float]] = {"read": [], "read_bare": []}
    for _ in range(turns):
        for side, found in taken.items():
            found += ask(at_work, side, seconds, rate)
    return sorted(taken["read"]), sorted(taken["read_bare"])


def make_plain() -> None:
    """The table of the bare INSERT; and every connection of this process closed."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {PLAIN}")
        cursor.execute(
            f"create table {PLAIN} (like trust_entry including defaults including identity, primary key (id))"
        )
        cursor.execute("checkpoint")  # what filling left to write is not the readers'
    connections.close_all()


@contextmanager
def clients(many: int, seed: int, people: int, firms: int) -> Iterator[list[Client]]:
    """The client processes, connected and ready; they end with the block."""
    started: list[Client] = []
    try:
        for number in range(many):
            command = [sys.executable, "-m", "bench.lookup_client", *map(str, (number, seed, people, firms))]
            started.append(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
        for client in started:
            if answer(client) != "ready":
                raise RuntimeError("a client did not start")
        yield started
    finally:
        for client in started:
            client.communicate()  # end of input is the sign to go


def ask(at_work: list[Client], side: str, seconds: float, rate: float = 0.0) -> list[float]:
    """Have every client do one thing for some seconds, at the same time. Returns all latencies in milliseconds."""
    for client in at_work:
        assert client.stdin is not None
        client.stdin.write(f"{side} {seconds} {rate}\n")
        client.stdin.flush()
    return [taken for client in at_work for taken in json.loads(answer(client))]


def answer(client: Client) -> str:
    assert client.stdout is not None
    return client.stdout.readline().strip()
