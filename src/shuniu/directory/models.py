"""Tables of the directory. Regions and agencies keep their past; appointments are ended, never deleted."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shuniu.directory.delegating.models import DelegatedAct, Delegation
from shuniu.directory.posts.models import Review, ReviewLine, Substitution
from shuniu.directory.signing_in.models import (
    Factor,
    Failing,
    MessageCode,
    RecoveryCode,
    ResetRequest,
    Sitting,
    Stranger,
)
from shuniu.directory.signing_in.oidc.models import Application, Code, Logout

__all__ = [
    "Account",
    "Agency",
    "ApiToken",
    "Application",
    "Appointment",
    "Code",
    "DelegatedAct",
    "Delegation",
    "Factor",
    "Failing",
    "Logout",
    "MessageCode",
    "OneTimeCode",
    "RecoveryCode",
    "Region",
    "ResetRequest",
    "Review",
    "ReviewLine",
    "Sitting",
    "Stranger",
    "Substitution",
]


class Region(models.Model):
    """One standing of a region code; `rules.check_region_rows` keeps its spans apart."""

    code = models.TextField()
    name = models.TextField()
    level = models.SmallIntegerField()
    parent = models.TextField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.TextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="directory_region_start"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="directory_region_open"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="directory_region_level"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="directory_region_span"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parent"], name="directory_region_parent"),
            models.Index(
                fields=["successor"],
                condition=Q(successor__isnull=False, level__lte=3),
                name="directory_region_abolished",
            ),
        ]


class Agency(models.Model):
    """A government body; `key` is the agency part of every resource key."""

    key = models.TextField(primary_key=True)
    name = models.TextField()
    short = models.TextField()
    level = models.SmallIntegerField()
    region = models.TextField()
    uscc = models.TextField(null=True, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class AccountManager(BaseUserManager["Account"]):
    """Django's sign-in looks accounts up by login through this; accounts are made by `api.create_account` alone."""


class Account(AbstractBaseUser):
    """Somebody who can sign in. A citizen's identifiers are not here: only the verified subject's number."""

    login = models.TextField(unique=True)
    kind = models.TextField()
    name = models.TextField()
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="accounts")
    subject = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    failed = models.SmallIntegerField(default=0)
    failed_since = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="officer", agency__isnull=False, subject=None)
                | Q(kind__in=["citizen", "firm"], agency=None, subject__isnull=False),
                name="directory_account_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A post held: `until` is the first day on which it is held no more, so an ending takes hold at once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    title = models.TextField()
    role = models.TextField()
    regions = ArrayField(models.TextField())
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(until=None), name="directory_appointment_open"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="directory_appointment_span"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "role"], name="directory_appointment_role")]


class OneTimeCode(models.Model):
    """A code that lets its account set a password once; only its SHA-256 is kept (the code has 80 random bits)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="codes")
    digest = models.BinaryField()
    purpose = models.TextField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """A department machine's key to its officer's business rights; only its SHA-256 is kept (256 random bits)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens")
    digest = models.BinaryField()
    title = models.TextField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
