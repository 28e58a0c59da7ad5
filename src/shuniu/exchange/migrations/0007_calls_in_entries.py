"""What proves a call stands in its journal entry, under its leaf, no longer beside it."""

from __future__ import annotations

from django.db import migrations

BACK = """
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
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_calls"), ("trust", "0008_proofs_of_entries")]
    operations = [migrations.RunSQL("drop table exchange_call", BACK)]
