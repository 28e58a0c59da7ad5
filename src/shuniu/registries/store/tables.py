"""DDL of resource tables: one real typed table per resource, in the schema `resource`, no foreign key in or out."""

from __future__ import annotations

from django.db import connection

from shuniu.catalogue.declare import Item, Published

SCHEMA = "resource"
OWN_COLUMNS = (
    ("_row", "bigint"),  # batch number << 32 | source line: the row's identity and where it came from
    ("_subject", "bigint"),
    ("_key", "uuid"),  # 128 bits of SHA-256 over the key items' canonical values
    ("_digest", "uuid"),  # the same over all non-empty (item, canonical value) pairs
    ("_since", "integer"),
    ("_until", "integer"),
    ("_version", "smallint"),
)


def name_of(number: int) -> str:
    """The generated, quoted, schema-qualified name of a resource's table."""
    return f'{SCHEMA}."r{number:04d}"'


def quoted(name: str) -> str:
    """A declared item name as an SQL identifier. Declared names are checked by the catalogue; this guards them again."""
    if not name.replace("_", "a").isalnum() or not name.isascii():
        raise ValueError(f"not a column name: {name!r}")
    return f'"{name}"'


def create_statements(published: Published) -> list[str]:
    """The statements that make a resource's table and its indexes: row, current key, subject, closed-in-batch."""
    table, plain = name_of(published.table), f"r{published.table:04d}"
    columns = [
        "_row bigint not null",
        "_subject bigint",
        "_key uuid not null",
        "_digest uuid not null",
        "_since integer not null",
        "_until integer check (_until > _since)",
        "_version smallint not null",
        *(_column(item) for item in published.resource.items),
    ]
    region = published.resource.by_region
    return [
        f"create table {table} ({', '.join(columns)})",
        f'alter table {table} add constraint "{plain}_pkey" primary key (_row)',
        f'create unique index "{plain}_key" on {table} (_key) where _until is null',
        f'create index "{plain}_subject" on {table} (_subject)',
        f'create index "{plain}_until" on {table} (_until) where _until is not null',
        *([f'create index "{plain}_region" on {table} ({quoted(region)})'] if region else []),
    ]


def _column(item: Item) -> str:
    return f"{quoted(item.name)} {item.type.sql}"


def create(published: Published) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"create schema if not exists {SCHEMA}")
        for statement in create_statements(published):
            cursor.execute(statement)


def add_items(published: Published, held: list[str]) -> None:
    """Add the columns that a newer version brings. Types and keys do not change: that is another resource."""
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '2s'")
        for item in published.resource.items:
            if item.name not in held:
                cursor.execute(f"alter table {name_of(published.table)} add column {_column(item)}")
