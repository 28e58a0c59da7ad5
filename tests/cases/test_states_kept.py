"""What the database keeps of cases, decisions and letters whoever writes to it: they are as made, or in a state that there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from shuniu.cases.api import handling
from shuniu.cases.models import Case, Decision, Letter, LetterPart
from shuniu.trust.declare import Actor
from tests.cases.filing import NO, clerk, filed, published
from tests.cases.letters import answered, sent
from tests.cast import Cast, cast

__all__ = ["cast", "clerk", "published"]
pytestmark = pytest.mark.django_db


def _emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("truncate cases_decision")


@pytest.mark.parametrize(
    "change",
    [lambda: Decision.objects.update(facts="别的"), lambda: Decision.objects.all().delete(), _emptied],
    ids=["update", "delete", "truncate"],
)
@pytest.mark.usefixtures("published")
def test_a_decision_stands_as_it_was_made(cast: Cast, clerk: Actor, change: Callable[[], object]) -> None:
    handling.decline(actor=clerk, number=filed(cast.citizen).number, grounds=NO)
    before = Decision.objects.values().get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert Decision.objects.values().get() == before


@pytest.mark.usefixtures("published")
def test_no_case_is_accepted_without_a_day(cast: Cast) -> None:
    filed(cast.citizen)
    with pytest.raises(IntegrityError, match="cases_accepted_on_a_day"), transaction.atomic():
        Case.objects.update(state="accepted")
    assert Case.objects.update(state="accepted", accepted_at=timezone.now()) == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "letter_state"),
        ({"state": "declined"}, "letter_declined_says_why"),
        ({"declined": "不属于受理范围"}, "letter_declined_says_why"),
        ({"channel": "fax"}, "letter_channel"),
        ({"category": ""}, "letter_category"),
    ],
)
def test_a_letter_is_of_a_kind_and_in_a_state_that_there_is(
    cast: Cast, change: dict[str, str], constraint: str
) -> None:
    sent()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Letter.objects.update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "letter_part_state"),
        ({"state": "done", "answered_at": timezone.now()}, "letter_part_answered"),
        ({"state": "review"}, "letter_part_answered"),
        ({"state": "done", "answer": "已责令退货。"}, "letter_part_done_on_a_day"),
        ({"answered_at": timezone.now()}, "letter_part_done_on_a_day"),
    ],
)
def test_a_part_is_done_with_an_answer_and_on_a_day(cast: Cast, change: dict[str, object], constraint: str) -> None:
    sent()
    part = LetterPart.objects.get()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LetterPart.objects.update(**change)
    answered(part.pk)
    with pytest.raises(IntegrityError, match="letter_part_answered"), transaction.atomic():
        LetterPart.objects.update(answer="")
