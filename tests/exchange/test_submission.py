"""One delivery from file to receipt: what is stored, what comes back, and that it all adds up."""

from __future__ import annotations

import pytest

from shuniu.base.identifiers import uscc_check_digit
from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from shuniu.exchange.models import Submission
from shuniu.exchange.spool import folder
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS, OFFICER, SECOND, TAX, WORKER, Deliver, firm, registration
from tests.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)


def held() -> dict[str, str | None]:
    rows = registries.rows(catalogue.published("43.market/registration"))
    return {str(row.values["uscc"]): row.values["capital"] for row in rows}


def test_a_clean_file_is_stored_with_a_receipt_that_adds_up(deliver: Deliver) -> None:
    receipt = deliver(registration(firm(0), firm(1, "湘水餐饮店", "5")))
    assert receipt.state is State.STORED
    assert (receipt.counts.received, receipt.counts.new, receipt.counts.held_after) == (2, 2, 2)
    assert receipt.counts.adds_up and receipt.signature
    assert held() == {FIRMS[0]: "100", FIRMS[1]: "5"}


def test_the_next_snapshot_is_told_apart_into_changed_unchanged_new_and_withdrawn(deliver: Deliver) -> None:
    rows = [firm(0), firm(1), firm(2)]
    deliver(registration(*rows))
    receipt = deliver(registration(firm(0), firm(1, capital="7"), firm(3)), process=False)
    held_back = exchange.process(actor=WORKER, number=receipt.number)
    assert held_back.state is State.HELD, "one of three withdrawn and one changed is past the limits"
    exchange.release(actor=SECOND, number=receipt.number)
    final = exchange.process(actor=WORKER, number=receipt.number)
    assert final.state is State.STORED, final.sentence
    counts = final.counts
    assert (counts.new, counts.changed, counts.unchanged, counts.withdrawn) == (1, 1, 1, 1)
    assert held() == {FIRMS[0]: "100", FIRMS[1]: "7", FIRMS[3]: "100"}


def test_a_faulty_row_comes_back_with_line_item_and_remedy_and_the_others_are_stored(deliver: Deliver) -> None:
    good = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(40))]
    receipt = deliver(registration(*good, firm(0, founded="2024-13-05")))
    assert (receipt.state, receipt.counts.rejected, receipt.counts.new) == (State.STORED, 1, 40)
    (reject,) = exchange.rejects(actor=OFFICER, number=receipt.number)
    assert reject.line == 42
    assert reject.reasons == (
        "第 42 行“成立日期”：“2024-13-05”不是日期，或读法不止一种。请改为 YYYY-MM-DD 后重新报送。",
    )


def test_past_the_limit_of_faulty_rows_the_whole_batch_is_refused_and_nothing_stored(deliver: Deliver) -> None:
    receipt = deliver(registration(firm(0), firm(1, founded="昨天")))
    assert (receipt.state, receipt.counts.received, receipt.counts.rejected) == (State.REFUSED, 2, 2)
    assert "50.0%" in receipt.reason and receipt.remedy
    assert held() == {}
    assert len(exchange.rejects(actor=OFFICER, number=receipt.number)) == 1


def test_the_same_delivery_again_gives_its_first_receipt(deliver: Deliver) -> None:
    first = deliver(registration(firm(0)))
    again = deliver(registration(firm(0)), process=False)
    assert (again.number, again.repeated, again.state) == (first.number, True, State.STORED)
    assert Submission.objects.count() == 1


def test_a_departments_batch_number_cannot_be_used_for_other_content(deliver: Deliver) -> None:
    deliver(registration(firm(0)), department_batch="2026-11")
    with refused("batch.number"):
        deliver(registration(firm(1)), department_batch="2026-11")


def test_a_delta_withdraws_nothing(deliver: Deliver) -> None:
    deliver(registration(firm(0), firm(1)))
    counts = deliver(registration(firm(2)), mode=Mode.DELTA).counts
    assert (counts.new, counts.withdrawn, counts.held_after) == (1, 0, 3)


def test_rows_doubled_exactly_count_as_duplicates_and_contradicting_ones_are_all_rejected(deliver: Deliver) -> None:
    good = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(60))]
    receipt = deliver(registration(*good, good[0], firm(0), firm(0, capital="9")))
    counts = receipt.counts
    assert (counts.received, counts.new, counts.duplicate, counts.rejected) == (63, 60, 1, 2)
    reasons = [row.reasons[0] for row in exchange.rejects(actor=OFFICER, number=receipt.number)]
    assert all("无法判断以哪一行为准" in reason for reason in reasons)


def test_a_recalled_batch_leaves_everything_as_it_was_before_it(deliver: Deliver) -> None:
    deliver(registration(firm(0), firm(1)))
    before = held()
    second = deliver(registration(firm(0, capital="8"), firm(2)), mode=Mode.DELTA)
    recalled = exchange.recall(actor=OFFICER, number=second.number, reason="误报上月文件")
    assert recalled.state is State.RECALLED and "误报上月文件" in recalled.reason
    assert held() == before


def test_what_was_known_as_of_an_earlier_batch_can_still_be_asked(deliver: Deliver) -> None:
    deliver(registration(firm(0)))
    deliver(registration(firm(0, capital="9")), mode=Mode.DELTA)
    published = catalogue.published("43.market/registration")
    assert [row.values["capital"] for row in registries.rows(published, as_of=1)] == ["100"]
    assert [row.values["capital"] for row in registries.rows(published, as_of=2)] == ["9"]


def test_another_departments_officer_can_neither_deliver_nor_see(deliver: Deliver) -> None:
    receipt = deliver(registration(firm(0)))
    for attempt, rule in (
        (lambda: deliver(registration(firm(1)), actor=TAX), "right.agency"),
        (lambda: exchange.receipt(actor=TAX, number=receipt.number), "submission.unknown"),
        (lambda: exchange.rejects(actor=TAX, number=receipt.number), "submission.unknown"),
        (lambda: exchange.receipt(actor=TAX, number=receipt.number + 1), "submission.unknown"),
    ):
        with refused(rule):
            attempt()
    assert Entry.objects.filter(person=TAX.person, outcome="refused").count() == 4


def test_nobody_releases_his_own_held_batch(deliver: Deliver) -> None:
    deliver(registration(firm(0), firm(1), firm(2)))
    waiting = deliver(registration(firm(0)))
    assert waiting.state is State.HELD
    with refused("batch.second_officer"):
        exchange.release(actor=OFFICER, number=waiting.number)


def test_after_the_receipt_nothing_of_the_file_is_left_on_disk(deliver: Deliver) -> None:
    before = set(folder().iterdir())
    deliver(registration(firm(0)))
    assert set(folder().iterdir()) == before
    assert Submission.objects.get().spool_key is None


def many_codes(count: int) -> list[str]:
    """Valid codes of firms that do not exist (a reserved range of subject numbers)."""
    bodies = [f"91430100MA{number:06d}0" for number in range(900_000, 900_000 + count)]
    return [body + uscc_check_digit(body) for body in bodies]


def test_what_is_refused_at_the_door_leaves_nothing_on_disk(deliver: Deliver) -> None:
    before = set(folder().iterdir())
    with pytest.raises(Refused):
        deliver(registration(firm(0)), actor=TAX)
    assert set(folder().iterdir()) == before
