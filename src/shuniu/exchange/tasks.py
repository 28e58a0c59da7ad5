"""Jobs of the exchange, run by the worker: processing what was delivered, and taking up what a kill left behind."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuniu.directory import api as directory
from shuniu.exchange import api, folder
from shuniu.exchange.gateway import counting, uploads
from shuniu.exchange.grants import api as grants
from shuniu.exchange.jobs import CHECK, PROCESS
from shuniu.registries import api as registries
from shuniu.trust.declare import Actor

log = logging.getLogger(__name__)


@app.task(name=PROCESS, retry=RetryStrategy(max_attempts=api.MAX_ATTEMPTS, wait=5))
def process(number: int) -> None:
    """Process one submission to its receipt. Why a try failed is logged, without the error's text: it may quote a row."""
    try:
        api.process(actor=directory.system("worker"), number=number)
    except Exception as failure:
        where = "".join(traceback.format_tb(failure.__traceback__))
        log.error("submission %s failed: %s\n%s", number, type(failure).__name__, where)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="exchange.sweep", queueing_lock="exchange.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Once a minute: release jobs of dead workers, enqueue forgotten submissions and checks, remove orphaned spool files."""
    if api.to_sweep():
        api.sweep(actor=directory.system("worker"))
    uploads.take_up()


@app.task(name=CHECK, retry=RetryStrategy(max_attempts=api.MAX_ATTEMPTS, wait=5))
def check_upload(number: int) -> None:
    """Check a file that came in portions, and offer it."""
    uploads.check(actor=directory.system("worker"), number=number)


@app.periodic(cron="30 7 * * *")
@app.task(name="exchange.remind", queueing_lock="exchange.remind", pass_context=False)
def remind(timestamp: int) -> None:
    """Once a day, before office hours: remind whoever is about to be late, or is."""
    api.remind_overdue(actor=directory.system("worker"))


@app.periodic(cron="* * * * *")
@app.task(name="registries.mount", queueing_lock="registries.mount", pass_context=False)
def mount(timestamp: int) -> None:
    """Once a minute: see `mount_published`."""
    api.mount_published()


@app.periodic(cron="17 2 * * *")
@app.task(name="registries.resolve", queueing_lock="registries.resolve", pass_context=False)
def resolve(timestamp: int) -> None:
    """Every night: look once more for whom unknown rows are about, also those that a kill left unasked."""
    registries.resolve(actor=directory.system("worker"))


@app.periodic(cron="41 3 * * *")
@app.task(name="exchange.forget_expunged", queueing_lock="exchange.forget_expunged", pass_context=False)
def forget_expunged(timestamp: int) -> None:
    """Every night: delete the kept rejects of destroyed rows, also those that were refused since."""
    api.forget_expunged(actor=directory.system("worker"))


@app.periodic(cron="5 0 * * *")
@app.task(name="exchange.expire_shares", queueing_lock="exchange.expire_shares", pass_context=False)
def expire_shares(timestamp: int) -> None:
    """Every night: end the agreements whose last day is past, remind of those that end soon."""
    grants.expire_shares(actor=directory.system("worker"))


@app.periodic(cron="23 * * * *")
@app.task(name="exchange.tidy_calls", queueing_lock="exchange.tidy_calls", pass_context=False)
def tidy_calls(timestamp: int) -> None:
    """Every hour: add the gateway's minutes up into hours, forget nonces and idempotency keys by age."""
    counting.tidy(actor=directory.system("worker"))


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
