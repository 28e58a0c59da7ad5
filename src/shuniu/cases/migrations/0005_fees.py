"""Tables for bills and payments. The database itself sees that what is paid is what is owed, and that events stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.deletion import PROTECT

BALANCED = """
create function cases_bill_balanced() returns trigger language plpgsql as $$
declare
    owed bigint;
    paid bigint;
    given bigint;
    wrong bigint;
    returned bigint;
begin
    select coalesce(sum(unit * count), 0) into owed from cases_billline where bill_id = new.bill_id;
    select owed - coalesce(sum(amount) filter (where move = 'waived'), 0),
           sum(amount) filter (where move = 'paid'),
           coalesce(sum(amount) filter (where move = 'refund_agreed'), 0),
           coalesce(sum(amount) filter (where move = 'unsettled'), 0),
           coalesce(sum(amount) filter (where move = 'refunded'), 0)
      into owed, paid, given, wrong, returned
      from cases_billevent where bill_id = new.bill_id;
    if owed < 0 or paid <> owed or given > coalesce(paid, 0) or returned > given + wrong then
        raise exception 'bill %: owed %, paid %, to refund %, refunded %', new.bill_id, owed, paid, given + wrong, returned
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger cases_bill_balanced after insert on cases_billevent
    for each row execute function cases_bill_balanced();
create function cases_bill_stands() returns trigger language plpgsql as $$
begin
    raise exception 'a row of % is never changed', tg_table_name using errcode = 'check_violation';
end $$;
create trigger cases_bill_event_stands before update or delete on cases_billevent
    for each row execute function cases_bill_stands();
create trigger cases_bill_line_stands before update or delete on cases_billline
    for each row execute function cases_bill_stands();
"""
UNBALANCED = """
drop trigger cases_bill_line_stands on cases_billline;
drop trigger cases_bill_event_stands on cases_billevent;
drop function cases_bill_stands();
drop trigger cases_bill_balanced on cases_billevent;
drop function cases_bill_balanced();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0004_materials")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                ("issued_at", models.DateTimeField()),
                ("case", models.OneToOneField(on_delete=PROTECT, related_name="bill", to="cases.case")),
            ],
        ),
        migrations.CreateModel(
            name="PayOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                ("amount", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("person", models.TextField()),
                ("bill", models.ForeignKey(on_delete=PROTECT, related_name="orders", to="cases.bill")),
            ],
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("here", models.IntegerField()),
                ("there", models.IntegerField()),
                ("differences", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["day", "-id"], name="reconciliation_by_day")],
            },
        ),
        migrations.CreateModel(
            name="BillEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.IntegerField()),
                ("move", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("line", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("answers", models.IntegerField(default=0)),
                ("trade", models.TextField(default="")),
                ("order", models.TextField(default="")),
                ("happened", models.DateTimeField(null=True)),
                ("bill", models.ForeignKey(on_delete=PROTECT, related_name="events", to="cases.bill")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("happened__isnull", False)), fields=["happened"], name="bill_event_by_day"
                    ),
                    models.Index(
                        condition=models.Q(("move__in", ["unsettled", "refund_agreed"])),
                        fields=["bill"],
                        name="bill_event_to_refund",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("bill", "seq"), name="bill_event_in_its_place"),
                    models.UniqueConstraint(
                        condition=models.Q(("move", "paid")), fields=("bill",), name="bill_settled_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("move__in", ["paid", "unsettled"])),
                        fields=("trade",),
                        name="bill_payment_taken_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answers", 0), _negated=True),
                        fields=("bill", "answers"),
                        name="bill_event_answered_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="bill_event_is_money"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "move__in",
                                [
                                    "waiver_asked",
                                    "waived",
                                    "waiver_declined",
                                    "paid",
                                    "unsettled",
                                    "refund_asked",
                                    "refund_agreed",
                                    "refund_declined",
                                    "refunded",
                                ],
                            )
                        ),
                        name="bill_event_move",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("move__in", ["paid", "unsettled", "refunded"]),
                            models.Q(("happened__isnull", True), ("trade", "")),
                            _connector="XOR",
                        ),
                        name="bill_event_of_a_trade",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BillLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField()),
                ("title", models.TextField()),
                ("basis", models.TextField()),
                ("agency", models.TextField()),
                ("rule", models.TextField()),
                ("unit", models.BigIntegerField()),
                ("count", models.BigIntegerField()),
                ("bill", models.ForeignKey(on_delete=PROTECT, related_name="lines", to="cases.bill")),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "-id"], name="bill_line_by_agency")],
                "constraints": [
                    models.UniqueConstraint(fields=("bill", "key"), name="bill_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0), ("unit__gt", 0)), name="bill_line_is_money"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="payorder",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="pay_order_is_money"),
        ),
        migrations.AddConstraint(
            model_name="payorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires__gt", models.F("made_at"))), name="pay_order_lives"
            ),
        ),
        migrations.RunSQL(BALANCED, UNBALANCED),
    ]
