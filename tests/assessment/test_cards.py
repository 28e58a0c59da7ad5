"""Cards in people's hands: who sees them, what they say, appeal, a decision by another, and computing them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from shuniu.assessment import api
from shuniu.assessment.declare import CardState, Step
from shuniu.assessment.models import Card
from shuniu.cases.api import handling
from shuniu.cases.models import Case
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.models import Event
from shuniu.trust.declare import Actor, Refused
from tests.assessment.told import accepted, after, numbered, scanned
from tests.cases.filing import chief, clerk, examiner, filed, officer, published
from tests.cast import Cast, cast
from tests.loosening import loosened

__all__ = ["cast", "chief", "clerk", "examiner", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def head(cast: Cast) -> Actor:
    return officer(cast, "agency_head", 904, "方进")


@pytest.fixture
def late(cast: Cast, clerk: Actor, examiner: Actor) -> int:
    """A yellow card on the examiner, who has taken a case and let his stage's day pass."""
    handling.take(actor=examiner, number=accepted(cast, clerk).number)
    scanned(8)
    return Card.objects.get(rule="J02.stage").pk


def test_an_official_is_carded_explains_the_agency_appeals_and_another_person_cancels(
    cast: Cast, late: int, examiner: Actor, head: Actor
) -> None:
    seen = api.read_card(actor=examiner, number=late)
    assert (seen.line.person, seen.line.state) == (examiner.person, CardState.ISSUED)
    assert seen.finding.said == "超过环节时限1个工作日"
    api.explain(actor=examiner, number=late, text="系统升级两日不能录入，有运维公告。")
    appealed = api.appeal(actor=head, number=late, reason="停机由平台造成，请撤销。")
    assert appealed.line.state is CardState.APPEALED and appealed.appeal is not None
    assert procedures.case_view(appealed.appeal).due is None and procedures.case_view(appealed.appeal).dues
    done = api.decide_appeal(actor=cast.office, number=late, cancel=True, reason="公告属实，予以撤销。")
    assert [one.step for one in done.events] == [Step.ISSUED, Step.EXPLAINED, Step.APPEALED, Step.CANCELLED]
    assert done.line.state is CardState.CANCELLED
    assert procedures.case_view(appealed.appeal).outcome == "granted"
    told = Notice.objects.filter(template="assessment.moved", object=f"card:{late}")
    assert set(told.values_list("person", "agency")) == {(examiner.person, ""), ("", "43.market")}
    month = f"{Card.objects.get(pk=late).at.astimezone(timezone.get_current_timezone()):%Y-%m}"
    (score,) = api.read_agencies(month)
    assert (score.points, score.cancelled, score.cards) == (100.0, 1, 1)


def test_an_upheld_card_counts_and_says_why(cast: Cast, late: int, head: Actor) -> None:
    api.appeal(actor=head, number=late, reason="请撤销。")
    done = api.decide_appeal(actor=cast.office, number=late, cancel=False, reason="没有停机公告。")
    assert done.line.state is CardState.UPHELD and done.events[-1].said == "没有停机公告。"
    again: tuple[Callable[[], object], ...] = (
        lambda: api.appeal(actor=head, number=late, reason="再请撤销。"),
        lambda: api.decide_appeal(actor=cast.office, number=late, cancel=True, reason="改主意。"),
    )
    for act in again:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.rule == "assessment.state"


def test_nobody_decides_on_a_card_of_their_own_or_of_their_agency(cast: Cast, late: int, head: Actor) -> None:
    api.appeal(actor=head, number=late, reason="请撤销。")
    right = frozenset({"assessment.decide_appeal"})
    for who in (head, cast.market_officer):
        with pytest.raises(Refused) as refusal:
            api.decide_appeal(
                actor=replace(who, capabilities=cast.office.capabilities | right),
                number=late,
                cancel=True,
                reason="好。",
            )
        assert refusal.value.rule == "assessment.second_person"


def test_who_is_not_concerned_sees_no_card_and_cannot_tell_whether_there_is_one(
    cast: Cast, late: int, examiner: Actor, clerk: Actor, head: Actor
) -> None:
    for who in (cast.tax_officer, clerk, cast.citizen, officer_of_tax(cast)):
        assert numbered(who) == {}
        with pytest.raises(Refused) as refusal:
            api.read_card(actor=who, number=late)
        assert refusal.value.rule == "assessment.unknown"
    assert all(late == numbered(who)["J02.stage"].number for who in (examiner, head, cast.office))


def officer_of_tax(cast: Cast) -> Actor:
    head = officer(cast, "agency_head", 905, "罗成")
    return replace(head, agency="43.tax")


def test_only_the_carded_officer_explains_once_and_not_without_words(
    cast: Cast, late: int, examiner: Actor, head: Actor
) -> None:
    for who, text, rule in ((head, "代为说明。", "assessment.own"), (examiner, " ", "assessment.reason")):
        with pytest.raises(Refused) as refusal:
            api.explain(actor=who, number=late, text=text)
        assert refusal.value.rule == rule
    api.explain(actor=examiner, number=late, text="现场核查因大雪延后。")
    with pytest.raises(Refused) as refusal:
        api.explain(actor=examiner, number=late, text="再说一次。")
    assert refusal.value.rule == "assessment.state"


def test_what_nobody_had_taken_is_explained_by_the_head(cast: Cast, head: Actor) -> None:
    filed(cast.citizen)
    scanned(6)
    card = numbered(head)["J02.not_taken_up"]
    assert card.person == ""
    assert api.explain(actor=head, number=card.number, text="窗口人手不足，已增派。").line.state is CardState.EXPLAINED


def test_officers_scores_are_for_their_head_and_the_province_alone(
    cast: Cast, late: int, examiner: Actor, head: Actor
) -> None:
    month = f"{timezone.localtime(Card.objects.get(pk=late).at):%Y-%m}"
    (score,) = api.read_officers(actor=head, period=month, agency="43.market")
    assert (score.key, score.yellow, score.points, score.cards) == (examiner.person, 1, 96.0, 1)
    assert api.read_officers(actor=cast.office, period=month) == (score,)
    for who, agency, rule in (
        (head, "43.tax", "right.agency"),
        (head, "", "right.missing"),
        (examiner, "43.market", "right.missing"),
    ):
        with pytest.raises(Refused) as refusal:
            api.read_officers(actor=who, period=month, agency=agency)
        assert refusal.value.rule == rule
    assert {one.person for one in api.public_cards(month, "43.market")} == {""}


def test_a_card_computed_again_is_equal_though_the_case_went_on_and_ended(
    cast: Cast, late: int, examiner: Actor, chief: Actor, head: Actor
) -> None:
    frozen = Card.objects.get(pk=late).facts
    it = Card.objects.get(pk=late)
    with loosened(Event):
        Event.objects.filter(case=it.matter).update(at=F("at") - timedelta(hours=2))
    assert api.recompute(actor=head, number=late).changes != ()
    with loosened(Event):
        Event.objects.filter(case=it.matter).update(at=F("at") + timedelta(hours=2))
    assert api.recompute(actor=head, number=late).equal
    number = Case.objects.get(matter=it.matter).number
    handling.examine(actor=examiner, number=number, opinion="符合要求，建议准予。")
    handling.decide(actor=chief, number=number)
    with loosened(Event):
        Event.objects.filter(case=it.matter, verb__in=["同意"], stage__in=["examine", "decide"]).update(at=after(12))
    later = timezone.localdate(after(12))
    Clock.objects.filter(case=it.matter, stage__in=["", "examine", "decide"]).update(ended=later)
    Clock.objects.filter(case=it.matter, stage="decide").update(start=later)
    with loosened(Event):
        Event.objects.filter(case=it.matter, verb="交办", stage="decide").update(at=after(12))
    assert api.recompute(actor=head, number=late).equal
    assert Card.objects.get(pk=late).facts == frozen


def test_a_new_holiday_table_gives_a_difference_and_never_rewrites_the_card(cast: Cast, late: int, head: Actor) -> None:
    before = Card.objects.get(pk=late)
    day = timezone.localdate() + timedelta(days=7 if timezone.localdate().weekday() < 5 else 9)
    lines = f"date,kind,name\n{day.year}-01-01,holiday,元旦\n{day},holiday,州庆"
    made = calendars.save_holidays(
        actor=cast.office, region="430000", year=day.year, source="湘政办明电〔2026〕1号", confirmed=True, lines=lines
    )
    calendars.apply_holidays(actor=cast.office, number=made.number)
    again = api.recompute(actor=head, number=late)
    assert not again.equal and again.calendar > before.calendar
    changes = {one.what: one for one in again.changes}
    due = next(one for what, one in changes.items() if what.endswith(".due"))
    assert due.then < due.now
    assert "finding.rule" in changes and changes["finding.rule"].now == "", "a day later it was not late yet"
    after_it = Card.objects.get(pk=late)
    assert (after_it.facts, after_it.finding, after_it.calendar) == (before.facts, before.finding, before.calendar)


def test_what_was_done_later_on_the_same_day_is_not_held_against_a_card(cast: Cast, clerk: Actor, head: Actor) -> None:
    filed(cast.citizen)
    scanned(6)
    card = Card.objects.get(rule="J02.not_taken_up")
    number = Case.objects.get(matter=card.matter).number
    handling.accept(actor=clerk, number=number)
    later = Event.objects.filter(case=card.matter).exclude(verb="提出").exclude(stage="accept", verb="交办")
    with loosened(Event):
        later.update(at=card.at + timedelta(minutes=5))
    Clock.objects.filter(case=card.matter).exclude(stage="accept").update(start=timezone.localdate(card.at))
    Clock.objects.filter(case=card.matter, stage="accept").update(ended=timezone.localdate(card.at))
    assert api.recompute(actor=head, number=card.pk).equal
