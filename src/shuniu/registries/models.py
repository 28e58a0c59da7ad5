"""Tables of the registries that are not resources: what is mounted, its batches, and who the subjects are."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Table(models.Model):
    """A mounted resource: the physical table `resource.r<number>`. Its row is the lock that orders a resource's batches."""

    number = models.IntegerField(primary_key=True)
    resource = models.TextField(unique=True)
    agency = models.TextField()
    version = models.IntegerField()
    items = ArrayField(models.TextField())
    last_batch = models.IntegerField(default=0)
    held = models.BigIntegerField(default=0)
    # Most subjects have rows here: always asked, never listed in SubjectResource.
    always_probed = models.BooleanField(default=False)


class Batch(models.Model):
    """One committed change of a resource: gap-free numbers, given under the lock on the table's row."""

    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="batches")
    number = models.IntegerField()
    at = models.DateTimeField()
    kind = models.TextField()  # load · recall · entry · expunge
    source = models.TextField()  # opaque to this engine: "submission:12"
    version = models.IntegerField()
    received = models.BigIntegerField()
    new = models.BigIntegerField()
    changed = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    duplicate = models.BigIntegerField()
    rejected = models.BigIntegerField()
    withdrawn = models.BigIntegerField()
    held_before = models.BigIntegerField()
    held_after = models.BigIntegerField()
    awaiting = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="batch_number_once"),
            models.CheckConstraint(
                name="batch_rows_add_up",
                condition=Q(
                    received=F("new") + F("changed") + F("unchanged") + F("duplicate") + F("rejected"),
                    held_after=F("held_before") + F("new") - F("withdrawn"),
                ),
            ),
        ]


class Subject(models.Model):
    """A person or legal person. `root` is itself, or the subject that it has been merged into (always a root)."""

    kind = models.TextField()  # legal · natural
    name = models.TextField()
    known = models.BooleanField()  # founded by a register; False: provisional (待认领)
    root = models.BigIntegerField(db_index=True)
    resource = models.TextField()  # whose row founded it
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="subject_kind", condition=Q(kind__in=["legal", "natural"])),
        ]
        indexes = [
            models.Index(fields=["kind", "id"], name="subject_provisional", condition=Q(known=False, root=F("id"))),
        ]


class Identifier(models.Model):
    """An identifier that a subject bears, as some resource said. The same value may be borne by two: then people decide."""

    pk = models.CompositePrimaryKey("kind", "value", "subject_id")
    kind = models.TextField()
    value = models.TextField()
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="identifiers")
    resource = models.TextField()
    # Whether look-ups of this value lead here. At most one bearer answers; when two contend, none does until a person decides.
    answers = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"], condition=Q(answers=True), name="identifier_answers_once"
            ),
        ]


class Name(models.Model):
    """A name that a subject bears or bore: its comparison key, and what corroborates it (region, representative)."""

    pk = models.CompositePrimaryKey("key", "subject_id", "hint")
    key = models.TextField()
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="names")
    hint = models.TextField()  # corroboration key: representative or birth date, '' when nothing came with it
    name = models.TextField()
    resource = models.TextField()


class Merge(models.Model):
    """Two subjects found to be one, by rule or by a person; undone by marking it so and deriving the roots again."""

    absorbed = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="absorbed_by")
    survivor = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="absorbs")
    rung = models.TextField()
    why = models.TextField()
    by = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="")
    undone_why = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(absorbed=F("survivor"))),
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="absorbed_once"),
        ]


class SubjectResource(models.Model):
    """Where a subject has rows: a superset, filled at loading, rebuilt by command."""

    pk = models.CompositePrimaryKey("subject_id", "table_id")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, db_constraint=False)
    table = models.ForeignKey(Table, on_delete=models.PROTECT, db_constraint=False)
