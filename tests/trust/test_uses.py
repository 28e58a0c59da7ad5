"""What was given by whom and when it was last used: read from the journal along its indexes, never from end to end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from shuniu.trust import api, store
from shuniu.trust.declare import Act, Actor, Used
from shuniu.trust.store import uses

pytestmark = pytest.mark.django_db
ONE = Actor("officer:1", "郑欣", "43.office", "省信息办")
OTHER = Actor("officer:2", "刘强", "43.market", "省市场监管局")


def done(actor: Actor, verb: str, target: str, outcome: str = "done") -> int:
    return store.insert(Act(actor, verb, outcome, target, (), {"n": target}))


def test_a_persons_acts_come_newest_first_and_nobody_elses_nor_what_was_refused() -> None:
    for actor, verb, target, outcome in (
        (ONE, "x.give", "account:1", "done"), (OTHER, "x.give", "account:2", "done"), (ONE, "x.see", "account:3", "done"),
        (ONE, "x.give", "account:4", "refused"), (ONE, "x.again", "account:1", "done"), (ONE, "x.give", "account:5", "done"),
    ):  # fmt: skip
        done(actor, verb, target, outcome)
    found = api.given_by("officer:1", ("x.give", "x.again"), 10)
    assert [(one.verb, one.object, one.person_name) for one in found] == [
        ("x.give", "account:5", "郑欣"), ("x.again", "account:1", "郑欣"), ("x.give", "account:1", "郑欣"),
    ]  # fmt: skip
    assert found[0].detail == {"n": "account:5"}
    assert [one.object for one in api.given_by("officer:1", ("x.give",), 1)] == ["account:5"]
    assert [one.person for one in api.given(["account:1", "account:2"], "x.give")] == ["officer:1", "officer:2"]


def test_the_journal_is_asked_by_its_indexes_which_hold_hashes() -> None:
    asked = json.dumps([{"person": "officer:1", "verbs": [], "ending": "", "instead_of": ""}])
    with connection.cursor() as cursor:
        # Of an empty table every way is short: only those ways are left that are short in a full one.
        cursor.execute(
            "set local enable_seqscan = off; alter table trust_entry drop constraint trust_entry_pkey cascade"
        )
        questions: tuple[tuple[str, list[Any]], ...] = (
            (uses.LAST, [asked]),
            (uses.GIVEN, [["account:1"], ["account:1"], "x.give"]),
            (uses.GIVEN_BY, ["officer:1", "officer:1", ["x.give"], 5]),
        )
        for sql, values in questions:
            cursor.execute(f"explain {sql}", values)
            plan = "\n".join(str(row[0]) for row in cursor.fetchall())
            assert "Index Cond: (hashtextextended(" in plan, plan


def test_a_right_that_was_never_used_has_no_time() -> None:
    done(ONE, "x.give", "account:1")
    used, never = api.last_uses([Used("officer:1"), Used("officer:1", ending="（接口：报送）")])
    assert used is not None and never is None
