"""Versions of service items and of life events: numbered and dated; a case goes on under the one it was filed under."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import IsNull


class ItemVersion(models.Model):
    """One version of an item or of a life event, as it was declared, and where it stands.

    Published is the one that new cases are filed under; withdrawn keeps the days on which it was (`valid_until` is the
    first day on which it was not). Shipped versions were reviewed with the software; every other one is published by a
    person who wrote nothing in it.
    """

    kind = models.TextField()  # item · bundle
    key = models.TextField()
    number = models.IntegerField()
    agency = models.TextField()
    declaration = models.JSONField()
    state = models.TextField()  # draft · review · published · withdrawn
    shipped = models.BooleanField(default=False)
    made_by = models.TextField()  # who wrote in it last
    makers = ArrayField(models.TextField(), default=list)  # everybody who wrote in it: none of them publishes it
    made_at = models.DateTimeField()
    published_by = models.TextField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="cases_item_number"),
            models.UniqueConstraint(fields=["key"], condition=Q(state="published"), name="cases_item_published"),
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=["draft", "review"]), name="cases_item_open"),
            models.CheckConstraint(name="cases_item_kind", condition=Q(kind__in=["item", "bundle"])),
            models.CheckConstraint(
                name="cases_item_state", condition=Q(state__in=["draft", "review", "published", "withdrawn"])
            ),
            models.CheckConstraint(
                name="cases_item_dated",
                condition=Q(state__in=["draft", "review"], published_by__isnull=True, valid_from__isnull=True)
                | Q(state="published", published_by__isnull=False, valid_from__isnull=False, valid_until__isnull=True)
                | Q(state="withdrawn", published_by__isnull=False, valid_from__isnull=False, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_item_two_people",
                condition=Q(shipped=True)
                | Q(published_by__isnull=True)
                | Q(
                    IsNull(
                        Func(F("makers"), F("published_by"), function="array_position", output_field=IntegerField()),
                        True,
                    )
                ),
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="cases_item_by_agency")]


class ItemStamp(models.Model):
    """One row whose value changes whenever what is published does: so processes know what still stands."""

    value = models.BigIntegerField()
