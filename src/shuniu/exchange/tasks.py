"""Jobs of the exchange, run by the worker: processing what was delivered, and taking up what a kill left behind."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuniu.directory import api as directory
from shuniu.exchange import api
from shuniu.exchange.jobs import PROCESS


@app.task(name=PROCESS, retry=RetryStrategy(max_attempts=api.MAX_ATTEMPTS, wait=5))
def process(number: int) -> None:
    """Process one submission to its receipt."""
    api.process(actor=directory.system("worker"), number=number)


@app.periodic(cron="* * * * *")
@app.task(name="exchange.sweep", queueing_lock="exchange.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute: release jobs of dead workers, enqueue forgotten submissions, remove orphaned spool files."""
    api.sweep(actor=directory.system("worker"))
