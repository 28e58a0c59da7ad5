"""Whether a certificate was revoked when it was used, by what its authority had signed (CRL, OCSP). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from asn1crypto import keys, ocsp, x509

from shuniu.trust.certificates import lists, reading
from shuniu.trust.certificates.reading import Read
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import chains

_HASHES: dict[str, Callable[[bytes], bytes]] = {
    # It names the issuer, and protects nothing.
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}


def standing(leaf: Read, issuer: Read, blobs: Sequence[bytes], at: datetime) -> Literal["good", "unknown"]:
    """Whether these lists and answers say that a certificate was good at a moment; unknown where none speaks of it.

    Raises Refused evidence.revoked; trust.altered, trust.unknown_issuer for one that is not its issuer's; ValueError,
    TypeError or KeyError for bytes that are none (`chains.parsing`).
    """
    good = False
    for blob in blobs:
        revoked, covers = _said(leaf, issuer, blob, at)
        if revoked is not None and revoked <= at:
            raise Refused(
                "evidence.revoked", f"证书在使用之前已被吊销（{revoked:%Y-%m-%d %H:%M}）。", "这次签名不能作为证据。"
            )
        good = good or covers
    return "good" if good else "unknown"


def _said(leaf: Read, issuer: Read, blob: bytes, at: datetime) -> tuple[datetime | None, bool]:
    """When the certificate was revoked, if it was; and whether this speaks of the certificate at that moment at all."""
    if _is_answer(blob):
        return _answered(leaf, issuer, blob, at)
    try:
        listed = lists.read(blob, [issuer], at)
    except Refused as refusal:
        if refusal.rule in ("trust.stale", "trust.list_partial"):
            return None, False
        raise
    return next((when for serial, when, _ in listed.revoked if serial == leaf.serial), None), True


def _is_answer(blob: bytes) -> bool:
    try:
        found = ocsp.OCSPResponse.load(blob, strict=True)
        return bool(found["response_status"].native == "successful")
    except (ValueError, TypeError, KeyError):
        return False


def _answered(leaf: Read, issuer: Read, blob: bytes, at: datetime) -> tuple[datetime | None, bool]:
    basic = ocsp.OCSPResponse.load(blob).basic_ocsp_response
    tbs = basic["tbs_response_data"]
    signer = _responder(basic, issuer)
    if not chains.signed(signer, basic["signature_algorithm"], bytes(basic["signature"]), tbs.dump()):
        raise Refused("trust.altered", "证书状态答复（OCSP）的签名不对。", "请重新取得答复。")
    for one in tbs["responses"]:
        if one["cert_id"]["serial_number"].native != leaf.serial or not _names(one["cert_id"], issuer):
            continue
        status, until = one["cert_status"], one["next_update"].native
        if status.name == "revoked":
            return status.chosen["revocation_time"].native, True
        return None, status.name == "good" and (until is None or until >= at)
    return None, False


def _responder(basic: Any, issuer: Read) -> bytes:
    """The key that may answer for the issuer: a delegate's that the issuer certified for it (RFC 6960 §4.2.2.2), or its own."""
    for der in basic["certs"] or ():
        found = reading.certificate(bytes(der.dump()))
        purposes = x509.Certificate.load(found.der).extended_key_usage_value
        if purposes is not None and "ocsp_signing" in purposes.native:
            chains.follow(found, (), [issuer], [])
            return found.public
    return issuer.public


def _names(cert_id: Any, issuer: Read) -> bool:
    hashed = _HASHES.get(cert_id["hash_algorithm"]["algorithm"].native)
    bits = bytes(keys.PublicKeyInfo.load(issuer.public)["public_key"])
    return hashed is not None and bool(cert_id["issuer_key_hash"].native == hashed(bits))
