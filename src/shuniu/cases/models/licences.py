"""Licences that cases issued. What a licence says never changes; what happens to it are events, its state their sum."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STATES = ["01", "02", "03", "04", "05", "07"]


class Licence(models.Model):
    """One issued licence (电子证照)."""

    number = models.TextField(unique=True)
    identifier = models.TextField(unique=True)  # GB/T 36904-2018
    version = models.SmallIntegerField(default=1)  # of the identifier: one more for each reissue
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    type = models.TextField()
    title = models.TextField()
    single = models.BooleanField()
    agency = models.TextField()
    agency_name = models.TextField()
    holder = models.BigIntegerField(null=True)
    holder_kind = models.TextField()
    holder_name = models.TextField()
    content = models.JSONField()  # [[printed title, value], …]
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the last valid day; None: long
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="issued")
    check_code = models.TextField()
    digest = models.TextField()  # hex SHA-256 of what it says
    signature = models.TextField()
    key = models.TextField()
    issued_at = models.DateTimeField()
    state = models.TextField()  # projection of the events

    class Meta:
        constraints = [
            models.CheckConstraint(name="licence_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="licence_term", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="licence_version", condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False)
            ),
            models.UniqueConstraint(
                name="licence_one_in_force",
                fields=["type", "holder"],
                condition=Q(single=True, state__in=["01", "02"]),
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "type"], name="licence_by_holder"),
            models.Index(fields=["agency", "-id"], name="licence_by_agency"),
        ]


class LicenceEvent(models.Model):
    """One thing that happened to a licence: into which state, why, on what basis, by whom. Only ever added."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    state = models.TextField()
    reason = models.TextField()
    basis = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    agency_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="licence_event_once", fields=["licence", "seq"]),
            models.CheckConstraint(name="licence_event_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="licence_event_says_why", condition=~Q(reason="")),
        ]
