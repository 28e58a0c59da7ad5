"""A reviewer reads natural persons' rows, masked, while a review that concerns them is theirs, and at no other time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.catalogue.declare import Item
from shuniu.exchange import api as exchange
from shuniu.exchange.access import masked
from shuniu.registries import api as registries
from shuniu.registries.declare import Answer, DoubtView
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.exchange.people import REVIEWER
from tests.registries.conftest import HOUSEHOLD, PENALTY, VOLUNTEER, Load, load, mounted, resident, subject_of

__all__ = ["load", "mounted"]

pytestmark = pytest.mark.django_db
SECOND = replace(REVIEWER, person="officer:16", name="何平")
IDS = [resident("1980-05-01", 11), resident("1980-05-01", 23), resident("1991-02-03", 11)]


@pytest.fixture
def doubts(load: Load) -> list[DoubtView]:
    """A volunteer who is one of two namesakes born on one day; and a person whom no doubt concerns."""
    load(HOUSEHOLD, *({"resident_id": each, "person_name": "欧阳志强"} for each in IDS[:2]))
    load(HOUSEHOLD, {"resident_id": IDS[2], "person_name": "田野"})
    load(VOLUNTEER, {"number": "1", "person_name": "欧阳志强", "birth_date": "1980-05-01"})
    return registries.doubts(actor=REVIEWER)


def seen(actor: Actor, subject: int, resource: str = HOUSEHOLD.key) -> list[dict[str, str | None]]:
    found = exchange.read(actor=actor, resource=resource, subject=subject, purpose="复核主体")
    assert found.masked
    return [one.row.values for one in found.rows]


def refused(actor: Actor, subject: int) -> bool:
    with pytest.raises(Refused) as refusal:
        seen(actor, subject)
    return refusal.value.rule == "share.natural_person" and "请先领办" in refusal.value.remedy


def test_rows_are_read_masked_by_who_took_the_review_of_that_pair_and_by_no_other_reviewer(
    doubts: list[DoubtView],
) -> None:
    one, other = doubts
    assert refused(REVIEWER, one.candidate.subject), "holding the post is not enough"
    registries.take_review(actor=REVIEWER, doubt=one.id)
    (row,) = seen(REVIEWER, one.candidate.subject)
    assert (row["person_name"], str(row["resident_id"])[6:14]) == ("欧阳**", "********")
    (row,) = seen(REVIEWER, one.subject.subject, VOLUNTEER.key)
    assert (row["person_name"], row["birth_date"]) == ("欧阳**", "1980年")
    assert refused(SECOND, one.candidate.subject)
    assert refused(REVIEWER, other.candidate.subject), "the other namesake is another review's"
    assert refused(REVIEWER, registries.find_subject("resident_id", IDS[2]) or 0)
    entry = Entry.objects.filter(verb="exchange.read", outcome="done").latest("id")
    assert entry.detail["as"] == "reviewer"


@pytest.mark.parametrize("answer", [*Answer])
def test_nothing_is_read_after_the_review_is_closed(doubts: list[DoubtView], answer: Answer) -> None:
    one = doubts[0]
    registries.take_review(actor=REVIEWER, doubt=one.id)
    registries.review_match(actor=REVIEWER, doubt=one.id, answer=answer, reason="见档案")
    assert refused(REVIEWER, one.candidate.subject) and refused(REVIEWER, one.subject.subject)
    registries.undo_review(actor=REVIEWER, doubt=one.id, reason="再议")
    assert refused(REVIEWER, one.candidate.subject), "asked again, it is nobody's until somebody takes it"


@pytest.mark.parametrize(
    ("item", "value", "shown"),
    [
        (Item(name="a", title="统一社会信用代码", identifies="uscc"), "91430100MA0000015K", "91430100MA0000015K"),
        (Item(name="a", title="法定代表人", element="legal_representative"), "张伟", "张*"),
        (Item(name="a", title="身份证", check="resident_id"), "11010519491231002X", "110105********002X"),
        (Item(name="a", title="电话", check="phone"), "13812345678", "138****5678"),
        (Item(name="a", title="出生日期", element="birth_date"), "1980-05-01", "1980年"),
        (Item(name="a", title="母亲姓名", sensitivity=4), "李娜", "［已隐去］"),
        (Item(name="a", title="经过"), "致电 13812345678", "致电 ［电话已隐去］"),
        (Item(name="a", title="空"), None, None),
    ],
)
def test_a_cell_is_masked_by_what_its_item_says_of_whom(item: Item, value: str | None, shown: str | None) -> None:
    assert masked(item, value) == shown


def test_nothing_is_read_after_the_review_was_given_back_or_settled(doubts: list[DoubtView]) -> None:
    one, other = doubts
    registries.take_review(actor=REVIEWER, doubt=one.id)
    registries.release_review(actor=REVIEWER, doubt=one.id, reason="另有任务")
    assert refused(REVIEWER, one.candidate.subject)
    registries.take_review(actor=SECOND, doubt=other.id)
    assert seen(SECOND, other.candidate.subject)
    registries.review_match(actor=REVIEWER, doubt=one.id, answer=Answer.SAME, reason="见档案")
    assert refused(SECOND, other.candidate.subject), "the other pair's question fell away"


def test_a_legal_persons_conditional_rows_are_no_freer_for_a_reviewer_without_a_review(load: Load) -> None:
    load(PENALTY, {"number": "1", "name": "星沙重工有限公司"})
    firm = subject_of(PENALTY, "1")
    assert firm is not None
    with pytest.raises(Refused) as refusal:
        seen(REVIEWER, firm, PENALTY.key)
    assert refusal.value.rule == "share.conditional"
