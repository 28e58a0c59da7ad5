"""A worker of the web server, as the report bench needs it: a fresh process that sets Django up before all else."""

from __future__ import annotations

import threading
from multiprocessing.queues import Queue
from typing import Any


def serve(asked: Queue[Any], told: Queue[Any], threads: int) -> None:
    """Tell how the first request went, then answer what is asked in some threads, until None comes for each."""
    import django

    django.setup()
    from django.db import connections

    from bench.credit import FIRST_CODE  # this and what follows needs Django's models
    from bench.report import read

    told.put(read(FIRST_CODE)[0])

    def take() -> None:
        read(FIRST_CODE)  # the thread's own connection, opened before anything is measured
        while (code := asked.get()) is not None:
            told.put(read(code))
        connections.close_all()

    running = [threading.Thread(target=take) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
