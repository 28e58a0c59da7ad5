"""Jobs of payments, run by the worker: refunds carried out, lost notices asked for, each day reconciled."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from shuniu.cases import payments
from shuniu.cases.api import payments as api
from shuniu.cases.api import refunds
from shuniu.cases.declare.fee import Difference
from shuniu.directory import api as directory
from shuniu.trust.declare import Refused

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="cases.pay_back", queueing_lock="cases.pay_back", pass_context=False)
def pay_back(timestamp: int) -> None:
    """Once a minute: have the provider carry out what is to be refunded and due. One that fails holds up no other."""
    if not payments.configured():
        return
    actor, provider = directory.system("cashier"), payments.provider()
    for order in refunds.due_refunds():
        try:
            api.take_payment(actor=actor, message=provider.refund(order))
        except (OSError, Refused) as error:
            log.warning("could not refund %s: %s", order.number, error)
            refunds.note_refund(actor=actor, order=order.number, said=str(error))


@app.periodic(cron="20 6 * * *")
@app.task(name="cases.reconcile_payments", queueing_lock="cases.reconcile_payments", pass_context=False)
def reconcile(timestamp: int) -> None:
    """Every morning: yesterday's books against the provider's statement."""
    if payments.configured():
        reconcile_day(timezone.localdate() - timedelta(days=1))


def reconcile_day(day: date) -> tuple[Difference, ...]:
    """Reconcile one day; a payment whose notice never came is asked for again first. Raises OSError."""
    actor, provider = directory.system("cashier"), payments.provider()
    statement = provider.statement(day)
    for one in api.reconcile_payments(actor=actor, day=day, statement=statement):
        message = provider.ask(one.number) if one.kind == "missing_here" else None
        if message is not None:
            try:
                api.take_payment(actor=actor, message=message)
            except Refused:
                log.exception("a payment of %s cannot be booked: %s", day, one.trade)
    return api.reconcile_payments(actor=actor, day=day, statement=statement)
