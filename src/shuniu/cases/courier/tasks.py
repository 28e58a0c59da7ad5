"""The job of the courier, run by the worker: words that never came are asked for."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from shuniu.cases import courier
from shuniu.cases.api import postal as api
from shuniu.directory import api as directory
from shuniu.trust.declare import Refused

log = logging.getLogger(__name__)


@app.periodic(cron="25 * * * *")
@app.task(name="cases.ask_courier", queueing_lock="cases.ask_courier", pass_context=False)
def ask_courier(timestamp: int) -> None:
    """Once an hour: ask for every parcel that has not arrived. One that fails holds up no other."""
    if not courier.configured():
        return
    actor, gateway = directory.system("courier"), courier.courier()
    for order in api.under_way():
        try:
            for message in gateway.ask(order):
                api.take_word(actor=actor, body=message.body, signature=message.signature)
        except (OSError, Refused):
            log.exception("could not ask for %s", order)
