"""Counts of failed sign-ins and of strangers' refusals; and whom the end of a sitting is told. Called by `api` and `tasks`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.signing_in import jobs

FAILED = """
insert into directory_failing as f (place, failed, failed_since) values (%s, 1, %s)
on conflict (place) do update set
    failed = case when f.failed_since < %s then 1 else f.failed + 1 end,
    failed_since = case when f.failed_since < %s then excluded.failed_since else f.failed_since end
returning failed
"""
REFUSED_STRANGER = """
insert into directory_stranger as s (minute, what, place, refusals) values (%s, %s, %s, 1)
on conflict (minute, what, place) do update set refusals = s.refusals + 1
returning refusals
"""
TAKE_STRANGERS = "delete from directory_stranger where minute < %s returning *"
HELD_FAILING = """
insert into directory_failing as f (place, failed, failed_since) values (%s, 0, %s)
on conflict (place) do update set failed = f.failed
returning place, failed, failed_since, locked_until
"""
"""The row, made where there is none, and held as `for update` holds it."""


def note_logouts(sittings: Sequence[int]) -> None:
    """Have the applications that were entered from these sittings told of their end."""
    entered = models.Code.objects.filter(sitting__in=sittings, used__isnull=False, application__ended=None)
    pairs = entered.exclude(application__logout="").values_list("application_id", "sitting_id").distinct()
    rows = [models.Logout(application_id=key, sitting_id=sitting, due=timezone.now()) for key, sitting in pairs]
    if rows:
        models.Logout.objects.bulk_create(rows, ignore_conflicts=True)
        jobs.enqueue()


def failed_from(place: str, now: datetime, window: timedelta) -> int:
    """Count one more failed sign-in from an address; returns how many there were within the window."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED, [place, now, now - window, now - window])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def held_failing(place: str, now: datetime) -> models.Failing:
    """The count of a place, held until the act ends."""
    (row,) = models.Failing.objects.raw(HELD_FAILING, [place, now])
    return row


def forget_failures(account: int) -> None:
    """The failures before a good sign-in count no more."""
    models.Account.objects.filter(pk=account).update(failed=0, failed_since=None, locked_until=None)


def forget_lapsed(before: datetime) -> int:
    """Drop counts of failures that nothing depends on any more; how many."""
    now = timezone.now()
    free = models.Failing.objects.filter(Q(locked_until=None) | Q(locked_until__lt=now), failed_since__lt=before)
    return free.delete()[0]


def refused_stranger(what: str, place: str, minute: int) -> int:
    """Count one more refusal of a caller unknown; returns how many there were from his network in this minute."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSED_STRANGER, [minute, what, place])
        (refusals,) = cursor.fetchone()
    return int(refusals)


def take_strangers(minute: int) -> list[models.Stranger]:
    """The counts of the minutes before this one; they are kept no longer."""
    return sorted(
        models.Stranger.objects.raw(TAKE_STRANGERS, [minute]), key=lambda one: (one.minute, one.what, one.place)
    )
