"""The journal's tables in plain SQL: xid8, partitions and triggers are not the ORM's to make."""

from __future__ import annotations

from django.db import migrations, models

SQL = """
create table trust_entry (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    xid xid8 not null default pg_current_xact_id(),
    person text not null,
    person_name text not null,
    agency text not null,
    agency_name text not null,
    verb text not null,
    outcome text not null check (outcome in ('done', 'refused', 'begun', 'ended')),
    object text not null,
    detail jsonb not null
);
create index trust_entry_xid on trust_entry (xid);
create index trust_entry_object on trust_entry (object, id);
create index trust_entry_person on trust_entry (person, id);
create table trust_leaf (
    position bigint primary key check (position >= 0),
    entry_id bigint not null unique,
    hash bytea not null check (octet_length(hash) = 32)
);
create table trust_head (
    size bigint primary key,
    root bytea not null,
    peaks bytea[] not null,
    horizon xid8 not null,
    at timestamptz not null,
    key text not null,
    signature bytea not null
);
create table trust_reading (
    entry bigint not null,
    at timestamptz not null default clock_timestamp(),
    subject bigint not null
) partition by range (at);
create table trust_reading_rest partition of trust_reading default;
create index trust_reading_subject on trust_reading (subject, at);
create function trust_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '留痕只增不改 (the journal is append-only)';
end $$;
create trigger trust_entry_fixed before update or delete or truncate on trust_entry
    for each statement execute function trust_refuse_change();
create trigger trust_leaf_fixed before update or delete or truncate on trust_leaf
    for each statement execute function trust_refuse_change();
create trigger trust_head_fixed before update or delete or truncate on trust_head
    for each statement execute function trust_refuse_change();
"""
UNDO = """
drop table trust_entry, trust_leaf, trust_head, trust_reading;
drop function trust_refuse_change;
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    "Entry",
                    [
                        ("id", models.BigAutoField(primary_key=True)),
                        ("at", models.DateTimeField()),
                        ("person", models.TextField()),
                        ("person_name", models.TextField()),
                        ("agency", models.TextField()),
                        ("agency_name", models.TextField()),
                        ("verb", models.TextField()),
                        ("outcome", models.TextField()),
                        ("object", models.TextField()),
                        ("detail", models.JSONField()),
                    ],
                    {"db_table": "trust_entry", "managed": False},
                ),
            ]
        ),
    ]
