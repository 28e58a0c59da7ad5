"""The cast and the journal, for the directory's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuniu.directory.models import Account
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import Cast, cast

__all__ = ["cast"]


@pytest.fixture
def entries(db: None) -> Callable[[str], list[Entry]]:
    """Journal entries of one verb, oldest first."""

    def of(verb: str) -> list[Entry]:
        return list(Entry.objects.filter(verb=verb).order_by("id"))

    return of


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[Actor], Client]:
    """A browser in which somebody has signed in."""

    def of(actor: Actor) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=int(actor.person.split(":")[1])))
        return client

    return of
