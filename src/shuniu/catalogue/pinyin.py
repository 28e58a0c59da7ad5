"""Initials of pinyin, as departments name columns (XK_XDR_MC, rkrq), without a dictionary of readings.

The level-1 characters of GB 2312-1980 stand in the order of their pinyin, so the code position alone tells the initial;
a character outside them has none, and a title that holds one gives no initials at all rather than wrong ones.
"""

from __future__ import annotations

from bisect import bisect_right

from shuniu.catalogue.names import normal

_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_STARTS = [char.encode("gb2312") for char in _FIRST]
_LAST = "座".encode("gb2312")


def initials(title: str) -> str:
    """The initials of a title's pinyin in lower case, "" when a character's is not known."""
    return "".join(letters) if all(letters := [_initial(char) for char in normal(title)]) else ""


def _initial(char: str) -> str:
    if char.isascii():
        return char
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_STARTS, code) - 1] if _STARTS[0] <= code <= _LAST else ""
