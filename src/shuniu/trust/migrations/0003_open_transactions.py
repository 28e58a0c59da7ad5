"""The transactions that were open when a head was signed: the sequencer then looks for theirs and for newer ones alone."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0002_heartbeat")]
    operations = [
        migrations.RunSQL(
            # Heads signed before this have their snapshot's xmin as horizon: from there on everything is looked at.
            "alter table trust_head add column open xid8[] not null default '{}'",
            "alter table trust_head drop column open",
        )
    ]
