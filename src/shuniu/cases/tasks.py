"""Jobs of cases, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.cases.api import appointments, dispatches, drafts, letter_chasing, succession
from shuniu.cases.courier import tasks as courier
from shuniu.cases.files import tasks as files
from shuniu.cases.payments import tasks as payments
from shuniu.directory import api as directory

__all__ = [
    "chase_letters",
    "chase_receipts",
    "close_days",
    "courier",
    "expire_drafts",
    "files",
    "hand_back",
    "payments",
    "remind_bookings",
]


@app.periodic(cron="40 7 * * *")
@app.task(name="cases.chase_receipts", queueing_lock="cases.chase_receipts", pass_context=False)
def chase_receipts(timestamp: int) -> None:
    """Once a day, before office hours: remind whoever has not signed for a document in time."""
    dispatches.chase_receipts(actor=directory.system("worker"))


@app.periodic(cron="50 7 * * *")
@app.task(name="cases.chase_letters", queueing_lock="cases.chase_letters", pass_context=False)
def chase_letters(timestamp: int) -> None:
    """Once a day, before office hours: remind whoever has not answered a letter in time, and tell who wrote it."""
    letter_chasing.chase_letters(actor=directory.system("worker"))


@app.periodic(cron="*/15 * * * *")
@app.task(name="cases.hand_back", queueing_lock="cases.hand_back", pass_context=False)
def hand_back(timestamp: int) -> None:
    """Every quarter of an hour: free what people have in hand who have left."""
    if succession.to_hand_back():
        succession.hand_back(actor=directory.system("worker"))


@app.periodic(cron="20 3 * * *")
@app.task(name="cases.expire_drafts", queueing_lock="cases.expire_drafts", pass_context=False)
def expire_drafts(timestamp: int) -> None:
    """Once a night: end the drafts whose time is over, and destroy what was answered in them."""
    drafts.expire(actor=directory.system("worker"))


@app.periodic(cron="30 16 * * *")
@app.task(name="cases.remind_bookings", queueing_lock="cases.remind_bookings", pass_context=False)
def remind_bookings(timestamp: int) -> None:
    """Every afternoon: remind who has booked for tomorrow."""
    appointments.remind(actor=directory.system("worker"))


@app.periodic(cron="10 0 * * *")
@app.task(name="cases.close_days", queueing_lock="cases.close_days", pass_context=False)
def close_days(timestamp: int) -> None:
    """After midnight: mark who did not come, and end what still waits."""
    appointments.close_days(actor=directory.system("worker"))
