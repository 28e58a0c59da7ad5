"""Where the long-running processes say that they are alive."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_journal")]
    operations = [
        migrations.RunSQL(
            "create unlogged table trust_heartbeat (process text primary key, at timestamptz not null)",
            "drop table trust_heartbeat",
        )
    ]
