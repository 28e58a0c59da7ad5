"""Versions of items and life events: the stamp, what is published, versions written. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max

from shuniu.cases.declare import Bundle, PublishedBundle, PublishedItem, ServiceItem
from shuniu.cases.models import ItemVersion
from shuniu.trust.api import fetch_prepared

OPEN = ("draft", "review")


@dataclass(frozen=True)
class Snapshot:
    """All that is published at one stamp, by key."""

    items: Mapping[str, PublishedItem]
    bundles: Mapping[str, PublishedBundle]


@dataclass(frozen=True)
class Author:
    """Who makes versions, when, on which day of the province, and whether they come with the software."""

    person: str
    at: datetime
    day: date
    shipped: bool = False


def stamp() -> int | None:
    """The value that changes with what is published; None while nothing was written (so no caching)."""
    found = fetch_prepared(b"select value from cases_itemstamp", ())
    return int(found[0][0]) if found else None


def touch() -> None:
    """Change the stamp. From a sequence: a rolled-back value never returns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into cases_itemstamp (id, value) values (1, nextval('cases_item_stamp_value'))"
            " on conflict (id) do update set value = excluded.value"
        )


def read_all() -> Snapshot:
    """Everything published, parsed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, number, declaration::text from cases_itemversion where state = 'published' order by key"
        )
        rows = cursor.fetchall()
    items = [PublishedItem(n, ServiceItem.model_validate_json(text)) for kind, n, text in rows if kind == "item"]
    bundles = [PublishedBundle(n, Bundle.model_validate_json(text)) for kind, n, text in rows if kind == "bundle"]
    return Snapshot({one.item.key: one for one in items}, {one.bundle.key: one for one in bundles})


def version_of(key: str, number: int) -> PublishedItem | None:
    """One version of an item that was published once, whatever became of it; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select declaration::text from cases_itemversion"
            " where kind = 'item' and key = %s and number = %s and valid_from is not null",
            [key, number],
        )
        row = cursor.fetchone()
    return PublishedItem(number, ServiceItem.model_validate_json(row[0])) if row else None


def bundle_version_of(key: str, number: int) -> PublishedBundle | None:
    """One version of a life event that was published once; None when there is none."""
    found = ItemVersion.objects.filter(kind="bundle", key=key, number=number, valid_from__isnull=False).first()
    return PublishedBundle(number, Bundle.model_validate(found.declaration)) if found else None


def titles_of(versions: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The titles of these versions of items and life events that were published once, by key and number."""
    if not versions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select key, number, declaration->>'title' from cases_itemversion"
            " join unnest(%s::text[], %s::int[]) as v(key, number) using (key, number) where valid_from is not null",
            [[key for key, _ in versions], [number for _, number in versions]],
        )
        return {(key, number): title for key, number, title in cursor.fetchall()}


def lock() -> None:
    """Until commit nobody else writes items: two agencies' changes must not break together what each left whole."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('cases.items'))")


def open_version(key: str) -> ItemVersion | None:
    """The draft or reviewed version of that key, locked until commit."""
    return ItemVersion.objects.select_for_update().filter(key=key, state__in=OPEN).first()


def add(declared: Iterable[ServiceItem | Bundle], state: str, author: Author) -> list[ItemVersion]:
    """One new version of each, published at once or a draft; a published one ends the one before it."""
    declared = list(declared)
    keys = [one.key for one in declared]
    last = dict(ItemVersion.objects.filter(key__in=keys).values_list("key").annotate(Max("number")))
    published = state == "published"
    if published:
        end(keys, author.day)
    made = ItemVersion.objects.bulk_create(
        ItemVersion(
            kind="item" if isinstance(one, ServiceItem) else "bundle",
            key=one.key,
            number=last.get(one.key, 0) + 1,
            agency=one.agency,
            declaration=one.model_dump(mode="json"),
            state=state,
            shipped=author.shipped,
            made_by=author.person,
            makers=[author.person],
            made_at=author.at,
            published_by=author.person if published else None,
            valid_from=author.day if published else None,
        )
        for one in declared
    )
    if published:
        touch()
    return made


def publish(row: ItemVersion, author: Author) -> None:
    """Make a reviewed version the published one, in place of the one before it."""
    end([row.key], author.day)
    row.state, row.published_by, row.valid_from = "published", author.person, author.day
    row.save(update_fields=["state", "published_by", "valid_from"])
    touch()


def end(keys: Iterable[str], day: date) -> int:
    """Withdraw what is published of these keys; how many there were."""
    found = ItemVersion.objects.filter(key__in=list(keys), state="published")
    ended = found.update(state="withdrawn", valid_until=day)
    if ended:
        touch()
    return ended
