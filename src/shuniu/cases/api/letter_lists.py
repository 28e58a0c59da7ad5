"""Letters together: the anonymised public list, those like a new one, and what a changed routing table would move."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from shuniu.base.masking import mask_free_text
from shuniu.cases.api import letters
from shuniu.cases.declare.letters import (
    Elsewhere,
    LetterBox,
    LetterIn,
    LetterPart,
    LetterState,
    PartState,
    PublicLetter,
    Simulated,
    Unaccepted,
)
from shuniu.cases.models import Letter
from shuniu.cases.rules import letters as rules
from shuniu.cases.store import letters as store
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

_SIMULATED = 1000


def alike(*, box: LetterBox, letter: LetterIn) -> tuple[int, tuple[PublicLetter, ...]]:
    """How many letters like this one came from its region of late, and those of them whose text is public.

    For who is about to send it: neither reports nor matters of minors are counted.
    """
    text = f"{letter.title} {letter.text}"
    found = store.similar(store.public(box), letter.region, text, letters.similar_within())
    return len(found), tuple(_public(*one) for one in _read(found) if one[0].published is not None)


def hinted(box: LetterBox, letter: LetterIn) -> tuple[Unaccepted, ...]:
    """The grounds for not accepting that a text hints at, with the channels that are right, before it is sent."""
    return rules.grounds(box, letter)


def public_letters(
    *, box: LetterBox, category: str = "", state: str = "", agency: str = "", most: int = 10_000
) -> tuple[PublicLetter, ...]:
    """The anonymised list that anybody may read, newest first: no reports, no matters of minors, no text unconfirmed.

    `state` is a LetterState, or `overdue`.
    """
    rows = store.public(box).order_by("-pk")
    if category:
        rows = rows.filter(category=category)
    if state in tuple(LetterState):
        rows = rows.filter(state=state)
    found = (_public(*one) for one in store.with_parts(rows[:most]))
    return tuple(one for one in found if (not agency or agency in one.agencies) and (state != "overdue" or one.overdue))


def numbers(reader: Actor, objects: Collection[str]) -> dict[str, str]:
    """The numbers of letters by the objects that procedures know them by, which tell nothing: of those alone that the
    reader may know of. The caller's list shows its reader's own tasks."""
    if not objects:
        return {}
    boxes = (store.visible(reader, box).filter(object__in=list(objects)) for box in letters.BOXES.values())
    return {object: number for rows in boxes for object, number in rows.values_list("object", "number")}


def _read(rows: list[Letter]) -> list[tuple[Letter, tuple[LetterPart, ...]]]:
    return store.with_parts(Letter.objects.filter(pk__in=[one.pk for one in rows]))


def _public(letter: Letter, parts: tuple[LetterPart, ...]) -> PublicLetter:
    line, shown = store.line(letter, parts), letter.published is not None
    last = max(letter.ratings.all(), key=lambda one: one.round, default=None)
    answers = [mask_free_text(one.answer) for one in parts if one.state is PartState.DONE] if shown else []
    return PublicLetter(
        letter.number, letter.category, letter.region, timezone.localdate(letter.received_at), line.state,
        line.agencies, line.overdue, last.satisfied if last else None, letter.published_title,
        letter.published or "", tuple(answers),
    )  # fmt: skip


@verb("cases.simulate_routes", "模拟分派", reads=True)
def simulate_routes(
    *, actor: Actor, box: LetterBox, letter: LetterIn | None = None, changed: LetterBox | None = None
) -> Simulated:
    """Where a text would go, and which of the last 1,000 letters (that this officer may know of) a changed table sends
    elsewhere than today's. Raises Refused letters.*."""
    require()
    met = letters.destination(changed or box, letter)[0] if letter else None
    rows = store.visible(actor, box).order_by("-pk").prefetch_related("accused")[:_SIMULATED] if changed else ()
    table, trial = letters.in_use(box), letters.in_use(changed or box)
    moved, looked = [], 0
    for row in rows:
        looked += 1
        barred = store.with_below({one.agency for one in row.accused.all()}) if row.sealed else set()
        said = LetterIn(category=row.category, region=row.region, title=row.title, text=row.text)
        before, after = rules.route(table, said, barred), rules.route(trial, said, barred)
        if before.agency != after.agency:
            moved.append(Elsewhere(row.number, before.agency, after))
    record(f"letters:{box.key}", detail={"simulated": looked, "moved": len(moved)})
    return Simulated(met, looked, tuple(moved))
