"""What the clients of the `lookup` bench do: the platform's two readings, and the bare statements beside each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import psycopg
from django.db import connection

from bench.subjects import FIRMS, PEOPLE
from shuniu.base.identifiers import resident_check_digit, uscc_check_digit
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.exchange import api as exchange
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.declare import Actor
from shuniu.trust.store import INSERT

ASKED = 50_000  # different subjects that a client asks for
OFFICER = Actor("officer:bench", "基准测试", "43.bench", "基准测试单位", ("43",), frozenset({"exchange.read"}))
PLAIN = "bench_plain"
"""The table of the bare INSERT: the entry's columns and a primary key, nothing else."""
BARE_INSERT = INSERT.replace("trust_entry", PLAIN).encode()
ENTRY = (
    OFFICER.person, OFFICER.name, OFFICER.agency, OFFICER.agency_name, "exchange.read", "done", f"resource:{PEOPLE.key}",
    '{"as": "owner", "purpose": "核对身份", "rows": 1}',
)  # fmt: skip


def resident_id(number: int) -> str:
    """`subjects.resident_id` of one number."""
    body = f"430199{date(1920, 1, 1) + timedelta(number // 1000):%Y%m%d}{number % 1000:03d}"
    return body + resident_check_digit(body)


def uscc(number: int) -> str:
    """`deliveries.uscc_of` of one number."""
    body = f"91439900XB{number:07d}"
    return body + uscc_check_digit(body)


def acts() -> dict[str, Callable[[str], object]]:
    """By name: `read` and `open` are the platform's, `read_bare` and `open_bare` the statements without it."""
    connection.ensure_connection()
    raw = connection.connection
    person = bare_select(catalogue.published(PEOPLE.key), "resident_id")
    firm = bare_select(catalogue.published(FIRMS.key), "uscc")

    def read(value: str) -> object:
        return exchange.read(actor=OFFICER, resource=PEOPLE.key, subject=("resident_id", value), purpose="核对身份")

    def read_open(value: str) -> object:
        return exchange.read_open(FIRMS.key, ("uscc", value))

    def read_bare(value: str) -> object:
        with raw.transaction():
            found = psycopg.Cursor(raw).execute(person, (value,), prepare=True).fetchall()
            psycopg.Cursor(raw).execute(BARE_INSERT, ENTRY, prepare=True).fetchall()
        return found

    def open_bare(value: str) -> object:
        return psycopg.Cursor(raw).execute(firm, (value,), prepare=True).fetchall()

    return {"read": read, "read_bare": read_bare, "open": read_open, "open_bare": open_bare}


def bare_select(published: Published, kind: str) -> bytes:
    """The same row by the same identifier, asked by whoever knows where it stands."""
    items = ", ".join(f"t.{quoted(item.name)}::text" for item in published.resource.items)
    return (
        f"select {items} from registries_identifier i join {name_of(published.table)} t"
        f" on t._subject = i.subject_id and t._until is null where i.kind = '{kind}' and i.value = %s and i.answers"
    ).encode()
