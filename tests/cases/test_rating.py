"""An applicant rates each stage once, corrects by versions, and nobody who is rated learns who it was."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from shuniu.cases.api import filing, handling, ratings, rectifying
from shuniu.cases.declare.rating import OFFLINE, ONLINE, Level, RatedStage
from shuniu.cases.models import Case, Rating, Rectification
from shuniu.procedures import api as procedures
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import NO, chief, clerk, examiner, filed, published
from tests.cases.rating import TEXT, bad, decided, minder, second
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "decided", "examiner", "minder", "published", "second"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_a_stage_is_rated_once_it_is_over(cast: Cast, clerk: Actor) -> None:
    number = filed(cast.citizen).number
    assert ratings.own_ratings(actor=cast.citizen, number=number) == ()
    with pytest.raises(Refused) as refusal:
        ratings.rate(actor=cast.citizen, number=number, stage=RatedStage.ACCEPT, level=Level.GOOD)
    assert refusal.value.rule == "rating.early"
    handling.accept(actor=clerk, number=number)
    (one,) = ratings.own_ratings(actor=cast.citizen, number=number)
    assert one.stage is RatedStage.ACCEPT and one.level is None and one.indicators == ONLINE
    rated = ratings.rate(
        actor=cast.citizen, number=number, stage=RatedStage.ACCEPT, level=Level.GOOD, parts={"guide": Level.FAIR}
    )
    assert rated.level is Level.GOOD and rated.version == 1 and not Rectification.objects.exists()


def test_a_declined_application_has_its_acceptance_rated_and_a_withdrawn_one_nothing(cast: Cast, clerk: Actor) -> None:
    declined, withdrawn = filed(cast.citizen).number, filed(cast.citizen).number
    handling.decline(actor=clerk, number=declined, grounds=NO)
    filing.withdraw(actor=cast.citizen, number=withdrawn, reason="不办了")
    assert [one.stage for one in ratings.own_ratings(actor=cast.citizen, number=declined)] == [RatedStage.ACCEPT]
    assert ratings.own_ratings(actor=cast.citizen, number=withdrawn) == ()


def test_a_case_from_the_counter_is_rated_by_the_counters_indicators(cast: Cast, decided: str) -> None:
    Case.objects.filter(number=decided).update(channel="1")
    assert ratings.own_ratings(actor=cast.citizen, number=decided)[0].indicators == OFFLINE
    with pytest.raises(Refused) as refusal:
        ratings.rate(
            actor=cast.citizen, number=decided, stage=RatedStage.DECIDE, level=Level.GOOD, parts={"platform": 1}
        )
    assert refusal.value.rule == "rating.parts"


def test_there_is_no_default_grade(cast: Cast, decided: str) -> None:
    for level in (0, 6):
        with pytest.raises(Refused) as refusal:
            ratings.rate(actor=cast.citizen, number=decided, stage=RatedStage.DECIDE, level=level)
        assert refusal.value.rule == "rating.level"
    with pytest.raises(IntegrityError), transaction.atomic():
        row = Case.objects.get(number=decided)
        Rating.objects.create(case=row, stage="decide", version=1, level=0, by="", at=row.filed_at)


def test_a_correction_is_a_further_version_and_saying_the_same_again_is_none(cast: Cast, decided: str) -> None:
    for level, version in ((Level.GOOD, 1), (Level.GOOD, 1), (Level.FAIR, 2)):
        said = ratings.rate(actor=cast.citizen, number=decided, stage=RatedStage.DECIDE, level=level)
        assert said.version == version
    assert [*Rating.objects.order_by("version").values_list("level", flat=True)] == [2, 3]
    (one,) = ratings.figures()
    assert one.counts[Level.GOOD] == 0 and one.counts[Level.FAIR] == 1


def test_a_rating_is_neither_changed_nor_deleted_in_the_database(cast: Cast, decided: str) -> None:
    bad(cast.citizen, decided)
    for act in (lambda: Rating.objects.update(level=1), lambda: Rating.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            Rectification.objects.all().delete()
            act()
    assert Rating.objects.get().level == Level.BAD


def test_nobody_rates_anothers_case_nor_an_officer_what_he_filed(cast: Cast, decided: str) -> None:
    with pytest.raises(Refused) as refusal:
        ratings.rate(actor=cast.firm, number=decided, stage=RatedStage.DECIDE, level=Level.GOOD)
    assert refusal.value.rule == "case.unknown"
    with pytest.raises(Refused) as refusal:
        ratings.rate(actor=cast.market_officer, number=decided, stage=RatedStage.DECIDE, level=Level.GOOD)
    assert refusal.value.rule == "right.missing"


def test_ratings_are_leafed_through_the_newest_first_and_only_those_within_reach(
    cast: Cast, decided: str, chief: Actor
) -> None:
    for stage, level in ((RatedStage.ACCEPT, Level.GOOD), (RatedStage.DECIDE, Level.FAIR)):
        ratings.rate(actor=cast.citizen, number=decided, stage=stage, level=level)
    newest, oldest = [one.id for one in ratings.list_ratings(actor=chief)]
    assert newest > oldest
    assert [one.id for one in ratings.list_ratings(actor=chief, most=1)] == [newest]
    assert [one.id for one in ratings.list_ratings(actor=chief, before=newest, most=1)] == [oldest]
    assert ratings.list_ratings(actor=replace(chief, regions=("440000",)), most=1) == ()


def test_no_list_view_or_log_of_the_rated_says_who_rated(
    cast: Cast, decided: str, chief: Actor, minder: Actor, examiner: Actor
) -> None:
    rating = bad(cast.citizen, decided)
    rectifying.rectify(actor=chief, rating=rating, measures="已批评教育，已告知田野。")
    rectifying.call_back(actor=minder, rating=rating, accepted=False, said="田野说还不满意。")
    matter = Rectification.objects.get().matter
    shown = [
        *map(asdict, ratings.list_ratings(actor=chief)),
        asdict(ratings.read_rating(actor=chief, rating=rating)),
        asdict(ratings.read_rating(actor=minder, rating=rating)),
        *map(asdict, ratings.behind()),
        [asdict(task) for task in procedures.tasks(chief)],
        [asdict(event) for event in procedures.read_place(actor=chief, case=matter)[1]],
        procedures.read_place(actor=chief, case=matter)[0].state,
    ]
    for secret in ("田野", cast.citizen.person, decided, "13812345678"):
        assert secret not in repr(shown)
    assert ratings.list_ratings(actor=chief)[0].text == ""
    assert "跑了三趟" in ratings.read_rating(actor=minder, rating=rating).text
    for rated in (chief, examiner):
        with pytest.raises(Refused) as refusal:
            rectifying.read_rater(actor=rated, rating=rating)
        assert refusal.value.rule == "right.missing"


def test_who_worked_on_the_case_is_not_told_even_as_a_rating_officer(
    cast: Cast, decided: str, chief: Actor, minder: Actor
) -> None:
    both = replace(chief, capabilities=chief.capabilities | minder.capabilities)
    rating = bad(cast.citizen, decided)
    for act in (
        lambda: rectifying.read_rater(actor=both, rating=rating),
        lambda: rectifying.call_back(actor=both, rating=rating, accepted=True, said="已经回访过了。"),
        lambda: rectifying.look_at_text(actor=both, rating=rating, show=True),
        lambda: rectifying.ask_aside(actor=both, rating=rating, reason="我看是恶意评价。"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.rule == "rating.rated"


def test_each_number_of_the_published_counts_has_its_list(
    cast: Cast, decided: str, minder: Actor, second: Actor
) -> None:
    bad(cast.citizen, decided)
    ratings.rate(actor=cast.citizen, number=decided, stage=RatedStage.ACCEPT, level=Level.GOOD)
    for one in (*ratings.figures(), *ratings.figures("43.market")):
        assert one.title == "餐饮服务许可" and sum(one.counts.values()) == 2
        for level, count in one.counts.items():
            assert len(ratings.behind(one.agency, one.item, level)) == count
        assert len(ratings.behind(one.agency, one.item, aside=True)) == one.aside == 0
    assert ratings.figures("43.tax") == ()


def test_other_agencies_do_not_read_ratings_and_the_office_does(cast: Cast, decided: str, minder: Actor) -> None:
    rating = bad(cast.citizen, decided)
    other = replace(minder, agency="43.tax")
    assert ratings.list_ratings(actor=other) == ()
    with pytest.raises(Refused):
        ratings.read_rating(actor=other, rating=rating)
    with pytest.raises(Refused):
        rectifying.look_at_text(actor=other, rating=rating, show=True)
    assert ratings.read_rating(actor=cast.office, rating=rating).level is Level.BAD
    assert Entry.objects.filter(verb="cases.read_rating", object=f"rating:{rating}", outcome="done").count() == 1


def test_the_journal_of_a_rating_keeps_neither_grade_nor_words(cast: Cast, decided: str) -> None:
    bad(cast.citizen, decided)
    entry = Entry.objects.get(verb="cases.rate", object=f"case:{decided}")
    assert TEXT not in repr(entry.detail) and "level" not in entry.detail
