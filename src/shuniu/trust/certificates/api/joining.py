"""A department joins: one code, one request, one answer. Later its machine renews by the key that it has."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import cast

from django.utils import timezone

from shuniu.trust import suites
from shuniu.trust.certificates import authority, models, reading, rules
from shuniu.trust.certificates.api.making import keep, made, with_encryption, within
from shuniu.trust.certificates.client import renewal_bytes
from shuniu.trust.certificates.declare import Invitation, Invited, Joined, Kind, Subject
from shuniu.trust.certificates.rules import dated
from shuniu.trust.certificates.store import held_of
from shuniu.trust.declare import Actor, Json, Refused
from shuniu.trust.door import record, require, verb

SHOWN = 200
"""Invitations that the list shows."""


@verb("trust.invite", "发放接入邀请码")
def invite(*, actor: Actor, agency: str, agency_name: str, suite: str) -> Invited:
    """A code by which a machine of that agency joins once, with keys of that suite.

    Raises Refused trust.no_suite, trust.suite_unavailable, right.agency.
    """
    within(actor, agency)
    authority.suite(suite)
    letters = base64.b32encode(secrets.token_bytes(10)).decode()
    code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    now = timezone.now()
    row = models.Invitation.objects.create(
        digest=rules.digest(code), agency=agency, agency_name=agency_name, suite=suite, made_by=actor.name, made_at=now,
        expires=now + timedelta(days=dated("invitation.days")),
    )  # fmt: skip
    record(f"invitation:{row.pk}", detail={"agency": agency, "suite": suite})
    return Invited(row.pk, code, row.expires)


@verb("trust.withdraw_invitation", "收回接入邀请码")
def withdraw_invitation(*, actor: Actor, number: int) -> None:
    """Make a code that was not used yet worthless. Raises Refused trust.no_invitation."""
    row = models.Invitation.objects.select_for_update().filter(pk=number, used_at=None, withdrawn_at=None).first()
    within(actor, row.agency if row else "")
    if row is None:
        raise Refused("trust.no_invitation", "没有这个还没用过的邀请码。", "请从邀请码列表中选择。")
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    record(f"invitation:{number}", detail={"agency": row.agency})


@verb("trust.list_invitations", "查看接入邀请码", reads=True)
def list_invitations(*, actor: Actor, agency: str = "") -> tuple[Invitation, ...]:
    """The newest invitations (200), of one agency or all; withdrawn ones left out. Codes are not among what is kept."""
    within(actor, agency)
    found = models.Invitation.objects.filter(withdrawn_at=None).order_by("-id")
    rows = found.filter(agency=agency) if agency else found
    record("invitations", detail={"agency": agency})
    return tuple(
        Invitation(
            row.pk, row.agency, row.agency_name, row.suite, row.made_by, row.made_at, row.expires, row.used_at,
            row.certificate_id,
        )
        for row in rows[:SHOWN]
    )  # fmt: skip


@verb("trust.join", "用邀请码接入")
def join(*, actor: Actor, code: str, request: bytes, agency: str = "", envelope: bytes = b"") -> Joined:
    """An agency's machine gets its certificates: `request` is its PKCS#10, made with its own key; `agency` whose it says it is.

    With `envelope` (a raw X25519 public key) the answer carries the encryption key sealed for it. Raises Refused
    trust.code_unknown, code_used, code_expired, code_agency, unreadable, key, proof, suite, key_known, envelope.
    """
    require()
    row = _invited(code, agency)
    public = reading.request(request)
    _check_suite(public, row.suite)
    subject = Subject("agency", f"agency:{row.agency}", row.agency_name, row.agency, row.agency_name)
    now = timezone.now()
    signing = made(subject, "sign", public, row.suite, by=row.made_by, now=now)
    keep([signing])
    encryption, sealed = with_encryption(subject, row.suite, by=row.made_by, now=now, envelope=envelope)
    row.used_at, row.certificate = now, signing
    row.save(update_fields=["used_at", "certificate"])
    record(
        f"certificate:{signing.pk}",
        detail={"agency": row.agency, "invitation": row.pk, "key": signing.key_id, "encryption": encryption.pk},
    )
    return Joined(bytes(signing.der), authority.chain(row.suite), bytes(encryption.der), sealed)


def _invited(code: str, agency: str) -> models.Invitation:
    row = models.Invitation.objects.select_for_update().filter(digest=rules.digest(code)).first()
    remedy = "请联系省级平台主管重新发放邀请码。"
    if row is None or row.withdrawn_at is not None:
        raise Refused("trust.code_unknown", "没有这个邀请码，或者它已被收回。", f"请逐字核对；{remedy}")
    if row.used_at is not None:
        raise Refused(
            "trust.code_used", "这个邀请码已经用过，每个只能用一次。", f"不是本单位用的，请立即报告；{remedy}"
        )
    if row.expires <= timezone.now():
        raise Refused("trust.code_expired", "这个邀请码已经过期。", remedy)
    if agency and agency != row.agency:
        raise Refused("trust.code_agency", "这个邀请码不是发给这个单位的。", remedy)
    return row


def _check_suite(public: bytes, suite: str) -> None:
    if suites.of_key(public).key != suite:
        wanted = authority.suite(suite).algorithm
        raise Refused("trust.suite", "密钥的算法与约定的密码套件不符。", f"请生成 {wanted} 的密钥。")


@verb("trust.renew", "换发证书")
def renew(*, actor: Actor, key: str, request: bytes, signature: bytes, envelope: bytes = b"") -> Joined:
    """New certificates for the holder of a key that is still good: `signature` is that key's over the request for the new one.

    The old certificate stays good until its end, so that both may be used meanwhile. Raises Refused as `check_held`,
    and trust.proof, trust.early, trust.renewed, trust.suite, trust.key_known.
    """
    require()
    row = models.Certificate.objects.select_for_update(of=("self",)).filter(key_id=key).first()
    now = timezone.now()
    held = rules.check_held(held_of(row) if row else None, at=now)
    public = reading.request(request)
    said = renewal_bytes(reading.bytes_of(request, "证书请求（PKCS#10）"))
    if row is None or not suites.verify(held.public, signature, said):
        raise Refused("trust.proof", "换发请求没有用现有的密钥签名。", "请用本单位现有证书的私钥签名后重新发送。")
    if (held.not_after - now).days > dated("renewal.days"):
        raise Refused(
            "trust.early",
            f"证书到 {held.not_after:%Y-%m-%d} 才过期，还不能换发。",
            f"到期前 {dated('renewal.days')} 天起可以换发。",
        )
    if models.Certificate.objects.filter(replaces=row).exists():
        raise Refused("trust.renewed", "这张证书已经换发过。", "请使用新证书；新证书遗失的，请吊销后重新接入。")
    _check_suite(public, held.suite)
    signing, encryption, sealed = _succeed(row, public, envelope)
    detail: dict[str, Json] = {
        "agency": held.agency,
        "replaces": row.pk,
        "key": signing.key_id,
        "encryption": encryption.pk,
    }
    record(f"certificate:{signing.pk}", detail=detail)
    return Joined(bytes(signing.der), authority.chain(held.suite), bytes(encryption.der), sealed)


def _succeed(
    row: models.Certificate, public: bytes, envelope: bytes
) -> tuple[models.Certificate, models.Certificate, bytes]:
    subject = Subject(cast(Kind, row.kind), row.holder, row.name, row.agency, row.organisation)
    now = timezone.now()
    signing = made(subject, "sign", public, row.suite, by=row.name, now=now)
    signing.replaces = row
    keep([signing])
    old = models.Certificate.objects.filter(holder=row.holder, suite=row.suite, purpose="encrypt", successor=None)
    encryption, sealed = with_encryption(
        subject, row.suite, by=row.name, now=now, envelope=envelope, replaces=old.order_by("-id").first()
    )
    return signing, encryption, sealed
