"""The legal list of purposes and the limits of an agreement, from the dated rules. Pure but for which pack is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from shuniu.base.periods import Term
from shuniu.base.rules import NoRule, RuleBook
from shuniu.exchange.grants.declare import Purpose

_PREFIX = "share.purpose."


@dataclass(frozen=True)
class Limits:
    """The most that an agreement may give on a day, each with the id of its rule."""

    term: Term
    rate: int
    quota_calls: int
    quota_rows: int
    rules: tuple[tuple[str, str], ...]  # what is limited, the rule's id


@lru_cache(maxsize=64)
def purposes(day: date, region: str | None = None) -> tuple[Purpose, ...]:
    """What data may be asked for on a day in a region: the standard's in its order, then what the platform adds."""
    book = RuleBook.load(settings.RULE_PACK)
    found: list[tuple[bool, str, Purpose]] = []
    for key in sorted(one for one in book.keys() if one.startswith(_PREFIX)):  # noqa: SIM118 - keys() is the book's own
        try:
            rule = book.resolve(key, day, region)
        except NoRule:
            continue
        name = key.removeprefix(_PREFIX)
        purpose = Purpose(name, rule.text(), f"{rule.legal_basis}{rule.article}", rule.certainty, rule.id)
        found.append((not rule.article, rule.article, purpose))
    return tuple(one for *_order, one in sorted(found, key=lambda one: one[:2]))


def purpose_title(key: str, day: date) -> str:
    """What a purpose is called; its key, where the list no longer has it."""
    return next((one.title for one in purposes(day) if one.key == key), key)


@lru_cache(maxsize=64)
def limits(day: date, region: str | None = None) -> Limits:
    """How much an agreement may give at most. Raises NoRule where a pack lacks one."""
    book = RuleBook.load(settings.RULE_PACK)
    keys = {"term": "term.max.months", "rate": "rate.max", "calls": "quota.calls.max", "rows": "quota.rows.max"}
    rules = {name: book.resolve(f"share.{key}", day, region) for name, key in keys.items()}
    return Limits(
        term=rules["term"].term(),
        rate=rules["rate"].integer(),
        quota_calls=rules["calls"].integer(),
        quota_rows=rules["rows"].integer(),
        rules=tuple((name, rule.id) for name, rule in rules.items()),
    )


def days(key: str, day: date) -> int:
    """A number of days that the rule `share.<key>.days` gives."""
    return RuleBook.load(settings.RULE_PACK).resolve(f"share.{key}.days", day).integer()
