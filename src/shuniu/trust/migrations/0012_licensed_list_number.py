"""Which revocation list of a licensed authority was taken last: an older one is refused."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0011_readings_fixed")]
    operations = [
        migrations.AddField(
            model_name="licensedlist",
            name="number",
            field=models.DecimalField(decimal_places=0, max_digits=48, null=True),
        ),
        migrations.AddField(model_name="licensedlist", name="issued_at", field=models.DateTimeField(null=True)),
    ]
