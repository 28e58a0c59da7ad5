"""Drafts: forms being filled in. What they are resolved to is kept once, however many drafts and cases share it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FrozenForm(models.Model):
    """A resolved form under its digest; drafts and cases name it, and it is never changed."""

    digest = models.TextField(primary_key=True)  # hex SHA-256 of its canonical JSON
    content = models.JSONField()

    class Meta:
        db_table = "cases_frozen_form"


class Draft(models.Model):
    """One form being filled in by one account. Answers are there only while it is open."""

    item = models.TextField()
    item_version = models.IntegerField()
    title = models.TextField()
    agency = models.TextField()  # that will handle it: the item's, or the one that is asked
    kinds = models.JSONField()  # of applicants that the item serves: natural, legal
    form = models.ForeignKey(FrozenForm, on_delete=models.PROTECT)
    account = models.TextField()  # who fills it in: citizen:7, firm:8, officer:9
    channel = models.TextField()  # 办理形式 (A.5)
    state = models.TextField()
    number = models.TextField(default="")  # of the case that it became
    version = models.IntegerField(default=0)  # grows with every save
    applicant = models.JSONField(null=True)
    acting = models.JSONField(null=True)
    answers = models.JSONField(default=dict)
    visited = models.JSONField(default=dict)
    unsettled = models.JSONField(default=list)
    consented = models.BooleanField(null=True)
    prefilled = models.JSONField(default=list)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires = models.DateField()  # the last day on which it can be gone on with

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_state", condition=Q(state__in=["open", "filed", "discarded", "expired"])
            ),
            models.CheckConstraint(
                name="draft_forgets_when_ended",
                condition=Q(state="open") | Q(answers={}, prefilled=[], applicant__isnull=True, acting__isnull=True),
            ),
            # A double click on "start" begins one draft.
            models.UniqueConstraint(
                name="draft_untouched", fields=["account", "item"], condition=Q(state="open", version=0)
            ),
        ]
        indexes = [
            models.Index(name="draft_by_account", fields=["account", "-id"], condition=Q(state="open")),
            models.Index(name="draft_by_expiry", fields=["expires"], condition=Q(state="open")),
        ]
