"""Who looked at whose data is only ever added, as the entries themselves."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trust", "0010_readings_bound")]
    operations = [
        migrations.RunSQL(
            # By row, since a partition can be reached by its own name, where its parent's statement triggers are silent.
            "create trigger trust_reading_fixed before update or delete on trust_reading"
            " for each row execute function trust_refuse_change()",
            "drop trigger trust_reading_fixed on trust_reading",
        )
    ]
