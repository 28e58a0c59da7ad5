from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_licences_desk")]  # noqa: RUF012

    operations = []  # noqa: RUF012
