"""Closed lists whose members carry what users read beside what is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Titled(StrEnum):
    """Members are written `NAME = "value", "中文名"`; value, text, JSON and pickle are those of any StrEnum.

    Raises TypeError where a member has no title.
    """

    _value_: str
    _title: str

    def __new__(cls, value: str, title: str = "") -> Self:  # a member is looked up by its value alone
        if not title:
            raise TypeError(f"{cls.__name__} {value!r} has no title")
        member = str.__new__(cls, value)
        member._value_ = value
        member._title = title
        return member

    @property
    def title(self) -> str:  # type: ignore[override]  # what users read, not str's capitals
        return self._title
