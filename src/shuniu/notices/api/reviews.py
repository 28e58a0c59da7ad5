"""Yearly reviews of rights that wait: who may decide them is told when one is opened, nearly due, and late.

The directory below knows nobody's inbox; notices, above it, ask it what waits.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.directory.api import holders, unfinished_reviews
from shuniu.directory.declare import ALL_AGENCIES, ROLES, ReviewView
from shuniu.notices.api.telling import register, tell_many
from shuniu.notices.declare import EMAIL, INBOX, Letter, Recipient, Template, Words
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor

DECIDE = "directory.decide_review"
TITLE = Words("权限核查", "Review of rights")
PLACES = ("name", "day", "count")
OPENED, NEAR, LATE = (
    register(Template(f"notices.review_{key}", TITLE, Words(zh, en), PLACES, (INBOX.key, EMAIL.key)))
    for key, zh, en in (
        (
            "opened",
            "{name}今年的权限核查清单已生成，共有 {count} 行待核查，请在 {day} 前完成：还需要的保留，"
            "不需要的终止。请单位管理员或者负责人到“权限核查”办理。",
            "This year's review of rights of {name} is open: {count} lines are to be kept or ended by {day}, under “权限核查”.",
        ),
        (
            "near",
            "{name}的权限核查清单还有 {count} 行没有核查，{day} 到期。",
            "The review of rights of {name} still has {count} lines to decide; it is due on {day}.",
        ),
        (
            "late",
            "{name}的权限核查清单逾期未完成：期限是 {day}，还有 {count} 行没有核查。省级主管部门能看到逾期的单位。",
            "The review of rights of {name} is overdue: it was due on {day}, {count} lines are undecided. The province sees it.",
        ),
    )
)


@verb("notices.remind_reviews", "提醒权限核查")
def remind_reviews(*, actor: Actor, on: date | None = None) -> int:
    """Tell who may decide the reviews that wait, once at each step, and the province of the late ones. Returns how many letters."""
    require()
    day = on or timezone.localdate()
    warn = RuleBook.load(settings.RULE_PACK).resolve("account.review.warning.days", day).integer()
    waiting = unfinished_reviews()
    told = 0
    for template in (OPENED, NEAR, LATE):
        letters = [
            letter
            for review in waiting
            if _step(review, day, warn) is template
            for letter in _letters(review, template)
        ]
        told += len(tell_many(template=template.key, letters=letters))
    record("reviews", detail={"told": told})
    return told


def _step(review: ReviewView, day: date, warn: int) -> Template:
    if review.due < day:
        return LATE
    return NEAR if review.due - timedelta(days=warn) <= day else OPENED


def _letters(review: ReviewView, template: Template) -> list[Letter]:
    values = {"name": review.agency_name, "day": review.due.isoformat(), "count": str(review.undecided)}
    to = [Recipient(person=one) for one in _deciding(review.agency)]
    if template is LATE:
        to.append(Recipient(capability=OVERSEE))
    return [
        Letter(one, f"review:{review.number}", values, f"{template.key}:{review.number}:{one.person or one.capability}")
        for one in to
    ]


def _deciding(agency: str) -> list[str]:
    """Who of an agency may keep or end its rights: its administrators and its head."""
    roles = [
        key for key, role in ROLES.items() if DECIDE in role.capabilities and ALL_AGENCIES not in role.capabilities
    ]
    return sorted({one.person for role in roles for one in holders(agency, role)})
