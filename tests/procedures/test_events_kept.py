"""What happened in a case is only ever added: the database refuses its change, and a move that there is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from shuniu.procedures import api
from shuniu.procedures.declare import Move
from shuniu.procedures.models import Event
from tests.loosening import loosened
from tests.procedures.hall import WINDOW, agree, apply_, do

pytestmark = pytest.mark.django_db


def _emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("truncate procedures_event")


@pytest.mark.parametrize(
    "change",
    [lambda: Event.objects.update(reason="别的"), lambda: Event.objects.all()._raw_delete("default"), _emptied],
    ids=["update", "delete", "truncate"],
)
def test_no_line_of_a_log_is_changed_or_removed(change: Callable[[], object]) -> None:
    case = apply_()
    before = list(Event.objects.filter(case=case).values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert before and list(Event.objects.filter(case=case).values()) == before
    agree(WINDOW, case)
    assert Event.objects.filter(case=case).count() > len(before)


def test_every_move_can_be_written_and_no_other_word() -> None:
    case = apply_()
    do(api.urge, WINDOW, case, note="请尽快办理")
    line = Event.objects.filter(case=case).latest("seq")
    with loosened(Event):
        for move in Move:
            assert Event.objects.filter(pk=line.pk).update(verb=move) == 1
        with pytest.raises(IntegrityError, match="event_is_a_move"), transaction.atomic():
            Event.objects.filter(pk=line.pk).update(verb="作废")
