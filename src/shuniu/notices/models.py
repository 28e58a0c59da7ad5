"""Tables of notices. A notice is what was told; a delivery is one channel's part of it; occurrences are its evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuniu.notices.declare import CHANNELS, State

_ENDED = Q(state__in=["delivered", "given_up"])


class Notice(models.Model):
    """Something that somebody is to know, worded for good when it was told. Kept; being read is noted."""

    key = models.UUIDField(unique=True)
    template = models.TextField()
    person = models.TextField(default="")
    agency = models.TextField(default="")
    capability = models.TextField(default="")
    object = models.TextField()  # opaque to this engine: submission:12, resource:43.market/registration
    title = models.TextField()
    title_en = models.TextField()
    text = models.TextField()
    text_en = models.TextField()
    owner = models.TextField(default="")  # the agency that sees to its deliveries; empty: the provincial office
    in_inbox = models.BooleanField(default=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.TextField(default="")
    once = models.TextField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notices_to_one",
                condition=(Q(agency="", capability="") & ~Q(person=""))
                | (Q(person="", capability="") & ~Q(agency=""))
                | (Q(person="", agency="") & ~Q(capability="")),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="notices_by_agency", condition=~Q(agency="")),
            models.Index(fields=["person", "-id"], name="notices_by_person", condition=~Q(person="")),
            models.Index(fields=["capability", "-id"], name="notices_by_capability", condition=~Q(capability="")),
            # what every page's head counts
            models.Index(fields=["agency"], name="notices_unread_agency", condition=Q(read_at=None) & ~Q(agency="")),
            models.Index(fields=["person"], name="notices_unread_person", condition=Q(read_at=None) & ~Q(person="")),
            models.Index(
                fields=["capability"], name="notices_unread_capability", condition=Q(read_at=None) & ~Q(capability="")
            ),
        ]


class Delivery(models.Model):
    """One notice on one channel. `text` are the very words that go out; addresses are ciphertext (`sealing`)."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.TextField()
    reference = models.TextField(unique=True)  # what the receiver knows a repeat by
    address = models.BinaryField(null=True)
    masked = models.TextField(default="")
    title = models.TextField(default="")
    text = models.TextField(default="")
    urgent = models.BooleanField(default=False)
    fleeting = models.BooleanField(default=False)
    state = models.TextField()
    attempts = models.SmallIntegerField(default=0)
    said = models.TextField(default="")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when something is next to be done; none once it has ended

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_delivery_once"),
            models.CheckConstraint(name="notices_delivery_channel", condition=Q(channel__in=list(CHANNELS))),
            models.CheckConstraint(name="notices_delivery_state", condition=Q(state__in=[one.value for one in State])),
            models.CheckConstraint(name="notices_delivery_ends", condition=_ENDED ^ Q(due_at__isnull=False)),
        ]
        indexes = [
            models.Index(
                fields=["channel", "-urgent", "due_at"],
                name="notices_delivery_due",
                condition=Q(state__in=["queued", "failed"]),
            ),
            models.Index(fields=["due_at"], name="notices_delivery_sent", condition=Q(state="sent")),
            models.Index(fields=["-id"], name="notices_delivery_open", condition=~Q(state="delivered")),
        ]


class Occurrence(models.Model):
    """One thing that happened to a delivery; only added to."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="occurrences")
    at = models.DateTimeField()
    what = models.TextField()
    said = models.TextField(default="")
    by = models.TextField(default="")


class Contact(models.Model):
    """A verified address of a person or an agency on a channel, and one that waits for its code. Ciphertext both."""

    person = models.TextField(default="")
    agency = models.TextField(default="")
    channel = models.TextField()
    address = models.BinaryField(null=True)
    verified_at = models.DateTimeField(null=True)
    pending = models.BinaryField(null=True)
    code = models.BinaryField(null=True)  # keyed digest
    code_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "agency", "channel"], name="notices_contact_once"),
            models.CheckConstraint(name="notices_contact_owner", condition=Q(person="") ^ Q(agency="")),
            models.CheckConstraint(
                name="notices_contact_verified",
                condition=Q(address=None, verified_at=None) ^ Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notices_contact_pending",
                condition=Q(pending=None, code=None, code_until=None)
                | Q(pending__isnull=False, code__isnull=False, code_until__isnull=False),
            ),
        ]
