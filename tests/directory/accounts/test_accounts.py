"""An agency's own administrator makes and closes its accounts and appoints its people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.declare import THREE
from shuniu.directory.models import Account, Appointment, OneTimeCode
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import CITIZEN_SUBJECT, Cast, number
from tests.refusals import rule_of

Entries = Callable[[str], list[Entry]]


def test_the_cast_in_the_database_is_the_cast_that_directory_builds(cast: Cast) -> None:
    for actor in vars(cast).values():
        if actor.person.startswith(("officer:", "citizen:", "firm:")):
            assert api.actor_of(number(actor)) == actor


def test_an_administrator_makes_an_account_of_his_own_agency_and_journals_it(cast: Cast, entries: Entries) -> None:
    made = api.create_account(actor=cast.market_admin, login="qianduo", name="钱多", agency="43.market")
    assert made.code not in repr(made)
    kept = OneTimeCode.objects.get(account=made.account)
    assert made.code.encode() not in bytes(kept.digest)
    assert timedelta(days=6) < made.expires - timezone.now() < timedelta(days=8)
    (entry,) = entries("directory.create_account")
    assert (entry.object, entry.outcome, entry.person) == (f"account:{made.account}", "done", cast.market_admin.person)
    assert made.code not in str(entry.detail)
    found = api.person(made.account)
    assert found is not None and found.name == "钱多" and not found.posts


def test_nobody_makes_accounts_for_another_agency_but_the_systems_administrator(cast: Cast) -> None:
    def by(actor: Actor) -> object:
        return api.create_account(actor=actor, login="qianduo", name="钱多", agency="43.tax")

    assert rule_of(lambda: by(cast.market_admin)) == "right.agency"
    assert rule_of(lambda: by(cast.office)) == "right.missing"
    by(cast.system_admin)


def test_a_login_is_given_once_and_a_nameless_or_homeless_account_never(cast: Cast) -> None:
    def make(**changed: str) -> object:
        asked = {"login": "newone", "name": "新人", "agency": "43.market", **changed}
        return api.create_account(actor=cast.system_admin, **asked)

    assert rule_of(lambda: make(login="wangmin")) == "directory.login_taken"
    assert rule_of(lambda: make(login="430102199001011234")) == "directory.login_identity"
    assert rule_of(lambda: make(name=" ")) == "directory.no_name"
    assert rule_of(lambda: make(agency="43.none")) == "directory.no_agency"


def test_an_appointment_gives_rights_today_and_its_end_takes_them_today(cast: Cast, entries: Entries) -> None:
    account = number(cast.stranger)
    post = api.appoint(actor=cast.tax_admin, account=account, role="data_officer", regions=["430100"])
    actor = api.actor_of(account)
    assert actor.may("exchange.submit") and actor.reaches("430102") and not actor.reaches("431003")
    assert post.title == post.role_title == "数据专员"
    assert [one.person for one in api.holders("43.tax", "data_officer", region="430102")] == [
        cast.tax_officer.person,
        cast.stranger.person,
    ]
    assert [one.person for one in api.holders("43.tax", "data_officer", region="431000")] == [cast.tax_officer.person]
    api.end_appointment(actor=cast.tax_admin, appointment=post.id)
    assert not api.actor_of(account).may("exchange.submit")
    assert rule_of(lambda: api.end_appointment(actor=cast.tax_admin, appointment=post.id)) == "directory.ended"
    api.appoint(actor=cast.tax_admin, account=account, role="data_officer", regions=["43"])  # again, the same day
    assert [entry.detail["role"] for entry in entries("directory.appoint")] == ["data_officer"] * 2


def test_a_future_appointment_waits_for_its_day_and_a_term_ends_on_its_own(cast: Cast) -> None:
    account, today = number(cast.stranger), timezone.localdate()
    begins, ends = today + timedelta(days=10), today + timedelta(days=20)
    asked = {"actor": cast.tax_admin, "account": account, "role": "data_officer", "regions": ["43"]}
    api.appoint(**asked, since=begins, until=ends)  # type: ignore[arg-type]  # one dictionary of mixed values
    held = [day for day in (today, begins, ends) if api.actor_of(account, on=day).may("exchange.submit")]
    assert held == [begins]
    assert [one.account for one in api.holders("43.tax", "data_officer", on=begins)][-1] == account
    api.appoint(**asked, until=begins)  # type: ignore[arg-type]  # up to the day on which the next one begins


@pytest.mark.parametrize(
    ("role", "regions", "since", "until", "rule"),
    [
        ("king", ["43"], None, None, "directory.no_role"),
        ("data_officer", [], None, None, "directory.no_region"),
        ("data_officer", ["44"], None, None, "directory.region_outside"),
        ("data_officer", ["43"], date(2020, 1, 1), None, "directory.backdated"),
        ("data_officer", ["43"], None, date(2020, 1, 1), "directory.empty_term"),
        ("agency_administrator", ["43"], None, None, "right.missing"),
        ("office", ["43"], None, None, "right.missing"),
        ("auditor", ["43"], None, None, "right.missing"),
    ],
)
def test_an_agencys_administrator_appoints_within_bounds(
    cast: Cast, role: str, regions: list[str], since: date | None, until: date | None, rule: str
) -> None:
    def act() -> object:
        return api.appoint(
            actor=cast.tax_admin, account=number(cast.stranger), role=role, regions=regions, since=since, until=until
        )

    assert rule_of(act) == rule


def test_nobody_appoints_himself_or_people_of_another_agency_or_citizens(cast: Cast) -> None:
    def appoint(actor: Actor, whom: Actor) -> object:
        return api.appoint(actor=actor, account=number(whom), role="data_officer", regions=["43"])

    assert rule_of(lambda: appoint(cast.market_admin, cast.market_admin)) == "directory.own_account"
    assert rule_of(lambda: appoint(cast.market_admin, cast.stranger)) == "right.agency"
    assert rule_of(lambda: appoint(cast.security, cast.citizen)) == "directory.not_officer"


@pytest.mark.parametrize("role", THREE)
def test_the_three_stay_apart_when_people_are_appointed(cast: Cast, role: str) -> None:
    def appoint(whom: Actor, role: str) -> object:
        return api.appoint(actor=cast.installer, account=number(whom), role=role, regions=["43"])

    for whom in (cast.system_admin, cast.security, cast.auditor, cast.market_officer, cast.office):
        assert rule_of(partial(appoint, whom, role)) in ("directory.three_administrators", "directory.role_held")
    appoint(cast.stranger, role)
    assert rule_of(lambda: appoint(cast.stranger, "data_officer")) == "directory.three_administrators"


def test_the_database_itself_refuses_the_same_open_role_twice_and_a_false_kind(cast: Cast) -> None:
    held = Appointment.objects.filter(role="data_officer").first()
    assert held is not None
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(login="tianye").update(subject=None)


def test_a_closed_account_loses_everything_at_once_and_keeps_its_past(cast: Cast, entries: Entries) -> None:
    account = number(cast.market_officer)
    token = api.issue_token(actor=cast.market_admin, account=account, title="每日报送")
    assert rule_of(lambda: api.close_account(actor=cast.market_admin, account=account, reason=" ")) == (
        "directory.no_reason"
    )
    api.close_account(actor=cast.market_admin, account=account, reason="调离")
    assert rule_of(lambda: api.actor_of(account)) == "directory.no_account"
    assert api.actor_of_token(token.token) is None
    assert api.holders("43.market", "data_officer") == ()
    assert rule_of(lambda: api.reset_access(actor=cast.market_admin, account=account)) == "directory.closed"
    (entry,) = [one for one in entries("directory.close_account") if one.outcome == "done"]
    assert entry.detail == {"reason": "调离", "posts_ended": 1, "certificates": []}
    found = api.person(account)
    assert found is not None and not found.active and found.name == "王敏"
    named = {cast.market_officer.person, cast.tax_officer.person, "system:worker", "officer:²", f"firm:{account}"}
    assert api.closed(named) == {cast.market_officer.person}


def test_who_administers_cannot_be_administered_by_a_colleague(cast: Cast) -> None:
    api.appoint(actor=cast.security, account=number(cast.tax_second), role="agency_administrator", regions=["43"])
    second = api.actor_of(number(cast.tax_second))
    for act in (
        lambda: api.reset_access(actor=second, account=number(cast.tax_admin)),
        lambda: api.close_account(actor=second, account=number(cast.tax_admin), reason="夺权"),
    ):
        assert rule_of(act) == "directory.administrator"
    assert rule_of(lambda: api.reset_access(actor=second, account=number(cast.tax_second))) == "directory.own_account"
    api.reset_access(actor=cast.security, account=number(cast.tax_admin))


def test_the_three_are_restored_on_the_host_only(cast: Cast) -> None:
    for one in (cast.system_admin, cast.auditor):
        reset = partial(api.reset_access, actor=cast.security, account=number(one))
        assert rule_of(reset) == "directory.administrator"
        assert api.reset_access(actor=cast.installer, account=number(one)).account == number(one)


def test_the_public_is_registered_and_restored_by_the_identity_clerk(cast: Cast, entries: Entries) -> None:
    clerk = cast.identity_clerk
    made = api.register_citizen(actor=clerk, login="newcomer", name="新来", subject=9, proof="resident_card")
    actor = api.actor_of(made.account)
    assert (actor.person, actor.subject, actor.regions) == (f"citizen:{made.account}", 9, ())
    firm = api.register_firm(actor=clerk, login="newfirm", name="新企业", subject=10, proof="agent")
    assert api.actor_of(firm.account).person == f"firm:{firm.account}"
    reset = partial(api.reset_public_access, actor=clerk, proof="resident_card", reason="忘记密码")
    assert reset(account=number(cast.citizen)).expires - timezone.now() < timedelta(minutes=11)
    assert rule_of(partial(reset, account=number(cast.office))) == "directory.not_public"
    for admin, rule in ((cast.market_admin, "right.agency"), (cast.security, "directory.not_officer")):
        assert rule_of(partial(api.reset_access, actor=admin, account=number(cast.citizen))) == rule
    assert cast.citizen.subject == CITIZEN_SUBJECT
    assert len(entries("directory.register_citizen")) == 1


def test_accounts_are_listed_by_agency_found_by_name_and_journalled(cast: Cast, entries: Entries) -> None:
    people, total = api.list_accounts(actor=cast.market_admin, agency="43.market")
    assert total == len(people) == 4
    assert {post.role_title for one in people for post in one.posts} == {
        "单位管理员",
        "数据专员",
        "第二复核人",
        "编目员",
    }
    (found,), _ = api.list_accounts(actor=cast.security, agency="43.market", text="王敏")
    assert found.person == cast.market_officer.person
    assert rule_of(lambda: api.list_accounts(actor=cast.market_admin, agency="43.tax")) == "right.agency"
    assert len([one for one in entries("directory.list_accounts") if one.outcome == "done"]) == 2


def test_a_districts_officer_reaches_rows_written_under_the_abolished_county(cast: Cast) -> None:
    api.appoint(actor=cast.tax_admin, account=number(cast.stranger), role="county_clerk", regions=["430112"])
    actor = api.actor_of(number(cast.stranger))
    assert actor.regions == ("430112", "430122")
    assert actor.reaches("430122003") and not actor.reaches("430102")
