"""Tables for uploads and licences."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0003_forms")]
    operations: ClassVar = []
