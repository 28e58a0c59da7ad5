"""Enqueueing, in the transaction of the verb that wants the job: a rolled-back verb leaves none."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

PROCESS, CHECK = "exchange.process", "exchange.check_upload"


def enqueue(number: int) -> None:
    """Have a submission processed; at most one such job waits at a time, and one runs."""
    _enqueue(PROCESS, number, f"submission:{number}", alone=True)


def enqueue_check(number: int) -> None:
    """Have an upload that has come whole checked; at most one such job waits at a time. One that died holds up no other."""
    _enqueue(CHECK, number, f"upload:{number}", alone=False)


def _enqueue(task: str, number: int, lock: str, *, alone: bool) -> None:
    # A savepoint: the unique violation behind AlreadyEnqueued would otherwise spoil the verb's whole transaction.
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(task, lock=lock if alone else None, queueing_lock=lock).defer(number=number)
