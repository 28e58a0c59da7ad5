"""Sittings: opened by `session.enter`, listed and ended by their owner, ended with the account, its post or its password."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated
from shuniu.directory.signing_in import places, store
from shuniu.directory.signing_in.declare import MEANS, Means, SittingView
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

SEEN = timedelta(minutes=5)
"""How exactly the time of the last visit is kept."""
SHOWN = timedelta(days=30)
"""How far back ended sittings are listed."""


def begin(*, account: int, key: str, agent: str, origin: str, means: Means) -> int:
    """Open a sitting under a session's key; the verb that proved who it is has journalled it. Returns its number."""
    made = models.Sitting.objects.create(
        account_id=account, key=key, device=places.device(agent), address=places.masked(origin), means=means
    )
    return made.pk


def moved(sitting: int, key: str) -> None:
    """The session goes on under another key (a new one after every step that raises what it may do)."""
    models.Sitting.objects.filter(pk=sitting).update(key=key)


def touch(sitting: int) -> None:
    """Note that the sitting is in use."""
    models.Sitting.objects.filter(pk=sitting).update(seen=timezone.now())


def proved(account: int, sitting: int, means: Means, *, strong: bool) -> None:
    """Note in an open sitting what was just proved; a second factor (`strong`) ends the count of failures before it.

    Raises Refused directory.no_sitting.
    """
    row = open_sitting(account, sitting)
    now = timezone.now()
    row.proved_at = now
    if strong:
        row.strong_at = now
        store.forget_failures(account)
    if means not in row.means.split():
        row.means = f"{row.means} {means}"
    row.save(update_fields=["proved_at", "strong_at", "means"])


def open_sitting(account: int, sitting: int) -> models.Sitting:
    """An account's sitting that has not ended. Raises Refused directory.no_sitting."""
    row = models.Sitting.objects.filter(pk=sitting, account=account, ended=None).first()
    if row is None:
        raise Refused("directory.no_sitting", "没有这次登录，或者它已经退出。", "请重新登录。")
    return row


def since() -> datetime:
    """What was proved before this moment is no longer fresh."""
    return timezone.now() - timedelta(minutes=minutes())


def minutes() -> int:
    """How many minutes a proof stays fresh, by today's dated rule."""
    return dated("account.step_up.minutes")


def check_fresh(account: int, sitting: int, *, strong: bool) -> None:
    """Refuse unless a second factor (`strong`), or at least the password, was given lately in this sitting."""
    row = open_sitting(account, sitting)
    at = row.strong_at if strong else row.proved_at
    if at is None or at < since():
        raise Refused("directory.step_up", "办理这项之前，要重新核对您的身份。", "请先核对，再办理。")


@transaction.atomic
def end(found: QuerySet[models.Sitting], why: str) -> int:
    """End open sittings: the row is closed, the session destroyed, the applications entered from it are told. Returns how many."""
    rows = list(found.select_for_update().filter(ended=None))
    if not rows:
        return 0
    sessions: Any = import_module(settings.SESSION_ENGINE).SessionStore()  # Django's own interface of session engines
    models.Sitting.objects.filter(pk__in=[row.pk for row in rows]).update(ended=timezone.now(), why=why)
    for row in rows:
        sessions.delete(row.key)
    store.note_logouts([row.pk for row in rows])
    return len(rows)


def end_all(account: int, why: str, *, but: int | None = None) -> int:
    """End an account's open sittings, all or all but one. Called inside the verbs that take access away."""
    return end(models.Sitting.objects.filter(account=account).exclude(pk=but or 0), why)


def replaced(sitting: int) -> None:
    """Somebody signs in again in the same browser: what was open there ends."""
    end(models.Sitting.objects.filter(pk=sitting), "同一浏览器重新登录")


@verb("directory.list_sittings", "查看登录设备", reads=True)
def list_sittings(*, actor: Actor, here: int | None = None) -> tuple[SittingView, ...]:
    """The actor's own sittings: the open ones, then those that ended lately. `here` marks the one that asks."""
    require()
    account = account_of(actor)
    oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = models.Sitting.objects.filter(Q(ended=None, seen__gt=oldest) | Q(ended__gt=timezone.now() - SHOWN))
    found = list(rows.filter(account=account).order_by("-ended", "-since")[:50])
    record(f"account:{account}", detail={"sittings": len(found)})
    return tuple(_view(row, here) for row in sorted(found, key=lambda row: row.ended is not None))


@verb("directory.end_sitting", "退出一处登录")
def end_sitting(*, actor: Actor, sitting: int) -> None:
    """End one of the actor's own sittings. Raises Refused directory.no_sitting."""
    require()
    row = open_sitting(account_of(actor), sitting)
    end(models.Sitting.objects.filter(pk=row.pk), "本人退出")
    record(f"account:{row.account_id}", detail={"sitting": sitting})


@verb("directory.end_sittings", "退出全部登录")
def end_sittings(*, actor: Actor) -> int:
    """End every sitting of the actor's, this one too. Returns how many there were."""
    require()
    account = account_of(actor)
    ended = end_all(account, "本人退出全部登录")
    record(f"account:{account}", detail={"sittings": ended})
    return ended


def _view(row: models.Sitting, here: int | None) -> SittingView:
    means = tuple(MEANS[one] for one in MEANS if one in row.means.split())
    return SittingView(
        row.pk, row.device, row.address, means, row.since, row.seen, row.ended, row.why, here=row.pk == here
    )
