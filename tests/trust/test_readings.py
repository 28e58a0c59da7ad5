"""Readings of a subject: each once, newest first, from one partition's index; nothing under a veil; positions for watchers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shuniu.trust import api, store
from shuniu.trust.declare import Act, Actor
from shuniu.trust.readings import Veil
from shuniu.trust.store.readings import LAST, OF_SUBJECTS

TAX = Actor("officer:1", "周杰", "43.tax", "省税务局", ("43",), frozenset())
MARKET = Actor("officer:2", "王敏", "43.market", "省市场监管局", ("43",), frozenset())
SPAN = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def noted(who: Actor, *subjects: int, target: str = "resource:43.tax/penalty") -> int:
    return store.insert(Act(who, "exchange.read", "done", target, subjects))


def listed(subjects: list[int], **asked: Any) -> list[int]:
    return [one.entry for one in api.readings(subjects, *SPAN, **asked)]


class Pages(TestCase):
    """A page after a page gives what one list gives, whoever reads of whom."""

    @settings(max_examples=40)
    @given(
        st.lists(st.tuples(st.sampled_from([TAX, MARKET]), st.sets(st.integers(1, 4), min_size=1)), max_size=20),
        st.sets(st.integers(1, 4), min_size=1), st.integers(1, 5), st.booleans(), st.booleans(),
    )  # fmt: skip
    def test_pages_follow_one_another_without_a_gap(
        self, acts: list[tuple[Actor, set[int]]], asked: set[int], size: int, narrowed: bool, veiled: bool
    ) -> None:
        made = [(noted(who, *subjects), who, subjects) for who, subjects in acts]
        veils = [Veil(MARKET.person, MARKET.agency, *SPAN)] if veiled else []
        agency = TAX.agency if narrowed else ""
        wanted = [
            entry for entry, who, subjects in reversed(made)
            if subjects & asked and (who is TAX or not (narrowed or veiled))
        ]  # fmt: skip
        found: list[int] = []
        while page := listed(sorted(asked), agency=agency, veils=veils, before=found[-1] if found else 0, limit=size):
            found += page
        assert found == wanted


@pytest.mark.django_db
def test_a_veil_covers_its_time_its_person_and_its_agency_alone() -> None:
    entries = [noted(TAX, 1), noted(MARKET, 1)]
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert listed([1], veils=[Veil(TAX.person, TAX.agency, now - hour, now + hour)]) == entries[1:]
    for veil in (
        Veil(TAX.person, TAX.agency, now - 2 * hour, now - hour), Veil(TAX.person, MARKET.agency, now - hour, now + hour),
        Veil("officer:3", TAX.agency, now - hour, now + hour),
    ):  # fmt: skip
        assert listed([1], veils=[veil]) == entries[::-1]
    assert api.reading(entries[0], [1], [Veil(TAX.person, TAX.agency, now - hour, now + hour)]) is None
    assert api.reading(entries[0], [1]) and api.reading(entries[0], [2]) is None


@pytest.mark.django_db
def test_a_page_of_a_month_reads_fifty_pages_of_the_database_at_most() -> None:
    api.prepare()
    with connection.cursor() as cursor:
        cursor.execute(
            "with entry as (insert into trust_entry"
            " (person, person_name, agency, agency_name, verb, outcome, object, detail)"
            " select 'officer:1', '周杰', '43.tax', '省税务局', 'exchange.read', 'done', 'resource:43.tax/penalty', '{}'"
            " from generate_series(1, 30000) returning id, at)"
            " insert into trust_reading (entry, at, subject) select id, at, id % 500 from entry"
        )
        cursor.execute("analyze trust_reading, trust_entry")
        now = datetime.now(UTC)
        values: dict[str, Any] = {
            "subjects": [77], "since": now.replace(day=1, hour=0, minute=0), "until": now + timedelta(days=1),
            "before": LAST, "limit": 9,
        }  # fmt: skip
        cursor.execute(f"explain (analyze, buffers, format json) {OF_SUBJECTS}", values)
        (plan,) = cursor.fetchone()[0]
    said = str(plan)
    assert "trust_reading_of" in said or "subject_entry" in said, "by the index of one partition"
    assert "Seq Scan" not in said
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] <= 50


@pytest.mark.django_db
def test_watchers_are_given_officers_and_machines_readings_by_position() -> None:
    first = api.placed_until()
    entries = [noted(TAX, 1, 2), noted(MARKET, 3, target="case:1")]
    store.insert(Act(TAX, "exchange.list_submissions", "done", "submissions"))
    noted(Actor("citizen:7", "田野"), 1)
    noted(Actor("system:worker", "系统任务 worker"), 1)
    entries.append(noted(Actor("agency:43.tax", "接口", "43.tax", "省税务局"), *range(1, 31)))
    assert api.placed_until() == first and api.watched(first, first) == []
    while api.sequence():
        continue
    found = api.watched(first, api.placed_until())
    assert [(one.entry, one.subjects, one.touched, one.cased, one.machine) for one in found] == [
        (entries[0], (1, 2), 2, False, False),
        (entries[1], (3,), 1, True, False),
        (entries[2], tuple(range(1, 21)), 30, False, True),
    ]
    assert api.read_again([(TAX.person, 1), (MARKET.person, 3)], SPAN[0], 1) == {(TAX.person, 1): (1, entries[0])}
    assert api.read_again([], SPAN[0], 1) == {}
