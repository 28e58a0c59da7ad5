"""JSON: an array of flat objects (bare, or as the one list inside an object), or one object per line; read in portions."""

from __future__ import annotations

import json
from collections.abc import Iterator

from shuniu.exchange.reading.records import Record
from shuniu.trust.declare import Refused

MAX_RECORD = 4 << 20
"""Characters of the largest record."""
_SPACE = " \t\r\n"
_FLAT = "请把每条记录写成一层的键值对，嵌套的内容另作一个资源报送。"


class _Doubled(ValueError):
    """An object names the same key twice: which of the values counts cannot be known."""


def records(texts: Iterator[str]) -> Iterator[Record]:
    """The records of a JSON file. Raises Refused file.json, file.nested, file.doubled_key, file.damaged."""
    text = _Text(texts)
    first = text.peek()
    if first == "{":
        wrapped = _open_wrapper(text)
        if wrapped is not None:
            yield wrapped
            yield from _lines(text)
            return
    yield from _array(text)
    if first == "[" and text.peek():
        raise _broken(text.number, "数组之后还有内容")


class _Text:
    """A file's text from the place that has been read up to: what lies before is forgotten."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self.text = ""
        self.at = 0
        self.number = 0  # records read
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_pairs, parse_float=str, parse_int=str, parse_constant=_no_constant
        )

    def more(self) -> bool:
        """Take in another part; False at the end of the file."""
        part = next(self._texts, None)
        if part is None:
            return False
        self.text = self.text[self.at :] + part
        self.at = 0
        return True

    def peek(self) -> str:
        """The next character that is no space, '' at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, expected: str) -> None:
        found = self.peek()
        if found != expected:
            raise _damaged(self.number) if not found else _broken(self.number + 1, f"此处应为“{expected}”")
        self.at += 1

    def value(self) -> object:
        """The JSON value that begins here."""
        self.peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self.text, self.at)
            except json.JSONDecodeError as problem:
                if len(self.text) - self.at > MAX_RECORD:
                    raise _broken(self.number + 1, "语法有误，或记录过长") from problem
                if not self.more():
                    unfinished = problem.pos >= len(self.text.rstrip()) or problem.msg.startswith("Unterminated")
                    raise (_damaged(self.number) if unfinished else _broken(self.number + 1, "语法有误")) from problem
            except _Doubled as problem:
                where = f"第 {self.number + 1} 条记录中“{problem}”出现两次。"
                raise Refused("file.doubled_key", where, "请只保留一个后重新报送。") from problem
            except RecursionError as problem:
                raise Refused("file.nested", f"第 {self.number + 1} 条记录嵌套过深。", _FLAT) from problem
            else:
                # A scalar at the very end of what has been taken in may go on in the next block.
                if end < len(self.text) or isinstance(found, dict) or not self.more():
                    self.at = end
                    return found


def _open_wrapper(text: _Text) -> Record | None:
    """Go to the list inside an object that wraps it; an object without one is the first record of a file of lines."""
    text.take("{")
    seen: list[tuple[str, object]] = []
    while text.peek() != "}":
        key = text.value()
        if not isinstance(key, str):
            raise _broken(1, "键应为字符串")
        text.take(":")
        if text.peek() == "[":
            return None
        seen.append((key, text.value()))
        if text.peek() != "}":
            text.take(",")
    text.at += 1
    text.number = 1
    try:
        return _record(dict(_pairs(seen)), 1)
    except _Doubled as problem:
        raise Refused(
            "file.doubled_key", f"第 1 条记录中“{problem}”出现两次。", "请只保留一个后重新报送。"
        ) from problem


def _array(text: _Text) -> Iterator[Record]:
    text.take("[")
    while text.peek() != "]":
        yield _next(text)
        if text.peek() != "]":
            text.take(",")
    text.at += 1


def _lines(text: _Text) -> Iterator[Record]:
    while text.peek():
        yield _next(text)


def _next(text: _Text) -> Record:
    if text.peek() != "{":
        raise _damaged(text.number) if not text.peek() else _broken(text.number + 1, "每条记录应为对象 {…}")
    record = _record(text.value(), text.number + 1)
    text.number += 1
    return record


def _record(value: object, number: int) -> Record:
    if not isinstance(value, dict):
        raise _broken(number, "每条记录应为对象 {…}")
    for key, cell in value.items():
        if isinstance(cell, bool):
            value[key] = "true" if cell else "false"
        elif isinstance(cell, dict | list):
            raise Refused("file.nested", f"第 {number} 条记录的“{key[:40]}”不是单个值，而是嵌套结构。", _FLAT)
    return value


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Doubled(next(key for key in keys if keys.count(key) > 1)[:40])
    return found


def _no_constant(word: str) -> object:
    raise json.JSONDecodeError(f"{word} is no JSON", word, 0)


def _broken(number: int, what: str) -> Refused:
    return Refused("file.json", f"不是有效的 JSON：第 {number} 条记录处，{what}。", "请检查导出程序后重新报送。")


def _damaged(number: int) -> Refused:
    return Refused("file.damaged", f"文件在第 {number} 条记录之后中断，没有传完整。", "请重新导出并上传完整的文件。")
