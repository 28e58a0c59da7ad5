"""The two long-running processes beside the web server: the journal's sequencer and the worker."""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType

from django.db import OperationalError, close_old_connections
from procrastinate.contrib.django import app

from shuniu.trust import api as trust
from shuniu.trust.declare import Refused

log = logging.getLogger("shuniu")


class _Stop:
    asked = False

    def __init__(self) -> None:
        for wish in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wish, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def sequencer() -> int:
    """Once a second, give every committed journal entry its position and sign the new head."""
    stop = _Stop()
    prepared, refused = 0.0, ""
    while not stop.asked:
        try:
            if time.monotonic() - prepared > 3600 or not prepared:
                trust.prepare()
                prepared = time.monotonic()
            refused = _sequence(stop, refused)
            trust.beat("sequencer")
        except OperationalError:
            log.warning("sequencer: the database does not answer; trying again")
            close_old_connections()
        time.sleep(0.5)
    return 0


def _sequence(stop: _Stop, refused: str) -> str:
    """Place all that waits; why nothing is signed, if so. It is logged once (`refused`: last time), and stops nothing else."""
    try:
        while trust.sequence() >= 10_000 and not stop.asked:
            continue
    except Refused as refusal:
        if str(refusal) != refused:
            log.error("sequencer: %s", refusal)
        return str(refusal)
    return ""


def worker() -> int:
    """Run the jobs of every engine until told to stop; a job that a kill interrupted is taken up again by `sweep`."""
    threading.Thread(target=_beat_forever, name="heartbeat", daemon=True).start()
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]  # Django's connector has it
        working.run_worker(concurrency=1, delete_jobs="successful", shutdown_graceful_timeout=10)
    return 0


def _beat_forever() -> None:
    """A job may take minutes: being alive is said beside it."""
    while True:
        try:
            trust.beat("worker")
        except OperationalError:
            close_old_connections()
        time.sleep(3)
