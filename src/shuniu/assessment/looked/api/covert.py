"""Inquiries that the law lets an agency not tell of for a time: one officer proposes, another decides, the day is set."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shuniu.assessment.looked import store
from shuniu.assessment.looked.declare import CovertState, CovertView, Ground, Grounds
from shuniu.assessment.looked.models import CovertInquiry
from shuniu.registries.api.files import who_answers
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused

_ALL = "trust.search_journal"
"""The auditor's right: who holds it sees the inquiries of every agency."""


def grounds(on: date) -> tuple[Grounds, ...]:
    """The grounds that the law gives on a day. Raises Refused (reading.rule)."""
    days = store.number("reading.covert.days", on)
    found = [(one, store.rule(f"reading.covert.ground.{one}", on)) for one in Ground]
    return tuple(Grounds(one, rule.text(), f"{rule.legal_basis}第{rule.article}条", days) for one, rule in found)


def grounds_of(inquiry: CovertInquiry) -> str:
    """The law by which an inquiry was kept back, as the rule said it then."""
    rule = store.book().by_id(inquiry.rule)
    return f"{rule.text()}（{rule.legal_basis}第{rule.article}条）"


@verb("assessment.propose_covert", "提出依法不告知")
def propose_covert(*, actor: Actor, kind: str, value: str, ground: Ground, until: date, reason: str) -> CovertView:
    """Propose that what the actor reads of a subject is not told to it until a day (that day included).

    `kind` and `value` are an identifier and its canonical value. Nothing is kept back before somebody else decides.
    Raises Refused: right.agency, reading.rule, covert.subject, covert.until, covert.reason.
    """
    if not actor.agency:
        raise Refused("right.agency", "只有单位工作人员可以提出。", "请用单位账号登录。")
    require(agency=actor.agency)
    today = timezone.localdate()
    rule, most = store.rule(f"reading.covert.ground.{ground}", today), store.number("reading.covert.days", today)
    if not today <= until <= today + timedelta(days=most):
        raise Refused("covert.until", "期限不对。", f"截止日应在今天起 {most} 天以内。")
    if not reason.strip():
        raise Refused("covert.reason", "没有写理由。", "请写明立案或者交办的文号和不能告知的理由。")
    subject = who_answers(kind, value)
    if subject is None:
        raise Refused("covert.subject", "没有找到唯一的主体。", "请核对证件号码；多个主体共用号码的先由复核员处理。")
    made = CovertInquiry.objects.create(
        subject=subject.root, agency=actor.agency, person=actor.person, person_name=actor.name, ground=ground, rule=rule.id,
        reason=reason.strip(), proposed_at=timezone.now(), until=until,
    )  # fmt: skip
    detail = {"identifier": keyed(value), "ground": ground.value, "until": until.isoformat()}
    record(f"covert:{made.pk}", detail={**detail})
    return _view(made, actor)


@verb("assessment.confirm_covert", "决定依法不告知")
def confirm_covert(*, actor: Actor, number: int, agreed: bool) -> CovertView:
    """Decide what another officer of the agency proposed: from now on its readings are kept back, or nothing is.

    Raises Refused: covert.unknown, covert.decided, covert.second_person, covert.until.
    """
    row = CovertInquiry.objects.select_for_update().filter(pk=number, agency=actor.agency).first()
    if row is None:
        raise Refused("covert.unknown", f"本单位没有第 {number} 号依法不告知。", "请从列表进入。")
    require(agency=row.agency)
    if row.person == actor.person:
        raise Refused("covert.second_person", "提出人不能自己决定。", "请由本单位另一名有此权限的人员决定。")
    if row.state != CovertState.PROPOSED:
        raise Refused("covert.decided", "已经决定过了。", "请刷新后查看。")
    if agreed and row.until < timezone.localdate():
        raise Refused("covert.until", "提出的截止日已过。", "请重新提出。")
    row.state = CovertState.CONFIRMED if agreed else CovertState.DECLINED
    row.decided_by, row.decided_name, row.decided_at = actor.person, actor.name, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_name", "decided_at"])
    record(f"covert:{number}", detail={"state": row.state})
    return _view(row, actor)


@verb("assessment.list_coverts", "查看依法不告知", reads=True)
def list_coverts(*, actor: Actor, limit: int = 50, before: int = 0) -> tuple[CovertView, ...]:
    """The agency's, for who proposes and decides; all, for the auditor; newest first, those that have ended too."""
    require()
    rows: QuerySet[CovertInquiry] = CovertInquiry.objects.order_by("-pk")
    rows = rows if actor.may(_ALL) else rows.filter(agency=actor.agency)
    rows = rows.filter(pk__lt=before) if before else rows
    found = tuple(_view(row, actor) for row in rows[:limit])
    record("coverts", detail={"rows": len(found)})
    return found


def _view(row: CovertInquiry, actor: Actor) -> CovertView:
    rule = store.book().by_id(row.rule)
    return CovertView(
        row.pk, row.agency, row.subject, row.person_name, rule.text(), f"{rule.legal_basis}第{rule.article}条", row.reason,
        row.proposed_at, row.until, CovertState(row.state), row.decided_name, row.decided_at, row.person == actor.person,
    )  # fmt: skip
