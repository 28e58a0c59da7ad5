"""数据异议: 提出 受理 核实 更正/驳回 通知, and the mark that reports show meanwhile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.exchange.api import ObjectionView
from shuniu.notices import api as notices
from shuniu.procedures import api as procedures
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode, Row
from shuniu.trust.declare import Actor, Refused
from tests.exchange.conftest import Deliver, firm, registration
from tests.exchange.people import MARKET, MARKET_SECOND, OFFICE, TAX, citizen, have_agencies
from tests.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "43.market/registration"


@pytest.fixture
def row(deliver: Deliver) -> Row:
    """A firm's registration that is going to be disputed."""
    have_agencies()
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    return registries.rows(catalogue.published(KEY), limit=1)[0]


def raised(row: Row, actor: Actor = TAX) -> ObjectionView:
    return exchange.raise_objection(actor=actor, resource=KEY, row=row.row, item="capital", claim="注册资本有误")


def disputed(row: Row) -> bool:
    return row.row in exchange.disputed_rows(catalogue.published(KEY), [row.row])


def test_an_objection_that_proves_right_ends_in_a_correction_and_everybody_concerned_is_told(
    row: Row, deliver: Deliver
) -> None:
    assert row.subject is not None
    firm_itself = citizen(9, row.subject)
    assert exchange.read(actor=firm_itself, resource=KEY, subject=row.subject).rows
    made = raised(row)
    assert disputed(row) and made.title == "已提出，待受理"
    assert exchange.accept_objection(actor=MARKET, number=made.number, accept=True).state == "accepted"
    upheld = exchange.verify_objection(actor=MARKET_SECOND, number=made.number, upheld=True, reason="与档案不符")
    assert upheld.state == "upheld" and disputed(row)
    with refused("objection.uncorrected"):
        exchange.correct_objection(actor=MARKET, number=made.number)
    deliver(registration(firm(0, capital="12")), actor=MARKET, mode=Mode.DELTA)
    done = exchange.correct_objection(actor=MARKET, number=made.number)
    assert done.state == "corrected" and not disputed(row)
    assert [one.title for one in exchange.objections(actor=TAX)] == ["已更正"]
    assert ["已更正" in one.text for one in notices.read_inbox(actor=TAX)] == [True, False, False]
    assert [one.template for one in notices.read_inbox(actor=firm_itself)] == ["exchange.correction"]


def test_an_unfounded_objection_is_rejected_with_its_reason_and_the_mark_goes(row: Row) -> None:
    made = raised(row)
    exchange.accept_objection(actor=MARKET, number=made.number, accept=True)
    with pytest.raises(Refused, match="没有写明核实的结果"):
        exchange.verify_objection(actor=MARKET, number=made.number, upheld=False, reason=" ")
    done = exchange.verify_objection(actor=MARKET, number=made.number, upheld=False, reason="与登记档案一致")
    assert (done.state, done.reason, disputed(row)) == ("rejected", "与登记档案一致", False)
    again = raised(row)
    declined = exchange.accept_objection(actor=MARKET, number=again.number, accept=False, reason="同一事实已经核实")
    assert declined.title == "不予受理" and not disputed(row)


def test_the_mark_stays_while_another_objection_to_the_row_is_open(row: Row) -> None:
    one, other = raised(row), raised(row, actor=citizen(8, row.subject or 0))
    exchange.accept_objection(actor=MARKET, number=one.number, accept=False, reason="理由不足")
    assert disputed(row)
    exchange.accept_objection(actor=MARKET, number=other.number, accept=False, reason="理由不足")
    assert not disputed(row)


def test_who_may_not_and_what_cannot_be_objected_to_is_refused(row: Row) -> None:
    raised(row)
    attempts = [
        (TAX, {"row": row.row, "item": "capital", "claim": "有误"}, "objection.twice"),
        (TAX, {"row": row.row, "item": "colour", "claim": "有误"}, "objection.item"),
        (TAX, {"row": row.row, "claim": " "}, "objection.claim"),
        (TAX, {"row": 7, "claim": "有误"}, "objection.row"),
        (OFFICE, {"row": row.row, "claim": "有误"}, "right.missing"),
    ]
    for actor, words, rule in attempts:
        with refused(rule):
            exchange.raise_objection(actor=actor, resource=KEY, **words)  # type: ignore[arg-type]  # a table of cases


def test_only_the_owner_answers_in_the_right_order_and_nobody_his_own(row: Row) -> None:
    made = raised(row)
    with refused("right.agency"):
        exchange.accept_objection(actor=TAX, number=made.number, accept=True)
    with refused("objection.state"):
        exchange.verify_objection(actor=MARKET, number=made.number, upheld=True, reason="属实")
    own = raised(row, actor=MARKET)
    with pytest.raises(Refused) as refusal:
        exchange.accept_objection(actor=MARKET, number=own.number, accept=True)
    assert refusal.value.rule.endswith("own_approval")


def test_quality_opens_the_objections_that_proved_a_batch_wrong(row: Row) -> None:
    made = raised(row)
    exchange.accept_objection(actor=MARKET, number=made.number, accept=True)
    exchange.verify_objection(actor=MARKET_SECOND, number=made.number, upheld=True, reason="与档案不符")
    month = f"{made.raised_at:%Y-%m}"
    found = exchange.quality(actor=MARKET, agency="43.market", month=month)
    lost = [one for point in found.grade.points for one in point.evidence]
    assert [(one.rule, one.rows) for one in lost] == [("objection.upheld", 1)]
    assert found.grade.letter == "B"
    report = exchange.monthly_report(actor=OFFICE, month=month)
    assert [one.agency for one in report.agencies] == ["43.market", "43.tax"]
    assert report.agencies[0].counts.received == 2 and report.agencies[1].grade.letter == ""
    with pytest.raises(Refused, match="不是月份"):
        exchange.monthly_report(actor=OFFICE, month="十一月")


def test_an_objection_is_read_by_number_with_the_subject_and_the_row_as_it_stands(row: Row, deliver: Deliver) -> None:
    made = raised(row)
    view, about = exchange.objection(actor=MARKET, number=made.number)
    assert (view.number, view.item_title, about.subject_name) == (made.number, "注册资本", firm_name(row))
    assert about.present is not None
    (seen,) = about.present.rows
    assert seen.disputed and seen.row.values == row.values and not about.present.masked
    _, shown = exchange.objection(actor=TAX, number=made.number)
    assert shown.present is None, "shared on conditions: the objector sees no more than reading would show"
    assert (shown.subject_name, "有条件共享" in shown.withheld) == (firm_name(row), True)
    deliver(registration(firm(0, capital="12")), actor=MARKET, mode=Mode.DELTA)
    _, now = exchange.objection(actor=MARKET_SECOND, number=made.number)
    assert now.present is not None and now.present.rows[0].row.values["capital"] != row.values["capital"]
    own = raised(row if now.present is None else now.present.rows[0].row, actor=citizen(8, row.subject or 0))
    _, whole = exchange.objection(actor=citizen(8, row.subject or 0), number=own.number)
    assert whole.present is not None and whole.present.rows[0].row.values == now.present.rows[0].row.values
    assert exchange.objection(actor=OFFICE, number=own.number)[1].present is None


def test_an_objection_is_read_by_nobody_who_has_no_part_in_it(row: Row) -> None:
    made = raised(row, actor=MARKET)
    for stranger in (TAX, citizen(8, row.subject or 0)):
        with pytest.raises(Refused, match="您没有第") as refusal:
            exchange.objection(actor=stranger, number=made.number)
        assert refusal.value.rule == "objection.unknown"
    with refused("objection.unknown"):
        exchange.objection(actor=OFFICE, number=10**9)


def test_each_stage_of_an_objection_has_its_own_term_and_the_answer_the_laws(row: Row) -> None:
    made = raised(row)
    assert made.case is not None
    case = procedures.case_view(made.case)
    due, today = Calendar.load().add_working_days, timezone.localdate()
    assert case.rule.startswith("c26.credit.objection.other.days") and case.due == due(today, 7).date
    assert case.dues == {"accept": due(today, 2)}
    exchange.accept_objection(actor=MARKET, number=made.number, accept=True)
    assert procedures.case_view(made.case).dues["verify"] == due(today, 5)
    exchange.verify_objection(actor=MARKET_SECOND, number=made.number, upheld=True, reason="与档案不符")
    assert procedures.case_view(made.case).dues["correct"] == due(today, 3)
    (task,) = procedures.tasks(MARKET, procedure="exchange.objection")
    assert (task.stage_title, task.due) == ("更正", due(today, 3).date)


def test_marking_a_notice_as_read_returns_it(row: Row) -> None:
    made = raised(row)
    (told,) = notices.read_inbox(actor=MARKET)
    again = notices.mark_read(actor=MARKET, number=told.number)
    assert (again.number, again.object, again.read_at is not None) == (told.number, f"objection:{made.number}", True)


def firm_name(row: Row) -> str:
    found = registries.subject(row.subject or 0)
    assert found is not None and found.name
    return found.name
