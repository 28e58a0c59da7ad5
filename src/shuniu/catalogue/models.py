"""Tables of the catalogue. Elements, code lists and resources are kept as numbered versions; nothing is overwritten."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shuniu.catalogue.declare import State


class Element(models.Model):
    """One version of a data element: the declaration as it was made, and whether it is the one in force."""

    key = models.TextField()
    number = models.IntegerField()
    current = models.BooleanField()
    declaration = models.JSONField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "number"], name="catalogue_element_number"),
            models.UniqueConstraint(fields=["key"], condition=Q(current=True), name="catalogue_element_current"),
        )


class CodeList(models.Model):
    """One version of a code list; its codes carry their own dates."""

    key = models.TextField()
    number = models.IntegerField()
    current = models.BooleanField()
    title = models.TextField()
    standard = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "number"], name="catalogue_code_list_number"),
            models.UniqueConstraint(fields=["key"], condition=Q(current=True), name="catalogue_code_list_current"),
        )


class Code(models.Model):
    """A code of a list, in force from `valid_from` up to, not including, `valid_to` (no date: open)."""

    code_list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes")
    code = models.TextField()
    label = models.TextField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["code_list", "code"], name="catalogue_code_code"),)


class Resource(models.Model):
    """A catalogued resource: its key has one owner for ever, and its table one number from a sequence."""

    key = models.TextField(unique=True)
    agency = models.TextField(db_index=True)
    table_number = models.IntegerField(unique=True)


class Version(models.Model):
    """What one version of a resource says, in which catalogue state it is, and since when its table stands as it says.

    The two axes are separate: `state` is the catalogue's, `mounted_at` the registry's. `shipped` versions came with the
    software and were reviewed there; every other one was published by a person who did not make it.
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.TextField(choices=[(state.value, state.title) for state in State])
    declaration = models.JSONField()
    shipped = models.BooleanField(default=False)
    made_by = models.TextField()
    makers = ArrayField(models.TextField(), default=list)  # everybody who wrote in it: none of them approves it
    made_at = models.DateTimeField()
    published_by = models.TextField(null=True)  # null: by nobody yet; the constraints rest on it
    published_at = models.DateTimeField(null=True)
    mounted_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    case = models.BigIntegerField(null=True, db_index=True)  # the review's case in procedures

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["resource", "number"], name="catalogue_version_number"),
            models.UniqueConstraint(
                fields=["resource"], condition=Q(state=State.PUBLISHED.value), name="catalogue_version_published"
            ),
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(state__in=[State.DRAFT.value, State.REVIEW.value, State.REJECTED.value]),
                name="catalogue_version_open",
            ),
            models.CheckConstraint(
                name="catalogue_version_two_people",
                condition=Q(shipped=True) | Q(published_by__isnull=True) | ~Q(published_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="catalogue_version_published_by_someone",
                condition=~Q(state__in=[State.PUBLISHED.value, State.SUPERSEDED.value])
                | Q(published_by__isnull=False, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="catalogue_version_mounted_published",
                condition=Q(mounted_at__isnull=True) | Q(published_at__isnull=False),
            ),
        )
        indexes = (models.Index(fields=["state"], name="catalogue_version_state"),)


class Recognition(models.Model):
    """What was proposed for one imported item, and whether a human has said yes or no to it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="recognitions")
    item = models.TextField()
    title = models.TextField()
    element = models.TextField(default="")
    confidence = models.TextField()
    why = models.TextField(default="")
    state = models.TextField(
        choices=[("open", "待确认"), ("confirmed", "已确认"), ("refused", "已否定"), ("auto", "自动")]
    )
    decided_by = models.TextField(null=True)  # null: by nobody yet

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "item"], name="catalogue_recognition_item"),)
        indexes = (models.Index(fields=["state"], name="catalogue_recognition_state"),)


class Stamp(models.Model):
    """One row whose value changes whenever what is published or in force does: so processes know what still stands."""

    value = models.BigIntegerField()
