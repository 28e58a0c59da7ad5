"""Reading a province's data folder: places, agencies, elements, code lists, dictionaries. Another province is another folder."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from shuniu.catalogue.declare import Code, CodeList, Element, ItemType
from shuniu.directory.declare import Agency, Region

TYPES = {kind.title: kind for kind in ItemType} | {"备注型": ItemType.TEXT, "货币型": ItemType.DECIMAL}
FIRST_DAY = date(1949, 10, 1)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def regions(folder: Path) -> list[Region]:
    """Every region of the province with its history, from `regions.csv`."""
    return [
        Region(
            code=row["code"],
            name=row["name"],
            level=int(row["level"]),
            parent=row["parent"] or None,
            valid_from=_day(row["valid_from"]) or FIRST_DAY,
            # The folder names the day of the change; the directory the last day on which the old code held.
            valid_to=(ended - timedelta(days=1)) if (ended := _day(row["valid_to"])) else None,
            successor=row["successor_code"] or None,
        )
        for row in _rows(folder / "regions.csv")
    ]


def agencies(folder: Path) -> list[Agency]:
    """The province's agencies, from `agencies.csv`."""
    return read_agencies(folder / "agencies.csv")


def read_agencies(path: Path) -> list[Agency]:
    """Agencies from a CSV file of that form. Raises KeyError for a missing column, ValueError for what is no number."""
    return [
        Agency(
            key=row["key"],
            name=row["name"],
            short=row["short"],
            level=int(row["level"]),
            region=row["region"],
            uscc=row["uscc"] or None,
            parent=row["parent"] or None,
        )
        for row in _rows(path)
    ]


def elements(folder: Path) -> list[Element]:
    """The standard data elements, from `elements.csv`."""
    return [
        Element(
            key=row["key"],
            title=row["name"],
            type=TYPES[row["type"]],
            aliases=_list(row["aliases"]),
            check=row["check"],
            length=int(row["length"].partition(",")[0] or 0) or None,
            code_list=row["code_list"],
            sensitivity=int(row["sensitivity"] or 1),
            owner=row["owner"],
            basis=row["basis"],
            collectors=_list(row["collectors"]),
            note=row["note"],
        )
        for row in _rows(folder / "elements.csv")
    ]


def code_lists(folder: Path) -> list[CodeList]:
    """The code lists with their dated codes, from `code_lists.csv`."""
    codes: dict[tuple[str, str, str], list[Code]] = defaultdict(list)
    for row in _rows(folder / "code_lists.csv"):
        code = Code(code=row["code"], label=row["label"], valid_from=row["valid_from"], valid_to=row["valid_to"])
        codes[row["key"], row["name"], row["standard"]].append(code)
    return [
        CodeList(key=key, title=title, standard=standard, codes=tuple(listed))
        for (key, title, standard), listed in codes.items()
    ]


def dictionaries(folder: Path) -> list[tuple[str, Path]]:
    """Every data dictionary as its department delivers it: agency key and file, registers before credit classes."""
    found: list[tuple[str, Path]] = []
    for path in [*sorted((folder / "registers").glob("*.csv")), *sorted((folder / "classes").glob("*.csv"))]:
        first = next(_rows(path))
        found.append((first["资源代码"].partition("/")[0], path))
    return found
