"""Loading against a naive model: whatever comes, in whatever portions, the table holds what reading it row by row would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Resource
from shuniu.registries import api
from shuniu.registries.conform import KEY, LINE, conform
from shuniu.registries.declare import Counts, Loaded, Mode
from shuniu.registries.models import Batch, Table
from shuniu.registries.store import loading
from shuniu.registries.store.tables import name_of
from shuniu.trust.declare import Refused
from tests.registries.conftest import INSTALL, PENALTY, REGISTRATION
from tests.registries.load_model import FURONG, LIMITS, SHOP, Delivery, Model, Reading, Row, Said

pytestmark = [pytest.mark.django_db(transaction=True)]  # the look-ups' own connection sees what is committed


def incoming(delivery: Delivery) -> api.Incoming:
    """The delivery as the road of a file hands it over."""
    reading, lines = Reading.of(delivery), range(2, len(delivery.rows) + 2)
    cells = [delivery.cells(row) for row in delivery.rows]
    raw = pl.DataFrame(
        {LINE: lines, **{name: [one.get(name) for one in cells] for name in delivery.items}},
        schema={LINE: pl.Int64, **dict.fromkeys(delivery.items, pl.String)},
    )
    rows = conform(raw, delivery.resource, {}).rows
    fates = pl.Series([row.fate for row in delivery.rows], dtype=pl.String)
    drop = [line + 2 for line in (*reading.repeats, *reading.conflicts)]

    def chunks() -> Iterator[pl.DataFrame]:
        earlier, start = pl.Series(KEY, [], pl.String), 0
        for end in (*delivery.portions, len(delivery.rows)):
            chunk = rows[start:end].filter(fates[start:end] == "sound")
            again = chunk.get_column(KEY).is_duplicated() | chunk.get_column(KEY).is_in(earlier.implode())
            earlier, start = earlier.append(chunk.get_column(KEY)), end
            yield chunk.with_columns(again.alias(api.AGAIN)) if delivery.marked or drop else chunk
        batch.received, batch.duplicate = len(delivery.rows), len(reading.repeats)
        batch.rejected = len(reading.conflicts) + int((fates != "sound").sum())
        batch.unreadable_keys = int((fates == "unreadable").sum())
        conflicts = rows.filter(pl.col(LINE).is_in([line + 2 for line in reading.conflicts]))
        batch.rejected_keys = pl.concat([rows.filter(fates == "refused"), conflicts]).get_column(KEY)
        batch.dropped = pl.Series(LINE, drop, pl.Int64)

    batch = api.Incoming(chunks())
    return batch


def load(delivery: Delivery) -> Loaded:
    published = catalogue.published(delivery.resource.key)
    with pytest.MonkeyPatch.context() as patched, transaction.atomic():
        patched.setattr(loading, "WHOLE", loading.WHOLE if delivery.whole else 0)
        patched.setattr(loading, "KEPT", loading.KEPT if delivery.whole else 2)
        return api.load(
            published, incoming(delivery), mode=delivery.mode, source="submission:1", limits=LIMITS,
            released=delivery.released, region=delivery.region,
        )  # fmt: skip


def both(delivery: Delivery, model: Model) -> None:
    """Load, here and in the model; refused and held deliveries are so in both."""
    try:
        expected = model.load(delivery)
    except Refused as wanted:
        with pytest.raises(Refused) as refusal:
            load(delivery)
        assert refusal.value.rule == wanted.rule
        if isinstance(refusal.value, api.Held):
            assert repr(refusal.value.preview.counts) == wanted.message
        return
    loaded = load(delivery)
    assert loaded == Loaded(model.of(delivery.resource).last, expected) and expected.adds_up
    kept = Batch.objects.get(table__resource=delivery.resource.key, number=loaded.batch)
    assert Counts(*(getattr(kept, name) for name in vars(expected))) == expected


def recall(what: Resource, model: Model) -> None:
    held, published = model.of(what), catalogue.published(what.key)
    if held.last:
        with transaction.atomic():
            undone = api.recall(published, held.last, source="recall:1")
        assert undone.counts == held.recall() and undone.batch == held.last


def compare(what: Resource, model: Model) -> dict[Said, int]:
    """The resource's table is the model's, row by row and with all its past. Returns the subjects that rows stand for."""
    held, published = model.of(what), catalogue.published(what.key)
    table = Table.objects.get(resource=what.key)
    assert (table.last_batch, table.held) == (held.last, len(held.current))
    items = ", ".join(f'"{item.name}"' for item in what.items)
    with connection.cursor() as cursor:
        cursor.execute(f"select _row, _since, _until, _subject, {items} from {name_of(published.table)} order by _row")
        rows = cursor.fetchall()
    versions = sorted(held.versions, key=lambda one: one.row)
    assert [(*row[:3], row[4:]) for row in rows] == [(one.row, one.since, one.until, one.cells) for one in versions]
    found = {(one.about, row[3]) for one, row in zip(versions, rows, strict=True)}
    assert len(dict(found)) == len(found) and all((about is None) == (subject is None) for about, subject in found)
    return {about: subject for about, subject in found if about}


def compare_subjects(model: Model) -> None:
    """One subject for each whom rows are about, in all resources the same, and known where a register said so."""
    stand: dict[Said, int] = {}
    for what in (REGISTRATION, PENALTY, SHOP):
        for about, subject in compare(what, model).items():
            assert stand.setdefault(about, subject) == subject
    with connection.cursor() as cursor:
        cursor.execute("select id, known, root from registries_subject")
        subjects = {number: known for number, known, root in cursor.fetchall() if number == root}
    assert len(set(stand.values())) == len(stand) and len(subjects) == len(model.subjects)
    assert all(subjects[subject] is (about in model.known) for about, subject in stand.items())


ROWS = st.builds(
    Row, st.integers(0, 3), st.integers(0, 2), st.integers(0, 3),
    st.sampled_from(["sound"] * 6 + ["refused", "unreadable"]),
)  # fmt: skip
OPENING = [
    Delivery(what, tuple(Row(key, 1, key) for key in range(4)), (2,), Mode.SNAPSHOT, False, "", False, True)
    for what in (REGISTRATION, PENALTY, SHOP)
]


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    what = draw(st.sampled_from([SHOP, PENALTY, REGISTRATION]))
    rows = tuple(draw(st.lists(ROWS, min_size=draw(st.sampled_from([3, 2, 0])), max_size=8)))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), min_size=draw(st.sampled_from([2, 0])), max_size=5)))
    mode, released = draw(st.sampled_from([(Mode.DELTA, False), (Mode.SNAPSHOT, True), (Mode.SNAPSHOT, False)]))
    region = draw(st.sampled_from([FURONG, ""])) if what is SHOP else ""
    if region and draw(st.sampled_from([True, True, False])):  # its own rows, as the opening has them
        rows = tuple(replace(row, key=row.key | 1) for row in rows)
    return Delivery(what, rows, tuple(cuts), mode, released, region, draw(st.booleans()), draw(st.booleans()))


Step = Delivery | Resource
STEPS = st.builds(
    lambda opening, steps, last: [*opening, *steps, last],
    st.sampled_from([OPENING, OPENING, OPENING[:1], []]),
    st.lists(st.one_of(*[deliveries()] * 8, st.sampled_from([PENALTY, REGISTRATION, SHOP])), min_size=3, max_size=6),
    st.one_of(deliveries(), st.sampled_from([PENALTY, REGISTRATION, SHOP])),
)


@pytest.fixture
def resources(mounted: None) -> None:
    catalogue.ship(actor=INSTALL, resources=[SHOP])
    list(api.mount_published(actor=INSTALL))


def empty() -> None:
    tables = ", ".join(name_of(number) for number in Table.objects.values_list("number", flat=True))
    about = "registries_subject, registries_identifier, registries_name, registries_subjectresource, registries_merge"
    with connection.cursor() as cursor:
        cursor.execute(f"truncate {about}, registries_batch, {tables} cascade")
        cursor.execute("update registries_table set last_batch = 0, held = 0, always_probed = false")


SLICE = Delivery(SHOP, (Row(1, 2, 1), Row(5, 0, 1)), (1,), Mode.SNAPSHOT, True, FURONG, True, True)
CONTRADICTION = Delivery(PENALTY, (Row(1, 2, 1), Row(2, 2, 2), Row(1, 0, 1)), (1,), Mode.DELTA, False, "", True, True)


@example(steps=[*OPENING, SLICE, replace(SLICE, whole=False), SHOP, replace(SLICE, rows=(), released=False)])
@example(steps=[*OPENING, CONTRADICTION, replace(CONTRADICTION, mode=Mode.SNAPSHOT, released=True), PENALTY, PENALTY])
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_loading_in_portions_does_what_reading_row_by_row_would(resources: None, steps: list[Step]) -> None:
    empty()
    model = Model()
    for step in steps:
        if isinstance(step, Delivery):
            both(step, model)
        else:
            recall(step, model)
        compare_subjects(model)
