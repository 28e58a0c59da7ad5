"""Tables of the portal: what was issued under a number."""

from __future__ import annotations

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
