"""Files of an agreement that come in portions: how far each has come, and what became of it."""

from __future__ import annotations

from django.db import migrations

FORTH = """
create table exchange_upload (
    id bigint generated always as identity primary key,
    agreement integer not null,
    agency text not null,
    person text not null,
    name text not null,
    size bigint not null check (size > 0),
    digest bytea not null check (octet_length(digest) = 32),
    days integer not null check (days > 0),
    token bytea not null,
    taken bigint not null default 0 check (taken between 0 and size),
    took_at timestamptz not null default clock_timestamp(),
    expires timestamptz not null,
    file bigint unique references exchange_file,
    refused text not null default '',
    constraint exchange_upload_offered_whole check (file is null or taken = size and refused = ''),
    constraint exchange_upload_ended_without_key check ((file is null and refused = '') = (octet_length(token) > 0))
);
create unique index exchange_upload_open_once on exchange_upload (agreement, name, digest, size, days)
    where file is null and refused = '';
create index exchange_upload_open_of on exchange_upload (agency) where file is null and refused = '';
create index exchange_upload_expires on exchange_upload (expires);
"""
BACK = "drop table exchange_upload;"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0009_files_fetched_and_withdrawn")]
    operations = [migrations.RunSQL(FORTH, BACK)]
