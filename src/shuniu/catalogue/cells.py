"""Cells of a data dictionary as values: types, yes and no, enumerations; what cannot be read is noted, not guessed."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TypeVar

from shuniu.base.identifiers import IdentifierKind
from shuniu.catalogue import names
from shuniu.catalogue.declare import Cycle, Disclosure, ItemType, ShareType, SubjectType
from shuniu.catalogue.dictionary import Row

E = TypeVar("E", SubjectType, Disclosure, Cycle, ShareType)


@dataclass(frozen=True)
class Problem:
    """One thing amiss in the file, at a row (0: whole file) and a column. `blocks`: its resource is not proposed."""

    row: int
    column: str
    rule: str
    message: str
    remedy: str
    blocks: bool = False


LEGAL_NAME, PERSON_NAME = "legal_name", "person_name"

_TYPES = {
    ItemType.TEXT: "string varchar varchar2 nvarchar char nchar text clob longtext str uuid json "
    "c m g 字符型 字符串 文本 备注型 通用型",
    ItemType.INTEGER: "int integer bigint smallint tinyint long short int2 int4 int8 i 整型 整数 整数型",
    ItemType.DECIMAL: "decimal numeric number float double real money n y b f 数值型 货币型 双精度型 浮点型 小数",
    ItemType.DATE: "date d 日期 日期型",
    ItemType.TIMESTAMP: "datetime timestamp timestamptz time t 日期时间型 时间 时间型",
    ItemType.BOOLEAN: "bool boolean bit l 逻辑型 布尔 布尔型",
}
_TYPE_OF = {word: kind for kind, words in _TYPES.items() for word in words.split()}
_WITH_LENGTH = re.compile(r"^(.+?)\s*[(（]\s*(\d+)\s*(?:[,，]\s*\d+\s*)?[)）]$")
_YES, _NO = {"是", "y", "yes", "true", "1", "√", "必填", "开放"}, {"否", "n", "no", "false", "0", "", "选填", "不开放"}


_IDENTITY = (
    {
        "名称": LEGAL_NAME,
        "姓名": PERSON_NAME,
        names.normal(LEGAL_NAME): LEGAL_NAME,
        names.normal(PERSON_NAME): PERSON_NAME,
    }
    | {names.normal(kind.label): kind.value for kind in IdentifierKind}
    | {names.normal(kind.value): kind.value for kind in IdentifierKind}
)


class Cells:
    """Reads cells of one file and gathers what is amiss."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, row: int, column: str, rule: str, message: str, remedy: str, *, blocks: bool = False) -> None:
        self.problems.append(Problem(row, column, f"catalogue.import_{rule}", message, remedy, blocks))

    def yes(self, row: Row, column: str) -> bool:
        word = names.normal(row[column]) or row[column].strip()
        if word not in _YES | _NO:
            self.note(row.number, column, "value", f"“{row[column]}”看不懂，按“否”处理。", "请填“是”或“否”。")
        return word in _YES

    def choice(self, row: int, column: str, text: str, kind: type[E], default: E) -> E:
        if not text:
            return default
        for member in kind:
            if names.normal(text) in (names.normal(member.value), names.normal(member.title)):
                return member
        titles = "、".join(member.title for member in kind)
        self.note(row, column, "value", f"“{text}”不在可选值中。", f"请填：{titles}。", blocks=True)
        return default

    def identity(self, row: Row) -> str:
        """The part of the identity that an item is; whose name a name is, its resource's subject says later."""
        word = names.normal(row["主体标识"])
        if not word or word in _IDENTITY:
            return _IDENTITY.get(word, "")
        titles = "、".join(["名称", *(kind.label for kind in IdentifierKind)])
        message = f"“{row['主体标识']}”不是主体标识的一种。"
        self.note(row.number, "主体标识", "value", message, f"请填：{titles}。", blocks=True)
        return ""

    def type_of(self, row: Row) -> tuple[ItemType, int | None]:
        text = row["数据类型"]
        sized = _WITH_LENGTH.match(text)
        word = (sized[1] if sized else text).strip().lower()
        length = int(sized[2]) if sized else None
        if not word:
            self.note(row.number, "数据类型", "type", "没有写数据类型，按字符型处理。", "请补写数据类型。")
            return ItemType.TEXT, length
        if word in _TYPE_OF:
            return _TYPE_OF[word], length
        near = difflib.get_close_matches(word, _TYPE_OF, n=1, cutoff=0.75) if len(word) > 3 else []
        kind = _TYPE_OF[near[0]] if near else ItemType.TEXT
        known = "、".join(member.title for member in ItemType)
        message = f"没有“{text}”这种类型，按{kind.title}处理。"
        self.note(row.number, "数据类型", "type", message, f"请改为：{known}。")
        return kind, length
