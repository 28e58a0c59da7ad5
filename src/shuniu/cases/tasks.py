"""Jobs of cases, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.cases.api import dispatches, drafts, succession
from shuniu.cases.files import tasks as files
from shuniu.cases.payments import tasks as payments
from shuniu.directory import api as directory

__all__ = ["chase_receipts", "expire_drafts", "files", "hand_back", "payments"]


@app.periodic(cron="40 7 * * *")
@app.task(name="cases.chase_receipts", queueing_lock="cases.chase_receipts", pass_context=False)
def chase_receipts(timestamp: int) -> None:
    """Once a day, before office hours: remind whoever has not signed for a document in time."""
    dispatches.chase_receipts(actor=directory.system("worker"))


@app.periodic(cron="*/15 * * * *")
@app.task(name="cases.hand_back", queueing_lock="cases.hand_back", pass_context=False)
def hand_back(timestamp: int) -> None:
    """Every quarter of an hour: free what people have in hand who have left."""
    succession.hand_back(actor=directory.system("worker"))


@app.periodic(cron="20 3 * * *")
@app.task(name="cases.expire_drafts", queueing_lock="cases.expire_drafts", pass_context=False)
def expire_drafts(timestamp: int) -> None:
    """Once a night: end the drafts whose time is over, and destroy what was answered in them."""
    drafts.expire(actor=directory.system("worker"))
