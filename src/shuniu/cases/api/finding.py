"""The search among an agency's cases."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.base.text import normalise_text
from shuniu.cases.api import items, views
from shuniu.cases.declare.case import CaseLine
from shuniu.cases.store import finding as store
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


def _titled(text: str) -> list[str]:
    """The items and life events whose titles hold the text."""
    known = items.snapshot()
    titles = [(key, one.item.title) for key, one in known.items.items()]
    titles += [(key, one.bundle.title) for key, one in known.bundles.items()]
    return [key for key, title in titles if text.lower() in title.lower()]
