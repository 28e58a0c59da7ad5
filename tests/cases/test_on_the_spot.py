"""即办: what is done on the spot has a clock as everything else, to the end of the same working day, and is late after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuniu.assessment.models import Card
from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term, Unit
from shuniu.cases.api import handling, items, terms
from shuniu.notices.models import Notice
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.models import Task
from shuniu.trust.declare import Actor
from tests.assessment.told import scanned
from tests.cases.filing import ITEM, clerk, filed
from tests.cases.service_items import working
from tests.cast import Cast, cast
from tests.refusals import refused

__all__ = ["cast", "clerk"]
pytestmark = pytest.mark.django_db
NOW = {"statutory": None, "promised": working(0), "extension": None, "specials": ()}


def worked(day: date) -> date:
    """The first working day from that one on."""
    return Calendar.load().add_working_days(day - timedelta(days=1), 1).date


def test_it_is_due_on_the_day_of_its_acceptance_and_a_card_falls_after_it(cast: Cast, clerk: Actor) -> None:
    items.ship(actor=cast.installer, items=[ITEM.model_copy(update=NOW)])
    made = handling.accept(actor=clerk, number=filed(cast.citizen).number)
    due = worked(timezone.localdate())
    (clock,) = [one for one in made.clocks if not one.stage]
    assert (clock.kind, clock.due) == (Kind.PROMISED, due)
    assert Task.objects.get(case=made.matter.id).due == due
    told = Notice.objects.get(person=cast.citizen.person, template="cases.accepted").text
    assert f"最迟 {due} 作出决定" in told
    scanned(3)
    assert list(Card.objects.values_list("rule", flat=True)) == ["J02.promised"]


@pytest.mark.parametrize(
    ("day", "days"), [(date(2026, 11, 20), 0), (date(2026, 11, 21), 1), (date(2026, 10, 1), 1)], ids=str
)
def test_what_begins_on_a_day_off_has_the_next_working_day(day: date, days: int) -> None:
    assert terms.same_day(day, "430000") == Term(days, Unit.WORKING_DAY)


def test_an_item_without_any_term_is_not_published(cast: Cast) -> None:
    with refused("item.no_term"):
        items.ship(actor=cast.installer, items=[ITEM.model_copy(update=NOW | {"promised": None})])
