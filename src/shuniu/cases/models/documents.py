"""Official documents: their versions, their numbers, and to whom they went. Rows are only added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuniu.cases.models.uploads import Upload


class Document(models.Model):
    """One document of one agency. What it says are its versions; how it stands, its procedure and its number."""

    agency = models.TextField()
    region = models.TextField()
    made_at = models.DateTimeField()
    person = models.TextField()
    sort = models.TextField(default="outgoing")  # outgoing · information · supervision
    matter = models.BigIntegerField(null=True)  # the procedure's newest case about it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="document_sort", condition=Q(sort__in=["outgoing", "information", "supervision"])
            )
        ]
        indexes = [models.Index(fields=["agency", "sort", "-id"], name="document_by_agency")]


class DocumentVersion(models.Model):
    """What a document said from one saving to the next."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    draft = models.JSONField()
    files = models.ManyToManyField(Upload, related_name="documents")
    made_at = models.DateTimeField()
    person = models.TextField()
    person_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]


class DocumentCode(models.Model):
    """Whose a 机关代字 is, from `since` until the day before `until`. One agency's at a time: its numbers are that agency's."""

    code = models.TextField()
    agency = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()
    person_name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="document_code_held_once", condition=Q(until=None)),
            models.CheckConstraint(
                name="document_code_ends_after", condition=Q(until=None) | Q(until__gte=models.F("since"))
            ),
            models.CheckConstraint(name="document_code_is_words", condition=Q(code__regex=r"^[\u4e00-\u9fa5]{2,20}$")),
        ]
        indexes = [models.Index(fields=["agency", "code"], name="document_code_by_agency")]


class NumberSeries(models.Model):
    """机关代字 and year, and whose they were when it was begun. The row is the lock under which numbers are given."""

    code = models.TextField()
    year = models.IntegerField()
    agency = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="number_series_once")]


class GivenNumber(models.Model):
    """A document's number, given with its first signing. A trigger sees that none is left out."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="given")
    serial = models.IntegerField()
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="given")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="number_given_once"),
            models.CheckConstraint(name="number_has_a_place", condition=Q(serial__gte=1, serial__lte=99999)),
        ]


class Signing(models.Model):
    """One signing of a document: which version, by whom, in whose names. What was given back is mended and signed again."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signings")
    version = models.IntegerField()
    signed_on = models.DateField()
    signers = models.JSONField()
    issuers = models.JSONField()  # keys of agencies, the main one first
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "version"], name="document_signed_once")]


class VoidNumber(models.Model):
    """A number that is no longer used; it is not given again."""

    given = models.OneToOneField(GivenNumber, on_delete=models.PROTECT, related_name="void")
    reason = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    at = models.DateTimeField()


class Dispatch(models.Model):
    """A signed version of a document sent to one agency, and by when it is to be signed for."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="dispatches")
    version = models.IntegerField()
    agency = models.TextField()
    sent_at = models.DateTimeField()
    person = models.TextField()
    due = models.DateField()
    digest = models.TextField()
    matter = models.BigIntegerField(null=True)  # the receiving agency's procedure (收文)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "agency", "version"], name="document_sent_once")]
        indexes = [models.Index(fields=["agency", "-id"], name="dispatch_by_agency")]


class DispatchReceipt(models.Model):
    """签收: who signed for it, and for which bytes; or, with the reason, gave it back (退文)."""

    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, related_name="receipt")
    person = models.TextField()
    person_name = models.TextField()
    at = models.DateTimeField()
    digest = models.TextField()
    returned = models.TextField(default="")


class TaskGrade(models.Model):
    """督查: how one agency's answer to its task was evaluated when the matter was closed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="grades")
    agency = models.TextField()
    grade = models.TextField()
    words = models.TextField(default="")
    person_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "agency"], name="document_task_evaluated_once")]


class DispatchChase(models.Model):
    """A reminder to sign for what came, once a day at most."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="chases")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "on"], name="dispatch_chased_once_a_day")]
