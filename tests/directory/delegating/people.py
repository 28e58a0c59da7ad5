"""People who let others act for them, for the tests of delegation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.models import Account
from shuniu.trust.declare import Actor
from tests.cast import number
from tests.directory.signing_in.strong import strengthen


def citizen(login: str, name: str, subject: int) -> Actor:
    """A citizen's account beside the cast's."""
    made = Account.objects.create(kind="citizen", login=login, name=name, subject=subject, password="!")
    return api.actor_of(made.pk)


def browser_of(actor: Actor, minutes_ago: int = 0) -> tuple[Client, int]:
    """A browser in which the actor has given a second factor so long ago, and its sitting."""
    client = Client()
    client.force_login(Account.objects.get(pk=number(actor)))
    return client, strengthen(client, minutes_ago)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def given(
    giver: Actor,
    taker: Actor,
    *acts: str,
    items: Collection[str] = (),
    until: date | None = None,
    accepted: bool = True,
) -> int:
    """A delegation, given after a fresh second factor and accepted."""
    login = Account.objects.get(pk=number(taker)).login
    made = api.give_delegation(
        actor=giver, sitting=browser_of(giver)[1], login=login, name=taker.name, acts=acts or ("file",), items=items,
        until=until or in_days(30),
    )  # fmt: skip
    if accepted:
        api.accept_delegation(actor=taker, number=made)
    return made
