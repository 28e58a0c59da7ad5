"""Readings for the tests of who looked: entries of the journal at any moment, and who answers, decides, watches."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from shuniu.trust import api as trust
from shuniu.trust.declare import Actor, Json
from tests.cast import CITIZEN_SUBJECT, Cast, newcomer

RESOURCE = "resource:43.market/registration"


def read(
    who: Actor, subjects: Sequence[int] = (CITIZEN_SUBJECT,), at: datetime | None = None, target: str = RESOURCE,
    verb: str = "exchange.read", **detail: Json,
) -> int:  # fmt: skip
    """An entry as the door writes it, at a moment (None: now). Returns its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into trust_entry (at, person, person_name, agency, agency_name, verb, outcome, object, detail)"
            " values (coalesce(%s, clock_timestamp()), %s, %s, %s, %s, %s, 'done', %s, %s) returning id, at",
            [at, who.person, who.name, who.agency, who.agency_name, verb, target, json.dumps(detail)],
        )
        entry, moment = cursor.fetchone()
        cursor.execute(
            "insert into trust_reading (entry, at, subject) select %s, %s, unnest(%s::bigint[])",
            [entry, moment, list(subjects)],
        )
    return int(entry)


def begun(at: datetime) -> None:
    """Let the journal have begun at a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into trust_entry (id, at, person, person_name, agency, agency_name, verb, outcome, object, detail)"
            " overriding system value values (0, %s, 'system:install', '安装', '', '', 'directory.load_regions', 'done', '', '{}')",
            [at],
        )


def placed() -> None:
    """Give all that was read its position."""
    while trust.sequence():
        continue


def holding(actor: Actor, role: str, login: str, name: str) -> Actor:
    """Another officer of that actor's agency, with an account, who holds one role."""
    return newcomer(actor.agency, role, login=login, name=name)


def guard(cast: Cast) -> Actor:
    """The tax bureau's data-protection officer."""
    return holding(cast.tax_officer, "data_protection_officer", "fangzheng", "方正")
