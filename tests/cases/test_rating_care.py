"""A bad rating is put right and called back; a malicious one is set aside by two; a text is shown masked and looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term, Unit
from shuniu.cases.api import ratings, rectifying
from shuniu.cases.declare.rating import Level, RatedStage, RatingView
from shuniu.cases.models import Rating, RatingAside, Rectification
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import chief, clerk, examiner, published
from tests.cases.rating import bad, decided, minder, rectified, second
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "decided", "examiner", "minder", "published", "second"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def shown(rating: int) -> RatingView:
    return next(one for one in ratings.behind() if one.id == rating)


@pytest.mark.parametrize("level", [Level.BAD, Level.VERY_BAD])
def test_a_bad_rating_opens_a_rectification_of_fifteen_working_days_and_the_agency_is_told_without_a_name(
    cast: Cast, decided: str, level: Level
) -> None:
    rating = bad(cast.citizen, decided, level=level)
    view = ratings.read_rating(actor=cast.office, rating=rating)
    assert view.rectification is not None and view.rectification.state == "rectify"
    today = timezone.localdate()
    assert view.rectification.due == Calendar.load().due(today, Term(15, Unit.WORKING_DAY)).date
    assert procedures.case_view(view.rectification.matter).rule == "c26.rating.rectify.days"
    told = Notice.objects.get(template="cases.rating_bad")
    assert told.agency == "43.market" and level.title in told.text
    assert decided not in told.text + told.object and "田野" not in told.text


def test_a_further_bad_version_opens_no_second_rectification_while_one_runs(cast: Cast, decided: str) -> None:
    bad(cast.citizen, decided)
    bad(cast.citizen, decided, "还是不满意。", Level.VERY_BAD)
    assert Rating.objects.count() == 2 and Rectification.objects.count() == 1


def test_it_is_rectified_by_one_called_back_by_another_and_rated_itself(
    cast: Cast, decided: str, chief: Actor, minder: Actor
) -> None:
    rating = bad(cast.citizen, decided)
    with pytest.raises(Refused) as refusal:
        rectifying.read_rater(actor=minder, rating=rating)
    assert refusal.value.rule == "rating.not_now"
    for who, number in ((replace(minder, agency="43.tax"), rating), (minder, 0)):
        with pytest.raises(Refused) as refusal:
            rectifying.read_rater(actor=who, rating=number)
        assert refusal.value.rule == "rating.unknown"
    rectifying.rectify(actor=chief, rating=rating, measures="已批评教育，增设首问负责制。")
    assert rectifying.read_rater(actor=minder, rating=rating).name == "田野"
    done = rectifying.call_back(actor=minder, rating=rating, accepted=True, said="已电话回访田野，表示认可。")
    assert done.rectification is not None and done.rectification.state == "done"
    assert done.rectification.called_on == timezone.localdate() and "田野" not in done.rectification.call_back
    told = Notice.objects.get(template="cases.rating_rectified")
    assert told.person == cast.citizen.person and told.owner == "" and "首问负责制" in told.text
    stages = {one.stage: one for one in ratings.own_ratings(actor=cast.citizen, number=decided)}
    assert "首问负责制" in stages[RatedStage.DECIDE_RECTIFIED].measures
    ratings.rate(actor=cast.citizen, number=decided, stage=RatedStage.DECIDE_RECTIFIED, level=Level.VERY_BAD)
    assert Rectification.objects.count() == 1
    assert ratings.figures()[0].counts[Level.VERY_BAD] == 1


def test_what_whoever_rated_does_not_accept_goes_back_on_the_same_clock(
    cast: Cast, decided: str, chief: Actor, minder: Actor
) -> None:
    rating = bad(cast.citizen, decided)
    rectifying.rectify(actor=chief, rating=rating, measures="已经说过了。")
    before = ratings.read_rating(actor=chief, rating=rating).rectification
    back = rectifying.call_back(actor=minder, rating=rating, accepted=False, said="对方不认可。").rectification
    assert before is not None and back is not None
    assert back.state == "rectify" and back.due == before.due and back.called_on is not None
    assert [one.stage for one in ratings.own_ratings(actor=cast.citizen, number=decided)] == [
        RatedStage.ACCEPT,
        RatedStage.DECIDE,
    ]
    rectified(rating, chief, minder)
    assert Rectification.objects.get().done_at is not None


def test_a_rectification_cannot_be_done_without_a_call_back(cast: Cast, decided: str) -> None:
    bad(cast.citizen, decided)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.update(done_at=timezone.now() + timedelta(days=1))


def test_a_malicious_rating_is_set_aside_by_a_second_person_and_its_grade_stays(
    cast: Cast, decided: str, minder: Actor, second: Actor
) -> None:
    rating = bad(cast.citizen, decided, "广告：办证找我。", Level.VERY_BAD)
    with pytest.raises(Refused) as refusal:
        rectifying.decide_aside(actor=second, rating=rating, agreed=True, answer="同意不计入。")
    assert refusal.value.rule == "rating.not_asked"
    rectifying.ask_aside(actor=minder, rating=rating, reason="内容是广告，与办件无关。")
    with pytest.raises(Refused) as refusal:
        rectifying.decide_aside(actor=minder, rating=rating, agreed=True, answer="同意不计入。")
    assert refusal.value.rule == "rating.second"
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingAside.objects.update(decided_by=minder.person, agreed=True, answer="同意", decided_at=timezone.now())
    assert ratings.figures()[0].counts[Level.VERY_BAD] == 1
    done = rectifying.decide_aside(actor=second, rating=rating, agreed=True, answer="属实，不计入。")
    assert done.level is Level.VERY_BAD and done.rectification is not None and done.rectification.state == "ended"
    (one,) = ratings.figures()
    assert one.counts[Level.VERY_BAD] == 0 and one.aside == 1
    (listed,) = ratings.behind(one.agency, one.item, aside=True)
    assert listed.level is Level.VERY_BAD and listed.text == ""
    assert Rating.objects.get().level == Level.VERY_BAD


def test_a_request_that_is_not_agreed_to_changes_nothing_and_is_not_repeated(
    cast: Cast, decided: str, minder: Actor
) -> None:
    rating = bad(cast.citizen, decided)
    rectifying.ask_aside(actor=minder, rating=rating, reason="态度问题查无此事。")
    kept = rectifying.decide_aside(actor=cast.office, rating=rating, agreed=False, answer="不属于恶意评价。")
    assert kept.aside is not None and kept.aside.agreed is False
    assert ratings.figures()[0].counts[Level.BAD] == 1
    with pytest.raises(Refused) as refusal:
        rectifying.ask_aside(actor=minder, rating=rating, reason="再申请一次。")
    assert refusal.value.rule == "rating.asked"


def test_a_text_is_public_only_after_a_look_and_masked(cast: Cast, decided: str, minder: Actor) -> None:
    rating = bad(cast.citizen, decided)
    assert shown(rating).text == "" and shown(rating).looked is None
    with pytest.raises(Refused) as refusal:
        rectifying.look_at_text(actor=minder, rating=rating, show=True, hide=["不在原文里"])
    assert refusal.value.rule == "rating.hide"
    rectifying.look_at_text(actor=minder, rating=rating, show=True, hide=["三趟"])
    text = shown(rating).text
    assert text.startswith("经办人态度很差，让我跑了［已隐去］。")
    assert "田野" not in text and "13812345678" not in text and shown(rating).looked


def test_a_text_is_held_back_only_with_a_reason_and_a_new_version_is_looked_at_anew(
    cast: Cast, decided: str, minder: Actor
) -> None:
    rating = bad(cast.citizen, decided)
    with pytest.raises(Refused) as refusal:
        rectifying.look_at_text(actor=minder, rating=rating, show=False, reason=" ")
    assert refusal.value.rule == "rating.reason"
    rectifying.look_at_text(actor=minder, rating=rating, show=False, reason="涉及他人隐私。")
    assert shown(rating).text == "" and shown(rating).looked is False
    other = bad(cast.citizen, decided, "窗口太少。")
    assert shown(other).looked is None and shown(other).version == 2
    rectifying.look_at_text(actor=minder, rating=other, show=True)
    assert shown(other).text == "窗口太少。"
    empty = bad(cast.citizen, decided, "")
    with pytest.raises(Refused) as refusal:
        rectifying.look_at_text(actor=minder, rating=empty, show=True)
    assert refusal.value.rule == "rating.no_text"
