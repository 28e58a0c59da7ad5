"""Notices: reading them, and noting that they were read."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.exchange.api.telling import SECRECY, NoticeView, view
from shuniu.exchange.models import Notice
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("exchange.read_notices", "查看通知", reads=True)
def notices(*, actor: Actor, unread: bool = False, limit: int = 50, before: int = 0) -> list[NoticeView]:
    """The actor's own notices and those of his agency, newest first; `before` is the last one seen."""
    require()
    found = _mine(actor).order_by("-id")
    found = found.filter(read_at=None) if unread else found
    found = found.filter(pk__lt=before) if before else found
    listed = [view(notice) for notice in found[:limit]]
    record("notices", detail={"notices": len(listed)})
    return listed


@verb("exchange.mark_notice_read", "标记通知已读")
def mark_notice_read(*, actor: Actor, number: int) -> NoticeView:
    """Note that a notice was read, and return it. Harmless when it was already. Raises `Refused` notice.unknown."""
    require()
    found = _mine(actor).select_for_update().filter(pk=number).first()
    if found is None:
        raise Refused("notice.unknown", f"您没有第 {number} 号通知。", "请从通知列表进入。")
    if found.read_at is None:
        found.read_at, found.read_by = timezone.now(), actor.person
        found.save(update_fields=["read_at", "read_by"])
    record(f"notice:{number}")
    return view(found)


def count_unread(actor: Actor) -> int:
    """How many notices wait for this actor: for the page's head, which tells no more than the number."""
    return _mine(actor).filter(read_at=None).count()


def _mine(actor: Actor) -> QuerySet[Notice]:
    mine = Q(person=actor.person)
    if actor.agency:
        mine |= Q(agency=actor.agency, person="") & ~Q(kind="secrecy")
    if actor.may(SECRECY):
        mine |= Q(kind="secrecy")
    return Notice.objects.filter(mine)
