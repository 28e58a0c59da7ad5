"""Who acts when a department's machine calls: the machine by its certificate, or the officer whom it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shuniu.directory.actors.api import system
from shuniu.directory.actors.checks import person_id
from shuniu.directory.declare import ROLES
from shuniu.trust.declare import Actor

NAMED_OFFICER = b"""
select a.name, a.agency_id, a.is_active, array(
    select p.role from directory_appointment p, (select %s::date as today) d where p.account_id = a.id
    and p.agency_id = a.agency_id and p.since <= d.today and (p.until is null or p.until > d.today)
)::text[]
from directory_account a where a.kind = 'officer' and a.id = %s
"""
"""The officer of an account number as `machine` takes it. Values: the day, the number.

His own posts: who stands in for somebody does so in person, not through a department's machine.
"""


def machine(holder: str, name: str, agency: str, officer: tuple[int, str] | None = None) -> Actor:
    """The machine of a certificate, or an officer (account number and name) who asks through it."""
    person, called = (person_id("officer", officer[0]), officer[1]) if officer else (holder, "接口")
    return replace(system("machine"), person=person, name=called, agency=agency, agency_name=name)


def may_ask(found: Sequence[object], agency: str, capability: str) -> bool:
    """Whether the officer that `NAMED_OFFICER` found is of that agency, and holds the capability in a post of today."""
    _, own, active, roles = found
    held = roles if isinstance(roles, Iterable) else ()
    return (
        bool(active)
        and own == agency
        and any(str(role) in ROLES and capability in ROLES[str(role)].capabilities for role in held)
    )
