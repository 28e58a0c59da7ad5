"""Running cases are listed by the day on which the first of their clocks is due; nothing asked for them by the whole's."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce

FILLED = """
update procedures_case k set next_due = d.due
from (select case_id, min(due) as due from procedures_clock where ended is null and due is not null group by case_id) d
where k.id = d.case_id
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procedures", "0005_done")]
    operations: ClassVar = [
        migrations.RemoveIndex("case", "case_running_due"),
        migrations.AddField("case", "next_due", models.DateField(null=True)),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AddIndex(
            "case",
            models.Index(
                Func(F("object"), Value(":"), Value(1), function="split_part"),
                F("agency"),
                Coalesce(F("next_due"), Cast(Value("infinity"), models.DateField())),
                F("id"),
                F("region"),
                name="case_running_by_due",
                condition=Q(outcome=""),
            ),
        ),
    ]
