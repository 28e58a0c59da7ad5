"""Since when there is supervision: years of old events make no cards, and a scan looks again only at what can be otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from shuniu.assessment import api
from shuniu.assessment.models import Beginning, Card, Scan
from shuniu.cases.api import handling
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.models import Event
from shuniu.trust.declare import Actor, Refused
from tests.assessment.told import WORKER, accepted, after, numbered, scanned
from tests.cases.filing import clerk, examiner, filed, published
from tests.cast import Cast, cast
from tests.loosening import loosened

__all__ = ["cast", "clerk", "examiner", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def looked_at(days: int) -> int:
    """How many cases a scan judges so many working days from now."""
    scanned(days)
    return Scan.objects.latest("pk").cases


def test_supervision_begins_with_the_installation() -> None:
    assert api.began() == timezone.localdate()
    assert Beginning.objects.get().reason


def test_old_cases_that_were_imported_make_no_cards_and_new_ones_do(cast: Cast, clerk: Actor) -> None:
    old = accepted(cast, clerk)
    long_ago = timezone.localdate() - timedelta(days=400)
    Clock.objects.filter(case=old.matter.id).update(start=long_ago, due=long_ago + timedelta(days=30))
    with loosened(Event):
        Event.objects.filter(case=old.matter.id).update(at=timezone.now() - timedelta(days=400))
    new = accepted(cast, clerk)
    scanned(11)
    assert set(Card.objects.values_list("matter", flat=True)) == {new.matter.id}


def test_another_beginning_is_set_with_a_reason_leaves_the_cards_and_the_next_scan_goes_by_it(
    cast: Cast, clerk: Actor, examiner: Actor
) -> None:
    handling.take(actor=examiner, number=accepted(cast, clerk).number)
    scanned(11)
    card = numbered(cast.office)["J02.stage"]
    earlier = timezone.localdate() - timedelta(days=3)
    assert api.begin(actor=cast.office, since=earlier, reason="导入完毕，补看三日。") == earlier
    assert api.began() == earlier
    assert numbered(cast.office)["J02.stage"].number == card.number
    assert api.recompute(actor=cast.office, number=card.number).equal
    assert looked_at(11) > 0


def test_a_beginning_needs_a_reason_a_day_that_has_come_and_the_right_and_stands_for_good(cast: Cast) -> None:
    today = timezone.localdate()
    for who, day, reason, rule in (
        (cast.office, today, " ", "assessment.reason"),
        (cast.office, today + timedelta(days=1), "以后再说。", "assessment.begin"),
        (cast.market_officer, today, "不想监察。", "right.missing"),
    ):
        with pytest.raises(Refused) as refusal:
            api.begin(actor=who, since=day, reason=reason)
        assert refusal.value.rule == rule
    with pytest.raises(DatabaseError), transaction.atomic():
        Beginning.objects.update(since=today)
    with pytest.raises(DatabaseError), transaction.atomic():
        Beginning.objects.all().delete()


def test_once_a_day_all_that_presses_is_judged_and_else_only_what_moved(
    cast: Cast, clerk: Actor, examiner: Actor
) -> None:
    first = accepted(cast, clerk).number
    assert (looked_at(11), looked_at(11)) == (1, 1), "the hour before is looked at again: an act may commit late"
    Scan.objects.create(at=after(11) - timedelta(hours=2), event=Event.objects.latest("pk").pk, cases=0, cards=0)
    Scan.objects.create(
        at=after(11), event=Event.objects.latest("pk").pk, cases=0, cards=0,
        calendar=Scan.objects.earliest("pk").calendar, rules=Scan.objects.earliest("pk").rules,
    )  # fmt: skip
    assert looked_at(11) == 0
    handling.examine(actor=examiner, number=first, opinion="符合要求，建议准予。")
    assert looked_at(11) == 1
    filed(cast.citizen)
    assert looked_at(12) == 2


def test_another_rule_book_or_calendar_makes_the_next_scan_look_at_all(cast: Cast, clerk: Actor) -> None:
    accepted(cast, clerk)
    event = Event.objects.latest("pk").pk
    scanned(11)
    seen = Scan.objects.latest("pk")
    for change in ({"rules": "other"}, {"calendar": seen.calendar + 1}, {}):
        Scan.objects.all().delete()
        Scan.objects.create(at=after(11) - timedelta(hours=2), event=event, cases=0, cards=0)
        same = {"at": after(11), "event": event, "calendar": seen.calendar, "rules": seen.rules}
        Scan.objects.create(**{**same, **change}, cases=0, cards=0)
        assert looked_at(11) == (1 if change else 0)


def test_the_worker_finds_by_the_same_rules_that_the_page_explains(cast: Cast) -> None:
    shown = {one.rule.key: one.limit for one in api.explained(timezone.localdate())}
    assert set(shown) == set(api.RULES)
    assert shown["J03.unanswered"] is not None and shown["J03.statutory"] is None
    with pytest.raises(Refused):
        api.begin(actor=WORKER, since=timezone.localdate(), reason="自动。")
