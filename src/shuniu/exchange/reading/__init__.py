"""From a delivered file to raw rows: one reader per format behind one door.

A reader yields frames of `_line` (the row's number as a spreadsheet shows it, 1-based; of JSON and XML the record's
number), one text column per item of the resource, null where the cell is empty, and `_fault` where a row could not be
read as one. It never guesses silently: what cannot be read one way only is refused, what was skipped is told in notes.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading import delimited, encoding, json_file, old_workbook, records, spreadsheet, xml_file
from shuniu.exchange.reading.detect import Format, format_of
from shuniu.exchange.reading.header import Aliases, Labels
from shuniu.exchange.reading.notes import Notes
from shuniu.exchange.spool import Spooled

__all__ = ["Aliases", "Reading", "frames", "read"]


class Reading:
    """A delivered file as a resource's rows. Read as often as needed, from the start each time."""

    def __init__(self, spooled: Spooled, name: str, resource: Resource, aliases: Aliases) -> None:
        self._spooled = spooled
        self._name = name
        self._resource = resource
        self._labels = Labels(resource, aliases)
        self._notes = Notes()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was skipped or taken for something, as sentences; whole once `frames` has come to its end."""
        return self._notes()

    def frames(self) -> Iterator[pl.DataFrame]:
        """Raw rows in portions. Raises `Refused` (rules file.*) when the file as a whole cannot be read."""
        self._notes = notes = Notes()
        found = format_of(self._spooled, self._name, notes)
        if found is Format.DELIMITED:
            return delimited.frames(self._spooled, self._resource, self._labels, notes)
        if found is Format.WORKBOOK:
            return spreadsheet.frames(self._spooled, self._resource, self._labels, notes)
        if found is Format.OLD_WORKBOOK:
            return old_workbook.frames(self._spooled, self._resource, self._labels, notes)
        code = encoding.encoding_of(self._spooled)
        if code != encoding.UTF8:
            notes.say(f"文件编码为 {encoding.LABELS[code]}。")
        texts = encoding.texts(self._spooled, code)
        found_records = json_file.records(texts) if found is Format.JSON else xml_file.records(texts, self._labels)
        return records.frames(found_records, self._resource, self._labels, notes)


def read(spooled: Spooled, name: str, resource: Resource, aliases: Aliases | None = None) -> Reading:
    """A delivered file for a resource; `aliases` are further headings by item name (those of its elements)."""
    return Reading(spooled, name, resource, aliases or {})


def frames(spooled: Spooled, name: str, resource: Resource, aliases: Aliases | None = None) -> Iterator[pl.DataFrame]:
    """The raw rows alone, for whoever has no use for the notes."""
    return read(spooled, name, resource, aliases).frames()
