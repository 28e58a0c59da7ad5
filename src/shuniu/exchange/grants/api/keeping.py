"""An agreement after it was made: suspended, resumed, revoked, given up, expired. Each counts from its commit.

For an agency whose place another took that one acts and is told; the agreement keeps the two that made it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.exchange.grants.api import making
from shuniu.exchange.grants.declare import State
from shuniu.exchange.grants.models import LIVE, Agreement, AgreementVersion
from shuniu.exchange.grants.purposes import days
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("exchange.suspend_share", "暂停共享协议")
def suspend_share(*, actor: Actor, number: int, reason: str) -> None:
    """Let an agreement give nothing until it is resumed; by its owner or the office. Raises Refused grant.state, grant.reason."""
    held = _locked(number, State.IN_FORCE)
    require(agency=directory.keeper(held.owner))
    _check_reason(reason)
    held.state = State.SUSPENDED.value
    held.save(update_fields=["state"])
    _told(actor, held, "suspended", reason, "已暂停，现在起不能使用")


@verb("exchange.resume_share", "恢复共享协议")
def resume_share(*, actor: Actor, number: int, reason: str) -> None:
    """Let a suspended agreement give again; what the office suspended only the office resumes.

    Raises Refused grant.state, grant.reason, grant.office.
    """
    held = _locked(number, State.SUSPENDED)
    require(agency=directory.keeper(held.owner))
    _check_reason(reason)
    last = held.events.filter(what="suspended").order_by("-pk").first()
    if last is not None and not _of_owner(last.agency, held) and not actor.may(OVERSEE):
        raise Refused("grant.office", "这份协议由省级主管部门暂停。", "请由省级主管部门恢复。")
    held.state = State.IN_FORCE.value
    held.save(update_fields=["state"])
    _told(actor, held, "resumed", reason, "已恢复")


@verb("exchange.revoke_share", "撤销共享协议")
def revoke_share(*, actor: Actor, number: int, reason: str) -> None:
    """End an agreement at once; by its owner or the office. Raises Refused grant.state, grant.reason."""
    held = _locked(number)
    require(agency=directory.keeper(held.owner))
    _check_reason(reason)
    making.end(held, State.REVOKED, "revoked", making.by(actor), reason)
    _tell(actor, held, f"已撤销，现在起不能使用。理由：{reason.strip()}", "revoked")


@verb("exchange.give_up_share", "放弃共享协议")
def give_up_share(*, actor: Actor, number: int, reason: str) -> None:
    """End an agreement that the own agency no longer needs. Raises Refused grant.state, grant.reason."""
    held = _locked(number)
    require(agency=directory.keeper(held.consumer))
    _check_reason(reason)
    making.end(held, State.GIVEN_UP, "given_up", making.by(actor), reason)
    _tell(actor, held, f"使用单位已放弃。理由：{reason.strip()}", "given_up")


@verb("exchange.expire_shares", "到期共享协议")
def expire_shares(*, actor: Actor) -> int:
    """End what is past its last day, and remind who uses what will end soon. Returns how many ended."""
    require()
    ended = making.expire(Agreement.objects.all())
    for held in ended:
        for agency in directory.keepers([held.consumer, held.owner]).values():
            notify("share", f"agreement:{held.pk}", f"第 {held.pk} 号共享协议已到期。", agency=agency)
    today = timezone.localdate()
    soon = today + timedelta(days=days("expiry.notice", today))
    ending = AgreementVersion.objects.filter(
        number=F("agreement__version"), agreement__state__in=LIVE, valid_until=soon
    ).select_related("agreement")
    for one in ending:
        text = f"第 {one.agreement_id} 号共享协议将于 {one.valid_until} 到期，仍需使用的请在协议页申请变更期限。"
        notify("share", f"agreement:{one.agreement_id}", text, agency=directory.keeper(one.agreement.consumer))
    record("agreements", detail={"expired": [held.pk for held in ended]})
    return len(ended)


def _locked(number: int, state: State | None = None) -> Agreement:
    held = Agreement.objects.select_for_update().filter(pk=number).first()
    allowed = LIVE if state is None else (state.value,)
    if held is None or held.state not in allowed:
        at = f"，现为“{State(held.state).title}”" if held else ""
        raise Refused("grant.state", f"第 {number} 号共享协议不能这样办理{at}。", "请从共享协议列表重新进入。")
    return held


def _of_owner(agency: str, held: Agreement) -> bool:
    return directory.keeper(agency) == directory.keeper(held.owner)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("grant.reason", "没有写明理由。", "请写明事实和依据，对方会收到。")


def _told(actor: Actor, held: Agreement, what: str, reason: str, said: str) -> None:
    making.note(held, what, making.by(actor), reason)
    _tell(actor, held, f"{said}。理由：{reason.strip()}", what)


def _tell(actor: Actor, held: Agreement, said: str, what: str) -> None:
    """Tell the sides that did not act."""
    for agency in {*directory.keepers([held.consumer, held.owner]).values()} - {actor.agency}:
        notify("share", f"agreement:{held.pk}", f"第 {held.pk} 号共享协议{said}", agency=agency)
    record(f"agreement:{held.pk}", detail={"what": what, "version": held.version})
