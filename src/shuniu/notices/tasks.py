"""Jobs of notices: sending what was told, once a minute what has become due since, with the receipts; what ends or has ended."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.directory import api as directory
from shuniu.notices import api
from shuniu.notices.declare import EMAIL, SMS
from shuniu.notices.jobs import LOCK, SEND


@app.task(name=SEND)
def send(channel: str) -> None:
    """Send what is due on one channel."""
    api.send_due(actor=directory.system("worker"), channel=channel)


@app.periodic(cron="* * * * *")
@app.task(name="notices.sweep", queueing_lock="notices.sweep", lock=LOCK, pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute: retries, what quiet hours or a kill left, and the receipts that nobody brought."""
    worker = directory.system("worker")
    for channel in (SMS, EMAIL):
        api.send_due(actor=worker, channel=channel.key)
    api.look_for_receipts(actor=worker)


@app.periodic(cron="20 7 * * *")
@app.task(name="notices.warn_certificates", queueing_lock="notices.warn_certificates", pass_context=False)
def warn_certificates(timestamp: int) -> None:
    """Once a day, before office hours: tell whose certificates end soon."""
    api.warn_certificates(actor=directory.system("worker"))


@app.periodic(cron="25 7 * * *")
@app.task(name="notices.remind_reviews", queueing_lock="notices.remind_reviews", pass_context=False)
def remind_reviews(timestamp: int) -> None:
    """Once a day, before office hours: remind of the reviews of rights that wait."""
    api.remind_reviews(actor=directory.system("worker"))


@app.periodic(cron="15 7 * * *")
@app.task(name="notices.tell_ended_delegations", queueing_lock="notices.tell_ended_delegations", pass_context=False)
def tell_ended_delegations(timestamp: int) -> None:
    """Once a day, before office hours: tell whose delegations ended yesterday."""
    api.tell_ended_delegations(actor=directory.system("worker"))
