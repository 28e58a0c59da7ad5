"""Who delivered does not release from a post that he holds for somebody else: the rules see the person."""

from __future__ import annotations

import pytest

from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from shuniu.trust.models import Entry
from tests.cast import Cast, cast, number
from tests.directory.posts.people import arrange, post_of
from tests.exchange.conftest import Deliver, firm, registration
from tests.refusals import refused

__all__ = ["cast"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_is_not_released_by_who_delivered_it_in_another_post_and_is_by_somebody_else(
    cast: Cast, deliver: Deliver
) -> None:
    deliver(registration(firm(0), firm(1), firm(2)), actor=cast.market_officer)
    waiting = deliver(registration(firm(0)), actor=cast.market_officer)
    assert waiting.state is State.HELD
    directory.end_appointment(actor=cast.market_admin, appointment=post_of(cast.market_officer))
    arrange(cast.market_second, cast.market_second, cast.market_officer, last=3)
    who = directory.actor_of(number(cast.market_officer))
    assert who.may("exchange.release") and not who.may("exchange.submit")
    before = Entry.objects.latest("id").pk
    with refused("batch.second_officer"):
        exchange.release(actor=who, number=waiting.number)
    arrange(cast.market_second, cast.market_second, cast.market_admin, since=4, last=5)
    directory.end_substitution(actor=cast.market_second, number=who.instead[0].substitution)
    arrange(cast.market_second, cast.market_second, cast.market_admin, last=3)
    other = directory.actor_of(number(cast.market_admin))
    exchange.release(actor=other, number=waiting.number)
    told = Entry.objects.filter(verb="exchange.release", id__gt=before).order_by("id")
    assert [(one.outcome, one.detail["instead_of"]) for one in told] == [
        ("refused", [cast.market_second.person]), ("done", [cast.market_second.person]),
    ]  # fmt: skip
