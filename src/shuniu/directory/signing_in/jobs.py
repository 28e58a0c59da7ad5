"""Enqueueing the telling of sign-outs, in the transaction of the act that ends a sitting."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

TELL = "directory.tell_logouts"


def enqueue() -> None:
    """Have what is due told, unless a job for that is known to wait; the sweep of the minute sees to the rest."""
    if not ProcrastinateJob.objects.filter(task_name=TELL, status="todo").exists():
        app.configure_task(TELL, lock=TELL).defer()
