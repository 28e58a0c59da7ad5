"""What applicants are told when the clocks of their cases stand still, run again, or are extended."""

from __future__ import annotations

from datetime import date

from shuniu.base.periods import Term
from shuniu.cases import telling
from shuniu.cases.models import Case
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Template, Words

_CHANNELS = (INBOX.key, EMAIL.key, SMS.key)
_BEGUN, _ENDED, _EXTENDED = (
    notices.register(Template(f"cases.{key}", title, text, ("number", "item", *more), _CHANNELS)).key
    for key, title, text, more in (
        (
            "special_begun",
            Words("办理时限暂停", "The clock of your case stands still"),
            Words("办件 {number}（{item}）依法进行{kind}（{basis}），所需时间 {term}，最迟到 {until}，不计入办理时限。"
                  "凭据：{evidence}。",
                  "Case {number} ({item}): {kind} is held ({basis}), until {until} at the latest. These days do not "
                  "count towards the term. Shown by: {evidence}."),
            ("kind", "basis", "term", "until", "evidence"),
        ),
        (
            "special_ended",
            Words("办理时限恢复计算", "The clock of your case runs again"),
            Words("办件 {number}（{item}）的{kind}已经结束，办理时限从明天起恢复计算，到期日是 {due}。",
                  "Case {number} ({item}): {kind} has ended. The term runs again from tomorrow; it is due on {due}."),
            ("kind", "due"),
        ),
        (
            "extended",
            Words("办理期限延长", "Your case will take longer"),
            Words("办件 {number}（{item}）经负责人批准延长 {term}，到期日见办件页面。理由：{reason}",
                  "Case {number} ({item}) was extended with the head's approval; its page shows the day. "
                  "Reason: {reason}"),
            ("term", "reason"),
        ),
    )
)  # fmt: skip


def special_begun(case: Case, title: str, kind: str, basis: str, term: Term, until: date, evidence: str) -> None:
    """The written notice of the time that a special procedure needs (行政许可法 §45)."""
    said = {"kind": kind, "basis": basis, "term": str(term), "until": until.isoformat(), "evidence": evidence}
    telling.tell(case, _BEGUN, title, **said)


def special_ended(case: Case, title: str, kind: str, due: date) -> None:
    """That the clocks run again, and when the first is due."""
    telling.tell(case, _ENDED, title, kind=kind, due=due.isoformat())


def extended(case: Case, title: str, term: Term, reason: str) -> None:
    """The reason for an extension (行政许可法 §42). The day stands on the page: it may not be known while a clock stands."""
    telling.tell(case, _EXTENDED, title, term=str(term), reason=reason)
