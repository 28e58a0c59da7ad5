"""An agency's cases: those due first, those that ended, and the search among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shuniu.base.text import normalise_text
from shuniu.cases.api import items, views
from shuniu.cases.declare.case import CaseLine
from shuniu.cases.models import Case
from shuniu.cases.store import finding as store
from shuniu.procedures import api as procedures
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor

PAGE = 50


@dataclass(frozen=True)
class Found:
    """One page of what was found, the newest first. `next` is where the next page begins (`before`); None: this is the last."""

    lines: tuple[CaseLine, ...]
    next: int | None


@verb("cases.search_agency", "查找本单位办件", reads=True)
def search_agency(
    *, actor: Actor, text: str = "", running: bool | None = None, before: int = 0, most: int = PAGE
) -> Found:
    """The cases of the actor's agency within reach by what is typed: the end of the number (four digits at least), a part
    of the applicant's name, or of the item's title as it is today; all of them where fewer than two characters are.

    `running` narrows to those that run or have ended; a number is found in either. `before` is the `next` of the page before.
    """
    require()
    wanted = normalise_text(text)
    wanted = wanted if len(wanted) >= store.SHORTEST else ""
    titled = _titled(wanted) if wanted else []
    rows = store.matching(actor, wanted, titled, running=running, before=before, most=most + 1)
    shown = rows[:most]
    record(f"agency:{actor.agency}", detail={"text": keyed(wanted) if wanted else "", "cases": len(shown)})
    return Found(views.listed(shown), shown[-1].pk if len(rows) > most else None)


@dataclass(frozen=True)
class Listed:
    """One page of a list. `next` is what the next page is asked behind; empty: this is the last."""

    lines: tuple[CaseLine, ...]
    next: str


@verb("cases.list_agency", "查看本单位办件", reads=True)
def list_agency(*, actor: Actor, running: bool = True, after: str = "", most: int = PAGE) -> Listed:
    """The cases of the actor's agency within reach: those that run, what is due first at the top and what has no term now
    at the end, items of life events last whose turn has not come; or, ended ones, the newest first.

    `after` is the `next` of the page before; what is none is the first page.
    """
    require()
    if running:
        rows, behind = _running(actor, after, most)
    else:
        before = int(after) if re.fullmatch("[0-9]{1,18}", after) else 0
        found = store.matching(actor, "", [], running=False, before=before, most=most + 1)
        rows, behind = found[:most], str(found[most - 1].pk) if len(found) > most else ""
    lines = views.listed(rows)
    record(f"agency:{actor.agency}", detail={"cases": len(lines)})
    return Listed(lines, behind)


_WAITING = "waiting"
"""In the day's stead in the place of a case whose turn has not come: it has no clock and no procedure yet."""


def _running(actor: Actor, after: str, most: int) -> tuple[Sequence[Case], str]:
    """A page of the running cases, and the place of its last where there are more."""
    day, key = store.place(after)
    placed: list[tuple[str, Case]] = []
    if day != _WAITING:
        found = procedures.running_by_due(actor, "case", after=(day, key) if day else procedures.FIRST, most=most + 1)
        rows = store.of_matters([matter for matter, _ in found[:most]])
        placed = [(f"{due}_{matter}", rows[matter]) for matter, due in found[:most] if matter in rows]
        if len(found) > most:
            matter, due = found[most - 1]
            return [case for _, case in placed], f"{due}_{matter}"
        key = 0
    placed += [(f"{_WAITING}_{one.pk}", one) for one in store.waiting(actor, key, most + 1 - len(placed))]
    return [case for _, case in placed[:most]], placed[most - 1][0] if len(placed) > most else ""


def _titled(text: str) -> list[str]:
    """The items and life events whose titles hold the text."""
    known = items.snapshot()
    titles = [(key, one.item.title) for key, one in known.items.items()]
    titles += [(key, one.bundle.title) for key, one in known.bundles.items()]
    return [key for key, title in titles if text.lower() in title.lower()]
