"""Readers of departments' cells over whole columns: text, dates, times, numbers, amounts, yes and no.

Each takes an expression of raw text and gives null where it cannot read: an ambiguous value (03/05/2024, 1,23) is never
guessed. The rows that are already canonical go a quick way and only the rest the thorough one, which is why these are
batch functions (whole Series, never one value at a time). Canonical text is ISO 8601 for dates and times and plain
digits without superfluous zeros for numbers, so that equal values have equal digests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from shuniu.base.text import TEXT_TABLE, TRIMMED

_ODD: Final = r"[^\x21-\x7e\x{3001}-\x{3003}\x{4e00}-\x{9fff}！＂＇（），：；？《》“”‘’·]"
_NUMERALS: Final = dict(zip("一二三四五六七八九", "123456789", strict=True))
_ONES: Final = {"": "0"} | _NUMERALS
_TENS: Final = {"三十一": "31", "三十": "30"} | {
    f"{ten}十{one}": f"{digit}{value}"
    for ten, digit in (("二", "2"), ("", "1"))
    for one, value in sorted(_ONES.items(), reverse=True)
}
_DATE_MARKS: Final = (
    dict.fromkeys("年月/.", "-")
    | dict.fromkeys("时点分", ":")
    | dict.fromkeys("日号", " ")
    | {"秒": ""}
    | dict.fromkeys("〇○零", "0")
)
# Longest first: the first pattern that fits wins.
_DATE_TABLE: Final = dict(sorted((_TENS | _NUMERALS | _DATE_MARKS).items(), key=lambda pair: -len(pair[0])))
_MOMENT: Final = (
    r"^([12][0-9]{3}|9999)(?:-([0-9]{1,2})-([0-9]{1,2})|([0-9]{2})([0-9]{2}))"
    r"(?:[ T]?([0-9]{1,2}):([0-9]{2}):?([0-9]{2})?(?:[-,]([0-9]{1,9}))? ?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_COMPACT: Final = r"^([12][0-9]{7})([0-9]{2})([0-9]{2})([0-9]{2})$"
_SERIAL: Final = r"^[1-9][0-9]{4}(?:\.[0-9]+)?$"
_SERIAL_EPOCH: Final = 25569
"""Days from a spreadsheet's day 0 (1900 system) to 1970-01-01. The 1904 system cannot be told from the text."""
_CHINA_MINUTES: Final = 8 * 60

_UNITS: Final = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_CANONICAL_NUMBER: Final = r"^(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9])$"
_DIGITS: Final = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.([0-9]+))?"
_NUMBER: Final = rf"^([+-]?)()()?{_DIGITS}()$"
_UNIT: Final = "((?:万亿|千万|百万|亿|万|千)?[元圆]|万亿|千万|百万|亿|万|千)?"
_AMOUNT: Final = rf"^([+-]?)(¥|人民币|RMB|CNY)?([+-]?){_DIGITS}{_UNIT}(?:人民币|整|正)?$"
_BOOLEANS: Final = dict.fromkeys(("是", "1", "TRUE", "T", "YES", "Y"), True) | dict.fromkeys(
    ("否", "0", "FALSE", "F", "NO", "N"), False
)


def normalise_text(expr: pl.Expr) -> pl.Expr:
    """The column form of `text.normalise_text`; empty becomes null."""

    def quick(cells: pl.Series) -> pl.Series:
        return _select(cells, pl.when(~pl.col("cell").str.contains(_ODD) & (pl.col("cell") != "")).then(pl.col("cell")))

    def thorough(cells: pl.Series) -> pl.Series:
        plain = cells.str.replace_many(TEXT_TABLE).str.strip_chars(TRIMMED)
        return plain.set(plain == "", None)

    return _staged(expr, pl.String(), quick, thorough)


def parse_date(expr: pl.Expr) -> pl.Expr:
    """The date of 2024-03-05, 2024/3/5, 2024.3.5, 20240305, 2024年3月5日, 二〇二四年三月五日, 45356.

    Also of any of them with a time, one in another zone first turned to China's. Two-digit years and orders with the
    day or month first are null.
    """
    return _staged(expr, pl.Date(), _iso_dates, lambda cells: _moments(cells).dt.date())


def parse_datetime(expr: pl.Expr) -> pl.Expr:
    """China's local time, in microseconds without zone, of what `parse_date` reads; a date alone is its midnight.

    Also 20240305143000 and a spreadsheet serial with fraction, to the second.
    """
    return _staged(expr, pl.Datetime("us"), lambda cells: _iso_dates(cells).cast(pl.Datetime("us")), _moments)


def parse_number(expr: pl.Expr) -> pl.Expr:
    """Canonical text of a number, exact to every digit: thousands separators (three by three), sign, .5 are read."""
    return _staged(expr, pl.String(), _canonical_numbers, lambda cells: _numbers(cells, _NUMBER, 0))


def parse_amount(expr: pl.Expr, *, unit: str = "元") -> pl.Expr:
    """Canonical text, in 元 and exact, of a sum of money: ￥ or 人民币 before it; 元 万元 亿元 after it.

    千, 百万, 千万 and 万亿 are read too. `unit` is that of a cell which names none (a column headed 万元).
    Other currencies and 角 or 分 are null.
    Raises ValueError for an unknown unit.
    """
    default = unit.removesuffix("元")
    if default not in _UNITS:
        raise ValueError(f"unknown unit of money: {unit}")
    quick = _canonical_numbers if default == "" else _none_read
    return _staged(expr, pl.String(), quick, lambda cells: _numbers(cells, _AMOUNT, _UNITS[default]))


def parse_bool(expr: pl.Expr) -> pl.Expr:
    """Boolean of 是 否, 1 0, true false, yes no, Y N, T F, in any case and width."""
    plain = expr.str.normalize("NFKC").str.strip_chars().str.to_uppercase()
    return plain.replace_strict(_BOOLEANS, default=None, return_dtype=pl.Boolean)


def date_text(expr: pl.Expr) -> pl.Expr:
    """Canonical text of a Date: 2024-03-05."""
    return expr.dt.to_string("%Y-%m-%d")


def datetime_text(expr: pl.Expr) -> pl.Expr:
    """Canonical text of China's local time: 2024-03-05T14:30:00+08:00, a fraction only when there is one."""
    return expr.dt.to_string("%Y-%m-%dT%H:%M:%S%.f") + "+08:00"


def bool_text(expr: pl.Expr) -> pl.Expr:
    """Canonical text of a Boolean: true or false."""
    return expr.cast(pl.String)


def _staged(
    expr: pl.Expr,
    dtype: pl.DataType,
    quick: Callable[[pl.Series], pl.Series],
    thorough: Callable[[pl.Series], pl.Series],
) -> pl.Expr:
    def read(cells: pl.Series) -> pl.Series:
        done = quick(cells)
        rest = (done.is_null() & cells.is_not_null()).arg_true()
        return done.scatter(rest, thorough(cells.gather(rest))) if len(rest) else done

    return expr.map_batches(read, return_dtype=dtype, is_elementwise=True)


def _select(cells: pl.Series, expr: pl.Expr) -> pl.Series:
    return cells.alias("cell").to_frame().select(expr.alias("read")).to_series()


def _none_read(cells: pl.Series) -> pl.Series:
    return pl.repeat(None, len(cells), dtype=pl.String, eager=True)


def _iso_dates(cells: pl.Series) -> pl.Series:
    ten = pl.when(pl.col("cell").str.contains(r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$")).then(pl.col("cell"))
    return _select(cells, ten.str.to_date("%Y-%m-%d", strict=False))


def _moments(cells: pl.Series) -> pl.Series:
    plain = pl.col("cell").str.normalize("NFKC").str.strip_chars()
    frame = cells.alias("cell").to_frame().select(plain).select("cell", _serial().alias("serial"))
    marks = pl.col("cell").str.replace_many(_DATE_TABLE, leftmost=True)
    marks = (
        marks.str.replace_all(r" *([-:]) *", "${1}")
        .str.replace(r"  +", " ")
        .str.replace(_COMPACT, "${1} ${2}:${3}:${4}")
        .str.strip_chars()
    )
    names = ("year", "month", "day", "month2", "day2", "hour", "minute", "second", "fraction", "zone")
    frame = frame.with_columns(marks.str.extract_groups(_MOMENT).struct.rename_fields(names).alias("read")).unnest(
        "read"
    )
    frame = frame.with_columns(
        pl.col("year").cast(pl.Int32),
        pl.coalesce("month", "month2").cast(pl.Int8).alias("month"),
        pl.coalesce("day", "day2").cast(pl.Int8).alias("day"),
        *(pl.col(name).cast(pl.Int8).fill_null(0) for name in ("hour", "minute", "second")),
        (pl.col("fraction").fill_null("") + "000000").str.slice(0, 6).cast(pl.Int32).alias("fraction"),
    )
    frame = frame.with_columns(pl.when(_on_calendar()).then(pl.col("year")).alias("year"))
    # A made-up 1 stands in for parts of an impossible date, which the year's null then makes null.
    possible = pl.col("year").is_not_null()
    month, day = (pl.when(possible).then(pl.col(name)).otherwise(1) for name in ("month", "day"))
    clock = pl.duration(hours="hour", minutes="minute", seconds="second", microseconds="fraction")
    moment = pl.datetime(pl.col("year"), month, day) + clock - _zone_minutes()
    return frame.select(pl.coalesce(moment.cast(pl.Datetime("us")), "serial")).to_series()


def _on_calendar() -> pl.Expr:
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    short = pl.when(month == 2).then(28 + leap.cast(pl.Int8)).otherwise(30)
    last = pl.when(month.is_in([1, 3, 5, 7, 8, 10, 12])).then(31).otherwise(short)
    clock = (pl.col("hour") < 24) & (pl.col("minute") < 60) & (pl.col("second") < 60)
    return month.is_between(1, 12) & (day >= 1) & (day <= last) & clock


def _serial() -> pl.Expr:
    serial = pl.when(pl.col("cell").str.contains(_SERIAL)).then(pl.col("cell")).cast(pl.Float64) - _SERIAL_EPOCH
    return ((serial * 86400).round().cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us"))


def _zone_minutes() -> pl.Expr:
    zone = pl.col("zone").str.replace(":", "", literal=True).replace("Z", "+0000")
    minutes = zone.str.slice(1, 2).cast(pl.Int32) * 60 + zone.str.slice(3, 2).cast(pl.Int32)
    signed = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.duration(minutes=signed.fill_null(_CHINA_MINUTES) - _CHINA_MINUTES)


def _canonical_numbers(cells: pl.Series) -> pl.Series:
    return _select(cells, pl.when(pl.col("cell").str.contains(_CANONICAL_NUMBER)).then(pl.col("cell")))


def _numbers(cells: pl.Series, pattern: str, default_shift: int) -> pl.Series:
    """Move the decimal point in the text itself: no float and no fixed scale comes near a digit."""
    plain = pl.col("cell").str.normalize("NFKC").str.replace_all(r"\s+", "").str.to_uppercase()
    names = ("sign", "currency", "sign2", "whole", "fraction", "unit")
    frame = cells.alias("cell").to_frame()
    frame = frame.select(plain.str.extract_groups(pattern).struct.rename_fields(names).alias("read")).unnest("read")
    unit = pl.col("unit").str.replace("[元圆]$", "").replace_strict(_UNITS, default=None, return_dtype=pl.UInt32)
    stated = pl.col("unit").is_not_null() & (pl.col("unit") != "")
    frame = frame.with_columns(
        pl.when(stated).then(unit).otherwise(default_shift).alias("shift"),
        pl.col("whole").str.replace_all(",", "", literal=True),
        pl.col("fraction", "sign", "sign2").fill_null(""),
    )
    digits = pl.col("whole") + pl.col("fraction") + "0" * max(_UNITS.values())
    point = pl.col("whole").str.len_bytes() + pl.col("shift")
    frame = frame.with_columns(
        digits.str.slice(0, point).str.strip_chars_start("0").alias("left"),
        digits.str.slice(point).str.strip_chars_end("0").alias("right"),
        (pl.col("sign") + pl.col("sign2")).alias("signs"),
    )
    left = pl.when(pl.col("left") == "").then(pl.lit("0")).otherwise(pl.col("left"))
    right = pl.when(pl.col("right") == "").then(pl.lit("")).otherwise("." + pl.col("right"))
    minus = pl.when((pl.col("signs") == "-") & ((left != "0") | (right != ""))).then(pl.lit("-")).otherwise(pl.lit(""))
    readable = (pl.col("whole") + pl.col("fraction") != "") & (pl.col("signs").str.len_bytes() < 2)
    return frame.select(pl.when(readable).then(minus + left + right)).to_series()
