"""Tables of the portal: what was issued under a number, and what waits for its writer to sign in again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class IssuedReport(models.Model):
    """A credit report that was given out: enough to say that it was and whether it still holds, and none of its content."""

    number = models.TextField(unique=True)
    subject = models.BigIntegerField(db_index=True)
    name = models.TextField()  # as the verify page may show it: a natural person's is masked
    viewer = models.TextField()
    purpose = models.TextField(default="")
    digest = models.TextField()  # SHA-256 of the canonical report, hex
    content = models.TextField()  # keyed digest of the facts alone: equal while nothing has changed
    rules = models.TextField()  # the pack of rules that it was made under
    person = models.TextField()  # opaque id of whom it was given to
    agency = models.TextField(default="")
    issued_at = models.DateTimeField()


class KeptForm(models.Model):
    """What somebody posted when his session had ended: sealed under a token that only his browser has."""

    token = models.BinaryField()  # SHA-256 of the token
    said = models.BinaryField()  # SHA-256 of token, writer and content: the same twice is one
    whose = models.TextField()  # a keyed value for the account; empty: whoever signs in next in that browser
    view = models.TextField()
    sealed = models.BinaryField()
    size = models.IntegerField()  # bytes of the content
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "portal_kept_form"
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "said"], name="portal_kept_form_once")]
        indexes: ClassVar = [
            models.Index(fields=["whose"], name="portal_kept_form_whose"),
            models.Index(fields=["until"], name="portal_kept_form_until"),
        ]
