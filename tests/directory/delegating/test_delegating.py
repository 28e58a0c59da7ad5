"""Delegation: given for acts, items and a time, accepted, ended; what is refused; what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given as supposing
from hypothesis import strategies as st

from shuniu.directory import api
from shuniu.directory.declare import DELEGABLE, DelegationState, Scope
from shuniu.directory.delegating import rules
from shuniu.directory.models import Account, Delegation
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, number
from tests.directory.delegating.people import browser_of, citizen, given, in_days
from tests.refusals import rule_of


@pytest.fixture
def helper(cast: Cast) -> Actor:
    """唐巧, whom others trust with their matters."""
    return citizen("tangqiao", "唐巧", 7_000_003)


def test_a_firm_lets_its_employee_act_and_both_are_in_the_journal(cast: Cast, helper: Actor) -> None:
    made = given(cast.firm, helper, "file", "pay", items=["43.market/restaurant"], accepted=False)
    assert rule_of(lambda: api.check_delegation(helper, made, "pay", "43.market/restaurant")) == (
        "delegation.not_accepted"
    )
    api.accept_delegation(actor=helper, number=made)
    entry = Entry.objects.get(verb="directory.give_delegation", outcome="done", object=f"delegation:{made}")
    assert entry.detail == {
        "giver": cast.firm.person, "taker": helper.person, "acts": ["file", "pay", "see"],
        "items": ["43.market/restaurant"], "until": in_days(30).isoformat(),
    }  # fmt: skip
    held = api.check_delegation(helper, made, "pay", "43.market/restaurant")
    assert (held.giver_name, held.subject, held.giver_kind) == ("星沙演示有限公司", FIRM_SUBJECT, "firm")
    assert [one.number for one in api.delegations_to(helper)] == [made]


def test_both_see_it_and_what_was_done_under_it(cast: Cast, helper: Actor) -> None:
    made = given(cast.citizen, helper)
    api.use_delegation(actor=helper, number=made, act="file", item="a/b", verb="cases.file", object="case:X1")
    entry = Entry.objects.filter(verb="directory.use_delegation", outcome="done").latest("id")
    assert (entry.person, entry.object) == (helper.person, f"delegation:{made}")
    assert entry.detail == {
        "giver": cast.citizen.person, "taker": helper.person, "verb": "cases.file", "object": "case:X1",
    }  # fmt: skip
    for who, own in ((cast.citizen, True), (helper, False)):
        page = api.read_delegation(actor=who, number=made)
        assert (page.view.own, page.view.giver, page.view.taker) == (own, "田野", "唐巧")
        assert page.view.state is DelegationState.IN_FORCE
        assert [(one.verb, one.object) for one in page.done] == [("cases.file", "case:X1")]
        assert [one.number for one in api.list_delegations(actor=who)] == [made]
    assert rule_of(lambda: api.read_delegation(actor=cast.firm, number=made)) == "delegation.unknown"
    assert api.list_delegations(actor=cast.firm) == ()


@pytest.mark.parametrize("ender", ["giver", "taker"])
def test_who_gave_it_revokes_it_and_who_took_it_gives_it_up_at_once(cast: Cast, helper: Actor, ender: str) -> None:
    made = given(cast.citizen, helper)
    who = cast.citizen if ender == "giver" else helper
    assert rule_of(lambda: api.end_delegation(actor=cast.firm, number=made)) == "delegation.unknown"
    api.end_delegation(actor=who, number=made, why="办完了")
    assert rule_of(lambda: api.check_delegation(helper, made, "file", "any")) == "delegation.ended"
    assert api.delegations_to(helper) == ()
    assert rule_of(lambda: api.end_delegation(actor=who, number=made)) == "delegation.ended"
    assert rule_of(lambda: api.accept_delegation(actor=helper, number=made)) == "delegation.ended"
    (line,) = api.list_delegations(actor=cast.citizen)
    assert (line.state, line.ended_by, line.why) == (DelegationState.ENDED, who.name, "办完了")
    assert api.told_of(made) == (cast.citizen.person,)
    assert given(cast.citizen, helper) != made, "the same may be given again"


def test_it_ends_with_its_last_day(cast: Cast, helper: Actor) -> None:
    made = given(cast.citizen, helper, until=in_days(0))
    api.check_delegation(helper, made, "file", "any")
    yesterday = in_days(-1)
    Delegation.objects.filter(pk=made).update(since=yesterday, until=yesterday)
    assert rule_of(lambda: api.check_delegation(helper, made, "file", "any")) == "delegation.expired"
    assert api.delegations_to(helper) == () and api.told_of(made) == (cast.citizen.person,)
    again = given(cast.citizen, helper)
    assert api.check_delegation(helper, again, "file", "any").number == again


def test_another_act_another_item_and_another_person_are_refused(cast: Cast, helper: Actor) -> None:
    made = given(cast.citizen, helper, "see", items=["a/b"])
    assert rule_of(lambda: api.check_delegation(helper, made, "file", "a/b")) == "delegation.scope"
    assert rule_of(lambda: api.check_delegation(helper, made, "see", "a/c")) == "delegation.scope"
    assert rule_of(lambda: api.check_delegation(cast.firm, made, "see", "a/b")) == "delegation.unknown"
    assert rule_of(lambda: api.check_delegation(cast.citizen, made, "see", "a/b")) == "delegation.unknown"


@pytest.mark.parametrize("closed", ["giver", "taker"])
def test_a_closed_account_neither_acts_nor_is_acted_for(cast: Cast, helper: Actor, closed: str) -> None:
    made = given(cast.citizen, helper)
    who = cast.citizen if closed == "giver" else helper
    Account.objects.filter(pk=number(who)).update(is_active=False)
    assert rule_of(lambda: api.check_delegation(helper, made, "file", "any")) == "delegation.closed"
    assert api.delegations_to(helper) == ()


def test_what_one_was_given_cannot_be_passed_on(cast: Cast, helper: Actor) -> None:
    first = given(cast.citizen, helper)
    other = citizen("liuyuan", "柳原", 7_000_004)
    given(helper, other)
    assert [one.subject for one in api.delegations_to(other)] == [helper.subject], "his own matters alone"
    assert rule_of(lambda: api.check_delegation(other, first, "file", "any")) == "delegation.unknown"
    assert CITIZEN_SUBJECT not in {one.subject for one in api.delegations_to(other)}


def test_giving_takes_a_fresh_second_factor(cast: Cast, helper: Actor) -> None:
    def give(minutes_ago: int) -> int:
        sitting = browser_of(cast.citizen, minutes_ago)[1]
        return api.give_delegation(
            actor=cast.citizen, sitting=sitting, login="tangqiao", name="唐巧", acts=["see"], until=in_days(3)
        )

    assert rule_of(lambda: give(11)) == "directory.step_up"
    assert give(0)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"acts": []}, "delegation.acts"),
        ({"acts": ["file", "vote"]}, "delegation.acts"),
        ({"items": [f"a/{n}" for n in range(101)]}, "delegation.items"),
        ({"until": -1}, "delegation.term"),
        ({"until": 366}, "delegation.term"),
        ({"login": "nobody"}, "delegation.taker"),
        ({"name": "别人"}, "delegation.taker"),
        ({"login": "wangmin", "name": "王敏"}, "delegation.taker"),
        ({"login": "tianye", "name": "田野"}, "delegation.taker"),
    ],
)
def test_what_is_given_wrongly_is_refused(cast: Cast, helper: Actor, more: dict[str, object], rule: str) -> None:
    asked: dict[str, Any] = {"login": "tangqiao", "name": "唐巧", "acts": ["file"], "until": 365} | more
    asked["until"], sitting = in_days(asked["until"]), browser_of(cast.citizen)[1]
    assert rule_of(lambda: api.give_delegation(actor=cast.citizen, sitting=sitting, **asked)) == rule
    assert not Delegation.objects.exists()


def test_an_officer_gives_none_and_one_of_the_same_scope_stands_but_once(cast: Cast, helper: Actor) -> None:
    asked: dict[str, Any] = {"login": "tangqiao", "name": "唐巧", "acts": ["file"], "until": in_days(3)}
    assert rule_of(lambda: api.give_delegation(actor=cast.market_officer, sitting=0, **asked)) == "right.missing"
    given(cast.citizen, helper, accepted=False)
    sitting = browser_of(cast.citizen)[1]
    assert rule_of(lambda: api.give_delegation(actor=cast.citizen, sitting=sitting, **asked)) == "delegation.held"
    assert given(cast.citizen, helper, "pay")


def test_the_database_itself_keeps_two_people_an_end_and_one_of_each(cast: Cast, helper: Actor) -> None:
    made = Delegation.objects.get(pk=given(cast.citizen, helper))
    wrong: list[dict[str, object]] = [
        {"taker_id": made.giver_id},
        {"until": made.since - timedelta(days=1)},
        {"until": None},
        {"acts": []},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            giver=made.giver, taker=made.taker, acts=made.acts, items=made.items, since=made.since, until=made.until
        )


@supposing(
    acts=st.sets(st.sampled_from(sorted(DELEGABLE)), min_size=1),
    items=st.sets(st.sampled_from(["a/1", "a/2", "a/3"])),
    act=st.sampled_from(sorted(DELEGABLE)),
    item=st.sampled_from(["a/1", "a/2", "a/3"]),
)
def test_a_scope_covers_what_was_chosen_and_seeing_what_was_filed(
    acts: set[str], items: set[str], act: str, item: str
) -> None:
    scope = rules.scope(acts, items)
    chosen = act in acts or (act == "see" and "file" in acts)
    assert scope.covers(act, item) == (chosen and (not items or item in items))
    assert isinstance(scope, Scope)
