"""Enqueueing the sending of what is due, in the transaction of the verb that tells: a rolled-back verb leaves no job."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

SEND = "notices.send"
LOCK = "notices"


def enqueue(channel: str) -> None:
    """Have a channel's due deliveries sent, unless a job for that is known to wait.

    No queueing lock: its unique index would have every verb that tells somebody wait for the other to commit. A waiting
    job that begins before this transaction ends does not see its deliveries; the sweep of the minute does.
    """
    if not ProcrastinateJob.objects.filter(task_name=SEND, status="todo", args__channel=channel).exists():
        app.configure_task(SEND, lock=LOCK).defer(channel=channel)
