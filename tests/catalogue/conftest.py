"""People with the catalogue's rights, and a small catalogue: what its tests share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.catalogue import api
from shuniu.trust.declare import Actor
from tests.cast import Cast, cast
from tests.catalogue.sample import CODE_LISTS, ELEMENTS
from tests.directory.conftest import entries

__all__ = ["cast", "entries"]

EDITOR = "catalogue.draft catalogue.submit_for_review catalogue.withdraw catalogue.import_dictionary"


def may(actor: Actor, rights: str) -> Actor:
    """The same person holding these rights and no other."""
    return replace(actor, capabilities=frozenset(rights.split()))


@pytest.fixture
def installer(cast: Cast) -> Actor:
    return may(cast.installer, "catalogue.ship")


@pytest.fixture
def editor(cast: Cast) -> Actor:
    rights = f"{EDITOR} catalogue.confirm_recognitions catalogue.conformance catalogue.export"
    return may(cast.market_cataloguer, rights)


@pytest.fixture
def department(cast: Cast) -> Actor:
    """Who reviews for the agency itself."""
    return may(cast.market_second, "catalogue.review")


@pytest.fixture
def platform(cast: Cast) -> Actor:
    """Who checks conformity for the platform."""
    return may(cast.reviewer, "catalogue.review")


@pytest.fixture
def catalogue(installer: Actor) -> None:
    """Elements and code lists, as installation stores them."""
    api.ship(actor=installer, elements=ELEMENTS, code_lists=CODE_LISTS)
