"""Clocks that follow the log of a case: begun at its opening and at each handing out, stopped by 挂起, ended by answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.procedures import store
from shuniu.procedures.calendars import api
from shuniu.procedures.calendars.declare import ClockView, Kind
from shuniu.procedures.calendars.store.following import BACK, Followed, follow
from shuniu.procedures.declare import OPENER, Event, Move
from shuniu.procedures.models import Task
from tests.procedures.office import DRAFTER, JOINT, ask

pytestmark = pytest.mark.django_db
RULE = "c26.catalogue.review.days"
TIMED = JOINT.model_copy(update={"stages": (JOINT.stages[0].model_copy(update={"term": 2}),)})


def followed(case: int, *fresh: Event, ended: bool = False) -> Followed:
    """The case as if it had been declared with terms, after these events (default: all its log)."""
    (found,) = store.locked([case])
    return Followed(case, "43", TIMED, RULE, fresh or tuple(found.events), found.state, ended)


def event(move: Move, *to: str, days: int = 0, reason: str = "通知书1号") -> Event:
    return Event(0, move, "officer:初审", "初审", timezone.now() + timedelta(days=days), "sign", 1, to, reason)


def clocks(case: int) -> dict[Kind, ClockView]:
    return {one.kind: one for one in api.clocks([case]) if one.ended is None}


def ends(start: date, days: int) -> date:
    return Calendar.load().add_working_days(start, days).date


def test_the_opening_starts_the_wholes_clock_and_handing_out_the_stages() -> None:
    case, today = ask(actor=DRAFTER, procedure="test.joint").id, timezone.localdate()
    follow([followed(case)])
    found = clocks(case)
    assert {kind: one.due for kind, one in found.items()} == {
        Kind.STATUTORY: ends(today, 5),
        Kind.STAGE: ends(today, 2),
    }
    assert found[Kind.STATUTORY].rule == RULE
    assert set(Task.objects.filter(case=case).values_list("due", flat=True)) == {ends(today, 2)}


@pytest.mark.parametrize(
    ("stop", "go", "kind"),
    [
        (event(Move.SUSPEND, "听证"), event(Move.RESUME, "听证", days=30), "听证"),
        (event(Move.RETURN, OPENER), event(Move.RESUBMIT, days=30), BACK),
    ],
)
def test_while_a_case_is_suspended_or_lies_with_its_opener_no_clock_runs(stop: Event, go: Event, kind: str) -> None:
    case = ask(actor=DRAFTER, procedure="test.joint").id
    follow([followed(case)])
    follow([followed(case, stop)])
    assert {one.due for one in clocks(case).values()} == {None}
    assert not Task.objects.filter(case=case, due__isnull=False).exists()
    (said,) = api.stops(case)
    assert (said.kind, said.evidence) == (kind, "通知书1号")
    follow([followed(case, go)])
    assert clocks(case)[Kind.STATUTORY].due == ends(timezone.localdate(go.at), 5)


def test_handing_out_anew_begins_anew_and_the_end_of_the_case_ends_every_clock() -> None:
    case = ask(actor=DRAFTER, procedure="test.joint").id
    follow([followed(case)])
    follow([followed(case, event(Move.SEAT, "43.market", days=7))])
    assert clocks(case)[Kind.STAGE].start == timezone.localdate() + timedelta(days=7)
    assert len(api.clocks([case])) == 3
    follow([followed(case, event(Move.AGREE), ended=True)])
    assert clocks(case) == {}
