"""Documents carry files, are signed and sent again after they were given back, and name every agency that issues them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.deletion import PROTECT

_SIGNINGS = """
set constraints all immediate;
insert into cases_signing (document_id, version, signed_on, signers, issuers, at)
select g.document_id, g.version, g.signed_on, g.signers, jsonb_build_array(d.agency), g.at
from cases_givennumber g join cases_document d on d.id = g.document_id;
update cases_dispatch d set version = g.version from cases_givennumber g where g.document_id = d.document_id;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0017_results")]
    operations: ClassVar = [
        migrations.AddField(
            "documentversion", "files", models.ManyToManyField(related_name="documents", to="cases.upload")
        ),
        migrations.CreateModel(
            name="Signing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("signed_on", models.DateField()),
                ("signers", models.JSONField()),
                ("issuers", models.JSONField()),
                ("at", models.DateTimeField()),
                ("document", models.ForeignKey(on_delete=PROTECT, related_name="signings", to="cases.document")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("document", "version"), name="document_signed_once")]
            },
        ),
        migrations.AddField("dispatch", "version", models.IntegerField(default=1), preserve_default=False),
        migrations.RunSQL(_SIGNINGS, migrations.RunSQL.noop),
        migrations.RemoveField("givennumber", "version"),
        migrations.RemoveField("givennumber", "signed_on"),
        migrations.RemoveField("givennumber", "signers"),
        migrations.RemoveConstraint("dispatch", "document_sent_once"),
        migrations.AddConstraint(
            "dispatch",
            models.UniqueConstraint(fields=("document", "agency", "version"), name="document_sent_once"),
        ),
    ]
