"""Marks on rows: disputed, repaired, corrected, revoked."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

FIXED = """
create function registries_mark_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '标注只增不改 (marks are append-only)';
end $$;
create trigger registries_rowmark_fixed before update or delete on registries_rowmark
    for each statement execute function registries_mark_refuse_change();
"""
UNDO = """
drop trigger registries_rowmark_fixed on registries_rowmark;
drop function registries_mark_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registries", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RowMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.IntegerField()),
                ("key", models.UUIDField()),
                ("mark", models.TextField()),
                ("rule", models.TextField()),
                ("since", models.DateField()),
                ("by", models.TextField()),
                ("reason", models.TextField()),
                ("case", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "ends",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_by",
                        to="registries.rowmark",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["key"], name="row_mark_key")],
                "constraints": [
                    models.CheckConstraint(
                        name="row_mark_kind",
                        condition=models.Q(mark__in=["disputed", "repaired", "corrected", "revoked"]),
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, UNDO),
    ]
