"""At the same moment, on a real PostgreSQL: two deciders, a double submit, two parts that end."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from shuniu.procedures import api
from shuniu.procedures.declare import ANSWERS, Move
from shuniu.procedures.models import Event
from shuniu.trust.declare import Actor, Refused
from tests.procedures.hall import CHIEF, FIRE, FIRST, HEALTH, SECOND, THIRD, WINDOW, agree, apply_, at_check, do, wrong

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: tuple[Actor, int, int]) -> list[str]:
    """Let each actor agree to a seat of a case, all at the same moment. Returns the rules that refused some."""
    ready, told = Barrier(len(acts)), list[str]()

    def act(actor: Actor, case: int, seat: int) -> None:
        connection.ensure_connection()
        ready.wait(20)
        try:
            do(api.answer, actor, case, answer="同意", seat=seat)
        except Refused as refusal:
            told.append(refusal.rule)
        finally:
            connection.close()

    threads = [Thread(target=act, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


@pytest.mark.parametrize("others", [(SECOND, THIRD), (FIRST, FIRST)], ids=["two deciders", "submitted twice"])
def test_a_seat_is_answered_once_however_many_answer_it_at_once(others: tuple[Actor, Actor]) -> None:
    case = at_check()
    (seat,) = api.case_view(case).open
    told = at_once(*((actor, case, seat.number) for actor in (FIRST, *others)))
    assert told == ["procedures.taken"] * 2
    answers = Event.objects.filter(case=case, seat=seat.number, verb__in=[*ANSWERS])
    assert answers.count() == 1
    assert wrong() == []


def test_of_a_quorum_that_answers_at_once_no_answer_is_lost() -> None:
    case = at_check()
    agree(FIRST, case)
    seats = {seat.agency: seat.number for seat in api.case_view(case).open}
    told = at_once(*((actor, case, seats[actor.agency]) for actor in (SECOND, FIRE, HEALTH)))
    assert told == ["procedures.not_open"], "two were enough, and the third came too late"
    assert api.case_view(case).results["vote"] == "yes"
    assert wrong() == []


def test_two_parts_that_end_at_once_are_both_heard() -> None:
    case = apply_("test.business", parts=("test.licence", "test.licence"))
    parts = [part.case for part in api.case_view(case).state.parts]
    for part in parts:
        for actor in (WINDOW, FIRST, SECOND, FIRST, FIRE):
            agree(actor, part)
    assert at_once(*((CHIEF, part, 0) for part in parts)) == []
    assert [part.outcome for part in api.case_view(case).state.parts] == ["granted", "granted"]
    assert [event.move for event in api.history(case)][-1] is Move.SEAT
    assert wrong() == []
