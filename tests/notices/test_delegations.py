"""Delegations: each party is told at once what the other did, with the act or not at all; both when it ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.directory.models import Delegation
from shuniu.notices import api, tasks
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor, Refused
from tests.cast import Cast
from tests.directory.delegating.people import citizen, given

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(cast: Cast) -> Actor:
    """唐巧, whom others trust with their matters."""
    return citizen("tangqiao", "唐巧", 7_000_003)


def told(to: Actor) -> list[str]:
    """What somebody was told of delegations, by kind, in order."""
    rows = Notice.objects.filter(person=to.person, template__startswith="notices.delegation_").order_by("id")
    return [one.template.removeprefix("notices.delegation_") for one in rows]


def test_the_other_party_is_told_of_the_offer_the_acceptance_and_the_revocation(cast: Cast, helper: Actor) -> None:
    number = given(cast.citizen, helper, accepted=False)
    assert (told(helper), told(cast.citizen)) == (["offered"], [])
    directory.accept_delegation(actor=helper, number=number)
    assert (told(helper), told(cast.citizen)) == (["offered"], ["accepted"])
    directory.end_delegation(actor=cast.citizen, number=number, why="已办完")
    assert (told(helper), told(cast.citizen)) == (["offered", "revoked"], ["accepted"])
    row = Delegation.objects.get(pk=number)
    for one in Notice.objects.filter(template__startswith="notices.delegation_"):
        other = "田野" if one.person == helper.person else "唐巧"
        assert one.object == f"delegation:{number}" and other in one.text and other in one.text_en
        assert str(number) in one.text and row.until.isoformat() in one.text


def test_the_giver_is_told_who_declines_and_who_gives_up(cast: Cast, helper: Actor) -> None:
    declined, given_up = given(cast.citizen, helper, accepted=False), given(cast.citizen, helper, "pay")
    for number in (declined, given_up):
        directory.end_delegation(actor=helper, number=number)
    assert told(cast.citizen) == ["accepted", "declined", "given_up"] and told(helper) == ["offered", "offered"]


def test_an_act_that_is_refused_tells_nobody(cast: Cast, helper: Actor) -> None:
    number = given(cast.citizen, helper)
    before = Notice.objects.count()
    for act, who in ((directory.accept_delegation, helper), (directory.end_delegation, cast.firm)):
        with pytest.raises(Refused):
            act(actor=who, number=number)
    assert Notice.objects.count() == before


def test_both_are_told_once_when_its_last_day_is_past_and_not_of_what_was_ended(cast: Cast, helper: Actor) -> None:
    number, ended = given(cast.citizen, helper), given(cast.firm, helper)
    directory.end_delegation(actor=cast.firm, number=ended)
    worker, today = directory.system("worker"), timezone.localdate()
    last = Delegation.objects.get(pk=number).until
    assert api.tell_ended_delegations(actor=worker, on=last) == 0, "it holds on its last day"
    assert api.tell_ended_delegations(actor=worker, on=last + timedelta(days=3)) == 2, (
        "a day that was missed is made up for"
    )
    assert api.tell_ended_delegations(actor=worker, on=last + timedelta(days=4)) == 0
    assert told(helper).count("lapsed") == told(cast.citizen).count("lapsed") == 1 and "lapsed" not in told(cast.firm)
    Delegation.objects.filter(pk=number).update(
        until=today - timedelta(days=30), since=today - timedelta(days=60), ended=timezone.now(), why="到期"
    )
    again = given(cast.citizen, helper, "see", until=today)
    Delegation.objects.filter(pk=again).update(until=today - timedelta(days=1), since=today - timedelta(days=9))
    tasks.tell_ended_delegations(timestamp=0)
    assert told(helper).count("lapsed") == told(cast.citizen).count("lapsed") == 2


def test_one_that_was_never_accepted_is_said_to_have_had_no_effect_and_not_to_have_ended(
    cast: Cast, helper: Actor
) -> None:
    number = given(cast.citizen, helper, accepted=False)
    day = Delegation.objects.get(pk=number).until + timedelta(days=1)
    worker = directory.system("worker")
    assert [api.tell_ended_delegations(actor=worker, on=day) for _ in range(2)] == [2, 0]
    assert (told(helper), told(cast.citizen)) == (["offered", "unaccepted"], ["unaccepted"])
    for one in Notice.objects.filter(template="notices.delegation_unaccepted"):
        assert "没有被接受" in one.text and "到期" not in one.text and "never took effect" in one.text_en


def test_nobody_else_tells_it(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        api.tell_ended_delegations(actor=cast.office)
    assert refusal.value.rule == "right.missing"
