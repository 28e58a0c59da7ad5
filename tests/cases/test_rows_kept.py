"""What the database keeps of cases, their events, decisions and letters whoever writes to it: as made, or in a state there is."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from shuniu.cases.api import handling
from shuniu.cases.models import Case, Decision, Letter, LetterPart
from shuniu.procedures.declare import Move
from shuniu.procedures.models import Event
from shuniu.trust.declare import Actor
from tests.cases.filing import NO, clerk, filed, published
from tests.cases.letters import answered, sent
from tests.cast import Cast, cast
from tests.loosening import loosened

__all__ = ["cast", "clerk", "published"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", ["update {} set id = id", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("table", [Decision, Event])
@pytest.mark.usefixtures("published")
def test_what_was_decided_and_what_happened_stand_as_they_were_made(
    cast: Cast, clerk: Actor, table: type[models.Model], change: str
) -> None:
    handling.decline(actor=clerk, number=filed(cast.citizen).number, grounds=NO)
    before = list(table._base_manager.values().order_by("pk"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # else a truncation fails for what still waits to be checked
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(change.format(table._meta.db_table))
    assert before and list(table._base_manager.values().order_by("pk")) == before


@pytest.mark.usefixtures("published")
def test_every_move_can_be_written_and_no_other_word(cast: Cast) -> None:
    filed(cast.citizen)
    with loosened(Event):
        for move in Move:
            assert Event.objects.update(verb=move) > 0
        with pytest.raises(IntegrityError, match="event_is_a_move"), transaction.atomic():
            Event.objects.update(verb="作废")


@pytest.mark.usefixtures("published")
def test_no_case_is_accepted_without_a_day(cast: Cast) -> None:
    filed(cast.citizen)
    with pytest.raises(IntegrityError, match="cases_accepted_on_a_day"), transaction.atomic():
        Case.objects.update(state="accepted")
    assert Case.objects.update(state="accepted", accepted_at=timezone.now()) == 1


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        (Letter, {"state": "lost"}, "letter_state"),
        (Letter, {"state": "declined"}, "letter_declined_says_why"),
        (Letter, {"declined": "不属于受理范围"}, "letter_declined_says_why"),
        (Letter, {"channel": "fax"}, "letter_channel"),
        (Letter, {"category": ""}, "letter_category"),
        (LetterPart, {"state": "lost"}, "letter_part_state"),
        (LetterPart, {"state": "done", "answered_at": timezone.now()}, "letter_part_answered"),
        (LetterPart, {"state": "review"}, "letter_part_answered"),
        (LetterPart, {"state": "done", "answer": "已责令退货。"}, "letter_part_done_on_a_day"),
        (LetterPart, {"answered_at": timezone.now()}, "letter_part_done_on_a_day"),
    ],
)
@pytest.mark.usefixtures("cast")
def test_a_letter_and_its_parts_are_in_a_state_that_there_is(
    table: type[models.Model], change: dict[str, object], constraint: str
) -> None:
    sent()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        table._base_manager.update(**change)


@pytest.mark.usefixtures("cast")
def test_the_answer_of_a_part_that_is_done_stays() -> None:
    sent()
    part = LetterPart.objects.get()
    answered(part.pk)
    with pytest.raises(IntegrityError, match="letter_part_answered"), transaction.atomic():
        LetterPart.objects.update(answer="")
