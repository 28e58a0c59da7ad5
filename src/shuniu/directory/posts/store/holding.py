"""What somebody holds in a span of days, of his own and for others; and the end of the latter. Called by the rooms' `api` alone."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from shuniu.directory import models


def own_within(account: int, start: date, until: date | None) -> QuerySet[models.Appointment]:
    """What an account is appointed to at any time of the span [start, until)."""
    posts = models.Appointment.objects.filter(Q(until=None) | Q(until__gt=start), account=account)
    posts = posts.exclude(until=F("since"))
    return posts if until is None else posts.filter(since__lt=until)


def standing_in(account: int, start: date, until: date | None) -> QuerySet[models.Substitution]:
    """What an account stands in for at any time of the span [start, until)."""
    rows = models.Substitution.objects.filter(substitute=account, until__gt=start).exclude(until=F("since"))
    return rows if until is None else rows.filter(since__lt=until)


def end(rows: QuerySet[models.Substitution], by: str) -> int:
    """End from today those that have not ended; those to come never begin. Returns how many."""
    today = timezone.localdate()
    live = rows.filter(until__gt=today).exclude(until=F("since"))
    return live.update(until=Greatest(F("since"), today), ended=timezone.now(), ended_by=by)
