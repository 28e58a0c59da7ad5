"""Mounting tables, loading and recalling batches.

Loading runs inside the verb of the engine above (`exchange`), which requires the right and records the batch: these
functions do neither, and say so by not being verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl
from django.db import transaction
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published, Resource
from shuniu.directory import api as directory
from shuniu.registries import facts, rules
from shuniu.registries.conform import DIGEST, KEY, LINE
from shuniu.registries.declare import Counts, Limits, Loaded, Mode, Preview
from shuniu.registries.models import Batch, Table
from shuniu.registries.store import history, identity, loading, tables
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

Chunks = Callable[[], Iterator[pl.DataFrame]]
"""Gives the batch's canonical rows (see `conform`) a chunk at a time, from the start each time it is called."""


@dataclass(frozen=True)
class Incoming:
    """A parsed and conformed batch, ready for the transaction: its rows and what was refused before it."""

    chunks: Chunks
    received: int
    rejected: int
    duplicate: int
    rejected_keys: pl.Series
    unreadable_keys: int


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
        )
    elif held.version != published.version:
        tables.add_items(published, held.items)
        held.version = published.version
        held.items = [*held.items, *(name for name in names if name not in held.items)]
        held.save()
    record(f"resource:{published.resource.key}", detail={"table": published.table, "version": published.version})


def mount_published(*, actor: Actor) -> Iterator[Published]:
    """Make the table of every published version that has none yet, each in a transaction of its own; gives each one done."""
    for published in catalogue.to_mount():
        with transaction.atomic():
            mount(actor=actor, published=published)
            catalogue.mark_mounted(published)
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

    Raises `Held` when a snapshot withdraws or changes more than the dated limits allow and nobody has released it.
    """
    last, held = loading.lock_table(published.table)
    batch = last + 1
    with loading.incoming_table() as table:
        _send_keys(published, incoming, table)
        found = loading.compare(published, table, held, mode, region)
        counts = Counts(
            received=incoming.received, new=found.new, changed=found.changed, unchanged=found.unchanged,
            duplicate=incoming.duplicate, rejected=incoming.rejected, withdrawn=found.withdrawn,
            held_before=held, held_after=held + found.new - found.withdrawn,
        )  # fmt: skip
        reasons = rules.holds(counts, limits, unreadable_keys=incoming.unreadable_keys) if mode is Mode.SNAPSHOT else ()
        if reasons and not released:
            raise Held(Preview(counts, reasons, *history.samples(published, table, region)))
        loading.close(published, table, batch, found, region)
    placed = identity.identify(published, found.to_store(), incoming.chunks(), describer(published.resource))
    counts = replace(counts, awaiting=identity.awaiting(placed))
    loading.store_rows(published, batch, incoming.chunks(), placed)
    loading.list_subjects(published.table, placed.get_column(loading.SUBJECT))
    _number(published, batch, "load", source, counts)
    return Loaded(batch, counts)


def _send_keys(published: Published, incoming: Incoming, table: str) -> None:
    """Send keys, digests and strong identifiers of the batch to its table, and the keys of refused rows beside it."""
    narrow = [pl.col(LINE).alias("line"), pl.col(KEY).alias("key"), pl.col(DIGEST).alias("digest")]
    select = [*narrow, *facts.strong_columns(published.resource)]
    blocks = (loading.encode(chunk.select(select)) for chunk in incoming.chunks())
    loading.copy_blocks(blocks, table, ["line", "key", "digest", *loading.IDENTITY])
    loading.copy_frame(incoming.rejected_keys.to_frame(), loading.REJECTED, ["key"])


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


def _number(published: Published, number: int, kind: str, source: str, counts: Counts) -> None:
    Batch.objects.create(
        table_id=published.table, number=number, at=timezone.now(), kind=kind, source=source,
        version=published.version, **vars(counts),
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
