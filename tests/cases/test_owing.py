"""A bill is told of when it is made out; and what waits for its payment waits: the decision, or what is handed out."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from shuniu.cases.api import charging, fees, handling, items, licences, postal_desk
from shuniu.cases.api.till import take_at_counter
from shuniu.cases.declare import FeeLine, PayBefore
from shuniu.cases.declare.case import CaseState, Reply
from shuniu.notices.models import Notice
from shuniu.systems.disclosure.declare import by_pages
from shuniu.trust.declare import Actor, Refused
from tests.cases import licensed
from tests.cases.filing import ITEM, NO, chief, clerk, examiner, filed, officer
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.refusals import refused
from tests.systems.information import asked, handled, shipped

__all__ = ["cast", "chief", "clerk", "examiner", "shipped", "signed_in"]
pytestmark = pytest.mark.django_db
FEE = FeeLine(key="book", title="工本费", rule="fees.passport", basis="某法第一条")
OWED = 12_000
KIND = licensed.FOOD.model_copy(update={"holder": "any", "fields": ()})


@pytest.fixture
def cashier(cast: Cast) -> Actor:
    return officer(cast, "fee_officer", 906, "收费")


def accepted(cast: Cast, clerk: Actor, before: PayBefore = PayBefore.DELIVERY) -> str:
    """A case of an item that costs something, accepted; its number."""
    items.ship(actor=cast.installer, items=[ITEM.model_copy(update={"fees": (FEE,), "pay_before": before})])
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    return number


def pay(cashier: Actor, number: str) -> None:
    take_at_counter(actor=cashier, number=f"{number}-F", slip=f"YS-{number[-4:]}", amount=OWED)


def test_with_acceptance_the_applicant_is_told_how_much_where_and_until_when(cast: Cast, clerk: Actor) -> None:
    number = accepted(cast, clerk)
    (told,) = Notice.objects.filter(person=cast.citizen.person, template="cases.charged")
    for word in ("120.00 元", f"{number}-F", "领取许可证以前", "芙蓉中路 1 号", "工作日 9:00-17:00"):
        assert word in told.text
    assert "120.00 yuan" in told.text_en and told.object == f"case:{number}"


def test_what_costs_nothing_is_not_told_of(cast: Cast, clerk: Actor) -> None:
    items.ship(actor=cast.installer, items=[ITEM])
    handling.accept(actor=clerk, number=filed(cast.citizen).number)
    assert not Notice.objects.filter(template="cases.charged").exists()


def test_by_default_the_licence_and_the_documents_wait_for_the_payment(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor, cashier: Actor
) -> None:
    licensed.agencies()
    number = accepted(cast, clerk)
    handling.examine(actor=examiner, number=number, opinion="符合条件，建议准予。")
    assert handling.decide(actor=chief, number=number).state is CaseState.GRANTED
    keeper = officer(cast, "licence_officer", 907, "证照")

    with pytest.raises(Refused) as refusal:
        licences.issue_licence(actor=keeper, case=number, licence=KIND)
    assert refusal.value.rule == "fees.unpaid"
    assert "120.00 元" in refusal.value.message and "窗口" in refusal.value.remedy
    with refused("fees.unpaid"):
        postal_desk.hand_over(actor=clerk, number=number, taker="田野", proof="own", contents="许可证一份")
    pay(cashier, number)
    licences.issue_licence(actor=keeper, case=number, licence=KIND)
    postal_desk.hand_over(actor=clerk, number=number, taker="田野", proof="own", contents="许可证一份")


def test_a_refusal_is_handed_out_though_nothing_was_paid(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = accepted(cast, clerk)
    handling.examine(actor=examiner, number=number, opinion="不符合条件。")
    handling.decide(actor=chief, number=number, grounds=NO)
    postal_desk.hand_over(actor=clerk, number=number, taker="田野", proof="own", contents="决定书一份")


def test_an_item_may_want_the_payment_before_the_decision_to_grant(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor, cashier: Actor
) -> None:
    number = accepted(cast, clerk, PayBefore.DECISION)
    assert "作出决定以前" in Notice.objects.get(template="cases.charged").text
    handling.examine(actor=examiner, number=number, opinion="符合条件，建议准予。")
    with refused("fees.unpaid"):
        handling.decide(actor=chief, number=number)
    pay(cashier, number)
    assert handling.decide(actor=chief, number=number).state is CaseState.GRANTED


def test_information_is_given_after_its_fee_is_paid_and_the_term_is_told(cast: Cast, shipped: None) -> None:
    number = asked(cast.citizen).number
    who = handled(cast, number)
    bill = charging.charge(actor=who, number=number, counts=by_pages(50)).bill
    due = fees.read_bill(actor=cast.citizen, number=bill)
    assert due.due and "以前缴清" in Notice.objects.get(template="cases.charged").text
    with refused("fees.unpaid"):
        handling.decide(actor=who, number=number, reply=Reply(result="open", text="见附件。"))


def test_the_bill_says_where_and_until_when_whether_or_not_it_can_be_paid_online(
    cast: Cast, clerk: Actor, signed_in: SignedIn, settings: Settings
) -> None:
    number = accepted(cast, clerk)
    client = signed_in(cast.citizen)
    for url in ("", "http://127.0.0.1:9"):
        settings.PAYMENT_URL, settings.PAYMENT_SECRET = url, "secret"
        page = client.get(f"/hall/bills/{number}-F/").content.decode()
        assert "请在领取许可证以前缴清" in page and "芙蓉中路 1 号" in page
