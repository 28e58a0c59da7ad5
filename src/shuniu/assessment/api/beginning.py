"""Since when cases are supervised here: what was late before makes no card."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from shuniu.assessment import store
from shuniu.assessment.models import Beginning
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def began() -> date:
    """The day since which cases are supervised here. Public."""
    return store.began(timezone.now())


@verb("assessment.begin", "设定电子监察起始日")
def begin(*, actor: Actor, since: date, reason: str) -> date:
    """Set the day since which cases are supervised, as after years of old cases were imported; cards that are there stay.

    Raises Refused: assessment.reason, assessment.begin (a day to come).
    """
    require()
    if not reason.strip():
        raise Refused("assessment.reason", "没有写明理由。", "请写明为什么从这一天起监察。")
    if since > timezone.localdate():
        raise Refused("assessment.begin", f"{since} 还没有到。", "请写今天或者以前的日子。")
    Beginning.objects.create(
        since=since, at=timezone.now(), person=actor.person, person_name=actor.name, reason=reason.strip()
    )
    record("assessment", detail={"since": str(since)})
    return since
