"""Jobs of notices: sending what was told, and once a minute what has become due since, with the receipts."""

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
