"""Signers added before and after, work delegated, answers taken back, a quorum, and a case that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shuniu.procedures import api
from shuniu.procedures.declare import OPENER, Move
from shuniu.trust.declare import Actor, Refused
from tests.procedures.hall import (
    CHIEF,
    CITIZEN,
    FIRE,
    FIRST,
    HEALTH,
    OFFICE,
    SECOND,
    THIRD,
    WINDOW,
    agree,
    apply_,
    at_check,
    do,
    waits,
    wrong,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lists_are_what_the_log_says(db: None) -> Iterator[None]:
    yield
    assert wrong() == []


def test_a_signer_added_before_me_answers_first_and_the_stage_needs_both() -> None:
    case = at_check()
    do(api.add_signer, FIRST, case, to=FIRE)
    assert waits(case) == [("check", "消防")]
    assert [task.case for task in api.tasks(FIRE)] == [case] and not api.tasks(FIRST)
    with pytest.raises(Refused, match="此项由消防办理"):
        agree(FIRST, case)
    agree(FIRE, case)
    assert waits(case) == [("check", "甲")]
    assert agree(FIRST, case).results["check"] == "yes"


def test_a_signer_added_after_me_answers_last_and_a_no_of_theirs_is_the_stages() -> None:
    case = at_check()
    do(api.add_signer, FIRST, case, to=SECOND, after=True)
    assert waits(case) == [("check", "甲")]
    assert agree(FIRST, case).results["check"] == ""
    assert waits(case) == [("check", "乙")]
    after = do(api.answer, SECOND, case, answer="不同意", reason="材料不全")
    assert (after.outcome, after.waits_for, after.open) == ("", ("发起人",), ())


def test_what_is_delegated_comes_back_and_the_delegates_answer_is_advice() -> None:
    case = at_check()
    do(api.delegate, FIRST, case, to=SECOND, reason="请先核")
    with pytest.raises(Refused) as refused:
        do(api.return_, SECOND, case, reason="缺件")
    assert refused.value.rule == "procedures.return"
    do(api.answer, SECOND, case, answer="不同意", reason="缺件")
    assert waits(case) == [("check", "甲")]
    assert agree(FIRST, case).results["check"] == "yes"


@pytest.mark.parametrize("act", [api.delegate, api.add_signer])
@pytest.mark.parametrize(
    ("to", "rule"), [(CITIZEN, "transfer"), (WINDOW, "transfer"), (FIRST, "twice")], ids=["opener", "no right", "self"]
)
def test_nobody_is_added_who_could_not_answer(act: object, to: Actor, rule: str) -> None:
    case = at_check()
    assert callable(act)
    with pytest.raises(Refused) as refused:
        do(act, FIRST, case, to=to, reason="请核")
    assert refused.value.rule == f"procedures.{rule}"


def test_the_opener_is_not_let_in_as_a_delegate_whatever_posts_the_opener_holds() -> None:
    case = at_check()
    clerk = Actor(CITIZEN.person, "王敏", "43.market", "", ("43",), FIRST.capabilities)
    with pytest.raises(Refused) as refused:
        do(api.delegate, FIRST, case, to=clerk, reason="请核")
    assert refused.value.rule == "procedures.own_approval"


def test_an_added_signer_who_has_not_answered_can_be_taken_back_by_who_added_them() -> None:
    case = at_check()
    do(api.add_signer, FIRST, case, to=SECOND, after=True)
    do(api.add_signer, FIRST, case, to=THIRD)
    with pytest.raises(Refused, match="请指明减签哪一项"):
        do(api.drop_signer, FIRST, case, reason="不需要")
    seat = next(seat.number for seat in api.case_view(case).seats if seat.person_name == "丙")
    with pytest.raises(Refused, match="只有加签人"):
        do(api.drop_signer, SECOND, case, reason="不需要", seat=seat)
    do(api.drop_signer, FIRST, case, reason="不需要", seat=seat)
    agree(FIRST, case)
    assert do(api.drop_signer, FIRST, case, reason="不需要").results["check"] == "yes"
    with pytest.raises(Refused, match="不能减签"):
        do(api.drop_signer, OFFICE, case, reason="不需要", seat=api.case_view(case).open[0].number)


def test_an_answer_is_taken_back_while_nobody_after_it_has_answered() -> None:
    case = at_check()
    agree(FIRST, case)
    assert [stage for stage, _ in waits(case)] == ["vote"] * 3
    after = do(api.withdraw, FIRST, case, reason="看错了")
    assert [seat.stage for seat in after.seats] == ["accept", "check"]
    assert waits(case) == [("check", "甲")]
    agree(FIRST, case)
    agree(FIRE, case)
    with pytest.raises(Refused, match="后面的办理人已经答复"):
        do(api.withdraw, FIRST, case, reason="又看错了")
    with pytest.raises(Refused, match="没有可以撤回的答复"):
        do(api.withdraw, THIRD, case, reason="看错了")


def test_a_quorum_of_the_seats_decides_and_a_decided_case_is_not_taken_back() -> None:
    case = at_check()
    agree(FIRST, case)
    do(api.answer, FIRE, case, answer="不同意", reason="间距不足")
    agree(HEALTH, case)
    assert api.case_view(case).results["vote"] == ""
    assert agree(SECOND, case).results["vote"] == "yes"
    assert agree(CHIEF, case).outcome == "granted"
    with pytest.raises(Refused, match="已办结"):
        do(api.withdraw, CHIEF, case, reason="再想想")


def test_a_case_goes_back_to_any_stage_before_or_to_who_opened_it_who_hands_it_in_again() -> None:
    case = at_check()
    do(api.return_, FIRST, case, reason="重新受理")
    assert waits(case) == [("accept", "")], "the stage just before: the one between was left out"
    agree(WINDOW, case)
    do(api.return_, FIRST, case, to_stage=OPENER, reason="请改名称")
    assert (waits(case), api.case_view(case).waits_for) == ([], ("发起人",))
    with pytest.raises(Refused, match="停下（发起人）"):
        agree(WINDOW, case)
    with pytest.raises(Refused, match="只有提出该事项的人"):
        do(api.resubmit, WINDOW, case)
    do(api.resubmit, CITIZEN, case)
    assert waits(case) == [("accept", "")]
    with pytest.raises(Refused, match="无须重新提交"):
        do(api.resubmit, CITIZEN, case)
    do(api.return_, WINDOW, case, reason="仍须改")
    assert api.case_view(case).waits_for == ("发起人",), "before the first stage is who opened it"


def test_a_case_stands_still_for_as_many_reasons_as_there_are_and_goes_on_when_none_is_left() -> None:
    case = at_check()
    do(api.ask_correction, FIRST, case, what="缺身份证明（补正通知书 3 号）")
    do(api.suspend, FIRST, case, kind="公示", evidence="网上公示 7 日")
    assert api.case_view(case).waits_for == ("补正", "公示")
    assert not api.tasks(FIRST)
    with pytest.raises(Refused, match="停下（补正、公示）") as refused:
        agree(FIRST, case)
    assert refused.value.rule == "procedures.held"
    with pytest.raises(Refused, match="已因“公示”挂起"):
        do(api.suspend, FIRST, case, kind="公示", evidence="又一次")
    with pytest.raises(Refused, match="只有提出该事项的人"):
        do(api.correct, SECOND, case)
    do(api.correct, CITIZEN, case, note="已补")
    assert api.case_view(case).waits_for == ("公示",)
    do(api.resume, OFFICE, case, kind="公示", seated=False)
    said = [(event.move, event.to) for event in api.history(case) if event.move in (Move.SUSPEND, Move.RESUME)]
    assert said == [("挂起", ("补正",)), ("挂起", ("公示",)), ("恢复", ("补正",)), ("恢复", ("公示",))]
    assert agree(FIRST, case).results["check"] == "yes"


def test_which_optional_stages_take_part_is_recorded_and_a_required_one_always_does() -> None:
    case = apply_()
    do(api.branch, OFFICE, case, left_out=["inspect"])
    agree(WINDOW, case)
    assert waits(case) == [("check", "")]
    do(api.branch, OFFICE, case, left_out=[])
    assert waits(case) == [("inspect", "")]
    agree(FIRST, case)
    for left_out, says in ((["check"], "不能略过"), (["inspect"], "已经有人答复")):
        with pytest.raises(Refused, match=says):
            do(api.branch, OFFICE, case, left_out=left_out)
