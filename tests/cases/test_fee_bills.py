"""Fees: charged by the table of the day of acceptance, frozen, waived and refunded by two people, kept by the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from shuniu.base.expressions import Compare, Field, Kind, value
from shuniu.base.rules import RuleBook
from shuniu.cases.api.fees import ask_fee_change, bill_of, decide_fee_change, issue_bill, read_bill
from shuniu.cases.declare.fee import BillMove, BillState, FeeLine
from shuniu.cases.models import Bill, BillEvent, BillLine
from shuniu.cases.rules.fees import charged
from shuniu.trust.models import Entry
from tests.cases.fees import CLERK, FEES, NOW, OTHER, OWED, PAYER, SECOND, TAX, accepted, billed
from tests.refusals import refused

PASSPORT = FeeLine(key="passport", title="普通护照", rule="fees.passport", basis="发改价格〔2019〕914号")
BOOK = RuleBook.load("current-2026")


def test_a_bill_is_split_over_agencies_and_adds_up(db: None) -> None:
    bill = billed()
    assert [(line.agency, line.amount) for line in bill.lines] == [("43.market", 8000), ("43.tax", 2000)]
    assert (bill.total, bill.due, bill.kept, bill.state) == (OWED, OWED, 0, BillState.OWED)
    assert bill_of(bill.case) == bill.number and bill.receipt == ""


def test_the_table_of_the_day_of_acceptance_counts_and_a_later_one_changes_nothing(db: None) -> None:
    old = datetime(2019, 6, 30, 15, 59, tzinfo=UTC)  # one minute to midnight in Beijing
    case = accepted("A1", old)
    bill = issue_bill(case=case.pk, fees=[PASSPORT], answers={})
    later = issue_bill(case=accepted("A2", datetime(2019, 6, 30, 16, 1, tzinfo=UTC)).pk, fees=[PASSPORT], answers={})
    assert bill is not None and later is not None
    assert (bill.total, bill.lines[0].rule) == (16000, "c26.fees.passport.2016")
    assert (later.total, later.lines[0].rule) == (12000, "c26.fees.passport.2019")
    assert read_bill(actor=PAYER, number=bill.number).lines == bill.lines  # as read today


def test_a_charge_that_no_rule_founds_is_refused_and_one_that_does_not_apply_is_left_out() -> None:
    unfounded = FeeLine(key="extra", title="加急费", rule="fees.haste", basis="")
    with refused("fees.rule"):
        charged([unfounded], {}, BOOK, date(2026, 1, 1), "43", "43.market")
    large = FEES[0].model_copy(update={"show_if": Compare(">", Field("area", Kind.NUMERIC), value(Decimal(100)))})
    for area, total in (("100.5", 8000), ("99", 0), (None, 0)):
        answers = {"area": area} if area else {}
        lines = charged([large], answers, BOOK, date(2026, 1, 1), "43", "43.market")
        assert sum(line.amount for line in lines) == total
    assert charged(FEES, {"extra": "0"}, BOOK, date(2026, 1, 1), "43", "43.market")[1:] == ()
    with refused("fees.count"):
        charged(FEES, {"extra": "两本"}, BOOK, date(2026, 1, 1), "43", "43.market")


def test_a_case_that_owes_nothing_has_no_bill(db: None) -> None:
    case = accepted()
    assert issue_bill(case=case.pk, fees=(), answers={}) is None
    assert bill_of(case.pk) == ""


def test_a_bill_is_read_by_its_applicant_and_its_agencies_alone(db: None) -> None:
    bill = billed()
    assert read_bill(actor=PAYER, number=bill.number) == read_bill(actor=TAX, number=bill.number) == bill
    assert Entry.objects.filter(verb="cases.read_bill", object=f"bill:{bill.number}").count() == 2
    with refused("fees.unknown"):
        read_bill(actor=OTHER, number=bill.number)
    with refused("fees.unknown"):
        ask_fee_change(actor=replace(TAX, agency="43.labour"), number=bill.number, change="waiver", reason="低保户")
    with refused("fees.unknown"):
        read_bill(actor=PAYER, number="none")


def test_a_waiver_takes_two_people_and_a_reason(db: None) -> None:
    number = billed().number
    with refused("fees.reason"):
        ask_fee_change(actor=CLERK, number=number, change="waiver", reason=" ", line="registration")
    ask_fee_change(
        actor=CLERK, number=number, change="waiver", reason="低保对象，减半", line="registration", amount=4000
    )
    with refused("fees.second_person"):
        decide_fee_change(actor=CLERK, number=number, seq=1, agree=True)
    bill = decide_fee_change(actor=SECOND, number=number, seq=1, agree=True)
    assert (bill.total, bill.due, bill.state) == (OWED, OWED - 4000, BillState.OWED)
    with refused("fees.answered"):
        decide_fee_change(actor=SECOND, number=number, seq=1, agree=True)


def test_a_waiver_may_be_declined_and_a_whole_one_leaves_nothing_to_pay(db: None) -> None:
    number = billed().number
    ask_fee_change(actor=CLERK, number=number, change="waiver", reason="申请人称困难")
    with refused("fees.reason"):
        decide_fee_change(actor=SECOND, number=number, seq=1, agree=False)
    assert decide_fee_change(actor=SECOND, number=number, seq=1, agree=False, reason="无证明").due == OWED
    ask_fee_change(actor=CLERK, number=number, change="waiver", reason="小微企业免收")
    with refused("right.agency"):  # the tax office decides on its own line only
        decide_fee_change(actor=TAX, number=number, seq=3, agree=True)
    bill = decide_fee_change(actor=SECOND, number=number, seq=3, agree=True)
    assert (bill.due, bill.state) == (0, BillState.WAIVED)
    with refused("fees.amount"):
        ask_fee_change(actor=CLERK, number=number, change="waiver", reason="再免一次")


def test_no_more_is_waived_than_is_left_not_even_by_two_requests_that_cross(db: None) -> None:
    number = billed().number
    for _ in range(2):
        ask_fee_change(actor=CLERK, number=number, change="waiver", reason="减免", line="registration", amount=5000)
    decide_fee_change(actor=SECOND, number=number, seq=1, agree=True)
    with refused("fees.amount"):
        decide_fee_change(actor=SECOND, number=number, seq=2, agree=True)
    for line, amount, rule in (("copies", 2001, "fees.amount"), ("copies", 0, "fees.amount"), ("none", 1, "fees.line")):
        with refused(rule):
            ask_fee_change(actor=CLERK, number=number, change="waiver", reason="减免", line=line, amount=amount)
    with refused("fees.not_paid"):
        ask_fee_change(actor=CLERK, number=number, change="refund", reason="退费")


def test_the_database_keeps_the_books_even_from_us(db: None) -> None:
    bill = Bill.objects.get(number=billed().number)

    def event(seq: int, move: BillMove, amount: int, trade: str = "", answers: int = 0) -> None:
        with transaction.atomic():
            BillEvent.objects.create(
                bill=bill, seq=seq, move=move, amount=amount, at=NOW, person="x", person_name="x", trade=trade,
                happened=NOW if trade else None, answers=answers,
            )  # fmt: skip

    with pytest.raises(IntegrityError, match="owed 10000, paid 9999"):
        event(1, BillMove.PAID, OWED - 1, "t1")
    event(1, BillMove.PAID, OWED, "t1")
    for move, amount, trade in (
        (BillMove.PAID, OWED, "t2"),  # settled twice
        (BillMove.UNSETTLED, OWED, "t1"),  # one trade booked twice
        (BillMove.WAIVED, 1, ""),  # waived after it was paid
        (BillMove.REFUND_AGREED, OWED + 1, ""),  # more given back than came
        (BillMove.REFUNDED, 1, "t3"),  # given back though nobody agreed
        (BillMove.REFUND_AGREED, 0, ""),
    ):
        with pytest.raises(IntegrityError):
            event(2, move, amount, trade)
    for rows in (BillEvent.objects.all(), BillLine.objects.all()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        BillLine.objects.update(unit=1)
