"""32 clients that ask what eight threads of two fresh processes answer, as the web server's do: for benches of readings."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from multiprocessing.queues import Queue
from typing import Any

CLIENTS, PROCESSES, THREADS = 32, 2, 4
PATIENCE = 300
"""Seconds after which a worker that says nothing counts as lost."""


@dataclass(frozen=True)
class Told:
    """All answers as they came; what each process answered to its very first question; the seconds of all but those."""

    answers: list[Any]
    cold: list[Any]
    seconds: float


def ask(answering: str, requests: Sequence[tuple[Any, ...]], first: Sequence[tuple[Any, ...]]) -> Told:
    """Have `answering` (`bench.report.read`) answer every request. `first` each thread answers before anything is measured.

    The caller's own connections must be closed. Raises queue.Empty where a worker is lost.
    """
    context = multiprocessing.get_context("spawn")
    asked: Queue[Any] = context.Queue()
    told: Queue[Any] = context.Queue()
    workers = [
        context.Process(target=serve, args=(asked, told, answering, first), daemon=True) for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    begun_with = [told.get(timeout=PATIENCE) for _ in range(PROCESSES * (THREADS + 1))]
    begun = time.perf_counter()
    waiting = iter(requests)
    for one in islice(waiting, CLIENTS):
        asked.put(one)
    answers: list[Any] = []
    while len(answers) < len(requests):
        answers.append(told.get(timeout=PATIENCE))
        if (more := next(waiting, None)) is not None:  # the client that was answered asks again
            asked.put(more)
    seconds = time.perf_counter() - begun
    for _ in range(PROCESSES * THREADS):
        asked.put(None)
    for worker in workers:
        worker.join(timeout=60)
    return Told(answers, [one for one in begun_with if one is not None], seconds)


def serve(asked: Queue[Any], told: Queue[Any], answering: str, first: Sequence[tuple[Any, ...]]) -> None:
    """A process of the web server: set Django up before all else, then answer until None comes for each thread."""
    import django

    django.setup()
    from django.db import connections  # what needs settings comes after them

    module, _, name = answering.rpartition(".")
    answer = getattr(import_module(module), name)
    told.put(answer(*first[0]))

    def take() -> None:
        for one in first:
            answer(*one)  # the thread's own connection and plans
        told.put(None)
        while (one := asked.get()) is not None:
            told.put(answer(*one))
        connections.close_all()

    running = [threading.Thread(target=take) for _ in range(THREADS)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
