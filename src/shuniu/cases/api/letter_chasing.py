"""Letters that are not answered by their day: who handles one is reminded, who wrote it is told."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from shuniu.cases import letter_telling as telling
from shuniu.cases.declare.letters import PartState
from shuniu.cases.models import LetterPart
from shuniu.cases.store import letters as store
from shuniu.directory import api as directory
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor


@verb("cases.chase_letters", "催办超期来信")
def chase_letters(*, actor: Actor, today: date | None = None) -> int:
    """Tell once of every part that is past its due day: its agency, and who wrote. How many parts are late."""
    require()
    day = today or timezone.localdate()
    running = [one.value for one in PartState if one.running]
    parts = list(LetterPart.objects.filter(state__in=running).select_related("letter").order_by("pk"))
    clocks, late = store.clocks([one.matter for one in parts]), 0
    for part in parts:
        clock = clocks.get(part.matter)
        if clock is None or clock.due is None or clock.due >= day:
            continue
        late += 1
        due, row = clock.due.isoformat(), part.letter
        telling.tell_agency(row, part.agency, telling.OVERDUE, once=f"letters.overdue:{part.pk}", due=due)
        telling.tell_writer(
            row, telling.LATE, once=f"letters.late:{part.pk}", agency=directory.agency_name(part.agency), due=due
        )
    record("letters", detail={"late": late})
    return late
