"""Every way of looking for a certificate ends in one index; one less to be written; how old a licensed authority's list is."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0008_proofs_of_entries")]
    operations = [
        migrations.CreateModel(
            name="LicensedList",
            fields=[
                ("issuer", models.TextField(primary_key=True, serialize=False)),
                ("next_update", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
                ("taken_by", models.TextField()),
            ],
            options={"db_table": "trust_licensed_list"},
        ),
        migrations.RemoveConstraint(model_name="certificate", name="trust_certificate_serial"),
        migrations.RemoveIndex(model_name="certificate", name="trust_certificate_number"),
        migrations.RemoveIndex(model_name="certificate", name="trust_certificate_name"),
        migrations.RemoveIndex(model_name="certificate", name="trust_certificate_expiry"),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("serial", "issuer"), name="trust_certificate_serial", opclasses=["text_pattern_ops", "text_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                fields=["name", "id"], name="trust_certificate_name", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                fields=["not_after", "id"], name="trust_certificate_expiry", condition=models.Q(("revoked_at", None))
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(models.Func(models.F("der"), function="sha256"), name="trust_certificate_print"),
        ),
    ]
