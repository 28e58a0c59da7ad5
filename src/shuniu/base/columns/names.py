"""Comparison keys of names over whole columns: the column forms of `shuniu.base.text`."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from shuniu.base.text import BRACKETED_FORM, FORMS, NAME_TABLE, PERSON_TABLE, region_prefix


def legal_name_key(expr: pl.Expr, regions: Collection[str] = ()) -> pl.Expr:
    """As `text.legal_name_key`, null for null."""
    prefix = region_prefix(regions)
    # A batch function only so that each costly step is computed once, however often its result is used.
    return expr.map_batches(
        lambda names: _legal_name_keys(names, prefix), return_dtype=pl.String(), is_elementwise=True
    )


def person_name_key(expr: pl.Expr) -> pl.Expr:
    """As `text.person_name_key`, null for null."""
    return expr.str.normalize("NFKC").str.to_uppercase().str.replace_many(PERSON_TABLE)


def _legal_name_keys(names: pl.Series, prefix: str) -> pl.Series:
    plain = names.str.normalize("NFKC").str.to_uppercase().str.replace_many(NAME_TABLE)
    name = pl.col("name")
    frame = plain.str.replace(BRACKETED_FORM, "").alias("name").to_frame().with_columns(_ending().alias("ending"))
    core = name.str.head(name.str.len_chars() - pl.col("ending").str.len_chars())
    frame = frame.select(core, pl.col("ending").replace(FORMS))
    if prefix:
        frame = frame.with_columns(name.str.replace(prefix, "${2}"))
    return frame.select(name + pl.col("ending")).to_series().alias(names.name)


def _ending() -> pl.Expr:
    name = pl.col("name")
    found = pl.lit("")
    for form in reversed(FORMS):
        found = pl.when(name.str.ends_with(form) & (name != form)).then(pl.lit(form)).otherwise(found)
    return found
