"""Every number in every address, tried by everybody: let in who is declared, everybody else told no and nothing more.

Each address with a parameter is in one table, with whose thing stands there; one that is in none fails. What an address
does to who may use it is told in that page's own tests.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client

from shuniu.cases.api import items
from shuniu.systems.disclosure.declare import ITEM as INFORMATION
from tests.cases.founding import shipped
from tests.cast import Cast, cast
from tests.exchange.conftest import Deliver, catalogued, deliver
from tests.portal import addresses_cases, addresses_exchange, addresses_papers
from tests.portal import world_cases as cases
from tests.portal import world_exchange as exchange
from tests.portal import world_papers as papers
from tests.portal import world_registers as registers
from tests.portal.everyone import At, Thing, ask, faults, readers, routes
from tests.registries.conftest import Load, load, mounted

__all__ = ["cast", "catalogued", "deliver", "load", "mounted", "shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # some thousand requests each, on a busy machine too
TABLES = (
    addresses_exchange.ADDRESSES, addresses_cases.ADDRESSES, addresses_papers.ADDRESSES, registers.DOUBTS,
    registers.CREDIT,
)  # fmt: skip


def tried(table: Mapping[str, At], things: Mapping[str, Thing], clients: Mapping[str, Client]) -> None:
    """Have everybody try the addresses of a table, and name all that is amiss."""
    amiss = [fault for name, at in table.items() for fault in faults(name, at, things[at.thing], clients)]
    assert not amiss, "\n" + "\n".join(amiss)


def test_every_address_with_a_parameter_declares_whose_it_is() -> None:
    declared = [name for table in TABLES for name in table]
    declared += [*addresses_exchange.MACHINES, *addresses_exchange.TOLD]
    assert sorted(declared) == sorted(name for name, _ in routes()), "say in one table whose the new address is"


def test_everybody_at_the_addresses_of_the_exchange(cast: Cast, deliver: Deliver) -> None:
    clients = readers(cast)
    tried(addresses_exchange.ADDRESSES, exchange.things(cast, deliver, clients), clients)


def test_everybody_at_the_addresses_of_cases(cast: Cast) -> None:
    clients = readers(cast)
    tried(addresses_cases.ADDRESSES, cases.things(cast), clients)


def test_everybody_at_the_addresses_of_letters_documents_events_and_readings(cast: Cast, shipped: None) -> None:
    items.ship(actor=cast.installer, items=[INFORMATION])
    clients = readers(cast)
    tried(addresses_papers.ADDRESSES, papers.things(cast, clients), clients)


def test_everybody_at_the_addresses_of_doubtful_matches(cast: Cast, load: Load) -> None:
    clients = readers(cast)
    tried(registers.DOUBTS, registers.doubts(cast, load), clients)


def test_everybody_at_the_addresses_of_credit(cast: Cast) -> None:
    clients = readers(cast)
    tried(registers.CREDIT, registers.credit(cast), clients)


def test_machines_addresses_open_to_no_browser_whoever_has_signed_in(cast: Cast) -> None:
    values: dict[str, str | int] = {"key": "43.market/registration", "number": 1, "first": 0}
    parameters = dict(routes())
    opened = []
    for who, client in readers(cast).items():
        for name in addresses_exchange.MACHINES:
            kwargs = {key: values[key] for key in parameters[name]}
            stood = [ask(client, name, kwargs, method, {})[0] for method in ("get", "post")]
            opened += [f"{name} {who}: {one}" for one in stood if one not in ("401", "403", "405", "413")]
    assert opened == []
