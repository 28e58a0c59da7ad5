"""Finding the heading row and, in it, the resource's items: by title, field name or element alias, in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shuniu.catalogue.declare import Item, ItemType, Resource
from shuniu.exchange.reading.notes import Notes, named
from shuniu.trust.declare import Refused

WITHIN = 20
"""The heading row is looked for in so many rows: above it there may be a merged title, a unit, a date."""

Aliases = Mapping[str, Sequence[str]]
"""Item name → other headings under which departments deliver it (the aliases of its element)."""

_REMARK = re.compile(r"\((必填|选填|可选|必录|文本|日期|格式.*|y{2,4}.*)\)$")
_UNIT = re.compile(r"\((元|千元|万元|百万元|千万元|亿元)\)$")
_OURS = {"原行号", "退回理由"}
"""Columns of the file of rejected rows, which comes back mended: neither read nor told."""
_REMEDY = "请使用本资源的模板，或把列名改为目录中的名称后重新报送。"


@dataclass(frozen=True)
class Column:
    """Where an item stands, and the unit of money that its heading names (空: none)."""

    position: int
    unit: str = ""


@dataclass(frozen=True)
class Header:
    """The heading row: its row number, its headings, and the item that each known one stands for."""

    line: int
    headings: tuple[str, ...]
    columns: dict[str, Column]


def plain(heading: str) -> str:
    """A heading without what departments add to it: width, spaces, stars, the BOM, quotes, a colon, case."""
    text = unicodedata.normalize("NFKC", heading).lower()
    return re.sub(r"[\s*★\ufeff\u200b\"'`]+", "", text).rstrip(":").translate({ord("【"): "(", ord("】"): ")"})


class Labels:
    """The headings under which a resource's items are known. Titles come before names, names before aliases."""

    def __init__(self, resource: Resource, aliases: Aliases) -> None:
        self._items: dict[str, Item] = {}
        for item in resource.items:
            self._items.setdefault(plain(item.title), item)
        for item in resource.items:
            self._items.setdefault(plain(item.name), item)
        others: dict[str, set[str]] = {}
        for name, labels in aliases.items():
            for label in labels:
                others.setdefault(plain(label), set()).add(name)
        for label, names in others.items():
            if len(names) == 1:  # two items of one element: its alias names neither
                self._items.setdefault(label, resource.item(names.pop()))

    def item(self, heading: str) -> tuple[Item, str] | None:
        """The item of a heading and the unit in it: 注册资本（万元） is 注册资本 in 万元. None when it is unknown."""
        text = plain(heading)
        if text in self._items:
            return self._items[text], ""
        text = _REMARK.sub("", text)
        unit = _UNIT.search(text)
        found = self._items.get(_UNIT.sub("", text))
        if found is not None and (not unit or found.type is ItemType.DECIMAL):
            return found, unit[1] if unit else ""
        return None

    def known(self, headings: Iterable[str]) -> int:
        """How many different items the headings name."""
        return len({found[0].name for heading in headings if (found := self.item(heading))})


def columns_of(headings: Sequence[str], resource: Resource, labels: Labels, notes: Notes) -> dict[str, Column]:
    """Item name → column. Raises `Refused` file.columns when a column is doubled or a required item has none."""
    found: dict[str, Column] = {}
    extra: list[str] = []
    for position, heading in enumerate(headings):
        match = labels.item(heading)
        if match is None:
            if heading.strip() and plain(heading) not in _OURS:
                extra.append(heading.strip())
            continue
        item, unit = match
        if item.name in found:
            first = headings[found[item.name].position].strip()
            raise Refused(
                "file.columns",
                f"“{item.title}”有两列：第 {found[item.name].position + 1} 列“{first}”和第 {position + 1} 列“{heading.strip()}”。",
                "请只保留一列后重新报送。",
            )
        found[item.name] = Column(position, unit)
    missing = [item.title for item in resource.items if (item.required or item.key) and item.name not in found]
    if missing:
        raise Refused("file.columns", f"缺少必需的列：{'、'.join(missing)}。", _REMEDY)
    _tell(found, extra, resource, notes)
    return found


def _tell(found: Mapping[str, Column], extra: list[str], resource: Resource, notes: Notes) -> None:
    absent = [item.title for item in resource.items if item.name not in found]
    if absent:
        notes.say(f"文件中没有这些选填的列，按空处理：{named(absent)}。")
    if extra:
        notes.say(f"这些列不在资源目录中，未采用：{named(extra)}。")
    for name, column in found.items():
        if column.unit and column.unit != "元":
            notes.say(f"“{resource.item(name).title}”按列名以{column.unit}计。")


def find_header(rows: Sequence[tuple[int, Sequence[str]]], resource: Resource, labels: Labels, notes: Notes) -> Header:
    """The heading row among a file's first rows (number, cells). Raises `Refused` file.empty, file.columns."""
    filled = [(line, [str(cell) for cell in cells]) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        raise Refused("file.empty", "文件中没有数据行。", "本期确无数据时，请使用“零报告”。")
    line, headings = max(filled, key=lambda row: labels.known(row[1]))
    if not labels.known(headings):
        expected = "、".join(item.title for item in resource.items if item.required or item.key)
        raise Refused("file.columns", f"前 {WITHIN} 行中找不到列名行（至少要有：{expected}）。", _REMEDY)
    above = [number for number, _ in filled if number < line]
    columns = columns_of(headings, resource, labels, notes)
    notes.rows("在列名行之上，按标题跳过", above)
    return Header(line, tuple(headings), columns)
