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
    register = models.BooleanField(default=False)  # its rows make their subjects known
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
    # Whether the unknown subjects that it founded are noted under the names of its rows: done after the receipt.
    said = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes = [models.Index(fields=["table", "number"], name="batch_unsaid", condition=Q(said=False))]
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
    # What its rows said, digested, for a subject that no strong identifier finds again: the same unknown is met once.
    identity = models.UUIDField(null=True, unique=True)
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
    # No constraint in the database on the two largest tables: a register founds millions at once, subjects are never deleted.
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="identifiers", db_constraint=False)
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
    """How some row named and described a subject: comparison keys of the name, and what corroborates it.

    A subject has one row for each different description, so former names stay. Empty text: the row did not say.
    """

    pk = models.CompositePrimaryKey("subject_id", "digest")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="names", db_index=False, db_constraint=False
    )
    digest = models.UUIDField()  # of all that follows but `resource`
    kind = models.TextField()  # the subject's
    key = models.TextField()  # the whole name's comparison key
    core = models.TextField()  # the key without its region prefix: what candidates are found by
    name = models.TextField()
    person = models.TextField()  # legal persons: the representative's comparison key
    day = models.TextField()  # founded or born, ISO 8601
    place = models.TextField()  # region code without filling zeros, at most six digits
    address = models.TextField()  # comparison key
    sex = models.TextField()
    resource = models.TextField()
    known = models.BooleanField(default=False, db_default=False)  # the subject's: only these are searched

    class Meta:
        indexes = [
            models.Index(fields=["core"], name="name_by_core"),  # not `db_index`, which makes a second one for LIKE
            models.Index(fields=["person"], name="name_by_person", condition=~Q(person="")),
        ]


class Merge(models.Model):
    """That two subjects are one, said by a rule or by a person; undone by marking it so and deriving the roots again.

    Merges are the edges of a graph; a subject's root is derived from the edges that stand, so they are undone in any order.
    """

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
            models.UniqueConstraint(fields=["absorbed", "survivor"], condition=Q(undone_at=None), name="merged_once"),
        ]


class Doubt(models.Model):
    """A pair that only a person can decide: the subject in doubt, one candidate, why, and the case that asks."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="doubts")
    candidate = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="doubted_by")
    rung = models.TextField()
    score = models.IntegerField()
    parts = models.JSONField()  # what spoke for and against: {"name": 2, "person": -1, …}
    state = models.TextField(default="open")
    case = models.BigIntegerField(null=True)
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, null=True)
    reason = models.TextField(default="")
    by = models.TextField(default="")
    raised_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "candidate"], name="doubt_pair_once"),
            models.CheckConstraint(name="doubt_of_two", condition=~Q(subject=F("candidate"))),
            models.CheckConstraint(
                name="doubt_state", condition=Q(state__in=["open", "same", "different", "unclear", "settled"])
            ),
        ]
        indexes = [models.Index(fields=["id"], name="doubt_open", condition=Q(state="open"))]


class Expunge(models.Model):
    """One act of destruction: which rows, on what ground, by which two people. Never what they held."""

    table = models.ForeignKey(Table, on_delete=models.PROTECT)
    rows = ArrayField(models.BigIntegerField())
    ground = models.TextField()  # key of the legal ground, see `declare.Ground`
    basis = models.TextField()  # the document and article that it rests on
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.TextField(default="")
    confirmed_at = models.DateTimeField(null=True)
    commitments = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(name="expunge_by_two", condition=~Q(proposed_by=F("confirmed_by"))),
        ]


class Bar(models.Model):
    """That a destroyed row may not come back: a keyed digest of its business key, until somebody lifts it with a reason."""

    table = models.ForeignKey(Table, on_delete=models.PROTECT)
    expunge = models.ForeignKey(Expunge, on_delete=models.PROTECT, related_name="bars")
    row = models.BigIntegerField()  # which of the destroyed rows
    mark = models.TextField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(default="")
    lifted_why = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "mark"], condition=Q(lifted_at=None), name="bar_once"),
            models.CheckConstraint(name="bar_lifted_why", condition=Q(lifted_at=None) | ~Q(lifted_why="")),
        ]


class SubjectResource(models.Model):
    """Where a subject has rows: a superset, filled at loading, rebuilt by command."""

    pk = models.CompositePrimaryKey("subject_id", "table_id")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, db_constraint=False)
    table = models.ForeignKey(Table, on_delete=models.PROTECT, db_constraint=False)


class RowMark(models.Model):
    """That a row, by its key, is disputed, repaired, corrected or revoked: only added, ended by an entry of its own."""

    table = models.IntegerField()
    key = models.UUIDField()
    mark = models.TextField()
    rule = models.TextField()  # id of the dated rule that decided it
    since = models.DateField()
    by = models.TextField()
    reason = models.TextField()
    case = models.BigIntegerField(null=True)  # the procedure's case that decided it
    ends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="ended_by")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="row_mark_kind", condition=Q(mark__in=["disputed", "repaired", "corrected", "revoked"])
            ),
        ]
        indexes = [models.Index(fields=["key"], name="row_mark_key")]
