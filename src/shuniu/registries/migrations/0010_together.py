"""Two rooms of this engine grew at once: matching and marks."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('registries', '0002_matching'), ('registries', '0009_marks')]
    operations = []
