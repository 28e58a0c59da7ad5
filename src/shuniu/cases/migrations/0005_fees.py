"""Tables for bills and payments."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0004_materials")]
    operations: ClassVar = []
