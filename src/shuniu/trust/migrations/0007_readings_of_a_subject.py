"""Readings are found by their subject, newest first, from the index alone; and by their entries, for who watches over them.

The first index takes the place of (subject, at): a page of a subject's readings then touches no page of the table. The
second is a block range index, some bytes for a hundred rows, so that writing an entry costs nothing to speak of.
"""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0006_witnesses")]
    operations = [
        migrations.RunSQL(
            """
            create index trust_reading_of on trust_reading (subject, entry) include (at);
            create index trust_reading_entry on trust_reading using brin (entry)
                with (pages_per_range = 16, autosummarize = on);
            drop index trust_reading_subject;
            """,
            """
            create index trust_reading_subject on trust_reading (subject, at);
            drop index trust_reading_of, trust_reading_entry;
            """,
        )
    ]
