"""The job of uploads, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.cases.api import uploads as api
from shuniu.directory import api as directory


@app.periodic(cron="* * * * *")
@app.task(name="cases.tend_uploads", queueing_lock="cases.tend_uploads", pass_context=False)
def tend(timestamp: int) -> None:
    """Once a minute: have the scanner look at what it has not seen, and remove files that no row names."""
    api.tend(actor=directory.system("worker"))
