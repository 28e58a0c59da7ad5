"""Jobs of the exchange, run by the worker: processing what was delivered, and taking up what a kill left behind."""

from __future__ import annotations

from dataclasses import replace

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuniu.directory import api as directory
from shuniu.exchange import api, folder
from shuniu.exchange.jobs import PROCESS
from shuniu.trust.declare import Actor


@app.task(name=PROCESS, retry=RetryStrategy(max_attempts=api.MAX_ATTEMPTS, wait=5))
def process(number: int) -> None:
    """Process one submission to its receipt."""
    api.process(actor=directory.system("worker"), number=number)


@app.periodic(cron="* * * * *")
@app.task(name="exchange.sweep", queueing_lock="exchange.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute: release jobs of dead workers, enqueue forgotten submissions, remove orphaned spool files."""
    api.sweep(actor=directory.system("worker"))


@app.periodic(cron="30 7 * * *")
@app.task(name="exchange.remind", queueing_lock="exchange.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Once a day, before office hours: remind whoever is about to be late, or is."""
    api.remind_overdue(actor=directory.system("worker"))


_watchers: list[folder.Watcher] = []


@app.periodic(cron="* * * * *")
@app.task(name="exchange.watch", queueing_lock="exchange.watch", pass_context=False)
def watch(timestamp: int) -> None:
    """Once a minute: deliver what has come to rest in the drop folder since the last look."""
    if not _watchers:
        _watchers.append(folder.Watcher(_for_agency, directory.system("worker")))
        folder.make_folders()
    _watchers[0].look()


def _for_agency(agency: str) -> Actor:
    found = directory.agency(agency)
    actor = directory.system("folder")
    return replace(actor, agency=agency, agency_name=found.name if found else "")
