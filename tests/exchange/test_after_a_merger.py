"""What an agency answered and had agreed upon is looked after by the one that took its place, and nothing is written anew."""

from __future__ import annotations

from functools import partial

import pytest

from shuniu.cases.api.succession import succeed_agency
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.declare import Agency
from shuniu.exchange import api as exchange
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.declare import State
from shuniu.exchange.grants.models import Agreement
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.registries import api as registries
from tests.cast import AGENCIES
from tests.exchange.conftest import Deliver, firm, registration
from tests.exchange.grants.wishes import answers, asked, granted
from tests.exchange.people import MARKET, MARKET_SECOND, OFFICE, TAX, have_agencies, officer
from tests.refusals import rule_of

pytestmark = pytest.mark.django_db
KEY = "43.market/registration"
FINANCE = officer(41, "蒋文", "43.finance", "data_officer")
FINANCE_SECOND = officer(42, "彭涛", "43.finance", "second_officer")


@pytest.fixture
def row(deliver: Deliver) -> int:
    have_agencies()
    finance = Agency("43.finance", "省财政厅", "省财政厅", 1, "430000")
    directory.load_agencies(actor=directory.system("install"), rows=[*AGENCIES, finance])
    deliver(registration(firm(0)), actor=MARKET)
    return registries.rows(catalogue.published(KEY), limit=1)[0].row


def merged(of: str) -> None:
    succeed_agency(actor=OFFICE, agency=of, successor="43.finance", reason="湘编〔2026〕3号")


@pytest.mark.parametrize("before", [True, False])
def test_an_objection_is_answered_by_the_successor_whether_it_was_raised_before_or_since(
    row: int, before: bool
) -> None:
    raise_it = partial(exchange.raise_objection, actor=TAX, resource=KEY, row=row, item="capital", claim="注册资本有误")
    number = raise_it().number if before else 0
    merged("43.market")
    number = number or raise_it().number
    assert [one.number for one in exchange.objections(actor=FINANCE, agency="43.finance")] == [number]
    assert exchange.objections(actor=MARKET, agency="43.market") == []
    it, about = exchange.objection(actor=FINANCE, number=number)
    assert it.agency == "43.market" and about.present is not None and len(about.present.rows) == 1
    assert rule_of(lambda: exchange.objection(actor=MARKET, number=number)) == "objection.unknown"
    accept = partial(exchange.accept_objection, number=number, accept=True)
    assert rule_of(lambda: accept(actor=MARKET)) == "right.agency"
    accept(actor=FINANCE)
    done = exchange.verify_objection(actor=FINANCE_SECOND, number=number, upheld=False, reason="与档案一致")
    assert done.state == "rejected"


@pytest.mark.parametrize("before", [True, False])
def test_a_request_is_decided_by_the_owners_successor(row: int, before: bool) -> None:
    request = asked() if before else None
    merged("43.market")
    request = request or asked()
    assert request.case is not None and procedures.case_view(request.case).agency == "43.finance"
    (waiting,) = grants.share_requests(actor=FINANCE, agency="43.finance")
    assert waiting.it.number == grants.share_request(actor=FINANCE, number=request.number).it.number
    decide = partial(grants.decide_share, number=request.number, answers=answers(request))
    assert rule_of(lambda: decide(actor=MARKET_SECOND)) == "right.agency"
    assert decide(actor=FINANCE_SECOND).state == "granted"
    assert Agreement.objects.get().owner == "43.market", "an agreement keeps the two that made it"


def test_an_agreement_is_stopped_resumed_and_given_up_by_who_took_a_sides_place(row: int) -> None:
    number = granted()
    merged("43.market")
    (held,) = grants.agreements(actor=FINANCE, agency="43.finance")
    assert held.it.number == grants.agreement(actor=FINANCE, number=number).it.number == number
    assert rule_of(lambda: grants.suspend_share(actor=MARKET_SECOND, number=number, reason="核查")) == "right.agency"
    grants.suspend_share(actor=FINANCE_SECOND, number=number, reason="核查")
    grants.resume_share(actor=FINANCE_SECOND, number=number, reason="核查完毕")
    merged("43.tax")
    assert rule_of(lambda: grants.give_up_share(actor=TAX, number=number, reason="不再需要")) == "right.agency"
    grants.give_up_share(actor=FINANCE, number=number, reason="不再需要")
    assert Agreement.objects.get(pk=number).state == State.GIVEN_UP
    told = Notice.objects.filter(object=f"agreement:{number}").values_list("agency", flat=True)
    assert "43.market" not in set(told)
