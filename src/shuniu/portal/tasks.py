"""Jobs of the portal, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.directory import api as directory
from shuniu.portal.kept import api as kept


@app.periodic(cron="25 * * * *")
@app.task(name="portal.expire_kept", queueing_lock="portal.expire_kept", pass_context=False)
def expire_kept(timestamp: int) -> None:
    """Once an hour: destroy what was typed before a session ended and nobody came for."""
    kept.expire(actor=directory.system("worker"))
