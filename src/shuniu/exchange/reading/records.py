"""From records with named fields (JSON, XML) to frames: field names are matched like headings, missing fields are empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading.detect import empty
from shuniu.exchange.reading.header import Labels, columns_of
from shuniu.exchange.reading.notes import Notes
from shuniu.registries.conform import LINE
from shuniu.trust.declare import Refused

BATCH = 50_000
"""Records in a frame."""
MAX_FIELDS = 2000

Record = Mapping[str, str | None]


def frames(records: Iterator[Record], resource: Resource, labels: Labels, notes: Notes) -> Iterator[pl.DataFrame]:
    """Frames of records; `_line` is a record's number, from 1. Raises Refused file.empty, file.columns."""
    notes.say("行号指第几条记录。")
    fields: dict[str, str | None] = {}
    batch: list[Record] = []
    start = 1
    for number, record in enumerate(records, start=1):
        for field in record.keys() - fields.keys():
            found = labels.item(field)
            fields[field] = found[0].name if found else None
        if len(fields) > MAX_FIELDS:
            raise Refused(
                "file.columns", f"到第 {number} 条记录已有 {MAX_FIELDS} 多个不同的字段名。", "请按资源的模板导出。"
            )
        batch.append(record)
        if len(batch) == BATCH:
            yield _frame(batch, start, fields, resource, labels)
            batch, start = [], number + 1
    if not fields and not batch:
        raise empty()
    if batch:
        yield _frame(batch, start, fields, resource, labels)
    columns_of(sorted(fields), resource, labels, notes)


def _frame(
    batch: list[Record], start: int, fields: Mapping[str, str | None], resource: Resource, labels: Labels
) -> pl.DataFrame:
    columns_of(list(fields), resource, labels, Notes())  # every field so far: a required one that never came is missing
    source = {name: field for field, name in fields.items() if name is not None}
    columns = {
        item.name: [record.get(source[item.name]) for record in batch] if item.name in source else [None] * len(batch)
        for item in resource.items
    }
    frame = pl.DataFrame(columns, schema={item.name: pl.String for item in resource.items})
    return frame.select(pl.int_range(start, start + pl.len(), dtype=pl.Int64).alias(LINE), pl.all())
