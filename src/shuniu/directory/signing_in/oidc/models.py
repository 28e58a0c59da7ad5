"""Tables of single sign-on: applications, codes, access tokens (digests alone), and sign-outs that are on their way."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


def officers_alone() -> list[str]:
    """Which kinds of account an application takes unless it declares otherwise."""
    return ["officer"]


class Application(models.Model):
    """A department's application. One without a secret is public (its code lies open): PKCE alone protects its codes.

    `kinds` of account may sign on to it; `leaves` are where it may have people sent after signing out.
    """

    key = models.TextField(primary_key=True)
    title = models.TextField()
    agency = models.ForeignKey("directory.Agency", on_delete=models.PROTECT, related_name="+")
    redirects = ArrayField(models.TextField())
    leaves = ArrayField(models.TextField(), default=list)
    logout = models.TextField(default="")
    scopes = ArrayField(models.TextField())
    all_agencies = models.BooleanField(default=False)
    kinds = ArrayField(models.TextField(), default=officers_alone)
    secret = models.BinaryField(null=True)
    made = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kinds__len__gt=0, kinds__contained_by=["officer", "citizen", "firm"]),
                name="directory_application_kinds",
            ),
        ]


class Code(models.Model):
    """An authorization code, good once; `access` is what was given for it."""

    digest = models.BinaryField(unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="codes")
    sitting = models.ForeignKey("directory.Sitting", on_delete=models.PROTECT, related_name="codes")
    redirect = models.TextField()
    scope = models.TextField()
    nonce = models.TextField()
    challenge = models.TextField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    access = models.BinaryField(null=True, unique=True)
    access_expires = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sitting"], name="directory_code_sitting")]


class Logout(models.Model):
    """That an application be told that somebody signed out there too; tried until it took it or the tries are used up."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey("directory.Sitting", on_delete=models.PROTECT, related_name="+")
    tries = models.SmallIntegerField(default=0)
    due = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)
    said = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "sitting"], name="directory_logout_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due"], condition=Q(due__isnull=False), name="directory_logout_due"),
        ]
