"""Reading rows: another's, checked item by item and journalled; and a county's own slice, taken back (数据回流)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from psycopg import sql

from shuniu.base.expressions.sql import Sql
from shuniu.base.rules import RuleError, region_prefix
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, Published, Resource
from shuniu.directory import api as directory
from shuniu.exchange import exports
from shuniu.exchange.access import Reader, Sight, about_persons, sight
from shuniu.exchange.grants import using
from shuniu.exchange.models import Objection
from shuniu.registries import api as registries
from shuniu.registries.api.versions import keys_of
from shuniu.registries.declare import Found, Row
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

REVIEW_MATCH = "registries.review_match"


@dataclass(frozen=True)
class Seen:
    """One row as somebody may see it. `disputed`: an objection is open, and whoever shows the row must say so."""

    row: Row
    disputed: bool


@dataclass(frozen=True)
class Rows:
    """Rows of a resource with the items that were shown; the others stay out of `values`."""

    resource: Resource
    items: tuple[Item, ...]
    rows: tuple[Seen, ...]
    masked: bool = False


@verb("exchange.read", "查阅数据", reads=True, entry_only=True)
def read(
    *, actor: Actor, resource: str, subject: int | tuple[str, str], purpose: str = "", limit: int = 200, use: str = ""
) -> Rows:
    """The current rows of one subject in a resource, as far as the actor may see them: the only way to another's rows.

    `subject` is its number, or an identifier: an `IdentifierKind` and its canonical value. `purpose` is kept in the
    journal and asked of everybody but the subject itself. `use`, a key of the legal list of purposes, has an officer
    read under the own agency's agreement for it: the granted items and rows, counted. One reading is one journal entry, on
    the subject. Raises `Refused`: right.missing, read.purpose, read.subject, share.*, grant.*; NotFound.
    """
    require()
    published, found = _found(resource, subject, limit)
    reader = reader_of(actor, published.resource, found.id)
    if reader is not Reader.SUBJECT and reader is not Reader.ANYBODY and not purpose.strip():
        raise Refused("read.purpose", "查阅数据须写明用途。", "请填写办理的事项或依据。")
    detail: dict[str, Json] = {"purpose": purpose.strip()[:200], "as": reader.value}
    if use and reader is Reader.OFFICER:
        under = using.in_force(actor, published.resource, use)
        seen = sight(published.resource, reader, natural=about_persons(published.resource, found.kind), agreement=under)
        found = using.granted(under, published.resource, found)
        detail["agreement"] = under.name
    else:
        seen = sight_of(published.resource, reader, found.kind)
    record(f"resource:{resource}", subjects=[found.id], detail={**detail, **shown_items(seen.items, len(found.rows))})
    return _rows(published, found, seen)


def shown_items(items: Sequence[Item], rows: int) -> dict[str, Json]:
    """What a reading's entry says of what was shown: how many rows, and of rows which items, for whom they are about."""
    return {"rows": rows, "items": [item.name for item in items]} if rows else {"rows": 0}


def read_open(resource: str, subject: int | tuple[str, str], *, limit: int = 200) -> Rows:
    """The current rows of one legal person in a resource that is open to everybody: public, so not journalled.

    Shows what `read` would show to anybody, by the same rule. Raises `Refused` read.subject, share.*; NotFound.
    """
    published, found = _found(resource, subject, limit)
    return _rows(published, found, sight_of(published.resource, Reader.ANYBODY, found.kind))


def _found(resource: str, subject: int | tuple[str, str], limit: int) -> tuple[Published, Found]:
    """The resource and what it holds of the subject, in one statement where the catalogue has not changed meanwhile."""
    held = catalogue.held(resource)
    if held is not None:
        found = _look_up(held[0], subject, limit)
        if found is not None and found.rows and found.beside["stamp"][0] == held[1]:
            return held[0], found
    published = catalogue.published(resource)
    found = _look_up(published, subject, limit)
    if found is None:
        raise Refused("read.subject", "没有这个主体。", "请从查询结果进入。")
    return published, found


def _look_up(published: Published, subject: int | tuple[str, str], limit: int) -> Found | None:
    return registries.look_up(published, subject, beside=_beside(published.resource.key), limit=limit)


@lru_cache(maxsize=4096)
def _beside(resource: str) -> Mapping[str, Sql]:
    """The key stands in the text as a literal: the same for all who read this resource, it need not be sent each time."""
    disputed = sql.SQL(_DISPUTED).format(resource=sql.Literal(resource)).as_string()
    return {"disputed": Sql(disputed, ()), "stamp": catalogue.STAMP}


_DISPUTED = (
    "exists (select from exchange_objection o where o.resource = {resource} and o.key = t._key"
    " and o.state in ('raised', 'accepted', 'upheld'))"
)


def sight_of(resource: Resource, reader: Reader, kind: str) -> Sight:
    """What a reader sees of rows about a subject of that kind.

    `access.sight`, worked out once for a resource as long as the catalogue gives the same one. Raises as it does.
    """
    kept = _sights.get((resource.key, reader, kind))
    if kept is None or kept[0] is not resource:
        kept = (resource, sight(resource, reader, natural=about_persons(resource, kind)))
        _sights[resource.key, reader, kind] = kept
    return kept[1]


_sights: dict[tuple[str, Reader, str], tuple[Resource, Sight]] = {}


def _rows(published: Published, found: Found, seen: Sight) -> Rows:
    told = found.beside["disputed"]
    disputed = {row.row for row, one in zip(found.rows, told, strict=True) if one} if any(told) else set()
    return Rows(published.resource, seen.items, visible(found.rows, disputed, seen), seen.masked)


def reader_of(actor: Actor, resource: Resource, subject: int | None) -> Reader:
    """What somebody is to a resource's rows about a subject, None: about nobody."""
    own = actor.subject
    if subject is not None and own is not None and (own == subject or own in registries.members(subject)):
        return Reader.SUBJECT
    if actor.agency == resource.agency:
        return Reader.OWNER
    if subject is not None and actor.may(REVIEW_MATCH) and registries.reviews(actor, subject):
        return Reader.REVIEWER
    return Reader.OFFICER if actor.agency else Reader.ANYBODY


def _shown(published: Published, rows: Sequence[Row], seen: Sight) -> Rows:
    disputed = disputed_rows(published, [row.row for row in rows])
    return Rows(published.resource, seen.items, visible(rows, disputed, seen), seen.masked)


def visible(rows: Sequence[Row], disputed: set[int], seen: Sight) -> tuple[Seen, ...]:
    """Rows with what may be seen of them, and whether each is among the disputed."""
    if not (seen.masked or seen.veiled) and rows and len(seen.items) == len(rows[0].values):
        return tuple([Seen(row, row.row in disputed) for row in rows])
    names = [item.name for item in seen.items]
    shown = []
    for row in rows:
        values = {name: row.values[name] for name in names}
        if seen.masked or seen.veiled:
            values = {item.name: seen.cell(item, values[item.name]) for item in seen.items}
        shown.append(Seen(replace(row, values=values), row.row in disputed))
    return tuple(shown)


def disputed_rows(published: Published, rows: list[int]) -> set[int]:
    """Of these rows, those whose fact somebody disputes and nobody has decided about yet."""
    if not rows:
        return set()
    keys = keys_of(published, rows)
    disputed = set(
        Objection.objects.filter(
            resource=published.resource.key, key__in=list(keys.values()), state__in=["raised", "accepted", "upheld"]
        ).values_list("key", flat=True)
    )
    return {row for row, key in keys.items() if key in disputed}


@verb("exchange.read_region", "查看本区划数据", reads=True)
def read_region(*, actor: Actor, resource: str, region: str, limit: int = 100, after: int = 0) -> Rows:
    """The current rows of a resource that are about a region which the actor reaches, by row number past `after`.

    Raises `Refused`: right.region, region.none (the resource does not say whose rows they are), share.*.
    """
    require(region=region)
    published, seen, prefix = _slice(actor, resource, region)
    rows = registries.rows(published, region=prefix, limit=limit, after=after)
    subjects = {row.subject for row in rows if row.subject is not None}
    detail: dict[str, Json] = {"region": region, **shown_items(seen.items, len(rows))}
    record(f"resource:{resource}", subjects=sorted(subjects), detail=detail)
    return _shown(published, rows, seen)


@verb("exchange.take_region_slice", "取回本区划数据", reads=True)
def take_region_slice(*, actor: Actor, resource: str, region: str) -> exports.Kept:
    """All current rows of a resource that are about a region which the actor reaches, as CSV (数据回流).

    However many they are, they lie in the file and not in memory; the caller closes it. Raises `Refused` as `read_region`.
    """
    require(region=region)
    published, seen, prefix = _slice(actor, resource, region)
    headings = [item.title for item in seen.items]
    subjects: set[int] = set()
    written = exports.csv_kept(headings, _cells(published, seen, prefix, subjects))
    detail: dict[str, Json] = {
        "region": region, "digest": written.digest, **shown_items(seen.items, written.rows),
    }  # fmt: skip
    record(f"resource:{resource}", subjects=sorted(subjects), detail=detail)
    return written


def _cells(published: Published, seen: Sight, prefix: str, subjects: set[int]) -> Iterator[list[str]]:
    after = 0
    while rows := registries.rows(published, region=prefix, limit=5000, after=after):
        after = rows[-1].row
        subjects.update(row.subject for row in rows if row.subject is not None)
        yield from ([row.values[item.name] or "" for item in seen.items] for row in rows)


def _slice(actor: Actor, resource: str, region: str) -> tuple[Published, Sight, str]:
    published = catalogue.published(resource)
    if not published.resource.by_region:
        raise Refused(
            "region.none", f"“{published.resource.title}”没有区划字段，不能按区划取回。", "请向提供单位说明需要。"
        )
    try:
        prefix = region_prefix(region)
    except RuleError as problem:
        raise Refused("region.code", f"{problem}。", "请填写本区划的 6 位代码。") from problem
    return published, _regional_sight(actor, published.resource), prefix


def _regional_sight(actor: Actor, resource: Resource) -> Sight:
    """A county's own line (市场监管 of 市场监管) sees its slice whole; another line only what is shared freely."""
    if below(actor.agency, resource.agency):
        return Sight(resource.items)
    persons = about_persons(resource, "")
    return sight(resource, Reader.OFFICER, natural=persons)


def below(agency: str, owner: str) -> bool:
    """Whether an agency is the owner itself or stands below it in its line."""
    seen: set[str] = set()
    while agency and agency not in seen:
        if agency == owner:
            return True
        seen.add(agency)
        found = directory.agency(agency)
        agency = (found.parent or "") if found else ""
    return False
