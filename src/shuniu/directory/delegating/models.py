"""Tables of delegation. One that has ended is kept: what was done under it stays explained."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Delegation(models.Model):
    """That one account may act for another: `acts` and `items` sorted, no item is every item; `until` is its last day."""

    giver = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="given")
    taker = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="taken")
    acts = ArrayField(models.TextField())
    items = ArrayField(models.TextField(), default=list)
    since = models.DateField()
    until = models.DateField()
    given = models.DateTimeField(auto_now_add=True)
    accepted = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("directory.Account", null=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="directory_delegation_two_people"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="directory_delegation_span"),
            models.CheckConstraint(condition=Q(acts__len__gt=0), name="directory_delegation_acts"),
            models.UniqueConstraint(
                fields=["giver", "taker", "acts", "items"], condition=Q(ended=None), name="directory_delegation_live"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["taker"], condition=Q(ended=None), name="directory_delegation_taker"),
        ]


class DelegatedAct(models.Model):
    """One act done under a delegation; its entry in the journal is the proof, this is what its parties read."""

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="done")
    at = models.DateTimeField(auto_now_add=True)
    verb = models.TextField()
    object = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["delegation", "-id"], name="directory_delegated_act")]
