"""Fees: lines of a dated table, each with its basis and the agency that it goes to. Amounts are fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shuniu.base.titled import Titled
from shuniu.cases.declare.condition import Condition
from shuniu.catalogue.declare import Frozen


class FeeLine(Frozen):
    """One charge of an item: `rule` is the key of the dated rule that gives the amount in fen."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    rule: str
    basis: str
    agency: str = ""  # whose income it is; empty: the item's own agency
    per: str = ""  # question whose whole number multiplies the amount; empty: once
    show_if: Condition | None = None


class BillState(Titled):
    """How a bill stands, derived from its events."""

    OWED = "owed", "待缴费"
    WAIVED = "waived", "已减免"
    PAID = "paid", "已缴费"
    PART_REFUNDED = "part_refunded", "部分退费"
    REFUNDED = "refunded", "已退费"


class BillMove(Titled):
    """What an event of a bill says. Money came in by `paid` and `unsettled`; it went back by `refunded`."""

    WAIVER_ASKED = "waiver_asked", "提出减免"
    WAIVED = "waived", "同意减免"
    WAIVER_DECLINED = "waiver_declined", "不同意减免"
    PAID = "paid", "缴费入账"
    UNSETTLED = "unsettled", "收款不予入账，自动退回"
    REFUND_ASKED = "refund_asked", "提出退费"
    REFUND_AGREED = "refund_agreed", "同意退费"
    REFUND_DECLINED = "refund_declined", "不同意退费"
    REFUNDED = "refunded", "退款完成"


@dataclass(frozen=True)
class BillLine:
    """One charge as it was frozen at acceptance: `amount` = `unit` x `count`, in fen, by the rule of that id."""

    key: str
    title: str
    basis: str
    agency: str
    rule: str
    unit: int
    count: int

    @property
    def amount(self) -> int:
        return self.unit * self.count


@dataclass(frozen=True)
class BillEvent:
    """One thing that happened to a bill. `line` "" is the whole bill; `answers` is the event that this one answers.

    `trade` is the provider's number of the payment or refund, `happened` the provider's time of it.
    """

    seq: int
    move: BillMove
    amount: int
    at: datetime
    person: str
    person_name: str
    line: str = ""
    reason: str = ""
    answers: int = 0
    trade: str = ""
    order: str = ""
    happened: datetime | None = None

    @property
    def slip(self) -> str:
        """The number of the window's slip (till or bank) by which money moved; "" for what moved through the provider."""
        return "" if self.order else self.trade.rpartition(":")[2]


@dataclass(frozen=True)
class BillView:
    """A bill as it stands: what was charged, what happened, and what comes of it (fen)."""

    number: str
    case: int
    account: str
    agency: str
    region: str
    issued_at: datetime
    lines: tuple[BillLine, ...]
    events: tuple[BillEvent, ...]
    state: BillState
    total: int
    due: int
    kept: int

    @property
    def receipt(self) -> str:
        """The number of the receipt; a bill is settled once, so it has one at most."""
        return f"{self.number}-S" if any(one.move is BillMove.PAID for one in self.events) else ""


Which = Literal["asked", "refunding", "owed", "all"]
"""Bills at the desk: with a change that waits for a decision, with money on its way back, not paid yet, all."""


@dataclass(frozen=True)
class BillRow:
    """A bill in a list (fen): a person's name masked, `asked` changes wait for a second person, `going_back` is agreed
    and not yet confirmed by the provider. `id` orders and continues the list."""

    id: int
    number: str
    case: str
    applicant: str
    issued_at: datetime
    state: BillState
    total: int
    kept: int
    due: int
    asked: int
    going_back: int


@dataclass(frozen=True)
class Share:
    """What of a bill is one agency's income (fen)."""

    agency: str
    charged: int
    waived: int
    refunded: int

    @property
    def kept(self) -> int:
        return self.charged - self.waived - self.refunded


@dataclass(frozen=True)
class Order:
    """One attempt to pay a bill: what the provider is asked to take, and until when. `number` is ours and unique."""

    number: str
    bill: str
    amount: int
    expires: datetime


@dataclass(frozen=True)
class RefundOrder:
    """One refund for the provider to carry out, of the payment `trade`. `number` is ours: asked twice, done once."""

    number: str
    trade: str
    amount: int


@dataclass(frozen=True)
class RefundWaiting:
    """A refund that the provider has not confirmed: how often it was asked, what it said, when next (None: no more)."""

    order: RefundOrder
    bill: str
    agency: str  # who handles the case and must act
    since: datetime
    tries: int
    said: str
    due: datetime | None
    why: str  # why it is tried no more


@dataclass(frozen=True)
class Trade:
    """Money that moved, as the provider tells of it: `kind` paid for `number` (an order) or refunded (a refund)."""

    kind: Literal["paid", "refunded"]
    number: str
    trade: str
    amount: int
    at: datetime


@dataclass(frozen=True)
class Counted:
    """Money that moved at an agency's window: taken or given back (fen), by which slip, by whom."""

    at: datetime
    bill: str
    kind: Literal["paid", "refunded"]
    slip: str
    amount: int
    person_name: str


@dataclass(frozen=True)
class Difference:
    """One thing in which our books and the provider's statement differ on a day; amounts in fen, None: not there."""

    kind: Literal["missing_here", "missing_there", "amount"]
    trade: str
    number: str
    here: int | None
    there: int | None

    @property
    def title(self) -> str:
        return {"missing_here": "渠道有、平台无", "missing_there": "平台有、渠道无", "amount": "金额不符"}[self.kind]


@dataclass(frozen=True)
class Compared:
    """One comparison of a day's books with the provider's statement: how many trades each had, where they differ.

    For an agency the differences are those of its own bills; how many trades all had is the province's office's to know.
    """

    day: date
    made_at: datetime
    here: int | None
    there: int | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Explained:
    """A difference with the bill that it is about and who handles it; both empty where no bill of ours is meant."""

    difference: Difference
    bill: str
    agency: str
