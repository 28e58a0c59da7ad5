"""What the authority says to anybody: its certificates, the list of the revoked, the standing of one. From one index."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shuniu.trust.certificates import authority, der, models, ocsp, store
from shuniu.trust.certificates.rules import dated
from shuniu.trust.declare import Refused


def authority_certificate(suite: str, role: str) -> bytes:
    """The certificate (DER) of a suite's `issuing` or `root` authority. Raises Refused trust.no_suite, suite_unavailable."""
    return authority.issuing(suite).certificate if role == "issuing" else authority.root(suite)


def revocation_list(suite: str) -> bytes:
    """The list of the revoked (CRL, DER) that holds now: a new one whenever somebody was revoked, or it grows old.

    Raises Refused trust.no_suite, trust.suite_unavailable.
    """
    authority.suite(suite)
    row = models.RevocationList.objects.filter(suite=suite).first()
    return bytes(row.der) if row is not None and _holds(row) else publish(suite)


def publish(suite: str) -> bytes:
    """Make and keep the list anew, unless another has just done so."""
    issuer = authority.issuing(suite)
    with transaction.atomic():
        store.lock()
        row = models.RevocationList.objects.filter(suite=suite).first()
        if row is not None and _holds(row):
            return bytes(row.der)
        stamp, now = store.stamp(), timezone.now()
        until = now + timedelta(hours=dated("crl.hours"))
        number = row.number + 1 if row else 1
        made = der.revocation_list(issuer, store.revoked(issuer.signer.key_id, now), number=number, at=now, until=until)
        store.publish(
            models.RevocationList(suite=suite, number=number, stamp=stamp, made_at=now, next_update=until, der=made)
        )
        return made


def _holds(row: models.RevocationList) -> bool:
    """Whether nobody was revoked since, and half of its time is still to come."""
    half = (row.next_update - row.made_at) / 2
    return row.stamp == store.stamp() and timezone.now() < row.made_at + half


def status_answer(suite: str, question: bytes) -> bytes:
    """The answer to an OCSP question, both DER: how the certificates stand that it asks about, this moment."""
    try:
        serials = ocsp.asked(question)
        responder = authority.responder(suite)
    except ValueError:
        return ocsp.failed()
    except Refused:
        return ocsp.failed("unauthorized")
    now = timezone.now()
    standing = store.statuses(responder.issuer.signer.key_id, serials)
    return ocsp.answer(question, standing, responder, at=now, until=now + timedelta(minutes=dated("ocsp.minutes")))
