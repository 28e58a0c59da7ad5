"""Posts and who holds them for whom. Called by the directory's `api` alone."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.declare.nouns import Instead, Post


def post_of(row: models.Appointment) -> Post:
    """An appointment as others read it."""
    return Post(row.pk, row.title, row.role, row.agency_id, row.agency.name, tuple(row.regions), row.since, row.until)


def post_instead(row: models.Substitution) -> Post:
    """A post as its substitute holds it: as far as both the substitution and the post itself last."""
    post, until = row.post, min(row.until, row.post.until or row.until)
    whose = Instead(row.pk, f"officer:{post.account_id}", post.account.name)
    return Post(
        post.pk, post.title, post.role, post.agency_id, post.agency.name, tuple(post.regions), row.since, until, whose
    )


def stood_in(on: date) -> QuerySet[models.Substitution]:
    """The substitutions that give rights on a day: the post is still held then, and the substitute is of its agency."""
    rows = models.Substitution.objects.filter(
        Q(post__until=None) | Q(post__until__gt=on), since__lte=on, until__gt=on, post__since__lte=on,
        substitute__is_active=True, substitute__agency=F("post__agency"),
    )  # fmt: skip
    return rows.select_related("substitute", "post__account", "post__agency")


def standing_in(account: int, start: date, until: date | None) -> QuerySet[models.Substitution]:
    """What an account stands in for at any time of the span [start, until)."""
    rows = models.Substitution.objects.filter(substitute=account, until__gt=start).exclude(until=F("since"))
    return rows if until is None else rows.filter(since__lt=until)


def end(rows: QuerySet[models.Substitution], by: str) -> int:
    """End from today those that have not ended; those to come never begin. Returns how many."""
    today = timezone.localdate()
    live = rows.filter(until__gt=today).exclude(until=F("since"))
    return live.update(until=Greatest(F("since"), today), ended=timezone.now(), ended_by=by)
