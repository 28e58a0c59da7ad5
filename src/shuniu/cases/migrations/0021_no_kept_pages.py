"""What is posted after a session ended is kept by the portal, for every form alike."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0020_delegated")]
    operations: ClassVar = [migrations.DeleteModel(name="KeptPage")]
