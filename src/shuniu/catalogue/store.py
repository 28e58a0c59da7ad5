"""SQL of the catalogue: the stamp, what stands now, versions written set-based. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max

from shuniu.catalogue import models
from shuniu.catalogue.declare import Code, CodeList, Element, Published, Resource, State
from shuniu.trust.api import fetch_prepared

OPEN = (State.DRAFT, State.REVIEW, State.REJECTED)


@dataclass(frozen=True)
class Snapshot:
    """All that stands in the catalogue at one stamp."""

    published: Mapping[str, Published]
    elements: Mapping[str, Element]
    code_lists: Mapping[str, CodeList]


@dataclass(frozen=True)
class Author:
    """Who makes versions, when, and whether they come with the software."""

    person: str
    at: datetime
    shipped: bool = False


def stamp() -> int | None:
    """The value that changes with what is published or in force; None while nothing was written (so no caching)."""
    found = fetch_prepared(b"select value from catalogue_stamp", ())
    return int(found[0][0]) if found else None


def touch() -> None:
    """Change the stamp: what `read_all` gives has changed. From a sequence: a rolled-back value never returns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into catalogue_stamp (id, value) values (1, nextval('catalogue_stamp_value'))"
            " on conflict (id) do update set value = excluded.value"
        )


def read_all() -> Snapshot:
    """Everything published and in force, parsed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.table_number, v.number, v.declaration::text from catalogue_version v"
            " join catalogue_resource r on r.id = v.resource_id where v.state = 'published' order by r.key"
        )
        published = [_published(*row) for row in cursor.fetchall()]
        cursor.execute("select declaration::text from catalogue_element where current order by key")
        elements = [Element.model_validate_json(row[0]) for row in cursor.fetchall()]
    return Snapshot(
        {one.resource.key: one for one in published},
        {one.key: one for one in elements},
        {one.key: one for one in _code_lists()},
    )


def _published(table: int, number: int, declaration: str) -> Published:
    return Published(table=table, version=number, resource=Resource.model_validate_json(declaration))


def _code_lists() -> list[CodeList]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.key, l.title, l.standard, c.code, c.label, c.valid_from, c.valid_to from catalogue_codelist l"
            " left join catalogue_code c on c.code_list_id = l.id where l.current order by l.key, c.id"
        )
        rows = cursor.fetchall()
    heads = {key: (title, standard) for key, title, standard, *_ in rows}
    codes: dict[str, list[Code]] = {key: [] for key in heads}
    for key, _, _, code, label, start, end in rows:
        if code is not None:
            codes[key].append(Code(code=code, label=label, valid_from=_text(start), valid_to=_text(end)))
    return [
        CodeList(key=key, title=title, standard=standard, codes=tuple(codes[key]))
        for key, (title, standard) in heads.items()
    ]


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def version_of(key: str, number: int) -> Published | None:
    """One version as it was declared, whatever its state; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.table_number, v.number, v.declaration::text from catalogue_version v"
            " join catalogue_resource r on r.id = v.resource_id where r.key = %s and v.number = %s",
            [key, number],
        )
        row = cursor.fetchone()
    return _published(*row) if row else None


def unmounted() -> list[Published]:
    """Published versions whose table was not yet brought to what they say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.table_number, v.number, v.declaration::text from catalogue_version v"
            " join catalogue_resource r on r.id = v.resource_id"
            " where v.state = 'published' and v.mounted_at is null order by r.key"
        )
        return [_published(*row) for row in cursor.fetchall()]


def register(resources: Iterable[Resource]) -> dict[str, models.Resource]:
    """The rows of these resources by key; those that have none get one, with the next table numbers.

    Resources are locked in the order of their keys: versions of one resource are made one after another.
    """
    agencies = {resource.key: resource.agency for resource in resources}
    held = set(models.Resource.objects.filter(key__in=agencies).values_list("key", flat=True))
    new = sorted(set(agencies) - held)
    with connection.cursor() as cursor:
        cursor.execute("select nextval('catalogue_table_number') from generate_series(1, %s)", [len(new)])
        numbers = [int(row[0]) for row in cursor.fetchall()]
    models.Resource.objects.bulk_create(
        [
            models.Resource(key=key, agency=agencies[key], table_number=number)
            for key, number in zip(new, numbers, strict=True)
        ],
        ignore_conflicts=True,
    )
    rows = models.Resource.objects.select_for_update().filter(key__in=agencies).order_by("key")
    return {row.key: row for row in rows}


def next_numbers(rows: Iterable[models.Resource]) -> dict[int, int]:
    """By resource id, the number that its next version gets."""
    ids = [row.pk for row in rows]
    found = models.Version.objects.filter(resource_id__in=ids).values("resource_id").annotate(last=Max("number"))
    last = {row["resource_id"]: row["last"] for row in found}
    return {pk: last.get(pk, 0) + 1 for pk in ids}


def add_versions(resources: Sequence[Resource], state: State, author: Author) -> list[models.Version]:
    """One new version of each resource in `state`; published ones supersede what was published before."""
    rows = register(resources)
    numbers = next_numbers(rows.values())
    published = state is State.PUBLISHED
    if published:
        supersede(row.pk for row in rows.values())
    made = models.Version.objects.bulk_create(
        models.Version(
            resource=rows[resource.key],
            number=numbers[rows[resource.key].pk],
            state=state,
            declaration=resource.model_dump(mode="json"),
            shipped=author.shipped,
            made_by=author.person,
            makers=[author.person],
            made_at=author.at,
            published_by=author.person if published else None,
            published_at=author.at if published else None,
        )
        for resource in resources
    )
    if published:
        touch()
    return made


def open_versions(keys: Iterable[str]) -> dict[str, models.Version]:
    """The drafts, reviewed and rejected versions of these resources by key, locked until commit."""
    rows = (
        models.Version.objects.select_for_update(of=("self",))
        .select_related("resource")
        .filter(resource__key__in=list(keys), state__in=OPEN)
        .order_by("resource__key")
    )
    return {row.resource.key: row for row in rows}


def in_review(keys: Iterable[str]) -> set[str]:
    """Which of these resources have a version in review; read without a lock."""
    rows = models.Version.objects.filter(resource__key__in=list(keys), state=State.REVIEW)
    return set(rows.values_list("resource__key", flat=True))


def save_drafts(resources: Sequence[Resource], author: Author) -> list[models.Version]:
    """Each resource's open draft says what is given here; those without get a new version. In the order given."""
    held = open_versions([resource.key for resource in resources])
    changed = []
    for resource in resources:
        if row := held.get(resource.key):
            row.state, row.declaration = State.DRAFT, resource.model_dump(mode="json")
            row.made_by, row.made_at, row.case = author.person, author.at, None
            row.makers = sorted({*row.makers, author.person})
            changed.append(row)
    fields = ["state", "declaration", "made_by", "makers", "made_at", "case"]
    models.Version.objects.bulk_update(changed, fields, batch_size=500)
    made = add_versions([one for one in resources if one.key not in held], State.DRAFT, author)
    by_key = held | {row.resource.key: row for row in made}
    return [by_key[resource.key] for resource in resources]


def supersede(resources: Iterable[int]) -> None:
    """Close the published versions of these resources: a newer one is about to be published."""
    models.Version.objects.filter(resource_id__in=list(resources), state=State.PUBLISHED).update(state=State.SUPERSEDED)


def add_elements(elements: Sequence[Element], author: Author) -> None:
    """A new version in force of each element."""
    keys = [element.key for element in elements]
    held = models.Element.objects.filter(key__in=keys)
    last = dict(held.values_list("key").annotate(Max("number")))
    held.filter(current=True).update(current=False)
    models.Element.objects.bulk_create(
        models.Element(
            key=element.key,
            number=last.get(element.key, 0) + 1,
            current=True,
            declaration=element.model_dump(mode="json"),
            made_by=author.person,
            made_at=author.at,
        )
        for element in elements
    )
    touch()


def add_code_lists(code_lists: Sequence[CodeList], author: Author) -> None:
    """A new version in force of each code list, with its codes."""
    keys = [code_list.key for code_list in code_lists]
    held = models.CodeList.objects.filter(key__in=keys)
    last = dict(held.values_list("key").annotate(Max("number")))
    held.filter(current=True).update(current=False)
    made = models.CodeList.objects.bulk_create(
        models.CodeList(
            key=one.key,
            number=last.get(one.key, 0) + 1,
            current=True,
            title=one.title,
            standard=one.standard,
            made_by=author.person,
            made_at=author.at,
        )
        for one in code_lists
    )
    models.Code.objects.bulk_create(
        [
            models.Code(
                code_list=row, code=code.code, label=code.label,
                valid_from=_day(code.valid_from), valid_to=_day(code.valid_to),
            )
            for row, one in zip(made, code_lists, strict=True)
            for code in one.codes
        ],
        batch_size=5000,
    )  # fmt: skip
    touch()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
