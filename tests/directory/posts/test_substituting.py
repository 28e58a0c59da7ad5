"""A colleague holds a post for a while: what that gives, to whom it may be given, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as some

from shuniu.directory import api
from shuniu.directory.models import Appointment, Substitution
from shuniu.directory.posts import rules
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast, newcomer, number
from tests.directory.posts.people import arrange, day, post_of
from tests.refusals import rule_of

pytestmark = pytest.mark.django_db
Entries = Callable[[str], list[Entry]]


def test_a_substitute_holds_the_post_from_its_first_day_to_its_last_and_no_longer(cast: Cast) -> None:
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger, since=2, last=4)
    held = [ahead for ahead in range(8) if api.actor_of(number(cast.stranger), on=day(ahead)).may("exchange.submit")]
    assert held == [2, 3, 4]
    assert api.actor_of(number(cast.stranger), on=day(2)).reaches("430102")
    assert api.actor_of(number(cast.tax_officer), on=day(2)).may("exchange.submit"), "its holder keeps it"


def test_rights_held_for_another_are_shown_as_such_wherever_posts_are(cast: Cast) -> None:
    made = arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
    who = api.actor_of(number(cast.stranger))
    (stands,) = who.instead
    assert (stands.person, stands.name, stands.substitution) == (cast.tax_officer.person, "周杰", made)
    assert "exchange.submit" in stands.capabilities and "directory.sign_out" not in stands.capabilities
    (post,) = api.own_posts(who)
    assert post.instead is not None and post.instead.name == "周杰" and post.until == day(10)
    assert [one.person for one in api.holders("43.tax", "data_officer")] == [
        cast.tax_officer.person, cast.stranger.person,
    ]  # fmt: skip
    assert api.holders("43.tax", "data_officer", on=day(10))[-1].person == cast.tax_officer.person


def test_an_entry_says_for_whom_the_substitute_acted_and_only_where_the_right_was_not_his_own(
    cast: Cast, entries: Entries
) -> None:
    arrange(cast.security, cast.tax_admin, cast.stranger)
    who = api.actor_of(number(cast.stranger))
    api.list_substitutions(actor=who)
    assert "instead_of" not in entries("directory.list_substitutions")[-1].detail
    api.create_account(actor=who, login="newone", name="新人", agency="43.tax")
    assert entries("directory.create_account")[-1].detail["instead_of"] == [cast.tax_admin.person]
    assert rule_of(lambda: api.create_account(actor=who, login="newone", name="新人", agency="43.market")) == (
        "right.agency"
    )
    refused = entries("directory.create_account")[-1]
    assert (refused.outcome, refused.detail["instead_of"]) == ("refused", [cast.tax_admin.person])


def test_two_substitutes_of_one_post_on_one_day_are_refused_by_the_verb_and_by_the_database(cast: Cast) -> None:
    made = arrange(cast.market_officer, cast.market_officer, cast.market_cataloguer, last=9)
    assert rule_of(lambda: arrange(cast.market_officer, cast.market_officer, cast.market_admin, since=9, last=12)) == (
        "substitution.held"
    )
    arrange(cast.market_officer, cast.market_officer, cast.market_admin, since=10, last=12)
    row = Substitution.objects.get(pk=made)
    row.pk, row.since = None, day(9)
    with pytest.raises(IntegrityError, match="directory_substitution_one"), transaction.atomic():
        row.save(force_insert=True)


def test_one_is_ended_early_by_its_holder_the_substitute_or_the_administrator_and_by_nobody_else(cast: Cast) -> None:
    for by in (cast.tax_officer, cast.stranger, cast.tax_admin):
        made = arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
        assert rule_of(partial(api.end_substitution, actor=cast.tax_second, number=made)) == "substitution.unknown"
        api.end_substitution(actor=by, number=made)
        assert not api.actor_of(number(cast.stranger)).may("exchange.submit")
        assert rule_of(partial(api.end_substitution, actor=by, number=made)) == "substitution.over"
    listed = api.list_substitutions(actor=cast.tax_officer).listed
    assert [one.state.title for one in listed] == ["已终止"] * 3 and not any(one.may_end for one in listed)


def test_it_ends_with_the_post_itself_and_with_either_account(cast: Cast) -> None:
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
    api.end_appointment(actor=cast.tax_admin, appointment=post_of(cast.tax_officer))
    assert api.actor_of(number(cast.stranger)).instead == ()
    arrange(cast.market_officer, cast.market_officer, cast.market_cataloguer)
    api.close_account(actor=cast.market_admin, account=number(cast.market_cataloguer), reason="调离")
    arrange(cast.market_officer, cast.market_officer, cast.market_admin)  # the days are free again


def test_what_is_held_for_another_is_not_handed_on(cast: Cast) -> None:
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
    substitute = api.actor_of(number(cast.stranger))
    assert api.list_substitutions(actor=substitute).posts == ()
    with pytest.raises(Refused, match="不能再转给别人") as refused:
        arrange(substitute, cast.tax_officer, cast.tax_admin, since=20, last=21)
    assert refused.value.rule == "substitution.post"


def test_a_post_is_not_held_beside_one_that_it_is_kept_apart_from(cast: Cast) -> None:
    with pytest.raises(Refused, match="已任“数据专员”的人不能代理“第二复核人”：报送人不能放行自己的批次") as refused:
        arrange(cast.tax_second, cast.tax_second, cast.tax_officer)
    assert refused.value.rule == "substitution.conflict"
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
    assert rule_of(lambda: arrange(cast.tax_second, cast.tax_second, cast.stranger)) == "substitution.conflict"
    arrange(cast.tax_second, cast.tax_second, cast.stranger, since=10, last=12)  # one after the other


def test_nor_is_one_given_for_good_to_who_holds_or_stands_in_for_the_other(cast: Cast) -> None:
    def appoint(whom: Actor, role: str, **more: date) -> str:
        return rule_of(
            lambda: api.appoint(actor=cast.security, account=number(whom), role=role, regions=["43"], **more)  # type: ignore[arg-type]  # days alone
        )

    arrange(cast.tax_second, cast.tax_second, cast.stranger, last=9)
    assert appoint(cast.stranger, "data_officer") == "directory.kept_apart"
    assert appoint(cast.stranger, "data_officer", since=day(9), until=day(12)) == "directory.kept_apart"
    assert appoint(cast.tax_second, "data_officer") == "directory.kept_apart", "nor two posts of one's own"
    with pytest.raises(Refused, match="“数据专员”与已担任或代理的“第二复核人”不能由同一人担任：报送人不能放行自己"):
        api.appoint(actor=cast.security, account=number(cast.stranger), role="data_officer", regions=["43"])
    api.appoint(
        actor=cast.security, account=number(cast.stranger), role="data_officer", regions=["43"], since=day(10)
    )  # the day after
    assert rule_of(lambda: arrange(cast.tax_second, cast.tax_second, cast.stranger, since=10, last=12)) == (
        "substitution.conflict"
    )


@pytest.mark.parametrize("role", ["data_officer", "case_clerk", "case_decider", "credit_officer", "matching_reviewer"])
def test_nobody_whose_readings_are_watched_watches_them_even_for_a_while(cast: Cast, role: str) -> None:
    guard = newcomer("43.tax", "data_protection_officer", login="guard", name="任护")
    reader = newcomer("43.tax", role, login="reader", name="查阅")
    assert rule_of(lambda: arrange(guard, guard, reader)) == "substitution.conflict"
    assert rule_of(lambda: arrange(reader, reader, guard)) == "substitution.conflict"
    with pytest.raises(Refused, match="查阅数据的人不能监督自己的查阅"):
        api.appoint(
            actor=cast.security, account=number(reader), role="data_protection_officer", regions=["43"]
        )  # fmt: skip


def test_the_three_stand_in_for_nobody_and_nobody_with_a_post_for_them(cast: Cast) -> None:
    assert rule_of(lambda: arrange(cast.auditor, cast.auditor, cast.secrecy)) == "substitution.conflict"
    assert rule_of(lambda: arrange(cast.secrecy, cast.secrecy, cast.auditor)) == "substitution.conflict"
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger)

    def appoint() -> object:
        return api.appoint(actor=cast.security, account=number(cast.stranger), role="auditor", regions=["43"])

    assert rule_of(appoint) == "directory.three_administrators"


@pytest.mark.parametrize(
    ("since", "last", "reason", "rule"),
    [
        (-1, 5, "休假", "substitution.term"),
        (3, 2, "休假", "substitution.term"),
        (0, 90, "休假", "substitution.term"),
        (0, 5, " ", "substitution.reason"),
    ],
)
def test_it_has_a_term_and_a_reason(cast: Cast, since: int, last: int, reason: str, rule: str) -> None:
    assert rule_of(lambda: arrange(cast.tax_officer, cast.tax_officer, cast.stranger, since, last, reason)) == rule


def test_it_lies_inside_the_posts_own_term(cast: Cast) -> None:
    Appointment.objects.filter(pk=post_of(cast.tax_officer)).update(until=day(5))
    assert rule_of(lambda: arrange(cast.tax_officer, cast.tax_officer, cast.stranger, last=5)) == "substitution.term"
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger, last=4)


def test_nobody_arranges_for_himself_for_another_agency_or_with_strangers(cast: Cast) -> None:
    assert rule_of(lambda: arrange(cast.tax_admin, cast.tax_officer, cast.tax_admin)) == "substitution.own"
    assert rule_of(lambda: arrange(cast.market_admin, cast.tax_officer, cast.stranger)) == "substitution.post"
    assert rule_of(lambda: arrange(cast.tax_officer, cast.tax_second, cast.stranger)) == "substitution.post"
    assert rule_of(lambda: arrange(cast.tax_officer, cast.tax_officer, cast.market_cataloguer)) == "substitution.taker"
    assert rule_of(lambda: arrange(cast.tax_officer, cast.tax_officer, cast.citizen)) == "substitution.taker"
    assert rule_of(lambda: arrange(cast.tax_admin, cast.tax_officer, cast.tax_officer)) == "substitution.taker"


def test_a_post_that_grants_rights_goes_to_nobody_but_by_who_appoints_to_it(cast: Cast) -> None:
    assert rule_of(lambda: arrange(cast.tax_admin, cast.tax_admin, cast.stranger)) == "substitution.granting"
    arrange(cast.security, cast.tax_admin, cast.stranger)
    assert api.actor_of(number(cast.stranger)).may("directory.appoint")


def test_a_departments_machine_does_not_get_what_its_officer_holds_for_another(cast: Cast) -> None:
    token = api.issue_token(actor=cast.tax_admin, account=number(cast.stranger), title="试验").token
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
    machine = api.actor_of_token(token)
    assert machine is not None and not machine.may("exchange.submit") and machine.instead == ()


@given(some.integers(-5, 200), some.integers(-5, 200), some.integers(1, 120))
def test_a_term_is_what_the_dated_rule_allows_counting_both_days(since: int, length: int, longest: int) -> None:
    today = date(2026, 3, 2)
    first = today + timedelta(days=since)
    last = first + timedelta(days=length)
    try:
        rules.check_term(first, last, today, longest)
    except Refused:
        assert since < 0 or length < 0 or length + 1 > longest
    else:
        assert since >= 0 and 0 <= length < longest


@given(some.integers(0, 50), some.integers(0, 50), some.booleans(), some.integers(0, 100))
def test_a_substitution_runs_on_exactly_its_days(since: int, length: int, ended: bool, on: int) -> None:
    start = date(2026, 3, 2)
    first, until = start + timedelta(days=since), start + timedelta(days=since + length)
    found = rules.state(first, until, ended=ended, on=start + timedelta(days=on))
    assert (found.value == "running") is (since <= on < since + length)
