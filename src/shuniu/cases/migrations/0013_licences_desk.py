"""The desk of licences, money and uploads: reissues, refunds that are tried again, waivers line by line, waiting scans."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT

BY_LINE = """
create function cases_bill_line_balanced() returns trigger language plpgsql as $$
declare
    charged bigint;
    given bigint;
begin
    select unit * count into charged from cases_billline where bill_id = new.bill_id and key = new.line;
    select sum(amount) into given from cases_billevent
        where bill_id = new.bill_id and line = new.line and move in ('waived', 'refund_agreed');
    if charged is null or given > charged then
        raise exception 'bill %: line % is %, given back %', new.bill_id, new.line, charged, given
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger cases_bill_line_balanced after insert on cases_billevent
    for each row when (new.line <> '' and new.move in ('waived', 'refund_agreed'))
    execute function cases_bill_line_balanced();
"""
NOT_BY_LINE = """
drop trigger cases_bill_line_balanced on cases_billevent;
drop function cases_bill_line_balanced();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0012_appointments")]
    operations: ClassVar = [
        migrations.AddField("licence", "version", models.SmallIntegerField(default=1)),
        migrations.AddField(
            "licence",
            "replaces",
            models.OneToOneField(null=True, on_delete=PROTECT, related_name="replaced_by", to="cases.licence"),
        ),
        migrations.AddIndex("licence", models.Index(fields=["agency", "-id"], name="licence_by_agency")),
        migrations.AddConstraint(
            "licence",
            models.CheckConstraint(
                condition=Q(("replaces", None), ("version", 1)) | Q(("replaces__isnull", False), ("version__gt", 1)),
                name="licence_version",
            ),
        ),
        migrations.CreateModel(
            name="RefundTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.TextField(unique=True)),
                ("tries", models.IntegerField(default=0)),
                ("said", models.TextField(default="")),
                ("at", models.DateTimeField(null=True)),
                ("due", models.DateTimeField(null=True)),
                ("why", models.TextField(default="")),
                ("bill", models.ForeignKey(on_delete=PROTECT, related_name="tries", to="cases.bill")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("due", None)) ^ Q(("why", "")), name="refund_goes_on_or_says_why"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            "billevent",
            models.UniqueConstraint(fields=["trade"], condition=Q(("move", "refunded")), name="bill_refund_taken_once"),
        ),
        migrations.RunSQL(BY_LINE, NOT_BY_LINE),
        migrations.AddField("upload", "scan_tries", models.IntegerField(default=0)),
        migrations.AddField("upload", "scan_said", models.TextField(default="")),
        migrations.AddField("upload", "scan_due", models.DateTimeField(null=True)),
        migrations.AddField("upload", "scan_stopped", models.TextField(default="")),
    ]
