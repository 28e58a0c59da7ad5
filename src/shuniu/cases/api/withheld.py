"""Which cases of procedures are about a letter that may not be told of: supervision leaves them out, or does not name them.

The verb that calls has required the right to look over cases; what a letter says is told by none of these.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from shuniu.cases.models import Letter, LetterAccused, LetterPart
from shuniu.cases.store import letters as store
from shuniu.procedures import api as procedures
from shuniu.trust.declare import Actor


def hidden_from(agency: str) -> frozenset[int]:
    """The cases about a letter that accuses this agency or one above it: its officers never learn that there is one."""
    if not agency:
        return frozenset()
    accused = LetterAccused.objects.filter(agency__in=store.with_above(agency))
    return matters_of(Letter.objects.filter(pk__in=accused.values("letter")))


def hides(actor: Actor, object: str) -> bool:
    """Whether a case of procedures is about a letter that accuses the actor's agency or one above it."""
    above = store.with_above(actor.agency) if actor.agency else set()
    return LetterAccused.objects.filter(letter__object=object, agency__in=above).exists()


procedures.hide("letter", hides)


def never_public(matters: Collection[int]) -> frozenset[int]:
    """Those of these cases that are about a report (举报) or a matter of minors: the public list never shows these."""
    about = Letter.objects.filter(sealed=True) | Letter.objects.filter(minor=True)
    return matters_of(about, list(matters))


def matters_of(letters: QuerySet[Letter], among: list[int] | None = None) -> frozenset[int]:
    """The cases of these letters: each part's, of every round, and the whole that they are parts of."""
    parts = LetterPart.objects.filter(letter__in=letters.order_by().values("pk"))
    wholes = letters.exclude(matter=None)
    if among is not None:
        parts, wholes = parts.filter(matter__in=among), wholes.filter(matter__in=among)
    found = {*parts.values_list("matter", flat=True), *wholes.values_list("matter", flat=True)}
    return frozenset(one for one in found if one is not None)
