"""All that a question is decided by, read in one trip to the database: who, under what, for what, and the rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from psycopg import sql
from psycopg.rows import TupleRow

from shuniu.base.expressions.sql import Sql
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published, Resource
from shuniu.directory.api import machines
from shuniu.exchange.gateway import answers
from shuniu.exchange.gateway.declare import CALL, SUBJECT_OF, Asked
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.store import calls as store
from shuniu.exchange.grants import store as grants
from shuniu.exchange.grants.declare import Agreement, Found
from shuniu.procedures.api import matters
from shuniu.registries.api import asking as rows_asked
from shuniu.trust.api import Question, fetch_several
from shuniu.trust.declare import Refused


@dataclass(frozen=True)
class Gathered:
    """All that a question is decided by, read in one trip."""

    stamp: int
    number: int
    calls: int  # of this agency and resource in this minute
    found: Found
    published: Published
    sight: answers.Sight | None  # under which the rows were read
    rows: Sequence[TupleRow]
    runs: bool = True
    about: int | None = None
    officer: tuple[int, str] | None = None
    earlier: TupleRow | None = None
    live: int | None = None  # the provider's interface that answers instead of stored rows


def gather(asked: Asked) -> Gathered:
    """Read in one trip all that the question is decided by, the rows too; in two where an agreement is new to this process."""
    most = limits(asked.day).rows
    key = (asked.held.agency, asked.resource, asked.purpose.key)
    held = catalogue.held(asked.resource)
    published, stamped = held if held is not None else (catalogue.published(asked.resource), None)
    sight = _sight(published.resource, _agreements.get(key), asked.items)
    questions = _questions(asked)
    rows = [_rows(asked, published, sight, most)] if sight is not None else []
    told = fetch_several([*questions, *rows])
    state, found = told[0][0], grants.found_of(told[1][0])
    if stamped != state[1]:
        published = catalogue.published(asked.resource)
    if found.in_force is not None:
        _agreements[key] = found.in_force
    fresh = _sight(published.resource, found.in_force, asked.items)
    fetched = told[-1] if rows else []
    if fresh is not None and fresh is not sight:
        fetched = fetch_several([_rows(asked, published, fresh, most)])[0]
    if fresh is not None and fresh.items != fresh.shown:
        places = [4 + fresh.shown.index(name) for name in fresh.items]
        fetched = [(*row[:4], *(row[place] for place in places)) for row in fetched]
    return _gathered(asked, told, found, published, fresh, fetched)


_agreements: dict[tuple[str, str, str], Agreement] = {}
_sights: dict[tuple[str, int, int, tuple[str, ...]], answers.Sight] = {}


def _sight(resource: Resource, agreement: Agreement | None, items: tuple[str, ...]) -> answers.Sight | None:
    """What is seen under an agreement, worked out once for as long as both are the same; None where nothing is."""
    if agreement is None:
        return None
    key = (resource.key, agreement.number, agreement.version, items)
    kept = _sights.get(key)
    if kept is None or kept.resource is not resource or kept.agreement != agreement:
        try:
            kept = answers.sight_of(resource, agreement, items)
        except Refused:
            return None
        if len(_sights) > 10_000:
            _sights.clear()
        _sights[key] = kept
    return kept


def _questions(asked: Asked) -> list[Question]:
    held, minute = asked.held, int(time.time()) // 60
    questions = [
        store.state(asked.resource, held.agency, minute),
        Question(grants.LOOK_UP, (held.agency, asked.resource, asked.purpose.key, asked.day)),
    ]
    if asked.purpose.matter:
        kind, _, number = asked.purpose.matter.partition(":")
        questions.append(Question(matters.IN_HAND, (asked.purpose.matter, held.agency)))
        questions.append(Question(rows_asked.root_of(SUBJECT_OF[kind]), (number,)))
    if asked.officer is not None:
        questions.append(Question(machines.NAMED_OFFICER, (asked.day, asked.officer)))
    if asked.token:
        questions.append(Question(store.ONCE, (held.number, asked.token)))
    return questions


def _gathered(
    asked: Asked, told: Sequence[Sequence[TupleRow]], found: Found, published: Published,
    sight: answers.Sight | None, rows: Sequence[TupleRow],
) -> Gathered:  # fmt: skip
    stamp, _, number, calls, live = told[0][0]
    rest = iter(told[2:])
    runs, about, officer, earlier = True, None, None, None
    if asked.purpose.matter:
        runs = bool(next(rest)[0][0])
        subject = next(rest)
        runs, about = runs and bool(subject), subject[0][0] if subject else None
    if asked.officer is not None:
        named = next(rest)
        if named and machines.may_ask(named[0], asked.held.agency, CALL):
            officer = (asked.officer, str(named[0][0]))
    if asked.token:
        earlier = next(iter(next(rest)), None)
    return Gathered(stamp, number, calls, found, published, sight, rows, runs, about, officer, earlier, live)


def _rows(asked: Asked, published: Published, sight: answers.Sight, most: int) -> Question:
    resource, regions = published.resource, sight.agreement.terms.regions
    regional = bool(resource.by_region)
    one = asked.identifiers[0] if len(asked.identifiers) == 1 else None
    # All that the agreement shows, in its order, and one row too many: a statement for each order that items can be asked
    # for in would fill the database's memory, and an answer that was cut must not pass for a whole one.
    statement = rows_asked.statement(
        published, sight.shown, kind=one[0] if one else "", regional=regional, disputed=_disputed(resource.key),
        limit=most + 1,
    )  # fmt: skip
    values: list[object] = (
        [one[1]] if one else [[kind for kind, _ in asked.identifiers], [value for _, value in asked.identifiers]]
    )
    if regional:
        values.append([f"{region}%" for region in regions])
    return Question(statement, values)


@lru_cache(maxsize=4096)
def _disputed(resource: str) -> Sql:
    text = sql.SQL(
        "exists (select from exchange_objection o where o.resource = {resource} and o.key = t._key"
        " and o.state in ('raised', 'accepted', 'upheld'))"
    )
    return Sql(text.format(resource=sql.Literal(resource)).as_string(), ())
