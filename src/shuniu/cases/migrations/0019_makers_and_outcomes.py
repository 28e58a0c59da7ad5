"""Everybody who wrote in an item is known, and none of them publishes it; a refusal is called what its procedure calls it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.lookups import IsNull

_MADE_BY_NONE = IsNull(
    models.Func(
        models.F("makers"),
        models.F("published_by"),
        function="array_position",
        output_field=models.IntegerField(),
    ),
    True,
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0018_document_files")]
    operations: ClassVar = [
        migrations.AddField("decision", "outcome", models.TextField(default="")),
        migrations.AddField("itemversion", "makers", ArrayField(models.TextField(), default=list)),
        migrations.RunSQL("update cases_itemversion set makers = array[made_by]", migrations.RunSQL.noop),
        migrations.RemoveConstraint("itemversion", "cases_item_two_people"),
        migrations.AddConstraint(
            "itemversion",
            models.CheckConstraint(
                condition=models.Q(("shipped", True), ("published_by__isnull", True), _MADE_BY_NONE, _connector="OR"),
                name="cases_item_two_people",
            ),
        ),
    ]
