"""Jobs of supervision, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.assessment import api
from shuniu.assessment.looked import api as looked
from shuniu.directory import api as directory


@app.periodic(cron="*/15 * * * *")
@app.task(name="assessment.scan", queueing_lock="assessment.scan", pass_context=False)
def scan(timestamp: int) -> None:
    """Every quarter of an hour: judge what is due and what has moved; run twice, it finds nothing new."""
    if api.to_scan():
        api.scan(actor=directory.system("worker"))


@app.periodic(cron="*/2 * * * *")
@app.task(name="assessment.flag_readings", queueing_lock="assessment.flag_readings", pass_context=False)
def flag_readings(timestamp: int) -> None:
    """Every other minute: look through the readings since the last time, a chunk a transaction; twice is once."""
    while looked.to_flag():
        looked.flag_readings(actor=directory.system("worker"))
