"""The reviewer's desk: doubtful pairs are shown masked, decided with a reason, and decided again when that was wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.procedures import api as procedures
from shuniu.registries import api, portraits
from shuniu.registries.declare import Answer, DoubtView
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.registries.conftest import (
    HOUSEHOLD,
    MATCHER,
    PENALTY,
    REGISTRATION,
    VOLUNTEER,
    Load,
    known,
    registration_number,
    resident,
    subject_of,
    uscc,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubt(load: Load) -> DoubtView:
    """A row with a firm's registration number under quite another name."""
    load(REGISTRATION, {"uscc": uscc(1), "name": "湖南省湘江机械制造有限公司", "registration_number": registration_number(1),
                        "representative": "张伟"})  # fmt: skip
    load(PENALTY, {"number": "1", "registration_number": registration_number(1), "name": "星沙重工有限公司"})
    (found,) = api.doubts(actor=MATCHER)
    return found


def test_a_doubt_shows_both_sides_their_sources_and_why(doubt: DoubtView) -> None:
    assert doubt.subject.names == ("星沙重工有限公司",) and not doubt.subject.known
    assert doubt.candidate.names == ("湖南省湘江机械制造有限公司",) and doubt.candidate.known
    assert doubt.candidate.sources == (REGISTRATION.key,) and doubt.subject.sources == (PENALTY.key,)
    assert doubt.why == ("工商注册号相同", "名称不一致")
    assert ("法定代表人", "张*") in doubt.candidate.details
    (task,) = procedures.tasks(MATCHER)
    assert (task.object, task.case) == (f"doubt:{doubt.id}", doubt.case)


def test_the_same_makes_them_one_and_undoing_makes_them_two_and_asks_again(doubt: DoubtView) -> None:
    decided = api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.SAME, reason="曾用名，见变更登记")
    assert decided.state == "same" and decided.merge is not None
    assert subject_of(PENALTY, "1") == api.find_subject("uscc", uscc(1))
    assert api.doubts(actor=MATCHER) == []
    again = api.undo_review(actor=MATCHER, doubt=doubt.id, reason="变更登记属另一企业")
    assert again.state == "open" and again.case != doubt.case
    assert not known(subject_of(PENALTY, "1"))
    assert [one.id for one in api.doubts(actor=MATCHER)] == [doubt.id]


def test_different_keeps_them_apart_for_good(doubt: DoubtView, load: Load) -> None:
    api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.DIFFERENT, reason="注册号录入有误")
    load(
        PENALTY,
        {"number": "1", "registration_number": registration_number(1), "name": "星沙重工有限公司", "address": "新址"},
    )
    assert not known(subject_of(PENALTY, "1"))
    api.undo_review(actor=MATCHER, doubt=doubt.id, reason="重新核对")
    with pytest.raises(Refused) as own:
        api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.SAME, reason="确为同一企业")
    assert own.value.rule == "procedures.own_approval", "who takes a decision back does not take the next one"
    second = replace(MATCHER, person="officer:95", name="何平")
    assert api.review_match(actor=second, doubt=doubt.id, answer=Answer.SAME, reason="确为同一企业").state == "same"


def test_unclear_leaves_everything_as_it_is(doubt: DoubtView) -> None:
    decided = api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.UNCLEAR, reason="档案缺失")
    assert (decided.state, decided.reason) == ("unclear", "档案缺失")
    assert not known(subject_of(PENALTY, "1"))


def test_undoing_the_merge_itself_puts_the_doubt_back(doubt: DoubtView) -> None:
    decided = api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.SAME, reason="曾用名")
    api.undo_merge(actor=MATCHER, merge=decided.merge or 0, reason="查无此事")
    assert api.doubt(actor=MATCHER, number=doubt.id).state == "open"


def test_every_refusal_names_its_rule(doubt: DoubtView) -> None:
    with pytest.raises(Refused) as reason:
        api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.SAME, reason=" ")
    with pytest.raises(Refused) as undecided:
        api.undo_review(actor=MATCHER, doubt=doubt.id, reason="改判")
    with pytest.raises(Refused) as unknown:
        api.doubt(actor=MATCHER, number=0)
    with pytest.raises(Refused) as right:
        api.review_match(
            actor=replace(MATCHER, capabilities=frozenset()), doubt=doubt.id, answer=Answer.SAME, reason="同一"
        )
    api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.UNCLEAR, reason="档案缺失")
    with pytest.raises(Refused) as decided:
        api.review_match(actor=MATCHER, doubt=doubt.id, answer=Answer.SAME, reason="同一")
    rules = [each.value.rule for each in (reason, undecided, unknown, right, decided)]
    assert rules == ["match.reason", "match.undecided", "match.no_doubt", "right.missing", "match.decided"]


def test_a_person_is_masked_on_both_sides_and_not_named_in_the_journal(load: Load) -> None:
    ids = [resident("1980-05-01", 11), resident("1980-05-01", 23)]
    load(HOUSEHOLD, *({"resident_id": each, "person_name": "欧阳志强"} for each in ids))
    load(VOLUNTEER, {"number": "1", "person_name": "欧阳志强", "birth_date": "1980-05-01"})
    found = api.doubts(actor=MATCHER)
    assert len(found) == 2, "two namesakes born on one day: a person decides"
    for one in found:
        assert one.subject.names == ("欧阳**",) and ("出生日期", "1980年") in one.subject.details
        assert all("*" in value for _, value in one.candidate.identifiers)
    for entry in Entry.objects.all():
        assert not any(number in str(entry.detail) for number in ids)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("uscc", "91430100MA0000015K", "91430100MA0000015K"),
        ("resident_id", "11010519491231002X", "110105********002X"),
        ("passport", "E12345678", "E1*****78"),
        ("tax_number", "430102198005010011", "430102********0011"),
    ],
)
def test_numbers_are_masked_by_kind(kind: str, value: str, shown: str) -> None:
    assert portraits.mask_identifier(kind, value) == shown
