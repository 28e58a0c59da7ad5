"""What was issued under a number."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="IssuedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                ("subject", models.BigIntegerField(db_index=True)),
                ("name", models.TextField()),
                ("viewer", models.TextField()),
                ("purpose", models.TextField(default="")),
                ("digest", models.TextField()),
                ("content", models.TextField()),
                ("rules", models.TextField()),
                ("person", models.TextField()),
                ("agency", models.TextField(default="")),
                ("issued_at", models.DateTimeField()),
            ],
        ),
    ]
