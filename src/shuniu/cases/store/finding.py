"""SQL of the search among an agency's cases: by the end of the number, a part of the applicant's name, or the item.

Numbers have an index of their own, of their ends turned round (migration 0016). Names and items are read off the indexes of
the agency's lists, newest first, which hold them: what many have is found at once, what few have after the agency's whole
list at most. Indexes of parts of names were tried and left out: they cost every filing, and lead astray for 有限公司.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Reverse, Substr

from shuniu.base.rules import region_prefix
from shuniu.cases.declare.case import CaseState
from shuniu.cases.models import Case
from shuniu.cases.store.cases import LISTED
from shuniu.trust.declare import Actor

SHORTEST = 2
"""Characters that a search takes at least: a single one names half the province."""
_RUNNING, _ENDED = ([state.value for state in CaseState if state.running is running] for running in (True, False))
_HEAD = 31  # of a 办件编号: the agency, the level and the item; the day and the running number come after it


def is_number(text: str) -> bool:
    """Whether this is looked for as (the end of) a case's number."""
    return re.fullmatch(r"[0-9A-Za-z]*[0-9]{4}", text) is not None


def matching(
    actor: Actor, text: str, items: Collection[str], *, running: bool | None, before: int, most: int
) -> list[Case]:
    """The cases of the actor's agency and reach that match, the newest first: those behind `before` (0: all), `most` of them.

    `items` are the items whose titles match. A number is looked for among running and ended ones alike.
    """
    own = Case.objects.filter(_reach(actor), agency=actor.agency)
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


def _reach(actor: Actor) -> Q:
    reach = Q(pk__in=[])
    for region in actor.regions:
        reach |= Q(region__startswith=region_prefix(region))
    return reach


def by_number(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Those of the cases whose number is this, or ends so."""
    if len(text) > _HEAD:
        return rows.filter(number=text)
    return rows.annotate(end=Reverse(Substr("number", _HEAD + 1))).filter(end__startswith=text[::-1])


def by_name(rows: QuerySet[Case], text: str, items: Collection[str]) -> QuerySet[Case]:
    """Those of the cases whose applicant's name holds the text, or that are of these items."""
    return rows.filter(Q(applicant_name__icontains=text) | Q(item__in=list(items)))
