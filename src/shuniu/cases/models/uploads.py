"""Uploads, and the materials of a case as they were frozen."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Upload(models.Model):
    """A file that somebody uploaded. Its bytes lie in the vault under `file`; the key is here alone."""

    account = models.TextField()  # who uploaded it: citizen:7, officer:12
    subject = models.BigIntegerField(null=True)  # for whom it is kept, where that is known
    name = models.TextField()
    kind = models.TextField()
    size = models.BigIntegerField()  # bytes
    digest = models.TextField()  # hex SHA-256
    file = models.TextField(unique=True)
    spool_key = models.BinaryField(null=True)  # None: destroyed, and the bytes with it
    scan = models.TextField(default="unscanned")
    virus = models.TextField(default="")
    scanned_at = models.DateTimeField(null=True)
    scan_tries = models.IntegerField(default=0)
    scan_said = models.TextField(default="")  # why the scanner did not look at it the last time
    scan_due = models.DateTimeField(null=True)  # not before; None: at once
    scan_stopped = models.TextField(default="")  # why it is not tried again; empty: it is
    received_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_scan", condition=Q(scan__in=["unscanned", "clean", "infected"])),
            models.CheckConstraint(
                name="upload_gone_or_readable", condition=Q(spool_key__isnull=True) ^ Q(gone_at__isnull=True)
            ),
            models.CheckConstraint(
                name="upload_infected_is_gone", condition=~Q(scan="infected") | Q(gone_at__isnull=False)
            ),
            models.UniqueConstraint(
                name="upload_once", fields=["account", "digest", "name"], condition=Q(gone_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="upload_by_account"),
            models.Index(fields=["subject", "-id"], name="upload_by_subject", condition=Q(subject__isnull=False)),
            models.Index(fields=["id"], name="upload_unscanned", condition=Q(scan="unscanned", gone_at__isnull=True)),
        ]


class CaseMaterial(models.Model):
    """One material of a case as it stood at one moment. Never edited: what is handed in later is a further version."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="materials")
    key = models.TextField()
    version = models.IntegerField(default=1)
    title = models.TextField()
    how = models.TextField()
    fact = models.JSONField(null=True)  # a `Fact`
    licence = models.ForeignKey("cases.Licence", on_delete=models.PROTECT, null=True, related_name="+")
    files = models.ManyToManyField(Upload, related_name="used")
    promise = models.JSONField(null=True)  # a `Promise`
    paper = models.BooleanField(default=False)
    readers = ArrayField(models.TextField())  # agencies that work on the case and so may read it
    at = models.DateTimeField()
    person = models.TextField()
    person_name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="material_version_once", fields=["case", "key", "version"]),
            models.CheckConstraint(
                name="material_how",
                condition=Q(how__in=["fact", "licence", "upload", "promise", "later", "omitted"]),
            ),
            models.CheckConstraint(name="material_fact", condition=~Q(how="fact") ^ Q(fact__isnull=False)),
            models.CheckConstraint(name="material_licence", condition=~Q(how="licence") ^ Q(licence__isnull=False)),
            models.CheckConstraint(name="material_promise", condition=~Q(how="promise") ^ Q(promise__isnull=False)),
            models.CheckConstraint(name="material_version", condition=Q(version__gte=1)),
        ]
