"""An entry holds what proves it, under its leaf; and is found by hashes of its object and its person, in half the bytes."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0007_readings_of_a_subject")]
    operations = [
        migrations.RunSQL(
            """
            alter table trust_entry add column proof bytea;
            drop index trust_entry_object, trust_entry_person;
            create index trust_entry_object on trust_entry (hashtextextended(object, 0), id);
            create index trust_entry_person on trust_entry (hashtextextended(person, 0), id);
            """,
            """
            drop index trust_entry_object, trust_entry_person;
            create index trust_entry_object on trust_entry (object, id);
            create index trust_entry_person on trust_entry (person, id);
            alter table trust_entry drop column proof;
            """,
        )
    ]
