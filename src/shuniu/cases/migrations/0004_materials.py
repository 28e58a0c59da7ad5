"""Tables for uploads, the materials of cases and licences. What is frozen or happened is only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q

FIXED = """
create sequence cases_licence_serial;
create function cases_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '只增不改 (% is append-only)', tg_table_name;
end $$;
create trigger cases_licenceevent_fixed before update or delete on cases_licenceevent
    for each row execute function cases_refuse_change();
create trigger cases_casematerial_fixed before update or delete on cases_casematerial
    for each row execute function cases_refuse_change();
create trigger cases_licence_fixed before update on cases_licence for each row
    when ((old.number, old.identifier, old.type, old.content, old.valid_from, old.valid_to, old.digest, old.signature)
        is distinct from
        (new.number, new.identifier, new.type, new.content, new.valid_from, new.valid_to, new.digest, new.signature))
    execute function cases_refuse_change();
"""
UNDO = """
drop trigger cases_licenceevent_fixed on cases_licenceevent;
drop trigger cases_casematerial_fixed on cases_casematerial;
drop trigger cases_licence_fixed on cases_licence;
drop function cases_refuse_change;
drop sequence cases_licence_serial;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0003_forms")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.TextField()),
                ("subject", models.BigIntegerField(null=True)),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("size", models.BigIntegerField()),
                ("digest", models.TextField()),
                ("file", models.TextField(unique=True)),
                ("spool_key", models.BinaryField(null=True)),
                ("scan", models.TextField(default="unscanned")),
                ("virus", models.TextField(default="")),
                ("scanned_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-id"], name="upload_by_account"), models.Index(condition=Q(("subject__isnull", False)), fields=["subject", "-id"], name="upload_by_subject"), models.Index(condition=Q(("gone_at__isnull", True), ("scan", "unscanned")), fields=["id"], name="upload_unscanned")],
                "constraints": [models.CheckConstraint(condition=Q(("scan__in", ["unscanned", "clean", "infected"])), name="upload_scan"), models.CheckConstraint(condition=Q(("spool_key__isnull", True), ("gone_at__isnull", True), _connector="XOR"), name="upload_gone_or_readable"), models.CheckConstraint(condition=Q(Q(("scan", "infected"), _negated=True), ("gone_at__isnull", False), _connector="OR"), name="upload_infected_is_gone"), models.UniqueConstraint(condition=Q(("gone_at__isnull", True)), fields=("account", "digest", "name"), name="upload_once")],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                ("identifier", models.TextField(unique=True)),
                ("type", models.TextField()),
                ("title", models.TextField()),
                ("single", models.BooleanField()),
                ("agency", models.TextField()),
                ("agency_name", models.TextField()),
                ("holder", models.BigIntegerField(null=True)),
                ("holder_kind", models.TextField()),
                ("holder_name", models.TextField()),
                ("content", models.JSONField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("case", models.ForeignKey(on_delete=models.PROTECT, related_name="issued", to="cases.case")),
                ("check_code", models.TextField()),
                ("digest", models.TextField()),
                ("signature", models.TextField()),
                ("key", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("state", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["holder", "type"], name="licence_by_holder")],
                "constraints": [models.CheckConstraint(condition=Q(("state__in", ["01", "02", "03", "04", "05", "07"])), name="licence_state"), models.CheckConstraint(condition=Q(("valid_to__isnull", True), ("valid_to__gte", F("valid_from")), _connector="OR"), name="licence_term"), models.UniqueConstraint(condition=Q(("single", True), ("state__in", ["01", "02"])), fields=("type", "holder"), name="licence_one_in_force")],
            },
        ),
        migrations.CreateModel(
            name="LicenceEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("licence", models.ForeignKey(on_delete=models.PROTECT, related_name="events", to="cases.licence")),
                ("seq", models.IntegerField()),
                ("state", models.TextField()),
                ("reason", models.TextField()),
                ("basis", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("agency_name", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("licence", "seq"), name="licence_event_once"), models.CheckConstraint(condition=Q(("state__in", ["01", "02", "03", "04", "05", "07"])), name="licence_event_state"), models.CheckConstraint(condition=Q(("reason", ""), _negated=True), name="licence_event_says_why")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CaseMaterial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.ForeignKey(on_delete=models.PROTECT, related_name="materials", to="cases.case")),
                ("key", models.TextField()),
                ("version", models.IntegerField(default=1)),
                ("title", models.TextField()),
                ("how", models.TextField()),
                ("fact", models.JSONField(null=True)),
                ("licence", models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="cases.licence")),
                ("promise", models.JSONField(null=True)),
                ("paper", models.BooleanField(default=False)),
                ("readers", ArrayField(base_field=models.TextField(), size=None)),
                ("at", models.DateTimeField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("files", models.ManyToManyField(related_name="used", to="cases.upload")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "key", "version"), name="material_version_once"), models.CheckConstraint(condition=Q(("how__in", ["fact", "licence", "upload", "promise", "later", "omitted"])), name="material_how"), models.CheckConstraint(condition=Q(Q(("how", "fact"), _negated=True), ("fact__isnull", False), _connector="XOR"), name="material_fact"), models.CheckConstraint(condition=Q(Q(("how", "licence"), _negated=True), ("licence__isnull", False), _connector="XOR"), name="material_licence"), models.CheckConstraint(condition=Q(Q(("how", "promise"), _negated=True), ("promise__isnull", False), _connector="XOR"), name="material_promise"), models.CheckConstraint(condition=Q(("version__gte", 1)), name="material_version")],
                "indexes": [],
            },
        ),
        migrations.RunSQL(FIXED, UNDO),
    ]
