"""Which element an item of a department's dictionary is: proposed from title, aliases, column name and type. Pure.

A proposal is `certain` only when the whole title, nothing left over, names one element and the type can be converted;
what rests on a part of the title, on folded synonyms or on the column name alone is `likely` and waits for a human.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from shuniu.catalogue import names
from shuniu.catalogue.declare import Element, ItemType
from shuniu.catalogue.pinyin import initials

Confidence = Literal["certain", "likely", "none"]

_SHORTEST = 2  # characters: what remains of a title must at least be a word
_NEAR = 0.84  # difflib ratio of folded titles: one character in about six may differ
_ALIAS_NEAR = 0.6  # difflib ratio: an alias in other words (单位名称 for 企业名称) is a hint, not an identity


@dataclass(frozen=True)
class Proposal:
    """The element proposed for one item ("" for none), how sure, and why, in a few words for the one who confirms."""

    element: str
    confidence: Confidence
    why: str


NOTHING = Proposal("", "none", "没有相近的数据元")

_TO = {
    ItemType.TEXT: frozenset(ItemType),
    ItemType.INTEGER: frozenset({ItemType.DECIMAL, ItemType.TEXT, ItemType.BOOLEAN}),
    ItemType.DECIMAL: frozenset[ItemType](),
    ItemType.DATE: frozenset({ItemType.TIMESTAMP}),
    ItemType.TIMESTAMP: frozenset({ItemType.DATE}),
    ItemType.BOOLEAN: frozenset({ItemType.TEXT, ItemType.INTEGER}),
}


def convertible(source: ItemType, target: ItemType) -> bool:
    """Whether what a source stores as one type can be delivered as another without losing what it says."""
    return source is target or target in _TO[source]


# Words that departments use for the same thing, in the order in which they are folded; the last form is only compared.
_FOLDS = (
    ("身份证件", "证件"), ("身份证号码", "公民身份号码"), ("身份证号", "公民身份号码"),
    ("社会信用码", "社会信用代码"), ("起始日期", "起"), ("截止日期", "止"), ("起始时间", "起"), ("截止时间", "止"),
    ("时间", "日期"), ("年月", "日期"), ("年份", "年度"), ("做出", "作出"), ("编号", "号"), ("编码", "号"),
    ("号码", "号"), ("代码", "号"), ("姓名", "名"), ("名称", "名"), ("机构", "机关"), ("单位", "机关"),
    ("部门", "机关"), ("类别", "类型"), ("种类", "类型"), ("大类", "类型"), ("分类", "类型"), ("颁发", "发证"),
    ("颁证", "发证"), ("住址", "地址"), ("住所", "地址"), ("经营场所", "经营地址"), ("营业地址", "经营地址"),
    ("经营地", "经营地址"), ("地址址", "地址"), ("生产经营", "经营"), ("总额", "额"), ("金额", "额"), ("数额", "额"),
    ("原因", "事由"), ("理由", "事由"), ("案由", "事由"), ("文书号", "文号"), ("证书号", "证号"), ("学校", "院校"),
    ("日期自", "起"), ("日期至", "止"), ("期限自", "期起"), ("期限至", "期止"), ("自", "起"), ("至", "止"),
    ("的", ""), ("最高", ""), ("所学", ""), ("所属", ""), ("所在", ""), ("当前", ""), ("或", ""),
)  # fmt: skip


def folded(title: str) -> str:
    """A title with its synonyms made one, for comparison only."""
    text = names.normal(names.without_brackets(title)) or names.normal(title)
    for word, one in _FOLDS:
        text = text.replace(word, one)
    return text


def _column(name: str) -> str:
    return "_".join(names.words(name))


class Index:
    """The elements in force, prepared for proposing. One index serves a whole file."""

    def __init__(self, elements: Mapping[str, Element]) -> None:
        self.elements = elements

    @cached_property
    def _titles(self) -> dict[str, list[str]]:
        return self._grouped(names.normal)

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        return self._grouped(folded)

    def _grouped(self, form: Callable[[str], str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for element in self.elements.values():
            for title in dict.fromkeys(form(title) for title in (element.title, *element.aliases)):
                found.setdefault(title, []).append(element.key)
        return found

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        """Elements by what columns of theirs are called: the key, Latin aliases, initials of the titles' pinyin."""
        found: dict[str, list[str]] = {}
        for element in self.elements.values():
            titles = (element.title, *element.aliases)
            latin = {_column(alias) for alias in titles if alias.isascii()}
            for name in (latin | {_column(element.key), *map(initials, titles)}) - {""}:
                found.setdefault(name, []).append(element.key)
        return found

    def propose(self, title: str, name: str, kind: ItemType, *, given: str = "") -> Proposal:
        """The element for an item titled `title` in column `name` of that type; `given` is what the dictionary says."""
        if given:
            if given in self.elements:
                return Proposal(given, "certain", "字典已注明")
            return Proposal("", "none", f"字典注明的数据元“{given}”不存在")
        for key, sure, why in self._candidates(title, name):
            if not convertible(kind, self.elements[key].type):
                continue
            return Proposal(key, "certain" if sure else "likely", why)
        return NOTHING

    def _candidates(self, title: str, name: str) -> Iterator[tuple[str, bool, str]]:
        whole, bare = names.normal(title), names.normal(names.without_brackets(title))
        columns = self._columns.get(_column(name), []) if len(_column(name)) > _SHORTEST else []
        exact = self._titles.get(whole, [])
        for key in sorted(exact, key=lambda key: key not in columns):
            yield (key, *self._sure(whole, key, len(exact) == 1, columns))
        if bare != whole and len(bare) >= _SHORTEST:
            yield from ((key, False, "去掉括注后名称相同") for key in self._titles.get(bare, []))
        fold = folded(title)
        yield from ((key, False, "名称为同义词") for key in self._folded.get(fold, []))
        yield from ((key, False, "字段名相同") for key in columns)
        yield from ((key, False, why) for key, why in self._partly(fold))

    def _sure(self, whole: str, key: str, only: bool, columns: list[str]) -> tuple[bool, str]:
        """Whether a title that names an element, by its title or an alias, is enough to take it without asking."""
        own = names.normal(self.elements[key].title)
        if columns and key not in columns:
            return False, f"名称相同，但字段名像“{self.elements[columns[0]].title}”"
        if key in columns:
            return True, "名称和字段名都相同"
        if whole == own or whole in own or own in whole:
            return only, "名称相同"
        alike = difflib.SequenceMatcher(None, whole, own).ratio() >= _ALIAS_NEAR
        return only and alike, "别名相同"

    def _partly(self, fold: str) -> Iterator[tuple[str, str]]:
        """Elements whose title ends this one (执法人员姓名 is a 姓名), longest first; then those that look alike."""
        for start in range(1, len(fold) - _SHORTEST + 1):
            for key in self._folded.get(fold[start:], []):
                yield key, f"以“{self.elements[key].title}”结尾"
        for near in difflib.get_close_matches(fold, self._folded, n=1, cutoff=_NEAR):
            for key in self._folded[near]:
                yield key, f"与“{self.elements[key].title}”相近"

    def name_for(self, title: str) -> str:
        """A column name for an item that has none: the element's key where the title is one, else pinyin initials."""
        exact = self._titles.get(names.normal(title), [])
        return exact[0] if exact else initials(title) or "item"
