"""Facts of cases told by a few days, for the pure rules; and officers and cases that are late, in the database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from shuniu.assessment import api
from shuniu.assessment.declare import CardLine, Clocked, Facts, Finding, Level, Limit, Moved
from shuniu.assessment.rules.judging import Day, fresh, judge
from shuniu.base.calendar import Calendar
from shuniu.cases.api import handling
from shuniu.cases.declare.case import CaseView
from shuniu.directory import api as directory
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.declare import Move
from shuniu.systems.supervision.declare import RULES
from shuniu.trust.declare import Actor
from tests.cases.filing import filed
from tests.cast import Cast

CALENDAR = Calendar.load()
MONDAY = date(2026, 3, 2)
LIMITS = {
    key: Limit(rule=f"test.{key}", value=value)
    for key, value in {
        "supervision.remind.days": 1,
        "supervision.overrun.days": 5,
        "supervision.answer.days": 3,
        "supervision.correction.days": 5,
        "supervision.correction.times": 1,
        "supervision.taken_up.days": 5,
        "supervision.special.days": 30,
        "supervision.special.hearing.days": 20,
    }.items()
}
WORKER = directory.system("worker")


def working(start: date, days: int) -> date:
    return CALENDAR.add_working_days(start, days).date


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def clock(kind: Kind, due: date, ended: date | None = None, stage: str = "", number: int = 1) -> Clocked:
    return Clocked(id=number, kind=kind, stage=stage, start=MONDAY, term="", due=due, ended=ended, provisional=False)


def moved(
    move: Move, day: date, stage: str = "", person: str = "officer:1", to: tuple[str, ...] = (), why: bool = True
) -> Moved:
    return Moved(seq=0, move=move, stage=stage, person=person, person_name="马丽", at=noon(day), to=to, reasoned=why)


def facts(**said: object) -> Facts:
    """A case of the market bureau in which nothing has happened, but for what is said."""
    plain: dict[str, object] = {
        "matter": 1, "object": "case:1", "title": "餐饮服务许可", "agency": "43.market", "region": "430000",
        "outcome": "", "applied": None, "taken_up": None, "ended": None, "titles": (), "clocks": (), "moves": (),
        "halts": (), "charges": (), "warned": (),
    }  # fmt: skip
    return Facts.model_validate({**plain, **said})


def found(it: Facts, on: date) -> tuple[Finding, ...]:
    return judge(it, RULES, LIMITS, Day(on, CALENDAR))


def carded(it: Facts, on: date) -> dict[str, Level]:
    """The cards that would be issued on a day, by rule."""
    return {one.rule: one.level for one in fresh(it, found(it, on))}


def accepted(cast: Cast, clerk: Actor) -> CaseView:
    """A case whose promised term (10 working days) and statutory term (20) run from today, before its examiner."""
    return handling.accept(actor=clerk, number=filed(cast.citizen).number)


def after(days: int) -> datetime:
    """The moment so many working days from now, by the calendar as shipped."""
    today = timezone.localdate()
    return timezone.now() + timedelta(days=(working(today, days) - today).days)


def scanned(days: int) -> int:
    """How many cards a scan issues so many working days from now."""
    return api.scan(actor=WORKER, at=after(days))


def numbered(actor: Actor) -> dict[str, CardLine]:
    """The cards in somebody's sight, by rule."""
    return {one.rule: one for one in api.list_cards(actor=actor)}
