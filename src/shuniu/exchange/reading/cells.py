"""Spreadsheet cells to text, whole batches at a time: as shown, not as stored (ECMA-376, part 1 §18.3.1.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

import polars as pl

from shuniu.exchange.reading.archive import damaged
from shuniu.exchange.reading.workbook import Style
from shuniu.registries.conform import FAULT, LINE, ROW_FORMULA, ROW_PRECISION

NO_RESULT = "formula without result"
"""The kind of a cell whose formula has never been calculated."""
NUMERIC = "_numeric"
"""Per row, the positions of cells that are plain numbers."""
OWN = (FAULT, NUMERIC)
EXACT = 15
"""Digits that a spreadsheet keeps of a number; the rest become zeros."""
_DAYS_TO_1970, _DAYS_TO_1970_SINCE_1904 = 25569, 24107
_LAST_DAY = 2958466


class Book(Protocol):
    """What a workbook's cells refer to, whatever its format."""

    @property
    def since_1904(self) -> bool: ...
    @property
    def strings(self) -> pl.Series: ...
    @property
    def styles(self) -> tuple[Style, ...]: ...


@dataclass
class Batch:
    """Cells of some rows as they stand in the file: parallel lists, one entry per cell that holds something."""

    lines: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    style: list[str | None] = field(default_factory=list)
    text: list[str | None] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)

    def add(self, column: int, kind: str, style: str | None, text: str | None) -> None:
        """Add a cell to the row begun last."""
        self.row.append(len(self.lines) - 1)
        self.column.append(column)
        self.kind.append(kind)
        self.style.append(style)
        self.text.append(text)


def table(batch: Batch, width: int, workbook: Book) -> pl.DataFrame:
    """A batch's cells as a table: `_line`, `c0` …, `_fault`, `_numeric`."""
    lines = batch.lines
    long = pl.DataFrame(
        {"row": batch.row, "column": batch.column, "kind": batch.kind, "style": batch.style, "text": batch.text},
        schema={"row": pl.UInt32, "column": pl.UInt32, "kind": pl.String, "style": pl.String, "text": pl.String},
    )
    resolved = _resolved(long, workbook)
    numbers = pl.Series(LINE, lines, pl.Int64)
    columns = [_scattered(part, f"c{place}", len(lines)) for place, part in _by_column(resolved, width)]
    faults = resolved.filter(pl.col("fault").is_not_null()).unique("row", keep="first")
    fault = pl.repeat(None, len(lines), dtype=pl.String, eager=True).alias(FAULT)
    fault = fault.scatter(faults.get_column("row"), faults.get_column("fault")) if faults.height else fault
    numeric = resolved.filter("numeric").group_by("row").agg(pl.col("column").alias(NUMERIC))
    rows = pl.int_range(len(lines), dtype=pl.UInt32, eager=True).alias("row")
    return (
        pl.DataFrame([numbers, *columns, fault, rows])
        .join(numeric, on="row", how="left", maintain_order="left")
        .drop("row")
    )


def _by_column(resolved: pl.DataFrame, width: int) -> list[tuple[int, pl.DataFrame]]:
    parts = {int(key[0]): part for key, part in resolved.partition_by("column", as_dict=True).items()}
    return [(place, parts.get(place, resolved.clear())) for place in range(width)]


def _scattered(part: pl.DataFrame, name: str, height: int) -> pl.Series:
    empty = pl.repeat(None, height, dtype=pl.String, eager=True).alias(name)
    return empty.scatter(part.get_column("row"), part.get_column("shown")) if part.height else empty


def _resolved(long: pl.DataFrame, workbook: Book) -> pl.DataFrame:
    """Each cell's text as shown, whether it is a plain number, and what is wrong with it."""
    kind, text = pl.col("kind"), pl.col("text")
    dates, zeros = _styles(long.get_column("style"), workbook)
    frame = long.with_columns(dates.alias("dates"), zeros.alias("zeros"))
    number = kind == "n"
    shared = frame.select(pl.when(kind == "s").then(text).cast(pl.UInt32, strict=False)).to_series()
    highest = shared.max()
    if isinstance(highest, int) and highest >= workbook.strings.len():
        raise damaged("单元格指向不存在的共享字符串。")
    strings = workbook.strings.gather(shared) if workbook.strings.len() else shared.cast(pl.String).alias("strings")
    frame = frame.with_columns(strings.alias("strings"), _numbers(frame))
    exact = ~pl.col("number").str.contains(rf"^-?\d{{{EXACT + 1}}}")
    shown = (
        pl.when(kind == "s").then("strings")
        .when(number & pl.col("dates")).then(_moment(text, workbook.since_1904))
        .when(number & (pl.col("zeros") > 0)).then(pl.col("number").str.zfill(pl.col("zeros")))
        .when(number).then("number")
        .when(kind == "b").then(text.replace_strict({"1": "true", "0": "false"}, default=text))
        .otherwise("text")
    )  # fmt: skip
    fault = pl.when(kind == NO_RESULT).then(pl.lit(ROW_FORMULA)).when(
        number & ~pl.col("dates") & ~exact).then(pl.lit(ROW_PRECISION))  # fmt: skip
    plain = number & ~pl.col("dates") & (pl.col("zeros") == 0)
    return frame.select("row", "column", shown.alias("shown"), plain.alias("numeric"), fault.alias("fault"))


def _styles(style: pl.Series, workbook: Book) -> tuple[pl.Series, pl.Series]:
    dates = {str(index): one.dates for index, one in enumerate(workbook.styles) if one.dates}
    zeros = {str(index): one.zeros for index, one in enumerate(workbook.styles) if one.zeros}
    padded = (
        style.replace_strict(zeros, default=0, return_dtype=pl.UInt32) if zeros else style.is_null().cast(pl.UInt32) * 0
    )
    return style.is_in(list(dates)).fill_null(False), padded


def _numbers(frame: pl.DataFrame) -> pl.Series:
    """Numbers as shown: 100.0 is 100, 1E-07 is 0.0000001, 0.30000000000000004 is 0.3; null for other cells."""
    stored = frame.select(pl.when(pl.col("kind") == "n").then("text").alias("number")).to_series()
    stored = stored.str.replace(r"^(-?\d+)\.0+$", "${1}")
    odd = stored.filter(~stored.str.contains(r"^(?:0|-?[1-9]\d{0,14}|-?\d{1,9}\.\d{0,5}[1-9])$")).unique()
    return stored.replace(odd.to_list(), [_decimal(text) for text in odd]) if len(odd) else stored


def _decimal(text: str) -> str:
    try:
        exact = Decimal(text)
        rounded = Decimal(f"{float(exact):.{EXACT}g}") if exact.is_finite() and len(text) < 40 else exact
    except (ArithmeticError, ValueError):
        return text
    shown = f"{rounded.normalize():f}" if abs(rounded.adjusted()) < 40 else text
    return "0" if shown in ("-0", "0") else shown


def _moment(text: pl.Expr, since_1904: bool) -> pl.Expr:
    """A serial number of days as ISO text: a date, a date and time, or (below one day) a time."""
    serial = text.cast(pl.Float64, strict=False)
    # The 1900 system has a 29 February 1900: serials before it are one day on.
    days = serial - _DAYS_TO_1970_SINCE_1904 if since_1904 else serial - _DAYS_TO_1970 + (serial < 60).cast(pl.Float64)
    possible = pl.when((serial >= 0) & (serial < _LAST_DAY)).then(days)
    moment = (possible * 86400).round().cast(pl.Int64).mul(1_000_000).cast(pl.Datetime("us"))
    clock = moment.dt.to_string("%H:%M:%S")
    day = moment.dt.to_string("%Y-%m-%d")
    return (
        pl.when(moment.is_null()).then(text).when(serial < 1).then(clock)
        .when(clock == "00:00:00").then(day).otherwise(day + " " + clock)
    )  # fmt: skip
