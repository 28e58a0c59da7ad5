"""A window that is booked, its counter and its chief, for the tests of appointments. Times are on days of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import appointments, counter, items
from shuniu.cases.declare.appointment import BookingView
from shuniu.directory.declare import CITIZEN
from shuniu.trust.declare import Actor
from tests.cases import drafting
from tests.cases.filing import officer
from tests.cast import Cast

ITEM = drafting.service(key="43.market/registry").model_copy(update={"appointment": True, "title": "个体工商户登记"})
OTHER = drafting.service(key="43.market/archive").model_copy(update={"appointment": True, "title": "档案查询"})
FRIDAY, SATURDAY, MONDAY, TUESDAY = (date(2026, 11, day) for day in (20, 21, 23, 24))
NINE, HALF_PAST = time(9), time(9, 30)


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of Beijing's."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


NOW = at(FRIDAY)


@pytest.fixture
def chief(cast: Cast) -> Actor:
    return officer(cast, "case_decider", 903, "曾志")


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return officer(cast, "case_clerk", 901, "马丽")


@pytest.fixture
def window(cast: Cast, chief: Actor) -> int:
    """A window of two items: from 9 to 11, slots of half an hour with two places."""
    items.ship(actor=cast.installer, items=[ITEM, OTHER])
    made = counter.keep_window(
        actor=chief, title="综合窗口 3 号", place="省政务服务中心一楼", items=[ITEM.key, OTHER.key]
    )
    counter.schedule(
        actor=chief,
        window=made.id,
        since=FRIDAY,
        hours="09:00-11:00",
        minutes=30,
        places=2,
        now=NOW - timedelta(days=1),
    )
    return made.id


def another(number: int) -> Actor:
    """One more citizen."""
    return Actor(f"citizen:{9000 + number}", f"李{number}", capabilities=CITIZEN, subject=8_000_000 + number)


def book(
    who: Actor, window: int, day: date = MONDAY, start: time = NINE, *, item: str = ITEM.key, now: datetime = NOW
) -> BookingView:
    return appointments.book(actor=who, window=window, item=item, day=day, start=start, now=now)


def at_another(clerk: Actor, agency: str) -> Actor:
    return replace(clerk, agency=agency)
