"""Certificates, invitations, encryption keys in escrow, and the stamp that a revocation changes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

STAMP = """
create sequence trust_certificate_stamp_value start 2;
create table trust_certificate_stamp (id int primary key check (id = 1), value bigint not null);
insert into trust_certificate_stamp values (1, 1);
"""
UNDO = "drop table trust_certificate_stamp; drop sequence trust_certificate_stamp_value"


class Migration(migrations.Migration):
    dependencies = [("trust", "0004_nodes")]
    operations = [
        migrations.RunSQL(STAMP, UNDO),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.TextField()),
                ("suite", models.TextField()),
                ("source", models.TextField()),
                ("issuer", models.TextField()),
                ("serial", models.TextField()),
                ("kind", models.TextField()),
                ("purpose", models.TextField()),
                ("holder", models.TextField()),
                ("name", models.TextField()),
                ("agency", models.TextField()),
                ("organisation", models.TextField()),
                ("public", models.BinaryField()),
                ("der", models.BinaryField()),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.TextField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("replaces", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="successor", to="trust.certificate")),
            ],
            options={
                "db_table": "trust_certificate",
            },
        ),
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("suite", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("stamp", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("next_update", models.DateTimeField()),
                ("der", models.BinaryField()),
            ],
            options={
                "db_table": "trust_revocation_list",
            },
        ),
        migrations.CreateModel(
            name="Escrow",
            fields=[
                ("certificate", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="trust.certificate")),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "trust_escrow",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(unique=True)),
                ("agency", models.TextField()),
                ("agency_name", models.TextField()),
                ("suite", models.TextField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("certificate", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.certificate")),
            ],
            options={
                "db_table": "trust_invitation",
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("asked_by", models.TextField()),
                ("asked_name", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("approved_by", models.TextField(default="")),
                ("approved_name", models.TextField(default="")),
                ("approved_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("escrow", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="trust.escrow")),
            ],
            options={
                "db_table": "trust_release",
            },
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["name"], name="trust_certificate_name", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["serial"], name="trust_certificate_number", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["holder", "id"], name="trust_certificate_holder"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["agency", "id"], name="trust_certificate_agency"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(condition=models.Q(("revoked_at", None)), fields=["not_after"], name="trust_certificate_expiry"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(condition=models.Q(("revoked_at__isnull", False)), fields=["issuer"], name="trust_certificate_revoked"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("key_id",), name="trust_certificate_key"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("issuer", "serial"), name="trust_certificate_serial"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["agency", "node", "officer", "citizen", "firm"]), ("purpose__in", ["sign", "encrypt"])), name="trust_certificate_kind"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(condition=models.Q(("not_after__gt", models.F("not_before"))), name="trust_certificate_span"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("reason", ""), ("revoked_at", None)), models.Q(("revoked_at__isnull", False), models.Q(("reason", ""), _negated=True)), _connector="OR"), name="trust_certificate_reason"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("certificate", None), ("used_at", None)), models.Q(("certificate__isnull", False), ("used_at__isnull", False)), _connector="OR"), name="trust_invitation_used"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(condition=models.Q(("approved_by", models.F("asked_by")), _negated=True), name="trust_release_two_people"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(condition=models.Q(("taken_at", None), ("approved_at__isnull", False), _connector="OR"), name="trust_release_approved"),
        ),
    ]
