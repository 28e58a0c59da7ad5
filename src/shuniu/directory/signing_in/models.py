"""Tables of signing in. Secrets are sealed or kept as digests; what has ended is kept, so that its owner can look back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Factor(models.Model):
    """A second factor: a TOTP secret (sealed), or a passkey (its public key, COSE). Counts once `confirmed`.

    `counter` only ever grows: the last time step that was used (RFC 6238 §5.2), or the authenticator's signature count.
    """

    account = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="factors")
    kind = models.TextField()
    title = models.TextField()
    secret = models.BinaryField()
    credential = models.BinaryField(null=True, unique=True)
    counter = models.BigIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    confirmed = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)
    removed = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="totp", credential=None) | Q(kind="passkey", credential__isnull=False),
                name="directory_factor_kind",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(kind="totp", removed=None), name="directory_factor_one_totp"
            ),
        ]


class RecoveryCode(models.Model):
    """A code that stands in for a lost second factor once; only its SHA-256 is kept (the code has 80 random bits)."""

    account = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(null=True)


class MessageCode(models.Model):
    """The newest code that was sent to an account's verified contact, as a keyed value."""

    account = models.OneToOneField("directory.Account", on_delete=models.PROTECT, primary_key=True)
    digest = models.TextField()
    sent = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)


class Sitting(models.Model):
    """One signing-in on one device until its end. `key` is the session's.

    `proved_at`: when the password or more was last given; `strong_at`: when a second factor was.
    """

    account = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="sittings")
    key = models.TextField()
    device = models.TextField()
    address = models.TextField()
    means = models.TextField()
    since = models.DateTimeField(auto_now_add=True)
    seen = models.DateTimeField(auto_now_add=True)
    proved_at = models.DateTimeField(auto_now_add=True)
    strong_at = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    why = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=Q(ended=None), name="directory_sitting_key"),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-since"], name="directory_sitting_account")]


class Failing(models.Model):
    """Failed sign-ins from one network address, or with a login that is nobody's (`login:`): keyed values both."""

    place = models.TextField(primary_key=True)
    failed = models.IntegerField(default=0)
    failed_since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)


class Stranger(models.Model):
    """How often callers who have not proved who they are were refused, from one network (''  where none is told) in one
    minute since 1970. Kept until the minute is over."""

    what = models.TextField()
    place = models.TextField()
    minute = models.IntegerField()
    refusals = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "what", "place"], name="directory_stranger_minute"),
        ]


class ResetRequest(models.Model):
    """That an officer's second factors be taken away: asked by one, decided by another."""

    account = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="reset_requests")
    asked_by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    asked = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey("directory.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], condition=Q(decided=None), name="directory_reset_open"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="directory_reset_two_people"
            ),
        ]
