"""三员分设 and the table of roles."""

from __future__ import annotations

from itertools import combinations

import pytest

from shuniu.directory import rules
from shuniu.directory.declare import ADMINISTRATION, JOBS, ROLES, SYSTEMS, THREE
from shuniu.directory.posts.rules import check_together
from shuniu.trust.declare import Refused
from tests.cast import pure_cast


@pytest.mark.parametrize("key", THREE)
def test_the_shipped_roles_keep_the_three_apart_from_business(key: str) -> None:
    assert ROLES[key].capabilities <= ADMINISTRATION


def test_the_three_are_three_people_and_hold_nothing_else() -> None:
    for one, other in combinations(THREE, 2):
        with pytest.raises(Refused, match="三员分设") as refused:
            check_together([one], other)
        assert refused.value.rule == "directory.three_administrators"
    for key in ROLES.keys() - set(THREE):
        with pytest.raises(Refused, match="三员分设"):
            check_together([key], "auditor")
        with pytest.raises(Refused, match="三员分设"):
            check_together(["auditor"], key)


def test_business_roles_may_stand_side_by_side_but_not_twice() -> None:
    check_together(["data_officer", "cataloguer"], "county_clerk", stands_in=["county_clerk"])
    with pytest.raises(Refused, match="已担任“数据专员”"):
        check_together(["data_officer"], "data_officer")


def test_an_unknown_role_is_named_with_those_that_exist() -> None:
    with pytest.raises(Refused, match=r"没有角色“king”。可选的有：data_officer"):
        rules.title_of("king")


def test_no_agency_administrator_can_hand_out_what_the_platform_grants() -> None:
    own = pure_cast().market_admin.capabilities
    for key in (*THREE, "office", "agency_administrator", "matching_reviewer", "secrecy_officer", "identity_clerk"):
        assert ROLES[key].granted_with not in own
    assert ROLES["data_officer"].granted_with in own


def test_the_bare_cast_knows_its_three() -> None:
    people = pure_cast()
    for one in (people.system_admin, people.security, people.auditor):
        assert one.capabilities - ADMINISTRATION == people.stranger.capabilities
        assert not one.may("office.oversee")


@pytest.mark.parametrize("login", ["430102199001011234", "43010219900101123x", "430102900101123"])
def test_a_resident_id_is_refused_as_a_login(login: str) -> None:
    with pytest.raises(Refused, match="不能使用公民身份号码"):
        rules.check_login(login)


@pytest.mark.parametrize("login", ["", "ab", "Wang", "王敏", "-wang", "a b c", "x" * 33])
def test_a_malformed_login_is_refused(login: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_login(login)
    assert refused.value.rule == "directory.login_form"


def test_a_post_reaches_no_further_than_its_agency() -> None:
    rules.check_regions("430102", ["430102", "430102001"])
    for outside in ("430103", "430100", "43"):
        with pytest.raises(Refused, match="不在单位所在区划"):
            rules.check_regions("430102", [outside])
    with pytest.raises(Refused, match="没有辖区"):
        rules.check_regions("430102", [])
    with pytest.raises(Refused, match="GB/T 2260"):
        rules.check_regions("430102", ["芙蓉区"])


def test_every_job_of_the_platform_has_a_name_that_people_can_read() -> None:
    assert JOBS.keys() == SYSTEMS.keys() and not any(name.isascii() for name in JOBS.values())
