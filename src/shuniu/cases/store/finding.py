"""SQL of an agency's lists of cases, and of the search among them: by the end of the number, a part of the name, the item.

Numbers have an index of their own, of their ends turned round (migration 0016). Names and items are read off the indexes of
the agency's lists, newest first, which hold them: what many have is found at once, what few have after the agency's whole
list at most. Ended cases have one by region too: a reach that holds few of them is not looked for along all. Indexes of parts
of names were tried and left out: they cost every filing, and lead astray for 有限公司.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Reverse, Substr

from shuniu.cases.declare.case import CaseState
from shuniu.cases.models import Case
from shuniu.cases.store import successions
from shuniu.cases.store.cases import LISTED, within
from shuniu.trust.declare import Actor

SHORTEST = 2
"""Characters that a search takes at least: a single one names half the province."""
_RUNNING, _ENDED = ([state.value for state in CaseState if state.running is running] for running in (True, False))
_HEAD = 31  # of a 办件编号: the agency, the level and the item; the day and the running number come after it


def place(text: str) -> tuple[str, int]:
    """A place in the order of running cases as an address writes it: its day and number; ("", 0) for what is none."""
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|infinity|waiting)_([0-9]{1,18})", text, re.ASCII)
    if found is None:
        return "", 0
    day = found[1]
    try:
        if day[0].isdigit():
            date.fromisoformat(day)
    except ValueError:
        return "", 0
    return day, int(found[2])


def of_matters(matters: Sequence[int]) -> dict[int, Case]:
    """The cases of these procedures, by them."""
    return {row.matter or 0: row for row in Case.objects.filter(matter__in=matters).only(*LISTED)}


def waiting(actor: Actor, after: int, most: int) -> list[Case]:
    """The running cases of the actor's agency and reach that have no procedure yet, in their order."""
    rows = Case.objects.filter(within(actor), agency=actor.agency, state__in=_RUNNING, matter=None, pk__gt=after)
    return list(rows.order_by("id").only(*LISTED)[:most])


def is_number(text: str) -> bool:
    """Whether this is looked for as (the end of) a case's number."""
    return re.fullmatch(r"[0-9A-Za-z]*[0-9]{4}", text) is not None


def matching(
    actor: Actor, text: str, items: Collection[str], *, running: bool | None, before: int, most: int
) -> list[Case]:
    """The cases in the care and reach of the actor's agency that match, newest first: those behind `before` (0: all), at `most`.

    `items` are the items whose titles match. A number is looked for among running and ended ones alike.
    """
    own = Case.objects.filter(within(actor), agency__in=successions.estate(actor.agency))
    if before:
        own = own.filter(pk__lt=before)
    if is_number(text):
        # By an expression: the newest of all cases one after another would be the wrong way to a rare number.
        return list(by_number(own, text.upper()).order_by((F("id") + 0).desc())[:most])
    wanted = {None: (_RUNNING, _ENDED), True: (_RUNNING,), False: (_ENDED,)}[running]
    named = by_name(own, text, items) if text else own
    found = [
        one
        for states in wanted
        for one in named.filter(state__in=states).order_by("-id").values_list("pk", flat=True)[:most]
    ]  # by themselves: the rows are looked at for those alone that are shown
    return list(Case.objects.filter(pk__in=sorted(found, reverse=True)[:most]).only(*LISTED).order_by("-id"))


def by_number(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Those of the cases whose number is this, or ends so."""
    if len(text) > _HEAD:
        return rows.filter(number=text)
    return rows.annotate(end=Reverse(Substr("number", _HEAD + 1))).filter(end__startswith=text[::-1])


def by_name(rows: QuerySet[Case], text: str, items: Collection[str]) -> QuerySet[Case]:
    """Those of the cases whose applicant's name holds the text, or that are of these items."""
    return rows.filter(Q(applicant_name__icontains=text) | Q(item__in=list(items)))
