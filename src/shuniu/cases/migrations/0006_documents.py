"""Tables for official documents. The database itself sees that numbers are given without a gap and stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.deletion import PROTECT

STANDS = """
create function cases_number_follows() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        raise exception 'a number that was given stands' using errcode = 'check_violation';
    end if;
    if new.serial <> 1 + (select count(*) from cases_givennumber where series_id = new.series_id) then
        raise exception 'number % leaves a gap', new.serial using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger cases_number_follows before insert or update or delete on cases_givennumber
    for each row execute function cases_number_follows();
"""
FALLS = """
drop trigger cases_number_follows on cases_givennumber;
drop function cases_number_follows();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0005_fees")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("person", models.TextField()),
                ("due", models.DateField()),
                ("digest", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="DispatchReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("digest", models.TextField()),
                ("dispatch", models.OneToOneField(on_delete=PROTECT, related_name="receipt", to="cases.dispatch")),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.TextField()),
                ("region", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("person", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "-id"], name="document_by_agency")],
            },
        ),
        migrations.AddField(
            model_name="dispatch",
            name="document",
            field=models.ForeignKey(on_delete=PROTECT, related_name="dispatches", to="cases.document"),
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("draft", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("document", models.ForeignKey(on_delete=PROTECT, related_name="versions", to="cases.document")),
            ],
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("year", models.IntegerField()),
                ("agency", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "year"), name="number_series_once")],
            },
        ),
        migrations.CreateModel(
            name="GivenNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.IntegerField()),
                ("version", models.IntegerField()),
                ("signed_on", models.DateField()),
                ("signers", models.JSONField()),
                ("at", models.DateTimeField()),
                ("document", models.OneToOneField(on_delete=PROTECT, related_name="given", to="cases.document")),
                ("series", models.ForeignKey(on_delete=PROTECT, related_name="given", to="cases.numberseries")),
            ],
        ),
        migrations.CreateModel(
            name="VoidNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("given", models.OneToOneField(on_delete=PROTECT, related_name="void", to="cases.givennumber")),
            ],
        ),
        migrations.CreateModel(
            name="DispatchChase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("dispatch", models.ForeignKey(on_delete=PROTECT, related_name="chases", to="cases.dispatch")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("dispatch", "on"), name="dispatch_chased_once_a_day")],
            },
        ),
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(fields=["agency", "-id"], name="dispatch_by_agency"),
        ),
        migrations.AddConstraint(
            model_name="dispatch",
            constraint=models.UniqueConstraint(fields=("document", "agency"), name="document_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="document_version_once"),
        ),
        migrations.AddConstraint(
            model_name="givennumber",
            constraint=models.UniqueConstraint(fields=("series", "serial"), name="number_given_once"),
        ),
        migrations.AddConstraint(
            model_name="givennumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial__gte", 1), ("serial__lte", 99999)), name="number_has_a_place"
            ),
        ),
        migrations.RunSQL(STANDS, FALLS),
    ]
