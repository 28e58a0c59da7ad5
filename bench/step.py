"""Decide a task, committed: `shuniu bench step`.

Two processes answer at once, each in an officer's place: a verb finds the open seat of the next case, checks lane, region
and own approval, applies the rules to the folded log, hands out the next stage with its term by the dated rule, and writes
log, projections, journal entry and the notice to the opener (a job), in one transaction. Each case takes two answers, of
two officers; the first hands out the next stage, the second decides. What is generated was opened by the platform's own verb.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from bench.result import Result
from bench.step_client import FINAL, open_cases, register
from shuniu.procedures.models import Case, Event, Task
from shuniu.trust import api as trust

PROCESSES = 2
ROOT = Path(__file__).parents[1]


def run(*, rows: int = 20_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure with `rows` cases, all running at the beginning and none at the end."""
    del input, seed
    call_command("migrate", interactive=False, verbosity=0)
    trust.prepare()
    register()
    for start in range(0, rows, 2000):
        open_cases(count=min(2000, rows - start))
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("checkpoint")  # what filling left to write is not the deciders'
    cases = [*Case.objects.order_by("pk").values_list("pk", flat=True)]
    connections.close_all()
    shares = [cases[number::PROCESSES] for number in range(PROCESSES)]
    clients = [_client() for _ in shares]
    for client in clients:
        _line(client)  # ready: set up and connected
    begun = time.perf_counter()
    for client, share in zip(clients, shares, strict=True):
        _tell(client, share)
    told = [json.loads(_line(client)) for client in clients]
    elapsed = time.perf_counter() - begun
    for client in clients:
        client.communicate()
    taken = sorted(one for client in told for one in client["ms"])
    return Result(
        "step",
        measures={
            "rate": round(len(taken) / elapsed, 1),
            "p50_ms": round(taken[len(taken) // 2], 2),
            "p95_ms": round(taken[len(taken) * 95 // 100], 2),
            "p99_ms": round(taken[len(taken) * 99 // 100], 2),
            "client_cpu_ms": round(1000 * sum(client["cpu_s"] for client in told) / len(taken), 2),
            "decided": len(taken),
            "round_trips": max(client["round_trips"] for client in told),
            "wrong": _wrong(rows),
        },
        must={"rate": ">=300", "p95_ms": "<=30", "wrong": "==0"},
    )


def _client() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.step_client"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _tell(client: subprocess.Popen[str], cases: list[int]) -> None:
    assert client.stdin is not None
    client.stdin.write(json.dumps(cases) + "\n")
    client.stdin.flush()


def _line(client: subprocess.Popen[str]) -> str:
    assert client.stdout is not None
    return client.stdout.readline().strip()


def _wrong(rows: int) -> int:
    """Cases that are not granted with exactly the log of two answers, and tasks that were left behind."""
    granted = Case.objects.filter(outcome="granted", open_stages=[]).count()
    answers = Event.objects.filter(verb=FINAL).count()
    return abs(rows - granted) + abs(2 * rows - answers) + Task.objects.count()
