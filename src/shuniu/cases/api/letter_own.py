"""One's own letters, for who was signed in when writing them: listed, read and rated without their codes.

A letter is found by a keyed digest of the account. A report (举报) has none: it is in no list, whoever wrote it.
"""

from __future__ import annotations

from shuniu.cases.api import letters
from shuniu.cases.api.marked import refuse_marked
from shuniu.cases.declare.letters import LetterLine, LetterView
from shuniu.cases.letter_telling import TO_WRITERS as TO_WRITERS  # which notices are about a letter of one's own
from shuniu.cases.models import Letter
from shuniu.cases.store import letters as store
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor


@verb("cases.list_own_letters", "查看我的来信清单", reads=True)
def list_own_letters(*, actor: Actor, before: str = "", most: int = 50) -> tuple[LetterLine, ...]:
    """One's letters, the newest first; `before`: the number behind which the list goes on."""
    require()
    rows = store.written_by(actor.person).order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=rows.filter(number=before).values("pk")[:1])
    found = tuple(store.line(*one) for one in store.with_parts(rows[:most]))
    record("letters:own", detail={"rows": len(found)})
    return found


@verb("cases.read_own_letter", "查看我的来信", reads=True)
def read_own_letter(*, actor: Actor, number: str) -> LetterView:
    """A letter of one's own. Raises Refused letters.unknown, of a report and of another's letter too."""
    require()
    row = _own(actor, number)
    record(f"letter:{row.number}")
    return letters.view(row)


def rate_own_letter(*, actor: Actor, number: str, satisfied: bool, words: str = "") -> LetterView:
    """Rate the answer to a letter of one's own, as `letters.rate_letter` does by its code.

    Raises Refused: letters.unknown, letters.not_answered, letters.rated, letters.words, classified.*.
    """
    refuse_marked(actor, words, letters.WHERE)
    return _rate(actor=actor, number=number, satisfied=satisfied, words=words)


@verb("cases.rate_own_letter", "评价我的来信的答复")
def _rate(*, actor: Actor, number: str, satisfied: bool, words: str) -> LetterView:
    """One transaction of `rate_own_letter`."""
    require()
    return letters.rated(_own(actor, number), satisfied, words)


def _own(actor: Actor, number: str) -> Letter:
    row = store.written_by(actor.person).select_for_update().filter(number=number).first()
    if row is None:
        raise store.unknown(number)
    return row
