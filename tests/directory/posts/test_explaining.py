"""Why somebody may: each right with its post, who appointed to it, and the chain that the platform's own rule decides."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import shuniu
from shuniu.directory import api
from shuniu.directory.declare import ROLES, SEPARATIONS, WIDER, Separation
from shuniu.directory.posts import rules
from shuniu.trust.api import VERBS, denied
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast, number
from tests.directory.posts.people import arrange, day, post_of
from tests.refusals import rule_of

Entries = Callable[[str], list[Entry]]


@pytest.mark.django_db
def test_everybody_is_told_where_his_own_rights_come_from_and_who_appointed_him(cast: Cast, entries: Entries) -> None:
    api.appoint(actor=cast.tax_admin, account=number(cast.stranger), role="data_officer", regions=["430100"])
    arrange(cast.security, cast.tax_admin, cast.stranger)
    who = api.actor_of(number(cast.stranger))
    found = api.explain_rights(actor=who, account=number(cast.stranger))
    assert found.actor == who, "the very actor that acts"
    own, other = found.origins
    assert (own.post.role, own.by, own.by_agency, own.post.instead) == ("data_officer", "孙伟", "省税务局", None)
    assert other.post.instead is not None and (other.post.instead.name, other.by) == ("孙伟", "郭安")
    rights = {one.capability: one for one in found.rights}
    assert rights.keys() == who.capabilities
    assert rights["directory.appoint"].title == "任命岗位"
    assert [one.id for one in rights["exchange.submit"].posts] == [own.post.id]
    assert [one.id for one in rights["directory.appoint"].posts] == [other.post.id]
    assert rights["directory.sign_out"].posts == ()
    (entry,) = entries("directory.explain_rights")
    assert entry.object == f"account:{number(cast.stranger)}"


@pytest.mark.django_db
def test_of_others_it_is_told_to_their_administrators_and_the_auditor_alone(cast: Cast) -> None:
    account = number(cast.tax_officer)
    for one in (cast.tax_admin, cast.security, cast.auditor, cast.tax_officer):
        assert api.explain_rights(actor=one, account=account).person.name == "周杰"
    for one, rule in (
        (cast.market_admin, "right.agency"), (cast.tax_second, "right.missing"), (cast.citizen, "right.missing"),
    ):  # fmt: skip
        assert rule_of(partial(api.explain_rights, actor=one, account=account)) == rule
    for account in (0, number(cast.citizen)):
        assert rule_of(partial(api.explain_rights, actor=cast.auditor, account=account)) == "directory.no_account"
        assert rule_of(partial(api.explain_rights, actor=cast.tax_admin, account=account)) == "right.agency"


@pytest.mark.django_db
def test_rights_are_explained_as_they_were_on_a_day(cast: Cast) -> None:
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger, since=3, last=4)
    account = number(cast.stranger)
    before = api.explain_rights(actor=cast.auditor, account=account)
    then = api.explain_rights(actor=cast.auditor, account=account, on=day(3))
    assert not api.answer(before, "exchange.submit").may and api.answer(then, "exchange.submit").may
    assert "数据专员（代 周杰）" in api.answer(then, "exchange.submit").reasons[1].says


@pytest.mark.django_db
def test_the_chain_ends_at_the_first_link_that_breaks_and_says_so_in_words(cast: Cast) -> None:
    found = api.explain_rights(actor=cast.auditor, account=number(cast.tax_officer))
    yes = api.answer(found, "exchange.submit", agency="43.tax", region="430102")
    assert yes.may and [one.holds for one in yes.reasons] == [True] * 4
    other = api.answer(found, "exchange.submit", agency="43.market", region="430102")
    assert other.refused is not None and other.refused.rule == "right.agency"
    assert [one.holds for one in other.reasons] == [True, True, False]
    far = api.answer(found, "exchange.submit", agency="43.tax", region="440100")
    assert far.refused is not None and far.refused.rule == "right.region"
    no = api.answer(found, "exchange.release")
    assert no.refused is not None and no.refused.rule == "right.missing"
    assert (
        no.reasons[-1].says
        == f"权限：所任岗位都不包括“{rules.title_of('exchange.release')}”；包括它的角色：第二复核人。"
    )
    office = api.explain_rights(actor=cast.auditor, account=number(cast.office))
    assert "统管" in api.answer(office, "exchange.read_receipt", agency="43.tax").reasons[-1].says
    nobody = api.explain_rights(actor=cast.auditor, account=number(cast.stranger))
    assert "没有岗位" in api.answer(nobody, "exchange.submit").reasons[0].says
    assert api.answer(nobody, "directory.sign_out").may


@pytest.mark.django_db
@pytest.mark.parametrize("agency", [None, "43.tax", "43.market"])
@pytest.mark.parametrize("region", [None, "430102", "440100"])
def test_the_answer_is_what_the_door_would_say_of_everybody_and_every_right(
    cast: Cast, agency: str | None, region: str | None
) -> None:
    for one in (cast.tax_officer, cast.tax_admin, cast.office, cast.county_clerk, cast.stranger):
        found = api.explain_rights(actor=cast.auditor, account=number(one))
        for capability in sorted({*ROLES["data_officer"].capabilities, *ROLES["office"].capabilities, "cases.file"}):
            said = api.answer(found, capability, agency=agency, region=region)
            door = denied(api.actor_of(number(one)), capability, "", agency=agency, region=region)
            assert (said.refused and said.refused.rule) == (door and door.rule)
            assert said.may is all(link.holds for link in said.reasons[1:])


@pytest.mark.django_db
def test_a_right_is_shown_with_what_keeps_its_holder_from_approving_his_own(cast: Cast) -> None:
    found = api.explain_rights(actor=cast.tax_second, account=number(cast.tax_second))
    said = api.answer(found, "exchange.release")
    assert [one.rule for one in said.limits] == ["batch.second_officer"]
    assert post_of(cast.tax_second) == found.origins[0].post.id


def test_every_separation_that_is_told_is_one_that_the_platform_really_refuses_by() -> None:
    for module in pkgutil.walk_packages(shuniu.__path__, "shuniu."):
        if "migrations" not in module.name and not module.name.endswith((".main", "__main__")):
            importlib.import_module(module.name)
    here = Path(inspect.getfile(Separation))
    source = "".join(path.read_text() for path in Path(shuniu.__path__[0]).rglob("*.py") if path != here)
    for one in SEPARATIONS:
        assert one.made and one.checked and one.made | one.checked <= VERBS.keys() | WIDER.keys(), one.rule
        assert f'"{one.rule}"' in source or f'"{one.rule.partition(".")[2]}"' in source, one.rule


def test_no_post_is_kept_apart_from_itself_but_the_three_and_keeping_apart_goes_both_ways() -> None:
    def apart(held: str, wanted: str) -> bool:
        try:
            rules.check_apart([held], wanted)
        except Refused:
            return True
        return False

    for held in ROLES:
        for wanted in ROLES:
            assert apart(held, wanted) is apart(wanted, held)
    assert [key for key in ROLES if apart(key, key)] == ["system_administrator", "security_administrator", "auditor"]
    assert not apart("unknown", "data_officer")


def test_a_bare_actor_stands_in_for_nobody() -> None:
    assert Actor("officer:1", "某人").instead == ()
