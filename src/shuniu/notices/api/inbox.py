"""The inbox: reading what one was told, and noting that it was read."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language

from shuniu.notices import store
from shuniu.notices.declare import NoticeView
from shuniu.notices.models import Notice
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("notices.read_inbox", "查看通知", reads=True)
def read_inbox(*, actor: Actor, unread: bool = False, limit: int = 50, before: int = 0) -> list[NoticeView]:
    """The actor's own notices, his agency's and those of his capabilities, newest first; `before` is the last one seen."""
    require()
    found = store.inbox(actor).order_by("-id")
    found = found.filter(read_at=None) if unread else found
    found = found.filter(pk__lt=before) if before else found
    listed = [_view(notice) for notice in found[:limit]]
    record("notices", detail={"notices": len(listed)})
    return listed


@verb("notices.mark_read", "标记通知已读")
def mark_read(*, actor: Actor, number: int) -> NoticeView:
    """Note that a notice was read, and return it. Harmless when it was already. Raises `Refused` notice.unknown."""
    require()
    found = store.inbox(actor).select_for_update().filter(pk=number).first()
    if found is None:
        raise Refused("notice.unknown", f"您没有第 {number} 号通知。", "请从通知列表进入。")
    if found.read_at is None:
        found.read_at, found.read_by = timezone.now(), actor.person
        found.save(update_fields=["read_at", "read_by"])
    record(f"notice:{number}")
    return _view(found)


def count_unread(actor: Actor) -> int:
    """How many notices wait for this actor: for the page's head, which tells no more than the number."""
    return store.inbox(actor).filter(read_at=None).count()


def _view(notice: Notice) -> NoticeView:
    english = (get_language() or "").startswith("en")
    title, text = (notice.title_en, notice.text_en) if english else (notice.title, notice.text)
    return NoticeView(notice.pk, notice.template, notice.object, title, text, notice.at, notice.read_at)
