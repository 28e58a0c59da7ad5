"""Tables of ratings: each version as it was given, and beside it what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shuniu.cases.models.cases import Case


class Rating(models.Model):
    """What an applicant said of a stage. A trigger keeps rows as they are; a correction is a further version."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    stage = models.TextField()
    version = models.IntegerField()
    item = models.TextField()
    agency = models.TextField()
    region = models.TextField()
    level = models.SmallIntegerField()  # A.8: 1 very good … 5 very bad
    parts = models.JSONField(default=dict)  # sub-item -> level
    text = models.TextField(default="")
    by = models.TextField()  # the account: shown to nobody whom the rating is about
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "stage", "version"], name="rating_versions"),
            models.CheckConstraint(name="rating_level", condition=Q(level__gte=1, level__lte=5)),
            models.CheckConstraint(
                name="rating_stage",
                condition=Q(stage__in=["accept", "decide", "accept-rectified", "decide-rectified"]),
            ),
        ]
        indexes = [models.Index(fields=["agency", "item", "level"], name="rating_by_agency")]


class RatingLink(models.Model):
    """A way to rate one stage without signing in: a token, of which the digest alone is kept, good once until its day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rating_links")
    stage = models.TextField()
    digest = models.TextField(unique=True)
    made_at = models.DateTimeField()
    until = models.DateField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rating_link_stage",
                condition=Q(stage__in=["accept", "decide", "accept-rectified", "decide-rectified"]),
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="rating_link_by_case")]


class RatingAside(models.Model):
    """A request not to count a rating as malicious; a second person decides. The grade stands in the record as given."""

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="aside")
    asked_by = models.TextField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    agreed = models.BooleanField(null=True)
    answer = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="rating_aside_by_two", condition=~Q(asked_by=F("decided_by"))),
            models.CheckConstraint(name="rating_aside_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="rating_aside_decided",
                condition=Q(agreed__isnull=True, decided_at__isnull=True, decided_by="")
                | Q(agreed__isnull=False, decided_at__isnull=False) & ~Q(decided_by="") & ~Q(answer=""),
            ),
        ]


class RatingText(models.Model):
    """An officer's look at what was written: shown, masked, or held back with the reason."""

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="look")
    text = models.TextField(default="")
    reason = models.TextField(default="")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="rating_text_shown_or_why_not", condition=Q(text="") ^ Q(reason="")),
        ]


class Rectification(models.Model):
    """What a bad rating led to; where it stands its procedure says."""

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="rectification")
    matter = models.BigIntegerField(unique=True)  # the procedure's case
    measures = models.TextField(default="")
    call_back = models.TextField(default="")
    called_at = models.DateTimeField(null=True)  # when whoever rated was called back
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rectification_done_after_call_back",
                condition=Q(done_at__isnull=True) | Q(called_at__isnull=False) & ~Q(measures="") & ~Q(call_back=""),
            ),
        ]
