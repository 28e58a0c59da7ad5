"""What others say of the journal's heads: other nodes' signatures, time stamps; and which heads of others we signed."""

from __future__ import annotations

from django.db import migrations

SQL = """
create table trust_cross (
    id bigint generated always as identity primary key,
    size bigint not null,
    node text not null check (length(node) between 1 and 200),
    key text not null,
    public_key bytea not null,
    at timestamptz not null,
    signature bytea not null,
    taken_at timestamptz not null default clock_timestamp(),
    unique (size, key)
);
create table trust_stamp (
    id bigint generated always as identity primary key,
    size bigint not null,
    authority text not null,
    at timestamptz not null,
    token bytea not null,
    unique (size, authority)
);
create table trust_witnessed (
    key text not null,
    size bigint not null check (size > 0),
    root bytea not null check (octet_length(root) = 32),
    node text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (key, size)
);
create table trust_stamping (
    only_one boolean primary key default true check (only_one),
    asked_at timestamptz not null,
    failing_since timestamptz,
    reason text not null default ''
);
create trigger trust_cross_fixed before update or delete or truncate on trust_cross
    for each statement execute function trust_refuse_change();
create trigger trust_stamp_fixed before update or delete or truncate on trust_stamp
    for each statement execute function trust_refuse_change();
create trigger trust_witnessed_fixed before update or delete or truncate on trust_witnessed
    for each statement execute function trust_refuse_change();
"""
UNDO = "drop table trust_cross, trust_stamp, trust_witnessed, trust_stamping;"


class Migration(migrations.Migration):
    dependencies = [("trust", "0005_certificates")]
    operations = [migrations.RunSQL(SQL, UNDO)]
