"""Hashes of whole subtrees of the journal, from 256 leaves upward: a proof then reads a few hundred rows, not all."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0003_open_transactions")]
    operations = [
        migrations.RunSQL(
            """
            create table trust_node (
                level smallint not null check (level >= 8),
                place bigint not null check (place >= 0),
                hash bytea not null check (octet_length(hash) = 32),
                primary key (level, place)
            );
            create trigger trust_node_fixed before update or delete or truncate on trust_node
                for each statement execute function trust_refuse_change();
            """,
            "drop table trust_node",
        )
    ]
