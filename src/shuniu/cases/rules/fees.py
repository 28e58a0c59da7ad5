"""Fees: what is charged, what an event leaves owed, whether money that came settles a bill, where two books differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from shuniu.base.expressions import Kind, Node, Raw, fields_of, holds
from shuniu.base.rules import NoRule, RuleBook
from shuniu.cases.declare.fee import (
    BillEvent,
    BillLine,
    BillMove,
    BillState,
    Difference,
    FeeLine,
    Order,
    RefundOrder,
    Share,
    Trade,
)
from shuniu.trust.declare import Refused


def charged(
    fees: Iterable[FeeLine], answers: Mapping[str, str], book: RuleBook, on: date, region: str, agency: str
) -> tuple[BillLine, ...]:
    """What an item's fee table charges on that day for these answers; a line of no money is left out.

    Raises Refused: fees.rule where no rule is in force, fees.count where the multiplying answer is no whole number.
    """
    lines = []
    for fee in fees:
        if fee.show_if is not None and not holds(fee.show_if, _row(fee.show_if, answers), on):
            continue
        try:
            rule = book.resolve(fee.rule, on, region)
        except NoRule as error:
            raise Refused(
                "fees.rule", f"{error}。", "没有收费依据不得收费：请先补充收费标准，或者撤下这一收费项。"
            ) from error
        count = _count(fee, answers)
        if rule.integer() and count:
            lines.append(BillLine(fee.key, fee.title, fee.basis, fee.agency or agency, rule.id, rule.integer(), count))
    return tuple(lines)


_READ: Mapping[Kind, Callable[[str], Raw]] = {
    Kind.BIGINT: int,
    Kind.NUMERIC: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.TIMESTAMPTZ: datetime.fromisoformat,
    Kind.BOOLEAN: "true".__eq__,
}
"""How a canonical text is read where a condition asks for another type."""


def _row(condition: Node, answers: Mapping[str, str]) -> dict[str, Raw | None]:
    row: dict[str, Raw | None] = {}
    for field in fields_of(condition):
        said = answers.get(field.name)
        row[field.name] = _READ[field.kind](said) if said is not None and field.kind in _READ else said
    return row


def _count(fee: FeeLine, answers: Mapping[str, str]) -> int:
    if not fee.per:
        return 1
    said = answers.get(fee.per, "")
    if not (said.isascii() and said.isdigit() and len(said) <= 6):
        raise Refused(
            "fees.count", f"“{fee.title}”按数量计收，但数量“{said}”不是整数。", "请退回申请人更正数量后再受理。"
        )
    return int(said)


def paid(events: Iterable[BillEvent]) -> BillEvent | None:
    """The event that settled the bill."""
    return next((one for one in events if one.move is BillMove.PAID), None)


def left(lines: Iterable[BillLine], events: Sequence[BillEvent], line: str = "") -> int:
    """What of a line (empty: of the bill) was neither waived nor given back, in fen."""
    given = [one for one in events if one.move in (BillMove.WAIVED, BillMove.REFUND_AGREED)]
    if any(not one.line for one in given):
        return 0
    charges = [one for one in lines if line in ("", one.key)]
    keys = {one.key for one in charges}
    return sum(one.amount for one in charges) - sum(one.amount for one in given if one.line in keys)


def shares(lines: Sequence[BillLine], events: Sequence[BillEvent]) -> tuple[Share, ...]:
    """What each agency was to get, what of it was waived and what given back; a whole bill's change is every line's."""
    agencies = dict.fromkeys(one.agency for one in lines)
    return tuple(
        Share(
            agency,
            sum(one.amount for one in lines if one.agency == agency),
            _changed(BillMove.WAIVED, [one for one in lines if one.agency == agency], events),
            _changed(BillMove.REFUND_AGREED, [one for one in lines if one.agency == agency], events),
        )
        for agency in agencies
    )


def _changed(move: BillMove, lines: Sequence[BillLine], events: Sequence[BillEvent]) -> int:
    """What of these lines was waived or given back: a change of the whole bill takes what each line had left then."""
    total = 0
    for index, event in enumerate(events):
        if event.move is not move:
            continue
        keys = {one.key for one in lines}
        if event.line:
            total += event.amount if event.line in keys else 0
        else:
            total += sum(left(lines, events[:index], one.key) for one in lines)
    return total


def bill_of(number: str) -> str:
    """The number of the bill that an order (…-F-1) or a refund (…-F-R3) is about; "" for another shop's number."""
    head, _, tail = number.rpartition("-")
    return head if head.endswith("-F") and tail.removeprefix("R").isdigit() else ""


def due(lines: Sequence[BillLine], events: Sequence[BillEvent]) -> int:
    """What is still to be paid, in fen."""
    return 0 if paid(events) else left(lines, events)


def kept(lines: Sequence[BillLine], events: Sequence[BillEvent]) -> int:
    """What was paid and is not given back, in fen."""
    return left(lines, events) if paid(events) else 0


def state(lines: Sequence[BillLine], events: Sequence[BillEvent]) -> BillState:
    """How a bill stands."""
    settled = paid(events)
    if settled is None:
        return BillState.OWED if due(lines, events) else BillState.WAIVED
    remaining = kept(lines, events)
    if remaining == settled.amount:
        return BillState.PAID
    return BillState.PART_REFUNDED if remaining else BillState.REFUNDED


def why_not_settled(order: Order, trade: Trade, lines: Sequence[BillLine], events: Sequence[BillEvent]) -> str:
    """Why money that came does not settle the bill and goes back; "" when it settles it."""
    if trade.amount != order.amount:
        return "实付金额与缴费单金额不符"
    if trade.at > order.expires:
        return "支付时间已过缴费有效期"
    if paid(events):
        return "缴费单此前已经缴清"
    if trade.amount != due(lines, events):
        return "应缴金额在下单以后有变更"
    return ""


def to_give_back(events: Sequence[BillEvent]) -> tuple[BillEvent, ...]:
    """The refunds that were agreed to and are still to be handed out at the window, where the bill was paid."""
    done, settled = _refunded(events), paid(events)
    if settled is None or not settled.slip:
        return ()
    return tuple(one for one in events if one.move is BillMove.REFUND_AGREED and one.seq not in done)


def _refunded(events: Sequence[BillEvent]) -> set[int]:
    return {one.answers for one in events if one.move is BillMove.REFUNDED}


def to_refund(bill: str, events: Sequence[BillEvent]) -> tuple[RefundOrder, ...]:
    """The refunds that the provider has still to confirm; what was paid at the window goes back there."""
    done, settled = _refunded(events), paid(events)
    by_provider = {BillMove.UNSETTLED} if settled and settled.slip else {BillMove.UNSETTLED, BillMove.REFUND_AGREED}
    orders = []
    for one in events:
        if one.seq in done or one.move not in by_provider:
            continue
        trade = one.trade if one.move is BillMove.UNSETTLED else settled.trade if settled else ""
        orders.append(RefundOrder(f"{bill}-R{one.seq}", trade, one.amount))
    return tuple(orders)


def differences(here: Iterable[Trade], there: Iterable[Trade]) -> tuple[Difference, ...]:
    """Where our books of a day and the provider's statement of it differ, in the order of the trades' numbers."""
    ours = {(one.kind, one.trade): one for one in here}
    theirs = {(one.kind, one.trade): one for one in there}
    found = []
    for key in sorted({*ours, *theirs}):
        mine, other = ours.get(key), theirs.get(key)
        known = mine or other
        if known is None or (mine and other and (mine.amount, mine.number) == (other.amount, other.number)):
            continue
        kind = "amount" if mine and other else "missing_there" if mine else "missing_here"
        amounts = (mine.amount if mine else None, other.amount if other else None)
        found.append(Difference(kind, known.trade, known.number, *amounts))  # type: ignore[arg-type]  # one of its kinds
    return tuple(found)
