"""Money at the agency's window: taken for a bill, given back for a refund, and the day's takings to compare with the till."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.cases.api import delivering
from shuniu.cases.api.whose import told
from shuniu.cases.declare.fee import BillEvent, BillMove, BillView, Counted, Trade
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import bills as store
from shuniu.exchange.api.telling import notify
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused

_SLIP = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,39}")


@verb("cases.take_at_counter", "登记窗口收款")
def take_at_counter(*, actor: Actor, number: str, slip: str, amount: int) -> BillView:
    """Book what was paid at the window of who handles the case: all that is owed (fen), by the number of its slip.

    The same slip for the same bill is booked once. What comes through the provider after that goes back by itself.
    Raises Refused: fees.unknown, fees.slip, fees.slip_used, fees.paid, fees.amount, right.agency, right.region.
    """
    bill = _held(actor, number)
    trade = _trade(actor, slip)
    settled, owed = rules.paid(bill.events), rules.due(bill.lines, bill.events)
    if settled is not None and (settled.trade, settled.amount) == (trade, amount):
        record(f"bill:{number}", detail={"slip": trade, "repeated": True})
        return bill.view()
    if not owed:
        raise Refused("fees.paid", "这张缴费单没有待缴的金额。", "请不要收款；已经收了的，请当场退还。")
    if amount != owed:
        raise Refused(
            "fees.amount", f"收款 {yuan(amount)} 元，应缴 {yuan(owed)} 元，金额不符。", "请按应缴金额一次收齐后登记。"
        )
    _book(bill, BillMove.PAID, amount, actor, Trade("paid", "", trade, amount, timezone.now()))
    delivering.settled(bill, timezone.localdate())
    tell(bill, f"窗口已收到缴费{yuan(amount)}元，票据号 {slip.strip()}")
    record(f"bill:{number}", detail={"slip": trade, "amount": amount})
    return bill.view()


@verb("cases.give_back_at_counter", "登记窗口退款")
def give_back_at_counter(*, actor: Actor, number: str, seq: int, slip: str) -> BillView:
    """Book that a refund that was agreed to was handed out at the window where the bill had been paid.

    Never by who agreed to it. Raises Refused: fees.unknown, fees.slip, fees.slip_used, fees.second_person, right.*.
    """
    bill = _held(actor, number)
    trade = _trade(actor, slip)
    if any(one.answers == seq and one.trade == trade for one in bill.events):
        record(f"bill:{number}", detail={"slip": trade, "repeated": True})
        return bill.view()
    agreed = next((one for one in rules.to_give_back(bill.events) if one.seq == seq), None)
    if agreed is None:
        raise Refused("fees.unknown", f"缴费单 {number} 没有这笔待付的窗口退款。", "可能已经退回，请刷新页面查看。")
    if agreed.person == actor.person:
        raise Refused("fees.second_person", "同意退费的人不能付出这笔退款。", "请由另一名收费经办退款并登记。")
    back = Trade("refunded", "", trade, agreed.amount, timezone.now())
    _book(bill, BillMove.REFUNDED, agreed.amount, actor, back, answers=seq)
    tell(bill, f"窗口已退回{yuan(agreed.amount)}元，票据号 {slip.strip()}")
    record(f"bill:{number}", detail={"slip": trade, "amount": agreed.amount, "answers": seq})
    return bill.view()


@verb("cases.read_till", "查看窗口收款", reads=True)
def read_till(*, actor: Actor, day: date) -> tuple[Counted, ...]:
    """What the actor's agency took and gave back at its windows on a day, to be compared with the till and the bank."""
    require()
    start = timezone.make_aware(datetime.combine(day, time.min))
    found = store.counted(actor.agency, start, start + timedelta(days=1))
    record(f"payments:{day}", detail={"counted": len(found)})
    return found


def to_give_back(it: BillView) -> tuple[BillEvent, ...]:
    """Of a bill that was read, the refunds that are still to be handed out at the window."""
    return rules.to_give_back(it.events)


def yuan(fen: int) -> str:
    """An amount in fen as yuan, without its unit."""
    return f"{fen // 100}.{fen % 100:02d}"


def _held(actor: Actor, number: str) -> store.Loaded:
    bill = store.loaded(number, lock=True)
    known = actor.agency if actor.agency in bill.agencies else bill.keeper
    require_or(store.unknown(number), agency=known, region=bill.case.region)
    require(agency=bill.keeper)
    return bill


def _trade(actor: Actor, slip: str) -> str:
    """How a slip is kept: an agency gives each of its numbers once. Raises Refused fees.slip."""
    said = slip.strip()
    if not _SLIP.fullmatch(said):
        raise Refused(
            "fees.slip", "票据号应为 4 到 40 位字母、数字或连字符。", "请照收款票据或者银行回单上的号码填写。"
        )
    return f"{actor.agency}:{said}"


def _book(bill: store.Loaded, move: BillMove, amount: int, actor: Actor, trade: Trade, *, answers: int = 0) -> None:
    """Write it. Raises Refused fees.slip_used where the slip stands for other money already."""
    try:
        with transaction.atomic():
            bill.add(move, amount, actor, answers=answers, trade=trade)
    except IntegrityError as taken:
        if "_taken_once" not in str(taken):
            raise
        raise Refused(
            "fees.slip_used", "这个票据号已经登记过另一笔款。", "请核对票据号；同一张票据只登记一次。"
        ) from taken


def tell(bill: store.Loaded, what: str) -> None:
    """Tell whoever pays what became of the bill."""
    notify("payment", f"bill:{bill.row.number}", f"缴费单 {bill.row.number}：{what}。", person=told(bill.case)[0])
