"""Enqueueing, in the transaction of the verb that wants the job: a rolled-back verb leaves none."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

PROCESS = "exchange.process"


def enqueue(number: int) -> None:
    """Have a submission processed; at most one such job waits at a time."""
    # A savepoint: the unique violation behind AlreadyEnqueued would otherwise spoil the verb's whole transaction.
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(PROCESS, lock=f"submission:{number}", queueing_lock=f"submission:{number}").defer(
            number=number
        )
