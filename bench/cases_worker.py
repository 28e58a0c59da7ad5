"""A worker of the web server, as the bench of cases needs it: a fresh process that sets Django up before all else."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from multiprocessing.queues import Queue
from typing import Any

Ask = tuple[str, str, str]
"""list or open, the agency whose officer asks, the case's number."""
Answer = tuple[str, float, str]
"""list or open, seconds of the verb, the error or ''."""


def serve(asked: Queue[Any], told: Queue[Any], threads: int, first: Sequence[Ask]) -> None:
    """Answer `first` in each thread and say so, then what is asked, until None comes for each."""
    import django

    django.setup()
    from django.db import connections

    from bench.hall import officer  # this and what follows needs Django's models
    from shuniu.cases.api import filing, handling

    def answer(kind: str, agency: str, number: str) -> Answer:
        actor = officer(agency, "case_examiner")
        begun = time.perf_counter()
        try:
            if kind == "list":
                handling.list_agency(actor=actor)
            else:
                filing.read_case(actor=actor, number=number)
        except Exception as error:  # the bench counts whatever goes wrong
            return kind, time.perf_counter() - begun, repr(error)
        return kind, time.perf_counter() - begun, ""

    def take() -> None:
        told.put([answer(*one) for one in first])
        while (one := asked.get()) is not None:
            told.put(answer(*one))
        connections.close_all()

    running = [threading.Thread(target=take) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
