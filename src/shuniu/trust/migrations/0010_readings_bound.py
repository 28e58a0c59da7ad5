"""From which position on a leaf covers whose data its entry touched: what was placed before does not."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0009_certificates_by_index")]
    operations = [
        migrations.RunSQL(
            """
            create table trust_bound (id int primary key check (id = 1), position bigint not null);
            insert into trust_bound select 1, coalesce(max(position) + 1, 0) from trust_leaf;
            """,
            "drop table trust_bound",
        )
    ]
