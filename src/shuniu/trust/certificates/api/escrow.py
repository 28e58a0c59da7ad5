"""The key management centre (密钥管理中心): an encryption key leaves it when one person asks and another approves."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from shuniu.trust.certificates import models
from shuniu.trust.certificates.api.making import opened, within
from shuniu.trust.certificates.rules import dated
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.door import record, verb


@verb("trust.ask_release", "申请取出加密私钥")
def ask_release(*, actor: Actor, number: int, reason: str) -> int:
    """Ask for the private half of an encryption certificate; the request's number.

    Raises Refused trust.no_escrow, trust.no_reason.
    """
    row = models.Escrow.objects.filter(pk=number).select_related("certificate").first()
    within(actor, row.certificate.agency if row else "")
    if row is None:
        raise Refused(
            "trust.no_escrow", "这张证书没有托管的私钥。", "只有本平台签发的加密证书有；签名私钥只在持有人手里。"
        )
    if not reason.strip():
        raise Refused("trust.no_reason", "取出私钥须说明理由。", "请写明用途和依据。")
    made = models.Release.objects.create(
        escrow=row, reason=reason.strip(), asked_by=actor.person, asked_name=actor.name, asked_at=timezone.now()
    )
    record(f"certificate:{number}", detail={"release": made.pk, "reason": reason.strip()})
    return made.pk


@verb("trust.approve_release", "批准取出加密私钥")
def approve_release(*, actor: Actor, release: int) -> None:
    """Approve what another has asked for. Raises Refused trust.no_release, trust.own_request."""
    row = _open(actor, release)
    if row.asked_by == actor.person:
        raise Refused("trust.own_request", "不能批准自己的申请。", "请由另一位保管人批准。")
    if row.approved_at is not None:
        raise Refused("trust.no_release", "这项申请已经批准。", "请由申请人取出。")
    row.approved_by, row.approved_name, row.approved_at = actor.person, actor.name, timezone.now()
    row.save(update_fields=["approved_by", "approved_name", "approved_at"])
    record(f"certificate:{row.escrow_id}", detail={"release": release, "asked_by": row.asked_by})


@verb("trust.take_release", "取出加密私钥", reads=True)
def take_release(*, actor: Actor, release: int) -> bytes:
    """The private key (PKCS#8), once, to who asked for it, while the approval is fresh.

    Raises Refused trust.no_release, trust.not_approved, trust.release_expired, trust.other_request.
    """
    row = _open(actor, release)
    if row.asked_by != actor.person:
        raise Refused("trust.other_request", "只有申请人可以取出。", "请由申请人本人登录取出。")
    if row.approved_at is None:
        raise Refused("trust.not_approved", "这项申请还没有批准。", "请等另一位保管人批准。")
    if row.approved_at + timedelta(hours=dated("release.hours")) < timezone.now():
        raise Refused("trust.release_expired", "批准已经过期。", "请重新申请。")
    row.taken_at = timezone.now()
    row.save(update_fields=["taken_at"])
    private = opened(row.escrow)
    record(f"certificate:{row.escrow_id}", detail={"release": release, "approved_by": row.approved_by})
    return private


def _open(actor: Actor, release: int) -> models.Release:
    row = models.Release.objects.select_for_update(of=("self",)).filter(pk=release, taken_at=None)
    found = row.select_related("escrow__certificate").first()
    within(actor, found.escrow.certificate.agency if found else "")
    if found is None:
        raise Refused("trust.no_release", "没有这项未办结的申请。", "请从证书页面打开申请。")
    return found
