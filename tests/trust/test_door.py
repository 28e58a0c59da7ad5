"""The door: a verb needs a right and a record; a refusal is journalled after the rollback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from shuniu.trust import door
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused, Unrecorded
from shuniu.trust.models import Entry

pytestmark = pytest.mark.django_db

CLERK = Actor("officer:1", "王敏", "43.market", "省市场监管局", ("4301",), frozenset({"test.act", "test.other"}))
STRANGER = Actor("officer:2", "李强", "43.tax", "省税务局", ("43",), frozenset())


@pytest.fixture(autouse=True)
def _own_verbs() -> Iterator[None]:
    before = dict(door.VERBS)
    yield
    door.VERBS.clear()
    door.VERBS.update(before)


def test_a_verb_that_requires_and_records_is_journalled_as_done() -> None:
    @verb("test.act", "试办")
    def act(*, actor: Actor, agency: str) -> int:
        require(agency=agency)
        return record("thing:1", subjects=[7], detail={"rows": 3})

    entry = Entry.objects.get(pk=act(actor=CLERK, agency="43.market"))
    assert (entry.person, entry.verb, entry.outcome, entry.object) == ("officer:1", "test.act", "done", "thing:1")
    with connection.cursor() as cursor:
        cursor.execute("select subject from trust_reading where entry = %s", [entry.pk])
        assert cursor.fetchall() == [(7,)]


def test_an_actor_without_the_capability_is_refused_before_the_body_runs_and_that_is_journalled() -> None:
    @verb("test.act", "试办")
    def act(*, actor: Actor) -> None:
        raise AssertionError("the body must not run")

    with pytest.raises(Refused) as refusal:
        act(actor=STRANGER)
    assert refusal.value.rule == "right.missing"
    assert "试办" in refusal.value.message and refusal.value.remedy
    entry = Entry.objects.latest("id")
    assert (entry.outcome, entry.verb, entry.detail) == ("refused", "test.act", {"rule": "right.missing"})


@pytest.mark.parametrize(
    ("agency", "region", "rule"),
    [("43.tax", None, "right.agency"), ("43.market", "430200", "right.region"), (None, "430000", "right.region")],
)
def test_scope_is_checked_beyond_the_capability(agency: str | None, region: str | None, rule: str) -> None:
    @verb("test.act", "试办")
    def act(*, actor: Actor) -> None:
        require(agency=agency, region=region)
        record("thing:1")

    with pytest.raises(Refused) as refusal:
        act(actor=CLERK)
    assert refusal.value.rule == rule


def test_who_oversees_all_agencies_passes_the_agency_check() -> None:
    @verb("test.act", "试办")
    def act(*, actor: Actor) -> str:
        require(agency="43.tax")
        record("thing:1")
        return "done"

    office = Actor("officer:3", "周琴", "43.office", "省政务办", ("43",), frozenset({"test.act", door.OVERSEE}))
    assert act(actor=office) == "done"


@pytest.mark.parametrize("forgets", ["require", "record"])
def test_a_verb_that_forgets_its_duty_leaves_nothing_behind(forgets: str) -> None:
    @verb("test.act", "试办")
    def act(*, actor: Actor) -> None:
        if forgets != "require":
            require()
        if forgets != "record":
            record("thing:1")

    with pytest.raises(Unrecorded, match=forgets):
        act(actor=CLERK)
    assert not Entry.objects.filter(verb="test.act").exists()


def test_a_refusal_undoes_what_the_verb_had_written_and_is_journalled_once() -> None:
    @verb("test.other", "另一件事")
    def inner(*, actor: Actor) -> None:
        require()
        raise Refused("test.rule", "不行。")

    @verb("test.act", "试办")
    def outer(*, actor: Actor) -> None:
        require()
        record("thing:1")
        inner(actor=actor)

    with pytest.raises(Refused):
        outer(actor=CLERK)
    found = Entry.objects.filter(person="officer:1")
    assert [(e.verb, e.outcome, e.detail["rule"]) for e in found] == [("test.act", "refused", "test.rule")]


def test_two_verbs_cannot_share_a_name() -> None:
    @verb("test.act", "试办")
    def first(*, actor: Actor) -> None: ...

    with pytest.raises(ValueError, match=r"test\.act"):

        @verb("test.act", "再来")
        def second(*, actor: Actor) -> None: ...


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_writes_only_its_entry_opens_no_transaction_and_is_journalled_all_the_same() -> None:
    @verb("test.act", "试读", reads=True, entry_only=True)
    def act(*, actor: Actor, agency: str = "43.market") -> bool:
        require(agency=agency)
        record("thing:1", subjects=[7])
        return connection.in_atomic_block

    before = Entry.objects.count()
    assert act(actor=CLERK) is False
    with pytest.raises(Refused):
        act(actor=CLERK, agency="43.tax")
    assert Entry.objects.count() == before + 2
    assert list(Entry.objects.order_by("-id").values_list("outcome", flat=True)[:2]) == ["refused", "done"]


def test_a_reading_that_forgets_its_record_answers_nothing() -> None:
    @verb("test.act", "试读", reads=True, entry_only=True)
    def act(*, actor: Actor) -> None:
        require()

    with pytest.raises(Unrecorded, match="record"):
        act(actor=CLERK)
