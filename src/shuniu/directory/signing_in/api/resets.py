"""Taking away the second factors of somebody who lost them: one person asks, another decides, neither is the owner."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, granted_above, locked, refuse_own, within
from shuniu.directory.declare import ALL_AGENCIES, THREE
from shuniu.directory.signing_in.api import factors, sittings
from shuniu.directory.signing_in.declare import ResetView
from shuniu.directory.store import roles_of
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

PUBLIC_ACCESS = "directory.reset_public_access"


@verb("directory.ask_factor_reset", "申请重置第二因素")
def ask_factor_reset(*, actor: Actor, account: int, reason: str) -> int:
    """Ask that an account's second factors be taken away, after its owner proved in person who he is. Returns the number.

    Raises Refused: right.*, directory.no_reason, own_account, administrator, reset_open.
    """
    row = locked(account)
    _check_reach(actor, row)
    if not reason.strip():
        raise Refused("directory.no_reason", "申请重置须说明原因。", "请写明本人到场和核验身份的情况。")
    asker = locked(account_of(actor))
    try:
        with transaction.atomic():
            made = models.ResetRequest.objects.create(account=row, asked_by=asker, reason=reason.strip())
    except IntegrityError as error:
        raise Refused("directory.reset_open", f"{row.name}已有待办的重置申请。", "请由另一位管理员办理。") from error
    record(f"account:{account}", detail={"reset": made.pk, "reason": made.reason})
    return made.pk


@verb("directory.decide_factor_reset", "办理重置第二因素")
def decide_factor_reset(*, actor: Actor, number: int, agree: bool) -> None:
    """Agree, and factors, recovery codes and sittings end; or refuse. Whoever asked does not decide.

    Raises Refused: right.*, directory.no_reset, own_account, administrator, reset_asker.
    """
    found = models.ResetRequest.objects.select_for_update().filter(pk=number, decided=None).first()
    if found is None:
        raise Refused("directory.no_reset", "没有这项待办的重置申请。", "请从列表中选择。")
    row = locked(found.account_id)
    _check_reach(actor, row)
    decider = account_of(actor)
    if decider == found.asked_by_id:
        raise Refused("directory.reset_asker", "申请人不能办理自己的申请。", "请由另一位管理员办理。")
    found.decided_by_id, found.decided, found.agreed = decider, timezone.now(), agree
    found.save(update_fields=["decided_by", "decided", "agreed"])
    removed = 0
    if agree:
        removed = factors.take_all_away(row)
        sittings.end_all(row.pk, "第二因素已重置")
    record(f"account:{row.pk}", detail={"reset": number, "agreed": agree, "factors": removed})


@verb("directory.list_factor_resets", "查看重置申请", reads=True)
def list_factor_resets(*, actor: Actor) -> tuple[ResetView, ...]:
    """The open requests that this actor may decide: his agency's officers', by wider rights every agency's, or the public's."""
    require()
    rows = models.ResetRequest.objects.filter(decided=None).select_related("account__agency", "asked_by")
    if actor.may(PUBLIC_ACCESS):
        rows = rows.exclude(account__kind="officer")
    else:
        rows = rows.filter(account__kind="officer")
        rows = rows if actor.may(ALL_AGENCIES) else rows.filter(account__agency=actor.agency)
    found = list(rows.order_by("pk")[:200])
    record("factor_resets", detail={"shown": len(found)})
    return tuple(
        ResetView(
            row.pk, row.account_id, row.account.name, row.account.agency.name if row.account.agency else "",
            row.asked_by.name, row.reason, row.asked,
        )
        for row in found
    )  # fmt: skip


def _check_reach(actor: Actor, row: models.Account) -> None:
    """Of one's agency, not one's own, no post that the platform gives; the three are restored on the host alone.

    The public's are for those who verify identities.
    """
    refuse_own(actor, row)
    if row.kind != "officer":
        require(capability=PUBLIC_ACCESS)
        return
    within(actor, row.agency_id or "")
    held = roles_of(row.pk)
    if held & set(THREE) or granted_above(actor, held):
        raise Refused(
            "directory.administrator",
            f"{row.name}担任由平台授予的岗位，不能在这里重置。",
            "三员由运维人员在平台主机上恢复；其他的请联系平台安全管理员。",
        )
