"""A letter from its sending to its reopening: sent on, returned, split, answered, rated, made public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.cases.api import letter_desk as desk
from shuniu.cases.api import letter_lists as lists
from shuniu.cases.api import letters as api
from shuniu.cases.declare.letters import LetterChannel, LetterState, PartState
from shuniu.cases.models import Letter, LetterPart
from shuniu.procedures.calendars.models import Clock
from shuniu.trust.models import Entry
from tests.cases.letters import BOX, CLERK, COMPLAINT, COUNTY, MARKET, MARKET_CHIEF, TAX, TAX_CHIEF, answered, sent
from tests.cast import cast
from tests.refusals import refused

__all__ = ["cast"]
pytestmark = pytest.mark.usefixtures("cast")


def part_of(number: str, agency: str = "43.market") -> int:
    return LetterPart.objects.exclude(state="moved").get(letter__number=number, agency=agency, round=_round(number)).pk


def _round(number: str) -> int:
    return Letter.objects.get(number=number).round


def test_a_letter_without_an_account_goes_to_the_first_row_that_it_meets_and_is_followed_by_its_code() -> None:
    receipt = sent()
    assert receipt.met.agency == "43.market" and receipt.met.words == ("超市", "退货")
    assert receipt.met.why == "符合规则“市场秩序”：内容含“超市”“退货”"
    seen = api.follow_letter(number=receipt.number, code=receipt.code.lower())
    (part,) = seen.parts
    assert (seen.line.state, part.agency, part.state) == (LetterState.HANDLING, "43.market", PartState.SENT)
    assert part.due is not None and part.sign_by - part.sent_at == timedelta(hours=24)
    with refused("letters.code"):
        api.follow_letter(number=receipt.number, code="000000000000")
    assert receipt.code not in repr(receipt)


def test_an_officer_enters_a_letter_for_a_caller_and_a_marked_text_is_kept_nowhere() -> None:
    made = api.take_letter(actor=CLERK, box=BOX, letter=COMPLAINT, channel=LetterChannel.TELEPHONE)
    assert desk.read_letter(actor=CLERK, box=BOX, number=made.number).channel is LetterChannel.TELEPHONE
    before = Letter.objects.count()
    with refused("classified.mark"):
        sent(COMPLAINT.model_copy(update={"text": "机密★10年 超市的名单"}))
    assert Letter.objects.count() == before


def test_what_lies_elsewhere_or_is_no_category_is_refused() -> None:
    with refused("letters.region"):
        sent(COMPLAINT.model_copy(update={"region": "999999"}))
    with refused("letters.category"):
        sent(COMPLAINT.model_copy(update={"category": "poem"}))
    with refused("letters.accused"):
        sent(COMPLAINT.model_copy(update={"accused": "43.nobody"}))


def test_the_wrong_agency_returns_it_within_a_day_and_the_centre_moves_it_or_says_no() -> None:
    number = sent().number
    part = part_of(number)
    with refused("letters.return_reason"):
        desk.return_letter(actor=MARKET, part=part, reason=" ")
    seen = desk.return_letter(actor=MARKET, part=part, reason="开发票由税务部门管")
    assert seen.line.returning
    with refused("letters.returning"):
        desk.answer_letter(actor=MARKET, part=part, answer="已办")
    assert [one.number for one in desk.list_letters(actor=CLERK, box=BOX, state="returning")] == [number]
    moved = desk.decide_return(actor=CLERK, box=BOX, number=number, part=part, to="43.tax")
    assert moved.line.agencies == ("43.tax",) and moved.line.state is LetterState.HANDLING
    with refused("letters.unknown"):  # it is no longer theirs to see
        desk.read_letter(actor=MARKET, box=BOX, number=number)
    with refused("letters.designated"):
        desk.return_letter(actor=TAX, part=part_of(number, "43.tax"), reason="也不归我们管")


def test_a_return_that_is_turned_down_cannot_be_asked_again_nor_a_late_one_at_all() -> None:
    part = part_of(number := sent().number)
    desk.return_letter(actor=MARKET, part=part, reason="不归我们管")
    desk.decide_return(actor=CLERK, box=BOX, number=number, part=part)
    with refused("letters.designated"):
        desk.return_letter(actor=MARKET, part=part, reason="真的不归我们管")
    with refused("letters.parts"):
        desk.decide_return(actor=CLERK, box=BOX, number=number, part=part)
    late = part_of(sent().number)
    LetterPart.objects.filter(pk=late).update(sent_at=timezone.now() - timedelta(days=30))
    with refused("letters.return_late"):
        desk.return_letter(actor=MARKET, part=late, reason="不归我们管")


def test_a_letter_that_is_split_is_answered_when_all_its_parts_are_and_reopened_once() -> None:
    receipt = sent()
    number, code = receipt.number, receipt.code
    split = desk.split_letter(actor=CLERK, box=BOX, number=number, parts={"43.market": "退货", "43.tax": "发票"})
    assert split.line.agencies == ("43.market", "43.tax")
    assert answered(part_of(number)).line.state is LetterState.HANDLING
    with refused("letters.not_answered"):
        api.rate_letter(actor=CLERK, number=number, code=code, satisfied=True)
    done = answered(part_of(number, "43.tax"), TAX, TAX_CHIEF, "已补开发票。")
    assert done.line.state is LetterState.ANSWERED
    with refused("letters.words"):
        api.rate_letter(actor=CLERK, number=number, code=code, satisfied=False)
    again = api.rate_letter(actor=CLERK, number=number, code=code, satisfied=False, words="货还没有退")
    assert again.line.state is LetterState.HANDLING and again.line.agencies == ("43.market", "43.tax")
    answered(part_of(number))
    assert answered(part_of(number, "43.tax"), TAX, TAX_CHIEF).line.state is LetterState.ANSWERED
    last = api.rate_letter(actor=CLERK, number=number, code=code, satisfied=False, words="还是没有退")
    assert last.line.state is LetterState.ANSWERED and [one.satisfied for one in last.ratings] == [False, False]
    with refused("letters.rated"):
        api.rate_letter(actor=CLERK, number=number, code=code, satisfied=True)


def test_an_answer_is_reviewed_by_another_person_and_may_go_back() -> None:
    part = part_of(sent().number)
    desk.sign_letter(actor=MARKET, part=part)
    with refused("letters.answer"):
        desk.answer_letter(actor=MARKET, part=part, answer=" ")
    desk.answer_letter(actor=MARKET, part=part, answer="请自行协商。")
    both = MARKET.__class__(**{**vars(MARKET), "capabilities": MARKET.capabilities | MARKET_CHIEF.capabilities})
    with refused("letters.own_answer"):
        desk.review_letter(actor=both, part=part, good=True)
    back = desk.review_letter(actor=MARKET_CHIEF, part=part, good=False)
    assert back.parts[0].state is PartState.SIGNED and not back.parts[0].answer
    desk.answer_letter(actor=MARKET, part=part, answer="已责令退货。")
    assert desk.review_letter(actor=MARKET_CHIEF, part=part, good=True).line.state is LetterState.ANSWERED


def test_what_is_not_accepted_ends_with_its_ground_and_the_right_channel() -> None:
    number = sent().number
    with refused("letters.ground"):
        desk.decline_letter(actor=CLERK, box=BOX, number=number, ground="mood")
    told = desk.decline_letter(actor=CLERK, box=BOX, number=number, ground="court", note="已有判决书")
    assert told.line.state is LetterState.DECLINED and "人民法院" in told.declined and "已有判决书" in told.declined
    with refused("letters.not_open"):
        desk.split_letter(actor=CLERK, box=BOX, number=number, parts={"43.tax": ""})
    hints = lists.hinted(BOX, COMPLAINT.model_copy(update={"text": "法院判决不执行"}))
    assert [one.key for one in hints] == ["court"]


def test_a_text_is_public_only_with_consent_and_masked_whatever_the_officer_confirms() -> None:
    number = sent().number
    seen = desk.read_letter(actor=CLERK, box=BOX, number=number)
    assert "13873100001" not in desk.masked(seen)
    desk.publish_letter(actor=CLERK, box=BOX, number=number, title=seen.line.title, text=seen.text)
    answered(part_of(number), answer="已责令退货，联系人电话13873100009。")
    (public,) = lists.public_letters(box=BOX)
    assert "田野" not in public.text and "13873100001" not in public.text and public.answers
    assert "13873100009" not in "".join(public.answers)
    silent = sent(COMPLAINT.model_copy(update={"consent": False})).number
    with refused("letters.private"):
        desk.publish_letter(actor=CLERK, box=BOX, number=silent, title="题", text="文")
    minor = sent(COMPLAINT.model_copy(update={"text": "超市卖烟给小学生"})).number
    with refused("letters.private"):
        desk.publish_letter(actor=CLERK, box=BOX, number=minor, title="题", text="文")
    assert {one.number for one in lists.public_letters(box=BOX)} == {number, silent}
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(number=minor).update(published="文")


def test_a_letter_like_it_is_shown_before_sending_and_to_the_clerk() -> None:
    first = sent().number
    count, shown = lists.alike(box=BOX, letter=COMPLAINT)
    assert (count, shown) == (1, ())  # its text is not public
    second = sent(COMPLAINT.model_copy(update={"title": "超市拒绝退货"})).number
    seen = desk.read_letter(actor=CLERK, box=BOX, number=second)
    assert [one.number for one in seen.similar] == [first]
    far = COMPLAINT.model_copy(update={"region": "431000"})
    assert lists.alike(box=BOX, letter=far)[0] == 0
    assert lists.alike(box=BOX, letter=COMPLAINT.model_copy(update={"title": "公交", "text": "几点末班车"}))[0] == 0


def test_what_is_late_is_late_by_the_clock_alone() -> None:
    number = sent().number
    assert desk.list_letters(actor=CLERK, box=BOX, state="overdue") == ()
    LetterPart.objects.update(sign_by=timezone.now() - timedelta(minutes=1))
    assert [one.number for one in desk.list_letters(actor=CLERK, box=BOX, state="overdue")] == [number]
    assert [one.overdue for one in lists.public_letters(box=BOX, state="overdue")] == [True]


def test_the_late_ones_are_looked_for_among_all_letters_and_leafed_through() -> None:
    made = [sent().number for _ in range(5)]
    for number in made[:2]:
        matter = LetterPart.objects.get(letter__number=number).matter
        Clock.objects.filter(case=matter, stage="").update(due=timezone.localdate() - timedelta(days=1))
    LetterPart.objects.filter(letter__number=made[3]).update(sign_by=timezone.now() - timedelta(minutes=1))
    seen: list[str] = []
    while page := desk.list_letters(actor=CLERK, box=BOX, state="overdue", before=seen[-1] if seen else "", most=1):
        seen += [one.number for one in page]
        assert all(one.overdue for one in page)
    assert seen == [made[3], made[1], made[0]]
    every = [*desk.list_letters(actor=CLERK, box=BOX, most=2)]
    every += desk.list_letters(actor=CLERK, box=BOX, before=every[-1].number, most=9)
    assert [one.number for one in every] == made[::-1]
    assert {one.number for one in every if one.overdue} == {*seen}
    desk.return_letter(actor=MARKET, part=part_of(made[2]), reason="开发票由税务部门管")
    assert [one.number for one in desk.list_letters(actor=CLERK, box=BOX, state="returning", most=1)] == [made[2]]
    assert desk.list_letters(actor=CLERK, box=BOX, before="nonsense", most=1)[0].number == made[4]


def test_a_county_handles_what_its_region_and_words_bring_it() -> None:
    made = sent(COMPLAINT.model_copy(update={"title": "摊位占道", "text": "摊位占道"}))
    assert made.met.agency == "430102.market" and "属地 430102" in made.met.why
    desk.sign_letter(actor=COUNTY, part=part_of(made.number, "430102.market"))
    entry = Entry.objects.filter(verb="cases.sign_letter").latest("id")
    assert (entry.outcome, entry.object) == ("done", f"letter:{made.number}")
