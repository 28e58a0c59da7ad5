"""Mounting tables, loading and recalling batches.

Loading runs inside the verb of the engine above (`exchange`), which requires the right and records the batch: these
functions do neither, and say so by not being verbs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl
from django.db import transaction
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published, Resource, SubjectType
from shuniu.directory import api as directory
from shuniu.registries import facts, rules
from shuniu.registries.api.region_slices import refuse_foreign
from shuniu.registries.conform import KEY, LINE
from shuniu.registries.declare import Counts, Limits, Loaded, Mode, Preview
from shuniu.registries.models import Batch, Table
from shuniu.registries.store import arriving, history, identity, loading, tables
from shuniu.registries.store.arriving import Arrived, Target
from shuniu.registries.store.spill import Spill
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

NO_ROWS = pl.Series(loading.HELD, [], pl.Int64)


@dataclass
class Incoming:
    """A batch on its way in: canonical rows (see `conform`) a chunk at a time and once. The rest holds after the last.

    `rows` raises `Refused` when the file turns out to be none that can be stored; then nothing of it is.
    """

    rows: Iterator[pl.DataFrame]
    received: int = 0
    rejected: int = 0
    duplicate: int = 0
    rejected_keys: pl.Series = field(default_factory=lambda: pl.Series(KEY, [], pl.String))
    unreadable_keys: int = 0
    dropped: pl.Series = field(default_factory=lambda: pl.Series(LINE, [], pl.Int64))
    """Lines that have come in `rows` and do not count: repeats, and rows of one key that contradict one another."""


class Held(Refused):
    """The batch waits for a second officer; `preview` says what it would do."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("batch.hold", "；".join(preview.holds) + "。", "请由第二位经办人核对后放行或退回。")
        self.preview = preview


@verb("registries.mount", "建立资源库表")
def mount(*, actor: Actor, published: Published) -> None:
    """Make or widen the table of a published version. Safe to repeat."""
    require()
    names = [item.name for item in published.resource.items]
    held = Table.objects.select_for_update().filter(resource=published.resource.key).first()
    if held is None:
        tables.create(published)
        Table.objects.create(
            number=published.table,
            resource=published.resource.key,
            agency=published.resource.agency,
            version=published.version,
            items=names,
            register=published.resource.register_for is not SubjectType.NONE,
        )
    elif held.version != published.version:
        tables.add_items(published, held.items)
        held.version = published.version
        held.items = [*held.items, *(name for name in names if name not in held.items)]
        held.save()
    record(f"resource:{published.resource.key}", detail={"table": published.table, "version": published.version})


def mount_new(*, actor: Actor, published: Published) -> None:
    """Mount a version and note that it is: both, or neither."""
    with transaction.atomic():
        mount(actor=actor, published=published)
        catalogue.mark_mounted(published)


def mount_published(*, actor: Actor) -> Iterator[Published]:
    """Make the table of every published version that has none yet, each in a transaction of its own; gives each one done."""
    for published in catalogue.to_mount():
        mount_new(actor=actor, published=published)
        yield published


def load(
    published: Published,
    incoming: Incoming,
    *,
    mode: Mode,
    source: str,
    limits: Limits,
    released: bool = False,
    region: str = "",
) -> Loaded:
    """Load one batch: diff, hold or go on, identify, close, store, number it. All or nothing, in the caller's transaction.

    Raises `Held` when a snapshot withdraws or changes more than the dated limits allow and nobody has released it, and
    `Refused` batch.region_owner when a region's slice would take over another region's rows.
    """
    last, held = loading.lock_table(published.table)
    snapshot = mode is Mode.SNAPSHOT
    target = Target(published, last + 1, held, at_once=not snapshot or released or not held)
    current = loading.Current(published, held, snapshot=snapshot)
    with Spill() as rest:
        parts = arriving.arrive(target, current, incoming.rows, rest)
        dropped = incoming.dropped
        arrived = arriving.settle(target, parts, dropped)
        if region:
            refuse_foreign(published, arrived.met, region)
        gone = _withdrawn(target, current, incoming, arrived.met, region) if snapshot else NO_ROWS
        counts = _counts(target, incoming, arrived, len(gone))
        reasons = rules.holds(counts, limits, unreadable_keys=incoming.unreadable_keys) if snapshot else ()
        if reasons and not released:
            changed = history.key_samples(published, arriving.changing(rest, dropped))
            raise Held(Preview(counts, reasons, history.key_samples(published, gone), changed))
        loading.close(published, target.batch, gone)
        waited = arriving.store_rest(target, rest, dropped, describer(published.resource))
    stored = pl.concat([arrived.stored, waited])
    if published.resource.subject is not SubjectType.NONE:
        counts = replace(counts, awaiting=stored.filter(loading.AWAITS).height)
    loading.list_subjects(published.table, stored.get_column(loading.SUBJECT))
    founds = published.resource.register_for is not SubjectType.NONE
    _number(published, target.batch, "load", source, counts, said=founds or waited.is_empty())
    return Loaded(target.batch, counts)


def _counts(target: Target, incoming: Incoming, arrived: Arrived, withdrawn: int) -> Counts:
    new, changed, unchanged = (arrived.number(state) for state in (loading.NEW, loading.CHANGED, loading.UNCHANGED))
    return Counts(
        received=incoming.received, new=new, changed=changed, unchanged=unchanged, duplicate=incoming.duplicate,
        rejected=incoming.rejected, withdrawn=withdrawn, held_before=target.held,
        held_after=target.held + new - withdrawn,
    )  # fmt: skip


def _withdrawn(target: Target, current: loading.Current, incoming: Incoming, met: pl.Series, region: str) -> pl.Series:
    """The rows that a snapshot no longer has. A key seen in a refused row is not withdrawn. A slice speaks for its region."""
    if not target.held:
        return NO_ROWS
    seen = pl.concat([met, loading.rows_of_keys(target.published, incoming.rejected_keys, target.batch)]).unique()
    if not region and len(seen) == target.held:
        return NO_ROWS
    rows = current.rows(region, target.batch).to_frame()
    return rows.join(seen.to_frame(), on=loading.HELD, how="anti").get_column(loading.HELD)


def recall(published: Published, batch: int, *, source: str) -> Loaded:
    """Take a wrong batch back whole: its rows are closed, the rows that it closed are current again under a new batch.

    Only the newest batch can be recalled without touching what came after it; an older one raises `Refused` batch.order.
    """
    last, held = loading.lock_table(published.table)
    if batch != last:
        raise Refused(
            "batch.order", f"批次 {batch} 之后已有批次 {last}，不能单独撤回。", f"请先撤回批次 {last}，或报送更正。"
        )
    number = last + 1
    closed, reopened, changed = history.undo(published, batch, number)
    counts = Counts(
        received=reopened, new=reopened - changed, changed=changed, withdrawn=closed - changed,
        held_before=held, held_after=held + reopened - closed,
    )  # fmt: skip
    _number(published, number, "recall", source, counts)
    return Loaded(number, counts)


def _number(published: Published, number: int, kind: str, source: str, counts: Counts, *, said: bool = True) -> None:
    Batch.objects.create(
        table_id=published.table, number=number, at=timezone.now(), kind=kind, source=source,
        version=published.version, said=said, **vars(counts),
    )  # fmt: skip
    Table.objects.filter(number=published.table).update(last_batch=number, held=counts.held_after)


def describer(resource: Resource) -> identity.Describe:
    """What takes canonical rows to what they say of their subject, with today's regions."""
    named = directory.region_names(level=3)
    names, codes = list(named.values()), {code[:6] for code in named}
    moved: dict[str, str] = {}

    def describe(rows: pl.DataFrame) -> pl.DataFrame:
        for code in facts.place_codes(rows, resource) - codes - set(moved):
            moved[code] = (directory.successor(code) or code)[:6]
        return facts.facts(rows, resource, names, moved)

    return describe
