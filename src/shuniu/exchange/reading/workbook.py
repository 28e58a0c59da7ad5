"""A workbook's parts beside its sheets: which sheets there are, shared strings, number formats (ECMA-376, part 1 §18)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from lxml import etree

from shuniu.exchange.reading.archive import damaged
from shuniu.exchange.reading.xml_file import events, forget, refuse_doctype

MAX_PART = 64 << 20
"""Bytes of a part that is read whole: workbook, relations, styles."""
_STRINGS = 100_000
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Built-in number formats that show dates and times, those of Chinese locales included."""
_NOT_SHOWN = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]", re.I)


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Style:
    """What a number format means for a number's text: a date, or zeros put before it."""

    dates: bool = False
    zeros: int = 0


class Workbook:
    """The parts of an open archive. Raises Refused file.damaged when they do not make up a workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._at = next((t for kind, t in self._relations("").values() if kind == "officeDocument"), "xl/workbook.xml")
        self._root = self._parsed(self._at)
        self._parts = self._relations(self._at)
        properties = self._root.find("{*}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets that hold cells (no charts), in the order of their tabs."""
        found = []
        for sheet in self._root.iterfind("{*}sheets/{*}sheet"):
            number = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
            kind, part = self._parts.get(str(number), ("", ""))
            if kind == "worksheet" and part in self.archive.NameToInfo:
                found.append(Sheet(sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"))
        return tuple(found)

    @cached_property
    def strings(self) -> pl.Series:
        """The shared strings by index."""
        part = next((part for kind, part in self._parts.values() if kind == "sharedStrings"), "")
        parts: list[pl.Series] = [pl.Series("strings", [], pl.String)]
        batch: list[str] = []
        if part in self.archive.NameToInfo:
            for element in self.elements(part, "{*}si"):
                batch.append(string_of(element))
                if len(batch) == _STRINGS:
                    parts.append(pl.Series("strings", batch, pl.String))
                    batch = []
        return pl.concat([*parts, pl.Series("strings", batch, pl.String)])

    @cached_property
    def styles(self) -> tuple[Style, ...]:
        """What each cell style means, by index."""
        part = next((part for kind, part in self._parts.values() if kind == "styles"), "")
        if part not in self.archive.NameToInfo:
            return ()
        root = self._parsed(part)
        codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iterfind("{*}numFmts/{*}numFmt")}
        numbers = (x.get("numFmtId", "0") for x in root.iterfind("{*}cellXfs/{*}xf"))
        return tuple(style_of(int(number), codes.get(number, "")) for number in numbers)

    @property
    def has_macros(self) -> bool:
        return any(name.endswith("vbaProject.bin") for name in self.archive.NameToInfo)

    def elements(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """A part's elements of these tags one by one, each freed when the next is asked for."""
        with self.archive.open(part) as start:
            refuse_doctype(start.read(65536))
        with self.archive.open(part) as source:
            try:
                for _, element in events(source, tags):
                    yield element
                    forget(element)
            except etree.XMLSyntaxError as problem:
                raise damaged(f"工作簿的部件 {part} 已损坏（第 {problem.lineno} 行）。") from problem

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → kind and part, of a part ('': of the package)."""
        folder, name = posixpath.split(part)
        at = posixpath.join(folder, "_rels", f"{name}.rels")
        if at not in self.archive.NameToInfo:
            raise damaged("压缩包内没有工作簿。")
        return {
            r.get("Id", ""): (
                r.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, r.get("Target", ""))).lstrip("/"),
            )
            for r in self._parsed(at).iterfind("{*}Relationship")
        }

    def _parsed(self, part: str) -> etree._Element:
        info = self.archive.NameToInfo.get(part)
        if info is None or info.file_size > MAX_PART:
            raise damaged(f"工作簿的部件 {part} 缺失或过大。")
        content = self.archive.read(part)
        refuse_doctype(content[:65536])
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as problem:
            raise damaged(f"工作簿的部件 {part} 已损坏。") from problem


def string_of(element: etree._Element) -> str:
    """The text of a shared or inline string: its runs joined, without phonetic guides."""
    if len(element) == 1:
        return element[0].text or "" if len(element[0]) == 0 else _runs(element)
    return _runs(element)


def _runs(element: etree._Element) -> str:
    texts = element.iterfind("{*}t"), element.iterfind("{*}r/{*}t")
    return "".join(t.text or "" for found in texts for t in found)


def style_of(number: int, code: str) -> Style:
    """What a number format means, by its number and (for those of a file's own) its code."""
    shown = _NOT_SHOWN.sub("", code)
    if number in _DATE_FORMATS or re.search("[ymdhs]", shown, re.I):
        return Style(dates=True)
    return Style(zeros=len(code)) if re.fullmatch("0{2,}", code) else Style()
