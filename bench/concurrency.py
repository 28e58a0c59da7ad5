"""1,000 connections at once on the gateway: nobody gets an error, or an honest 429/503: `shuniu bench concurrency`.

All connections are opened before the first question goes out, and each asks its questions one after the other. Memory is the
web server's own (all its processes), before and after, once every thread has answered.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from bench import gateway_load as load
from bench import subjects
from bench.gateway import CLIENTS, free_port, joined, lost, prepare, server
from bench.lookup_sides import uscc
from bench.result import Result
from shuniu.client import Client
from shuniu.client.asking import Signed

CONNECTIONS, EACH, FIRMS = 1_000, 10, 20_000
PAGE = os.sysconf("SC_PAGE_SIZE")


def run(*, rows: int = CONNECTIONS, seed: int = 1, input: Path | None = None) -> Result:
    """Measure `rows` connections with ten questions each."""
    del input
    prepare(FIRMS)
    private, public = joined("international")
    port, dice = free_port(), random.Random(seed)
    client = Client(f"http://127.0.0.1:{port}", private, [public])
    with server(port) as web:
        warm = ask(client, port, dice, 20 * CLIENTS, CLIENTS)
        before = memory(web.pid)
        told = ask(client, port, dice, rows * EACH, rows)
        middle = memory(web.pid)
        again = ask(client, port, dice, rows * EACH, rows)
        after = memory(web.pid)
    taken = sorted(told[0].ms + again[0].ms)
    numbers = [number for one in (warm, told, again) for number in one[1]]
    statuses = [status for one in (warm, told, again) for status in one[0].statuses.values()]
    return Result(
        "concurrency",
        measures={
            "connections": rows,
            "answered": statuses.count(200),
            "later": sum(statuses.count(status) for status in (429, 503)),
            "errors": sum(status not in (200, 429, 503) for status in statuses),
            "lost": lost(numbers),
            "rate": round(len(taken) / (told[0].seconds + again[0].seconds)),
            "p50_ms": round(taken[len(taken) // 2]),
            "p99_ms": round(taken[len(taken) * 99 // 100]),
            "memory_mb": round(after / 1e6),
            "first_growth_mb": round((middle - before) / 1e6, 1),
            "growth_mb": round((after - middle) / 1e6, 1),
        },
        must={"errors": "==0", "lost": "==0", "growth_mb": "<=20"},
    )


def ask(client: Client, port: int, dice: random.Random, count: int, connections: int) -> tuple[load.Told, list[int]]:
    """Ask so many questions over so many connections; what came, and the numbers of the answers that hold."""
    signed: list[Signed] = [
        client.sign(subjects.FIRMS.key, [("uscc", uscc(dice.randrange(FIRMS)))], purpose="inspection")
        for _ in range(count)
    ]
    wire = [load.request(one.message.path, f"127.0.0.1:{port}", dict(one.message.headers), one.body) for one in signed]
    told = load.run(("127.0.0.1", port), wire, connections)
    numbers = []
    for place, one in enumerate(signed):
        if told.statuses[place] == 200:
            numbers.append(client.read(one, 200, *load.parsed(told.answers[place])).number)
    return told, numbers


def memory(process: int) -> int:
    """Bytes that a process and its children hold for themselves."""
    family = [process, *children(process)]
    return sum(int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1]) * PAGE for one in family)


def children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found += [int(child), *children(int(child))]
    return found
