"""From a file's own columns to the resource's items, leaving out rows that are no data: blanks, totals, repeated headings.

A reader's table has `_line`, its columns `c0`, `c1` … as text, and `_fault` where a row could not be read as one.
"""

from __future__ import annotations

import re

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading.header import Header, plain
from shuniu.exchange.reading.notes import Notes
from shuniu.registries.conform import FAULT, LINE

_SPACES = r"[\s\x{3000}\x{200b}\x{feff}]+"
_TOTAL = r"^(本页|本月|本期|本年|全省|全市|全县)?(合计|总计|小计|共计|累计)数?[:：]?(共?[\d,.]*(条|户|行|人|家|件|元|万元)?)?$"
_SIGNED = (
    r"^(制表|填表|填报|审核|复核|审批|经办|统计|录入|打印|报表|报送|导出)(人|人员|单位|部门|日期|时间)?(签[字章])?[:：]"
    r"|^(单位|部门|分管)?(负责人|领导|联系人|联系电话|盖章|公章)(签[字章])?[:：]|^(备注|说明|注)[:：]"
    r"|^(制表人|填表人|填报人|审核人|复核人|经办人)$"
)
_STARTS = "本全合总小共累制填审复经统录打报导单部分负领联盖公备说注"
"""First characters of what the two patterns above match."""
_UNITLESS = r"^\s*[+-]?[\d,]*\.?\d+\s*$"


class Rows:
    """Turns a reader's tables into frames of the resource's items, and notes what it leaves out."""

    def __init__(self, resource: Resource, header: Header, notes: Notes) -> None:
        self._resource = resource
        self._header = header
        self._notes = notes
        self._keys = [f"c{header.columns[item.name].position}" for item in resource.key_items]
        firsts = {header.headings[header.columns[i.name].position].strip()[:1] for i in resource.key_items}
        starts = "".join(sorted(re.escape(first) for first in firsts if first))
        # One cheap look at the key's first character finds every row that may be no data.
        self._suspect = rf"^\s*(?:$|[\x{{200b}}\x{{feff}}{_STARTS}{starts}])"

    def frame(self, table: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table that are data, as `_line`, the items' cells and, if the table has it, `_fault`."""
        maybe = table.select(
            pl.any_horizontal(
                (pl.col(key).is_null() | pl.col(key).str.contains(self._suspect)) for key in self._keys
            ).alias("maybe")
        ).to_series()
        if maybe.any():
            table = table.filter(~table.get_column(LINE).is_in(self._left_out(table.filter(maybe)).implode()))
        kept = [pl.col(FAULT)] if FAULT in table.columns else []
        return table.select(LINE, *(self._cells(item.name) for item in self._resource.items), *kept)

    def _cells(self, name: str) -> pl.Expr:
        column = self._header.columns.get(name)
        if column is None:
            return pl.lit(None, pl.String).alias(name)
        cell = pl.col(f"c{column.position}")
        if column.unit:
            cell = pl.when(cell.str.contains(_UNITLESS)).then(cell + column.unit).otherwise(cell)
        return cell.alias(name)

    def _left_out(self, suspects: pl.DataFrame) -> pl.Series:
        """The row numbers, among rows whose key is empty or looks odd, of those that are no data."""
        names = [name for name in suspects.columns if name not in (LINE, FAULT)]
        bare = suspects.select(LINE, pl.col(names).fill_null("").str.replace_all(_SPACES, ""))
        every, keys = pl.col(names), pl.col(self._keys)
        blank = pl.all_horizontal(every == "")
        no_key = pl.any_horizontal(keys == "")
        total = self._says(every, keys, no_key, _TOTAL)
        signed = self._says(every, keys, no_key, _SIGNED)
        headings = [
            pl.col(f"c{column.position}").str.to_lowercase() == plain(self._header.headings[column.position])
            for column in self._header.columns.values()
        ]
        found = bare.select(
            LINE,
            pl.when(blank).then(pl.lit("blank")).when(total).then(pl.lit("total")).when(signed)
            .then(pl.lit("signed")).when(pl.all_horizontal(headings)).then(pl.lit("heading")).alias("kind"),
        ).filter(pl.col("kind").is_not_null())  # fmt: skip
        for kind, what in _LEFT_OUT.items():
            self._notes.rows(what, found.filter(pl.col("kind") == kind).get_column(LINE).to_list())
        return found.get_column(LINE)

    def _says(self, every: pl.Expr, keys: pl.Expr, no_key: pl.Expr, pattern: str) -> pl.Expr:
        """Whether the key itself, or any cell of a row without key, says what the pattern says."""
        own: pl.Expr = pl.any_horizontal(keys.str.contains(pattern))
        return own | (no_key & pl.any_horizontal(every.str.contains(pattern)))


_LEFT_OUT = {
    "blank": "是空行，已跳过",
    "total": "是合计行，已跳过",
    "signed": "是表尾的签名或说明，已跳过",
    "heading": "是重复的列名行，已跳过",
}
