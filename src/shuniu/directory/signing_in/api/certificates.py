"""A person's certificate as a second factor: the proxy that ends TLS saw its key used, and hands the certificate on."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, locked, person_id
from shuniu.directory.declare import Attempt
from shuniu.directory.signing_in.api import attempts, sittings
from shuniu.trust.api import require, verb
from shuniu.trust.certificates import reading
from shuniu.trust.certificates.api import certificate_of, check_held
from shuniu.trust.declare import Actor, Refused


def belongs(person: str, certificate: str) -> bool:
    """Whether a certificate (PEM, percent-encoded as nginx and Apache write it into a header) is this person's, for
    signing, and good now.
    """
    try:
        public = reading.certificate(unquote_to_bytes(certificate)).public
        held = check_held(certificate_of(reading.name_of(public)), at=timezone.now())
    except Refused:
        return False
    return held.holder == person


@verb("directory.confirm_certificate", "核对证书")
def confirm_certificate(*, actor: Actor, sitting: int, certificate: str, origin: str = "") -> Attempt:
    """Check the certificate that the connection was made with, and note it in the sitting. Failures count and lock.

    Called only with what the configured proxy's header says (`SHUNIU_CERTIFICATE_HEADER`). Raises directory.no_sitting.
    """
    require()
    row = locked(account_of(actor))
    sittings.open_sitting(row.pk, sitting)
    words = "这张证书不是您的，或者已经过期、被吊销。"
    attempt = attempts.on_account(row, origin, lambda one: _own(one, certificate), words)
    if attempt.account is not None:
        sittings.proved(row.pk, sitting, "certificate", strong=True)
    return attempt


def _own(row: models.Account, certificate: str) -> bool:
    return bool(certificate) and belongs(person_id(row.kind, row.pk), certificate)
