"""The rules that systems registered, and what they find in cases on a day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from shuniu.assessment import store
from shuniu.assessment.declare import CardRule, Check, Facts, Finding, Limit
from shuniu.assessment.rules.judging import Day, judge
from shuniu.base.calendar import Calendar
from shuniu.base.rules import Rule
from shuniu.procedures.api import oversight

RULES: dict[str, CardRule] = {}
"""The supervision rules by key: what systems registered."""


def register(rules: Iterable[CardRule]) -> tuple[CardRule, ...]:
    """Make declared rules known. Raises ValueError for another rule under the same key."""
    made = tuple(rules)
    for rule in made:
        if RULES.setdefault(rule.key, rule) != rule:
            raise ValueError(f"监察规则“{rule.key}”登记了两种内容")
    return made


_EVER = date(1900, 1, 1)
"""Before this day nothing is looked for."""


def _most(limits: Mapping[str, Limit], rules: Iterable[CardRule]) -> int:
    return max((limits[rule.limit].value for rule in rules if rule.limit in limits), default=0)


def _back(calendar: Calendar, day: date, working_days: int) -> date:
    """The last day that lies so many working days before this one."""
    found = max(day, _EVER)
    while working_days and found > _EVER:
        working_days -= calendar.is_working(found)
        found -= timedelta(days=1)
    return found


@dataclass(frozen=True)
class Bench:
    """The rules as they hold on a day, under the supervision that began on another; limits and days by region, once each."""

    today: date
    began: date
    _places: dict[str, tuple[dict[str, Limit], Day]] = field(default_factory=dict)

    def findings(self, facts: Facts) -> tuple[Finding, ...]:
        """What the rules find in a case."""
        if facts.region not in self._places:
            day = Day(self.today, oversight.calendar(facts.region), self.began)
            self._places[facts.region] = store.limits(RULES.values(), self.today, facts.region), day
        limits, day = self._places[facts.region]
        return judge(facts, RULES.values(), limits, day)

    def pressing(self, since: date) -> tuple[int, ...]:
        """The cases in which days alone can have made something late since that day, in order of their ids."""
        limits, national = store.limits(RULES.values(), self.today, ""), oversight.calendar("")
        stops = _most(limits, [rule for rule in RULES.values() if rule.check is Check.LONG_STOP])
        terms = _most(limits, [rule for rule in RULES.values() if rule.check is not Check.LONG_STOP])
        near = _most(limits, [rule for rule in RULES.values() if rule.check is Check.NEAR])
        until = national.add_working_days(self.today, near).date
        return oversight.pressing(_back(national, since, terms + 1), until, _back(national, since, stops + 1))

    def digest(self) -> str:
        """What tells these rules, with the dated ones that they go by and the beginning, from any others."""
        keys = {rule.limit for rule in RULES.values()}
        dated = [repr(rule) for rule in store.book().rules if rule.key in keys]
        said = [str(self.began), *(rule.model_dump_json() for rule in RULES.values()), *dated]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True)
class Explained:
    """A supervision rule with the dated rule that gives its number on a day; None where none is needed or in force."""

    rule: CardRule
    limit: Rule | None


def explained(on: date) -> tuple[Explained, ...]:
    """The registered rules as they hold on a day, in order of their keys. Public."""
    return tuple(Explained(RULES[key], store.dated(RULES[key].limit, on)) for key in sorted(RULES))
