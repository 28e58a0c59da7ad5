"""Whose a 机关代字 is, as data; those that numbers were given under are kept with who gave them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

KEPT = """
insert into cases_documentcode (code, agency, since, until, at, person_name)
    select code, (array_agg(agency order by year))[1], make_date(min(year), 1, 1), null, now(), '平台升级'
    from cases_numberseries group by code
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0023_letters_of_ones_own")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="DocumentCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("agency", models.TextField()),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                ("person_name", models.TextField()),
            ],
            options={
                "constraints": [
                    UniqueConstraint(fields=["code"], name="document_code_held_once", condition=Q(until=None)),
                    CheckConstraint(
                        name="document_code_ends_after", condition=Q(until=None) | Q(until__gte=F("since"))
                    ),
                    CheckConstraint(name="document_code_is_words", condition=Q(code__regex=r"^[\u4e00-\u9fa5]{2,20}$")),
                ],
                "indexes": [models.Index(fields=["agency", "code"], name="document_code_by_agency")],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
