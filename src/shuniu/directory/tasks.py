"""Jobs of the directory: telling applications who signed out; reviews of rights that are due; counts of what was refused;
stamping the journal's heads.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from shuniu.directory import api
from shuniu.directory.actors.checks import dated
from shuniu.directory.signing_in.jobs import TELL
from shuniu.directory.signing_in.oidc.api import logouts
from shuniu.directory.signing_in.store import forget_lapsed
from shuniu.directory.stamping import stamp_newest


@app.task(name=TELL)
def tell_logouts() -> None:
    """Tell what is due now."""
    logouts.send_due(actor=api.system("worker"))


@app.periodic(cron="* * * * *")
@app.task(name="directory.sweep_logouts", queueing_lock="directory.sweep_logouts", lock=TELL, pass_context=False)
def sweep_logouts(timestamp: int) -> None:
    """Once a minute: what did not arrive the first time."""
    logouts.send_due(actor=api.system("worker"))


@app.periodic(cron="* * * * *")
@app.task(name="trust.stamp", queueing_lock="trust.stamp", pass_context=False)
def stamp(timestamp: int) -> None:
    """Once a minute: have the newest head of the journal stamped, which stands for all before it."""
    stamp_newest()


@app.periodic(cron="* * * * *")
@app.task(name="directory.note_strangers", queueing_lock="directory.note_strangers", pass_context=False)
def note_strangers(timestamp: int) -> None:
    """Once a minute: what was refused to callers unknown, too often to be journalled one by one."""
    if api.sift_strangers():
        api.note_strangers(actor=api.system("worker"))


@app.periodic(cron="20 * * * *")
@app.task(name="directory.forget_failures", queueing_lock="directory.forget_failures", pass_context=False)
def forget_failures(timestamp: int) -> None:
    """Once an hour: counts of failed sign-ins that nothing depends on any more."""
    forget_lapsed(timezone.now() - timedelta(days=dated("account.lock.lapse_days")))


@app.periodic(cron="10 5 * * *")
@app.task(name="directory.open_reviews", queueing_lock="directory.open_reviews", pass_context=False)
def open_reviews(timestamp: int) -> None:
    """Once a day: the yearly reviews of rights that are due."""
    api.open_reviews(actor=api.system("worker"))
