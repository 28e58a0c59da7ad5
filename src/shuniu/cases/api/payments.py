"""Paying a bill: the order, what the provider tells of it, refunds carried out, and the daily reconciliation.

The provider is asked outside every transaction; what it says goes in by `take_payment`, as often and in whatever order.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from pydantic import TypeAdapter

from shuniu.base.rules import RuleBook
from shuniu.cases import payments
from shuniu.cases.api import delivering
from shuniu.cases.api.fees import require_part
from shuniu.cases.api.till import tell, yuan
from shuniu.cases.declare.fee import BillMove, BillView, Difference, Order, Trade
from shuniu.cases.models.bills import Bill, PayOrder, Reconciliation
from shuniu.cases.payments import Message
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import bills as store
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused

_DIFFERENCES = TypeAdapter(tuple[Difference, ...])


@verb("cases.start_payment", "缴费")
def start_payment(*, actor: Actor, number: str) -> Order:
    """An order to pay what a bill still owes; one that runs and asks for that amount is given again.

    Raises Refused: fees.unknown, fees.paid (also when nothing is owed), right.region.
    """
    bill = store.loaded(number, lock=True)
    require_part(actor, bill, "cases.start_payment")
    owed, now = rules.due(bill.lines, bill.events), timezone.now()
    if not owed:
        raise Refused("fees.paid", "这张缴费单没有待缴的金额，请勿重复缴费。", "缴费结果和回执见缴费单。")
    row = bill.row.orders.filter(amount=owed, expires__gt=now).order_by("-pk").first()
    if row is None:
        life = RuleBook.load(settings.RULE_PACK).resolve("fees.order.minutes", timezone.localdate(now)).integer()
        row = PayOrder.objects.create(
            bill=bill.row, number=f"{number}-{bill.row.orders.count() + 1}", amount=owed, made_at=now,
            expires=now + timedelta(minutes=life), person=actor.person,
        )  # fmt: skip
    record(f"bill:{number}", detail={"order": row.number, "amount": owed})
    return Order(row.number, number, row.amount, row.expires)


def last_order(number: str) -> str:
    """The number of a bill's newest order; "" when nobody has begun to pay it."""
    found = PayOrder.objects.filter(bill__number=number).order_by("-pk").values_list("number", flat=True)
    return found.first() or ""


def ask_provider(number: str) -> bool:
    """Ask the provider whether a bill's newest order was paid, for its notice may have been lost; whether that was booked.

    What it cannot say now it will say by its notice, or by the day's statement.
    """
    order = last_order(number)
    if not (order and payments.configured()):
        return False
    with suppress(OSError, Refused):
        if (message := payments.provider().ask(order)) is not None:
            take_payment(actor=directory.system("cashier"), message=message)
            return True
    return False


@verb("cases.take_payment", "收取支付通知")
def take_payment(*, actor: Actor, message: Message) -> BillView:
    """Book what a provider says: a payment settles its bill or goes back, a refund is confirmed; each once.

    Raises Refused: fees.no_provider, fees.signature, fees.form, fees.unknown_order, fees.conflict.
    """
    require()
    trade = payments.provider().read(message)
    bill = _book_payment(actor, trade) if trade.kind == "paid" else _book_refund(actor, trade)
    record(f"bill:{bill.row.number}", detail={"kind": trade.kind, "order": trade.number, "trade": trade.trade})
    return bill.view()


def _book_payment(actor: Actor, trade: Trade) -> store.Loaded:
    row = PayOrder.objects.filter(number=trade.number).select_related("bill").first()
    if row is None:
        raise _unknown(trade)
    bill = store.loaded(row.bill.number, lock=True)
    known = next((one for one in bill.events if one.trade == trade.trade and one.move is not BillMove.REFUNDED), None)
    if known is not None:
        _check_same(known.amount, known.order, trade)
        return bill
    order = Order(row.number, row.bill.number, row.amount, row.expires)
    why = rules.why_not_settled(order, trade, bill.lines, bill.events)
    bill.add(BillMove.UNSETTLED if why else BillMove.PAID, trade.amount, actor, reason=why, trade=trade)
    delivering.settled(bill, timezone.localdate(trade.at))
    tell(bill, f"{why}，{yuan(trade.amount)}元将原路退回" if why else f"已收到缴费{yuan(trade.amount)}元")
    return bill


def _book_refund(actor: Actor, trade: Trade) -> store.Loaded:
    number, _, seq = trade.number.rpartition("-R")
    bill = store.loaded(number, lock=True)
    known = next((one for one in bill.events if one.order == trade.number), None)
    if known is not None:
        _check_same(known.amount, known.order, trade, same=known.trade == trade.trade)
        return bill
    asked = next((one for one in rules.to_refund(number, bill.events) if one.number == trade.number), None)
    if asked is None:
        raise _unknown(trade)
    _check_same(asked.amount, asked.number, trade)
    bill.add(BillMove.REFUNDED, trade.amount, actor, answers=int(seq), trade=trade)
    tell(bill, f"{yuan(trade.amount)}元已原路退回")
    return bill


def _check_same(amount: int, order: str, trade: Trade, *, same: bool = True) -> None:
    if not same or (amount, order) != (trade.amount, trade.number):
        raise Refused(
            "fees.conflict", f"支付通知 {trade.trade} 与此前入账的内容不一致。", "请支付机构核对后由双方对账处理。"
        )


def _unknown(trade: Trade) -> Refused:
    return Refused(
        "fees.unknown_order", f"没有编号为“{trade.number}”的缴费或者退费。", "请核对单号；对账时会列为差异。"
    )


@verb("cases.reconcile_payments", "与支付机构对账")
def reconcile_payments(*, actor: Actor, day: date, statement: tuple[Trade, ...]) -> tuple[Difference, ...]:
    """Compare our books of a day with the provider's statement of it; the result is kept, differences are named."""
    require()
    start = timezone.make_aware(datetime.combine(day, time.min))
    here = store.moved(start, start + timedelta(days=1))
    found = rules.differences(here, statement)
    Reconciliation.objects.create(
        day=day, made_at=timezone.now(), here=len(here), there=len(statement),
        differences=_DIFFERENCES.dump_python(found, mode="json"),
    )  # fmt: skip
    counts: dict[str, int] = {one.kind: sum(other.kind == one.kind for other in found) for one in found}
    record(f"payments:{day}", detail={"here": len(here), "there": len(statement), **counts})
    return found


@verb("cases.read_reconciliation", "查看对账结果", reads=True)
def read_reconciliation(*, actor: Actor, day: date) -> tuple[Difference, ...] | None:
    """What the newest reconciliation of a day found; None when the day was never reconciled.

    Of an agency's own bills; the whole platform's, with what belongs to no bill, for the province's office.
    """
    require()
    row = Reconciliation.objects.filter(day=day).order_by("-pk").first()
    record(f"payments:{day}")
    return own_differences(actor, [_DIFFERENCES.validate_python(row.differences)])[0] if row else None


def own_differences(actor: Actor, days: Sequence[tuple[Difference, ...]]) -> list[tuple[Difference, ...]]:
    """Of each day's differences those that an actor may see; one query for all days."""
    if actor.may(OVERSEE):
        return list(days)
    numbers = {rules.bill_of(one.number) for day in days for one in day}
    own = Q(case__agency__in=successions.estate(actor.agency))  # handles the case
    part = own | Q(lines__agency=actor.agency)  # or has income of it
    found = set(Bill.objects.filter(part, number__in=numbers).values_list("number", flat=True))
    return [tuple(one for one in day if rules.bill_of(one.number) in found) for day in days]
