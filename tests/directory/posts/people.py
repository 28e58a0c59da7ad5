"""What the tests of posts share: account numbers, refusals, and the days."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.models import Appointment
from shuniu.trust.declare import Actor
from tests.cast import number


def day(ahead: int = 0) -> date:
    """Today, or a day before or after it."""
    return timezone.localdate() + timedelta(days=ahead)


def post_of(actor: Actor) -> int:
    """The number of the one post that somebody holds."""
    return Appointment.objects.get(account=number(actor)).pk


def arrange(by: Actor, holder: Actor, taker: Actor, since: int = 0, last: int = 9, reason: str = "休假") -> int:
    """Have `taker` hold the post of `holder` from a day on until another, counted from today."""
    return api.substitute(
        actor=by, post=post_of(holder), account=number(taker), since=day(since), last=day(last), reason=reason
    )
