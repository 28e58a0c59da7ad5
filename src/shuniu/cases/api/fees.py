"""Bills: frozen at acceptance, read, and changed (减免, 退费) by two people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import delivering
from shuniu.cases.api.whose import claim
from shuniu.cases.declare.fee import BillEvent, BillMove, BillRow, BillView, FeeLine, Which
from shuniu.cases.models import Case
from shuniu.cases.models.bills import Bill, BillLine
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import bills as store
from shuniu.cases.store.cases import subjects
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused

Change = Literal["waiver", "refund"]
_MOVES: Mapping[Change, tuple[BillMove, BillMove, BillMove]] = {
    "waiver": (BillMove.WAIVER_ASKED, BillMove.WAIVED, BillMove.WAIVER_DECLINED),
    "refund": (BillMove.REFUND_ASKED, BillMove.REFUND_AGREED, BillMove.REFUND_DECLINED),
}


left, paid, shares = rules.left, rules.paid, rules.shares
"""What a page may work out of a bill that it has read: see `rules.fees`."""


def issue_bill(*, case: int, fees: Iterable[FeeLine], answers: Mapping[str, str]) -> BillView | None:
    """Freeze what a case owes by the tables of the day of its acceptance; None when it owes nothing.

    Called inside the verb that accepts the case, which records. Raises Refused: fees.rule, fees.count.
    """
    row = Case.objects.get(pk=case)
    accepted = row.accepted_at or timezone.now()
    book, day = RuleBook.load(settings.RULE_PACK), timezone.localdate(accepted)
    lines = rules.charged(fees, answers, book, day, row.region, row.agency)
    if not lines:
        return None
    bill = Bill.objects.create(case=row, number=f"{row.number}-F", issued_at=accepted)
    BillLine.objects.bulk_create(BillLine(bill=bill, **vars(line)) for line in lines)
    return store.loaded(bill.number).view()


def bill_of(case: int) -> str:
    """The number of a case's bill; "" when it has none. The caller has checked who may know of the case."""
    return Bill.objects.filter(case=case).values_list("number", flat=True).first() or ""


@verb("cases.read_bill", "查看缴费单", reads=True)
def read_bill(*, actor: Actor, number: str) -> BillView:
    """A bill: for who applied and for the agencies that it concerns. Raises Refused: fees.unknown, right.region."""
    bill = store.loaded(number)
    require_part(actor, bill, "cases.read_bill")
    record(f"bill:{number}", subjects=subjects(bill.case))
    return bill.view()


def require_part(actor: Actor, bill: store.Loaded, verb: str) -> None:
    """Refuse whoever neither applied, may pay for who did, nor belongs to an agency of the bill: as if there were none."""
    require()
    if not claim(actor, bill.case, "pay", verb):
        _require_agency(actor, bill)


def _require_agency(actor: Actor, bill: store.Loaded) -> None:
    agency = actor.agency if actor.agency in bill.agencies else bill.keeper
    require_or(store.unknown(bill.row.number), agency=agency, region=bill.case.region)


def _require_income(actor: Actor, bill: store.Loaded, line: str) -> None:
    """A line is changed by the agency whose income it is, or by who handles the case; the whole bill by the latter."""
    _require_agency(actor, bill)
    own = {one.agency for one in bill.lines if one.key == line}
    require(agency=actor.agency if actor.agency in own else bill.keeper)


@verb("cases.list_bills", "查看收费情况", reads=True)
def list_bills(*, actor: Actor, which: Which = "all", before: int | None = None, limit: int = 50) -> list[BillRow]:
    """Bills of the actor's agency within reach, the newest first; `before` is the `id` of the last one seen."""
    require()
    found = store.listed(actor, which, before, limit)
    record(f"agency:{actor.agency}", detail={"bills": len(found), "which": which})
    return found


@verb("cases.ask_fee_change", "提出减免或者退费")
def ask_fee_change(
    *, actor: Actor, number: str, change: Change, reason: str, line: str = "", amount: int | None = None
) -> BillView:
    """Ask that a bill, or one line of it, be waived before it is paid, or refunded after; a second person decides.

    `amount` (fen) is a part of it; without it, all that is left. Raises Refused: fees.unknown, fees.reason, fees.paid,
    fees.not_paid, fees.line, fees.amount, right.agency, right.region.
    """
    bill = store.loaded(number, lock=True)
    _require_income(actor, bill, line)
    if not reason.strip():
        raise Refused("fees.reason", "没有写明理由。", "请写明减免或者退费的依据和事实，复核人凭此决定。")
    wanted = _amount(bill, change, line, amount)
    event = bill.add(_MOVES[change][0], wanted, actor, line=line, reason=reason.strip())
    record(f"bill:{number}", detail={"move": event.move, "seq": event.seq, "line": line, "amount": wanted})
    return bill.view()


def _amount(bill: store.Loaded, change: Change, line: str, amount: int | None) -> int:
    """What may be waived or given back now. Raises Refused."""
    settled = rules.paid(bill.events) is not None
    if change == "waiver" and settled:
        raise Refused("fees.paid", "这张缴费单已经缴清，不能再减免。", "请改为提出退费。")
    if change == "refund" and not settled:
        raise Refused("fees.not_paid", "这张缴费单还没有缴费，无费可退。", "请改为提出减免。")
    if line and all(one.key != line for one in bill.lines):
        raise Refused("fees.line", f"缴费单上没有收费项“{line}”。", "请从缴费单所列的收费项中选择。")
    most = rules.left(bill.lines, bill.events, line)
    wanted = most if amount is None else amount
    if not 0 < wanted <= most or (not line and wanted != most):
        raise Refused(
            "fees.amount",
            f"金额应大于零且不超过余额 {most} 分；整单办理的应等于余额。",
            "请更正金额，或者按收费项分别提出。",
        )
    return wanted


@verb("cases.decide_fee_change", "复核减免或者退费")
def decide_fee_change(*, actor: Actor, number: str, seq: int, agree: bool, reason: str = "") -> BillView:
    """Agree or not to what another person asked for; an agreed refund is carried out by the platform within minutes.

    Raises Refused: fees.unknown, fees.second_person, fees.taker, fees.answered, fees.reason, and what `ask_fee_change` refuses.
    """
    bill = store.loaded(number, lock=True)
    found = next((one for one in bill.events if one.seq == seq), None)
    _require_income(actor, bill, found.line if found is not None else "")
    asked = _open(bill, seq, found)
    if asked.person == actor.person:
        raise Refused("fees.second_person", "提出人不能复核自己提出的减免或者退费。", "请由另一名有权人员复核。")
    if not agree and not reason.strip():
        raise Refused("fees.reason", "没有写明不同意的理由。", "请写明理由，提出人会看到。")
    settled = rules.paid(bill.events)
    if settled is not None and settled.slip and settled.person == actor.person:
        raise Refused("fees.taker", "收款的人不能复核这笔款的退费。", "请由收款人、提出人以外的收费经办复核。")
    change: Change = "waiver" if asked.move is BillMove.WAIVER_ASKED else "refund"
    _, yes, no = _MOVES[change]
    if agree:
        _amount(bill, change, asked.line, asked.amount)
    event = bill.add(yes if agree else no, asked.amount, actor, line=asked.line, reason=reason.strip(), answers=seq)
    delivering.settled(bill, timezone.localdate())
    record(f"bill:{number}", detail={"move": event.move, "asked": seq, "line": asked.line, "amount": asked.amount})
    return bill.view()


def _open(bill: store.Loaded, seq: int, asked: BillEvent | None) -> BillEvent:
    if asked is None or asked.move not in (BillMove.WAIVER_ASKED, BillMove.REFUND_ASKED):
        raise Refused(
            "fees.unknown", f"缴费单 {bill.row.number} 没有第 {seq} 号待复核的申请。", "请从缴费单页面重新进入。"
        )
    if any(one.answers == seq for one in bill.events):
        raise Refused("fees.answered", f"第 {seq} 号申请已经复核过。", "请刷新页面查看结果。")
    return asked
