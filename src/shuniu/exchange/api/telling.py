"""Telling people: a stored notice, written in the transaction of the act that it tells of. Called inside verbs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shuniu.exchange.models import Notice

KINDS = {
    "overdue": "报送催办",
    "refused": "整批拒收",
    "held": "待第二人复核",
    "recalled": "批次撤回",
    "objection": "数据异议",
    "correction": "数据更正",
    "repair": "信用修复",
    "secrecy": "保密告警",
}


SECRECY = "exchange.read_secrecy_alert"
"""The capability that alarms about classified files go to, whatever agency delivered them; nobody else sees them."""


@dataclass(frozen=True)
class NoticeView:
    """A notice as its reader sees it."""

    number: int
    kind: str
    object: str
    text: str
    at: datetime
    read_at: datetime | None

    @property
    def title(self) -> str:
        return KINDS.get(self.kind, "通知")


def notify(kind: str, object: str, text: str, *, agency: str = "", person: str = "") -> None:
    """Leave a notice with an agency's officers, or with one person."""
    Notice.objects.create(agency=agency, person=person, kind=kind, object=object, text=text)


def notify_once(notices: Iterable[Notice]) -> int:
    """Leave those notices whose `once` was never used before. Returns how many that were."""
    wanted = {notice.once: notice for notice in notices}
    known = set(Notice.objects.filter(once__in=list(wanted)).values_list("once", flat=True))
    fresh = [notice for once, notice in wanted.items() if once not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def view(notice: Notice) -> NoticeView:
    return NoticeView(notice.pk, notice.kind, notice.object, notice.text, notice.at, notice.read_at)
