"""Letters from the public: their parts at agencies, who is accused, who wrote (sealed), what the writer thought."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Letter(models.Model):
    """One letter. Only its masked text in `published`, once confirmed, is ever public."""

    number = models.TextField(unique=True)
    code = models.TextField()  # digest of what its writer follows it by
    account = models.TextField(default="")  # keyed digest of the account that wrote it; of a report never
    object = models.TextField(unique=True)  # what procedures call it: tells nothing
    box = models.TextField()
    category = models.TextField()
    channel = models.TextField()
    region = models.TextField()
    title = models.TextField()
    text = models.TextField()
    sealed = models.BooleanField()
    minor = models.BooleanField()
    consent = models.BooleanField()
    route = models.TextField()
    why = models.TextField()
    state = models.TextField()
    declined = models.TextField(default="")
    round = models.IntegerField(default=1)
    matter = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    published = models.TextField(null=True)
    published_title = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_public_with_consent",
                condition=Q(published=None) | Q(consent=True, sealed=False, minor=False),
            ),
            models.CheckConstraint(name="letter_report_is_nobodys", condition=Q(sealed=False) | Q(account="")),
            models.CheckConstraint(name="letter_reopened_once", condition=Q(round__in=(1, 2))),
            models.CheckConstraint(name="letter_state", condition=Q(state__in=["handling", "declined", "answered"])),
            models.CheckConstraint(name="letter_declined_says_why", condition=Q(declined="") ^ Q(state="declined")),
            models.CheckConstraint(name="letter_channel", condition=Q(channel__in=["web", "counter", "telephone"])),
            models.CheckConstraint(name="letter_category", condition=~Q(category="")),
        ]
        indexes = [
            models.Index(fields=["region", "-received_at"], name="letter_by_region"),
            models.Index(fields=["account", "-id"], name="letter_by_account", condition=~Q(account="")),
        ]


class LetterWriter(models.Model):
    """Who wrote a letter: name, contact and account, encrypted; read through its own verb alone."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="writer")
    sealed = models.BinaryField()


class LetterAccused(models.Model):
    """An agency that a report is about: its officers never see the letter."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="accused")
    agency = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "agency"], name="letter_accused_once")]
        indexes = [models.Index(fields=["agency"], name="letter_by_accused")]


class LetterPart(models.Model):
    """What one agency has to answer of a letter, and its answer."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="parts")
    agency = models.TextField()
    came_from = models.TextField(default="")  # the agency that had it, before this one took its place (机构合并)
    task = models.TextField(default="")
    round = models.IntegerField()
    matter = models.BigIntegerField(unique=True)
    state = models.TextField()
    designated = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    sign_by = models.DateTimeField()
    return_reason = models.TextField(default="")
    answer = models.TextField(default="")
    answered_by = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "round", "agency"],
                name="letter_part_once",
                condition=~Q(state="moved") & Q(came_from=""),
            ),
            models.CheckConstraint(
                name="letter_part_state", condition=Q(state__in=["sent", "signed", "review", "done", "moved"])
            ),
            models.CheckConstraint(
                name="letter_part_answered", condition=~Q(state__in=["review", "done"]) | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="letter_part_done_on_a_day", condition=Q(state="done") ^ Q(answered_at__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="letter_part_by_agency")]


class LetterRating(models.Model):
    """What the writer thought of the answer of a round, once."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="ratings")
    round = models.IntegerField()
    satisfied = models.BooleanField()
    words = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "round"], name="letter_rated_once_a_round")]
