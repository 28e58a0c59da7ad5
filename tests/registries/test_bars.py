"""A destroyed row stays out: it is known again by its key when it comes back, and told by nothing in the list."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import polars as pl
import pytest
from django.db import connection

from shuniu.catalogue import api as catalogue
from shuniu.registries import api
from shuniu.registries.conform import KEY
from shuniu.registries.declare import Ground
from shuniu.registries.models import Bar
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.registries.conftest import MARKET, MARKET_SECOND, REGISTRATION, Load, incoming, uscc

pytestmark = pytest.mark.django_db(transaction=True)
Queries = Callable[[int], AbstractContextManager[Any]]


def key_of(number: int) -> str:
    (chunk,) = incoming(REGISTRATION, [{"uscc": uscc(number), "name": "同一家"}]).rows
    return str(chunk.item(0, KEY))


def barred(*numbers: int) -> list[str]:
    return api.barred(catalogue.published(REGISTRATION.key), pl.Series([key_of(n) for n in numbers])).to_list()


def expunge(*rows: int) -> int:
    number = api.propose_expunge(
        actor=MARKET, resource=REGISTRATION.key, rows=rows, ground=Ground.DELETION_RIGHT, basis="申请书〔2026〕1号"
    )
    api.confirm_expunge(actor=MARKET_SECOND, number=number)
    return number


def rows() -> list[int]:
    return [row.row for row in api.rows(catalogue.published(REGISTRATION.key))]


def test_a_destroyed_row_is_barred_by_its_key_whatever_else_it_says_and_no_other_is(load: Load) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "甲公司"}, {"uscc": uscc(2), "name": "乙公司"})
    assert barred(1, 2) == [] and api.barred_resources() == {}
    expunge(rows()[0])
    assert barred(1, 2, 3, 1) == [key_of(1)] and api.barred_resources() == {REGISTRATION.key: 1}
    with connection.cursor() as cursor:
        cursor.execute("select b::text from registries_bar b")
        (said,) = cursor.fetchone()
    assert uscc(1) not in said and key_of(1) not in said and "甲" not in said


def test_without_bars_one_query_tells_and_no_key_is_looked_at(load: Load, django_assert_num_queries: Queries) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "甲公司"})
    published = catalogue.published(REGISTRATION.key)
    keys = pl.Series([key_of(1)])
    with django_assert_num_queries(1):
        assert api.barred(published, keys).is_empty()
    expunge(rows()[0])
    with django_assert_num_queries(1):
        assert api.barred(published, keys).len() == 1
    assert api.barred(published, keys.clear()).is_empty()


def test_destroying_a_past_version_does_not_bar_the_row_that_stands(load: Load) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "写错的名称"})
    (past,) = rows()
    load(REGISTRATION, {"uscc": uscc(1), "name": "对的名称"})
    expunge(past)
    assert barred(1) == [] and not Bar.objects.exists()


def test_a_bar_is_lifted_with_a_reason_by_who_may_and_can_be_set_again(load: Load) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "甲公司"}, {"uscc": uscc(2), "name": "乙公司"})
    first, second = rows()
    number = expunge(first, second)
    for arguments, rule in (({"reason": " "}, "expunge.reason"), ({"reason": "判决", "rows": [7]}, "expunge.no_bar")):
        with pytest.raises(Refused) as refusal:
            api.lift_bars(actor=MARKET, number=number, **arguments)
        assert refusal.value.rule == rule and refusal.value.remedy
    lifted = api.lift_bars(actor=MARKET, number=number, rows=[first], reason="法院判决恢复")
    assert lifted == 1 and barred(1, 2) == [key_of(2)]
    assert (
        Entry.objects.filter(verb="registries.lift_bars", outcome="done").latest("id").detail["reason"]
        == "法院判决恢复"
    )
    load(REGISTRATION, {"uscc": uscc(1), "name": "甲公司"})
    expunge(rows()[0])
    assert sorted(barred(1, 2)) == sorted([key_of(1), key_of(2)]) and Bar.objects.count() == 3
