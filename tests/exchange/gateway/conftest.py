"""Two firms in the market department's register, and a tax department's machine that has an agreement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from shuniu.exchange.gateway import admission, files
from tests.exchange.conftest import Deliver, catalogued, deliver, firm, registration
from tests.exchange.gateway.road import Machine, agree, machine
from tests.exchange.people import MARKET, have_agencies

__all__ = ["catalogued", "deliver"]


@pytest.fixture(autouse=True)
def _fresh(db: None) -> None:
    """Calls are counted by the minute: here every test begins one."""
    admission._gate.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate exchange_minute, exchange_failure, exchange_once, exchange_hour, exchange_live, exchange_file,"
            " exchange_upload"
        )


@pytest.fixture
def delivered(deliver: Deliver) -> None:
    have_agencies()
    deliver(registration(firm(0), firm(1, "岳麓食品有限公司").removesuffix("430102") + "431000"), actor=MARKET)


@pytest.fixture
def tax(delivered: None) -> Machine:
    """The tax department's machine; it may see code, name and state of the whole province's firms."""
    agree("uscc", "name", "state")
    return machine()


@pytest.fixture
def market(tax: Machine) -> Iterator[Machine]:
    """The provider's machine, while the tax department has the agreement; no other test's files lie about."""
    _clear()
    yield machine(agency="43.market", name="省市场监管局")
    _clear()


def _clear() -> None:
    for path in files.folder().iterdir():
        path.unlink()
