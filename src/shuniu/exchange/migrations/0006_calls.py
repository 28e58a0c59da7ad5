"""Calls through the gateway: what proves each of them, nonces that are forgotten by age, and what is counted by the minute."""

from __future__ import annotations

from django.db import migrations

SQL = """
create table exchange_call (
    entry bigint not null,
    nonce bigint not null,
    key integer not null,
    agreement integer not null,
    created integer not null,
    version smallint not null,
    context smallint not null,
    delay smallint not null,
    fields smallint not null check (fields >= 0),
    request bytea not null,
    answer bytea not null,
    asked bytea not null check (octet_length(asked) = 32),
    answered bytea not null check (octet_length(answered) = 32)
);
create index exchange_call_entry on exchange_call using brin (entry) with (pages_per_range = 16, autosummarize = on);
create trigger exchange_call_fixed before update or delete or truncate on exchange_call
    for each statement execute function trust_refuse_change();
create table exchange_context (
    id smallint generated always as identity primary key,
    authority text not null,
    key text not null,
    unique (authority, key)
);
create table exchange_nonce (
    slot smallint not null,
    key integer not null,
    created integer not null,
    nonce bigint not null,
    primary key (slot, key, created, nonce)
) partition by list (slot);
create table exchange_nonce_0 partition of exchange_nonce for values in (0);
create table exchange_nonce_1 partition of exchange_nonce for values in (1);
create table exchange_nonce_2 partition of exchange_nonce for values in (2);
create table exchange_nonce_3 partition of exchange_nonce for values in (3);
create table exchange_once (
    key integer not null,
    token text not null check (token <> ''),
    asked bytea not null,
    entry bigint not null,
    at timestamptz not null default clock_timestamp(),
    primary key (key, token)
);
create index exchange_once_at on exchange_once using brin (at);
create unlogged table exchange_minute (
    resource text not null,
    agency text not null,
    minute integer not null,
    shard smallint not null,
    calls integer not null,
    failed integer not null,
    rows integer not null,
    size bigint not null,
    ms bigint not null,
    slowest integer not null,
    primary key (resource, agency, minute, shard)
) with (fillfactor = 50);
create table exchange_hour (
    resource text not null,
    agency text not null,
    hour timestamptz not null,
    calls integer not null,
    failed integer not null,
    rows bigint not null,
    size bigint not null,
    ms bigint not null,
    slowest integer not null,
    primary key (resource, agency, hour)
);
create index exchange_hour_agency on exchange_hour (agency, hour);
create table exchange_live (
    id integer generated always as identity primary key,
    resource text not null,
    url text not null,
    public bytea not null,
    wait_ms integer not null check (wait_ms > 0),
    most integer not null check (most > 0),
    made_by text not null,
    made_at timestamptz not null default clock_timestamp(),
    ended_by text not null default '',
    ended_at timestamptz
);
create unique index exchange_live_once on exchange_live (resource) where ended_at is null;
create table exchange_file (
    id bigint generated always as identity primary key,
    agreement integer not null,
    name text not null,
    size bigint not null check (size >= 0),
    digest bytea not null check (octet_length(digest) = 32),
    chunks bytea not null,
    token bytea not null,
    made_by text not null,
    made_at timestamptz not null default clock_timestamp(),
    expires timestamptz not null
);
"""
UNDO = """
drop table exchange_call, exchange_context, exchange_nonce, exchange_once, exchange_minute, exchange_hour,
    exchange_live, exchange_file;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_grants"), ("trust", "0005_certificates")]
    operations = [migrations.RunSQL(SQL, UNDO)]
