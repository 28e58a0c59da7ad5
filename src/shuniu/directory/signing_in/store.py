"""Noting, inside the act that ends sittings, which applications are to be told."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.signing_in import jobs


def note_logouts(sittings: Sequence[int]) -> None:
    """Have the applications that were entered from these sittings told of their end."""
    entered = models.Code.objects.filter(sitting__in=sittings, used__isnull=False, application__ended=None)
    pairs = entered.exclude(application__logout="").values_list("application_id", "sitting_id").distinct()
    rows = [models.Logout(application_id=key, sitting_id=sitting, due=timezone.now()) for key, sitting in pairs]
    if rows:
        models.Logout.objects.bulk_create(rows, ignore_conflicts=True)
        jobs.enqueue()
