"""What the verbs that issue have in common: one certificate made and kept, one encryption key made and escrowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from shuniu.trust.certificates import authority, der, escrow, models, reading, store
from shuniu.trust.certificates.declare import EVERY, Subject
from shuniu.trust.certificates.rules import dated
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.door import require
from shuniu.trust.suites import key_id


def within(actor: Actor, agency: str) -> None:
    """Require the open verb's right for one agency: one's own, or any with the capability for every certificate."""
    require(agency=None if actor.may(EVERY) else agency)


def made(subject: Subject, purpose: str, public: bytes, suite: str, *, by: str, now: datetime) -> models.Certificate:
    """A certificate of our own authority, not yet kept; `by` is the name of whoever it is issued by."""
    issuer = authority.issuing(suite)
    days, serial = dated(f"{subject.kind}.days"), authority.fresh_serial()
    signed = der.certificate(subject, purpose, public, issuer=issuer, serial=serial, days=days, now=now)
    begins = now.replace(microsecond=0) - der.BACKDATED
    key = reading.name_of(public) if purpose == "sign" else _name_of_encryption(suite, public)
    return models.Certificate(
        key_id=key, suite=suite, source="own", issuer=issuer.signer.key_id, serial=f"{serial:x}", kind=subject.kind,
        purpose=purpose, holder=subject.holder, name=subject.name, agency=subject.agency,
        organisation=subject.agency_name, public=public, der=signed, not_before=begins,
        not_after=begins + timedelta(days=days), issued_at=now, issued_by=by,
    )  # fmt: skip


def _name_of_encryption(suite: str, public: bytes) -> str:
    """The id of an encryption key, which is no signing key: X25519 where the suite is not SM2."""
    return key_id("sm2" if suite == "guomi" else "x25519", public)


def keep(rows: Sequence[models.Certificate]) -> None:
    """Write certificates. Raises Refused trust.key_known where one's key has a certificate already."""
    try:
        with transaction.atomic():
            store.insert(rows)
    except IntegrityError as error:
        raise Refused(
            "trust.key_known", "这把密钥已有证书。", "每张证书用一把新密钥：请重新生成密钥和证书请求。"
        ) from error


def escrowed(
    wanted: Sequence[tuple[Subject, str]], *, by: str, now: datetime
) -> list[tuple[models.Certificate, bytes]]:
    """Encryption certificates for these holders, of these suites, whose keys the centre makes and holds; and those keys.

    Not kept yet: see `keep_escrowed`.
    """
    found = []
    for subject, suite in wanted:
        private, public = escrow.fresh(authority.suite(suite))
        found.append((made(subject, "encrypt", public, suite, by=by, now=now), private))
    return found


def keep_escrowed(pairs: Sequence[tuple[models.Certificate, bytes]]) -> None:
    """Write encryption certificates with their keys, sealed."""
    keep([row for row, _private in pairs])
    models.Escrow.objects.bulk_create(
        [
            models.Escrow(
                certificate=row, sealed=authority.suite(row.suite).seal(authority.master(), private, _bound(row))
            )
            for row, private in pairs
        ],
        batch_size=2000,
    )


def with_encryption(
    subject: Subject,
    suite: str,
    *,
    by: str,
    now: datetime,
    envelope: bytes,
    replaces: models.Certificate | None = None,
) -> tuple[models.Certificate, bytes]:
    """An encryption certificate, kept; and its key, sealed for `envelope` if there is one.

    Raises Refused trust.envelope for an envelope that is no X25519 key.
    """
    ((row, private),) = escrowed([(subject, suite)], by=by, now=now)
    row.replaces = replaces
    keep_escrowed([(row, private)])
    if not envelope:
        return row, b""
    try:
        return row, escrow.wrap(authority.suite(suite), private, envelope, bytes(row.der))
    except ValueError as error:
        raise Refused(
            "trust.envelope", "接收加密私钥的公钥不对。", "请发送一把新的 X25519 公钥（32 字节）。"
        ) from error


def opened(row: models.Escrow) -> bytes:
    """The private key that the centre holds. Raises ValueError where it was altered, or moved to another certificate."""
    used = authority.suite(row.certificate.suite)
    return used.open(authority.master(), bytes(row.sealed), _bound(row.certificate))


def _bound(row: models.Certificate) -> bytes:
    return row.key_id.encode()
