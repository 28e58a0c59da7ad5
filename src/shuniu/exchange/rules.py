"""The dated limits that a batch must keep, resolved for a day and a region."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from shuniu.base.rules import RuleBook
from shuniu.registries.declare import Limits


def limits_on(day: date, region: str | None) -> Limits:
    """The shares of rejected, withdrawn and changed rows that apply on a day. Raises `NoRule` when a pack lacks one."""
    book = RuleBook.load(settings.RULE_PACK)
    share = {
        name: float(book.resolve(f"exchange.{key}", day, region).decimal())
        for name, key in (("reject", "reject_limit"), ("withdraw", "withdraw_hold"), ("change", "change_hold"))
    }
    return Limits(**share)
