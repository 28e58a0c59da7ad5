"""Dated rules: every limit, deadline and list that a law may change, with its basis and how sure we are of it.

Two packs are shipped as CSV in `data/rules/`: `period-2010` (the time of the requirements) and `current-2026`. Whatever
is decided by a rule keeps the rule's id, so that the decision can be explained again years later.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import combinations, groupby

from shuniu.base.periods import Period, Term, Unit

RuleValue = int | Decimal | str | tuple[str, ...]
PACKS = ("period-2010", "current-2026")
_REGION_LENGTHS = (2, 4, 6, 9, 12)


class Certainty(StrEnum):
    """How well a rule is founded; only V and K may be shown to users as "the standard says"."""

    VERIFIED = "V"
    KNOWN = "K"
    UNCERTAIN = "U"
    OWN_DEFAULT = "D"


class RuleError(ValueError):
    """A rule pack that cannot be used, or a rule asked for as something that it is not."""


class NoRule(LookupError):
    """No rule of that key is in force on that day in that region."""

    def __init__(self, pack: str, key: str, on: date, region: str | None) -> None:
        self.pack, self.key, self.on, self.region = pack, key, on, region
        place = f"（区划 {region}）" if region else ""
        super().__init__(f"规则包 {pack} 中没有在 {on} 生效的规则“{key}”{place}，请补充该规则及其依据")


@dataclass(frozen=True, slots=True)
class Rule:
    """One value that held for a time in a place. `region` None is the whole country; both dates are included."""

    id: str
    pack: str
    key: str
    value: RuleValue
    unit: str
    legal_basis: str
    article: str
    effective_from: date
    effective_to: date | None
    certainty: Certainty
    region: str | None
    note: str

    def integer(self) -> int:
        """The value as a whole number (days, months, counts). Raises RuleError when it is not one."""
        if isinstance(self.value, int):
            return self.value
        raise self._not_a("整数")

    def decimal(self) -> Decimal:
        """The value as a decimal; a whole number is one too. Raises RuleError otherwise."""
        if isinstance(self.value, int | Decimal):
            return Decimal(self.value)
        raise self._not_a("数值")

    def text(self) -> str:
        """The value as a word. Raises RuleError when it is a number or a list."""
        if isinstance(self.value, str):
            return self.value
        raise self._not_a("文字")

    def texts(self) -> tuple[str, ...]:
        """The value as a list of words. Raises RuleError when it is not a list."""
        if isinstance(self.value, tuple):
            return self.value
        raise self._not_a("列表")

    def term(self) -> Term:
        """The value with its unit as a length of time for the calendar. Raises RuleError for other units."""
        if self.unit not in tuple(Unit):
            raise self._not_a("期限")
        return Term(self.integer(), Unit(self.unit))

    @property
    def period(self) -> Period:
        """The days on which the rule is in force."""
        return Period(self.effective_from, self.effective_to)

    def applies(self, on: date, region: str | None) -> bool:
        """Whether the rule is in force on that day for that region (itself, or one that it lies in)."""
        return on in self.period and (self.region is None or (region or "").startswith(self.region))

    def _not_a(self, wanted: str) -> RuleError:
        return RuleError(f"规则 {self.id} 的值“{self.value}”（单位“{self.unit}”）不是{wanted}")


@dataclass(frozen=True)
class RuleBook:
    """One pack of rules, checked: ids unique, no two rules of one key and region in force on the same day."""

    pack: str
    rules: tuple[Rule, ...]
    _by_key: dict[str, tuple[Rule, ...]] = field(repr=False, compare=False)

    @classmethod
    def of(cls, pack: str, rules: Iterable[Rule]) -> RuleBook:
        """Check and index. Raises RuleError naming the two rules that contradict each other."""
        ordered = tuple(sorted(rules, key=lambda rule: (rule.key, rule.region or "", rule.effective_from)))
        _refuse_contradictions(pack, ordered)
        index = {key: tuple(group) for key, group in groupby(ordered, key=lambda rule: rule.key)}
        return cls(pack, ordered, index)

    @classmethod
    def load(cls, pack: str) -> RuleBook:
        """A pack shipped with the platform. Raises RuleError for an unknown name."""
        return _load(pack)

    def with_rules(self, more: Iterable[Rule]) -> RuleBook:
        """This book with a province's or city's own rules added, checked again as a whole."""
        return RuleBook.of(self.pack, (*self.rules, *more))

    def resolve(self, key: str, on: date, region: str | None = None) -> Rule:
        """The rule of that key in force on `on`; the most specific region wins. Raises NoRule.

        `region` is a GB/T 2260 code of any level, with or without trailing zeros (43, 4331, 433101, 430000000000).
        """
        place = region_prefix(region) if region else None
        found = [rule for rule in self._by_key.get(key, ()) if rule.applies(on, place)]
        if not found:
            raise NoRule(self.pack, key, on, region)
        return max(found, key=lambda rule: len(rule.region or ""))

    def by_id(self, rule_id: str) -> Rule:
        """The rule that a decision kept the id of, in force or not. Raises KeyError for an unknown id."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def keys(self) -> frozenset[str]:
        """Every key that the pack has a rule for, at whatever time."""
        return frozenset(self._by_key)


def region_prefix(code: str) -> str:
    """A region code without the zeros that only fill it up: 430000 is 43, 433100 is 4331, 430102000000 is 430102.

    Raises RuleError for anything but 2, 4, 6, 9 or 12 digits.
    """
    if not (code.isascii() and code.isdigit() and len(code) in _REGION_LENGTHS):
        raise RuleError(f"区划代码“{code}”应为 2、4、6、9 或 12 位数字")
    while len(code) > 2:
        shorter = code[: _REGION_LENGTHS[_REGION_LENGTHS.index(len(code)) - 1]]
        if code[len(shorter) :].strip("0"):
            break
        code = shorter
    return code


def parse_rules(pack: str, lines: Iterable[str]) -> tuple[Rule, ...]:
    """Read a pack's CSV form. Raises RuleError naming the line, in Chinese."""
    rules = []
    for number, row in enumerate(csv.DictReader(lines, strict=True), start=2):
        if None in row or None in row.values():
            raise RuleError(f"规则包 {pack} 第{number}行的列数与表头不同，请补齐或删去多余的逗号")
        try:
            rules.append(_rule(pack, row))
        except (KeyError, ValueError, InvalidOperation) as error:
            raise RuleError(f"规则包 {pack} 第{number}行无法读取：{error}") from error
    return tuple(rules)


def _rule(pack: str, row: dict[str, str]) -> Rule:
    ends = row["effective_to"]
    rule = Rule(
        id=row["id"],
        pack=pack,
        key=row["key"],
        value=_value(row["type"], row["value"]),
        unit=row["unit"],
        legal_basis=row["legal_basis"],
        article=row["article"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(ends) if ends else None,
        certainty=Certainty(row["certainty"]),
        region=region_prefix(row["region"]) if row["region"] else None,
        note=row["note"],
    )
    if not (rule.id and rule.key and rule.legal_basis):
        raise ValueError("编号、键和依据都必须填写")
    # Both refuse what is wrong now rather than on the day when the rule is first asked for.
    _ = rule.period
    if rule.unit in tuple(Unit):
        rule.term()
    return rule


def _value(kind: str, raw: str) -> RuleValue:
    match kind:
        case "int":
            return int(raw)
        case "decimal":
            return Decimal(raw)
        case "str":
            return raw
        case "list":
            return tuple(raw.split("|")) if raw else ()
    raise ValueError(f"类型“{kind}”应为 int、decimal、str 或 list")


def _refuse_contradictions(pack: str, ordered: tuple[Rule, ...]) -> None:
    seen: set[str] = set()
    for rule in ordered:
        if rule.pack != pack:
            raise RuleError(f"规则 {rule.id} 属于规则包 {rule.pack}，不能放入 {pack}")
        if rule.id in seen:
            raise RuleError(f"规则编号 {rule.id} 重复，请改用不同编号")
        seen.add(rule.id)
    for (key, region), group in groupby(ordered, key=lambda rule: (rule.key, rule.region)):
        for one, other in combinations(group, 2):
            if one.period.overlaps(other.period):
                place = region or "全国"
                raise RuleError(f"规则 {one.id} 与 {other.id}（{key}，{place}）的生效期重叠，请截止其中一条")


@cache
def _load(pack: str) -> RuleBook:
    if pack not in PACKS:
        raise RuleError(f"没有规则包“{pack}”，可用的有：{'、'.join(PACKS)}")
    text = (files("shuniu.base") / "data" / "rules" / f"{pack}.csv").read_text(encoding="utf-8")
    return RuleBook.of(pack, parse_rules(pack, text.splitlines()))
