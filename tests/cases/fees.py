"""A case with a bill of two agencies' lines, its people, and a provider that really answers: what the fee tests share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from shuniu.cases.api import items
from shuniu.cases.api.fees import issue_bill
from shuniu.cases.declare.fee import BillMove, BillView, FeeLine, RefundOrder, Trade
from shuniu.cases.declare.form import Form
from shuniu.cases.models import Case
from shuniu.cases.payments import Message
from shuniu.cases.payments.sandbox import Sandbox
from shuniu.cases.rules.fees import to_refund
from shuniu.cases.store import bills as store
from shuniu.directory import api as directory
from shuniu.directory.declare import CITIZEN, ROLES
from shuniu.trust.declare import Actor
from tests.cases.drafting import FORM, service

ITEM = service(Form(pages=FORM.pages[:3]), key="43.market/ownership")
SECRET = "a secret that is shared with the sandbox"
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
FEES = (
    FeeLine(key="registration", title="不动产登记费", rule="fees.property.dwelling", basis="发改价格规〔2016〕2559号"),
    FeeLine(
        key="copies", title="权属证书工本费", rule="fees.property.certificate", basis="发改价格规〔2016〕2559号",
        agency="43.tax", per="extra",
    ),
)  # fmt: skip
OWED = 8000 + 2 * 1000
"""What `FEES` come to for two extra certificates, in fen."""

_FEE_RIGHTS = ROLES["fee_officer"].capabilities
PAYER = Actor("citizen:7", "田野", capabilities=CITIZEN, subject=7_000_001)
OTHER = Actor("citizen:8", "林川", capabilities=CITIZEN, subject=7_000_009)
CLERK = Actor("officer:1", "王敏", "43.market", "省市场监督管理局", ("43",), _FEE_RIGHTS)
SECOND = Actor("officer:2", "周强", "43.market", "省市场监督管理局", ("43",), _FEE_RIGHTS)
TAX = Actor("officer:3", "李娜", "43.tax", "省税务局", ("43",), _FEE_RIGHTS)


def cashier() -> Actor:
    return directory.system("cashier")


def accepted(number: str = "430000202611200001", at: datetime | None = None) -> Case:
    """A case that was accepted, for which a bill can be made out."""
    at = at or timezone.now()
    items.ship(actor=directory.system("install"), items=[ITEM])
    return Case.objects.create(
        number=number, item="43.market/ownership", version=1, agency="43.market", region="430000", applicant=PAYER.subject,
        applicant_kind="natural", applicant_name="田野", account=PAYER.person, channel="2", answers={"extra": "2"},
        state="accepted", filed_at=at, accepted_at=at,
    )  # fmt: skip


def billed(number: str = "430000202611200001", at: datetime | None = None) -> BillView:
    """The bill of an accepted case."""
    bill = issue_bill(case=accepted(number, at).pk, fees=FEES, answers={"extra": "2"})
    assert bill is not None
    return bill


@dataclass
class Clock:
    """A time that the test moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


def balance(bill: BillView) -> tuple[int, int]:
    """Money that came in, and what became of it: kept, given back, and on its way back."""

    def amount(move: BillMove) -> int:
        return sum(one.amount for one in bill.events if one.move is move)

    money_in = amount(BillMove.PAID) + amount(BillMove.UNSETTLED)
    on_its_way = amount(BillMove.UNSETTLED) + amount(BillMove.REFUND_AGREED) - amount(BillMove.REFUNDED)
    return money_in, bill.kept + amount(BillMove.REFUNDED) + on_its_way


def refunds_to_do() -> tuple[RefundOrder, ...]:
    """The refunds that the provider has not confirmed, oldest bill first, due or not."""
    found = (store.loaded(number) for number in store.with_refunds_to_do())
    return tuple(order for bill in found for order in to_refund(bill.row.number, bill.events))


def told(sandbox: Sandbox, trade: Trade) -> Message:
    """What the provider says of a trade, signed."""
    return sandbox.message(asdict(trade))
