"""Answers on the standing of certificates (RFC 6960): a question's bytes in, a signed answer's bytes out. Pure.

An answer is signed by a delegated responder, whose certificate goes with it, and repeats the nonce that was asked with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import core, keys, ocsp, x509

from shuniu.trust.certificates.der import Issuer, signature_algorithm
from shuniu.trust.certificates.reading import BROKEN, whole
from shuniu.trust.suites import Signer

MOST_ASKED = 64
"""Certificates that one question may ask about."""
MOST_BYTES = 16_384
_HASHES: Mapping[str, Callable[[bytes], bytes]] = {
    # The question names its issuer by a hash, which protects nothing.
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}


@dataclass(frozen=True)
class Status:
    """How a certificate of ours stands: good where there is no moment of revocation."""

    revoked: datetime | None = None
    reason: str = "unspecified"


@dataclass(frozen=True)
class Responder:
    """Who answers: the authority that is asked about, and its delegate's certificate and key."""

    issuer: Issuer
    certificate: bytes
    signer: Signer


def asked(question: bytes) -> tuple[int, ...]:
    """The serials that a question asks about. Raises ValueError for what is no question."""
    return tuple(one["req_cert"]["serial_number"].native for one in _parsed(question)["tbs_request"]["request_list"])


def _parsed(question: bytes) -> ocsp.OCSPRequest:
    if len(question) > MOST_BYTES:
        raise ValueError("too long")
    try:
        found = ocsp.OCSPRequest.load(question, strict=True)
        if not 0 < len(found["tbs_request"]["request_list"]) <= MOST_ASKED:
            raise ValueError("asks about none or too many")
        whole(found)
    except BROKEN as error:
        raise ValueError("no OCSP request") from error
    return found


def failed(status: str = "malformed_request") -> bytes:
    """An answer that answers nothing; unsigned, as RFC 6960 §2.3 has it."""
    return bytes(ocsp.OCSPResponse({"response_status": status}).dump())


def answer(
    question: bytes, standing: Mapping[int, Status], responder: Responder, *, at: datetime, until: datetime
) -> bytes:
    """The signed answer; `standing` has the certificates that this authority issued, of those asked about."""
    found = _parsed(question)
    singles = [
        _single(one["req_cert"], standing, responder.issuer, at, until) for one in found["tbs_request"]["request_list"]
    ]
    nonce = found.nonce_value
    repeated = [{"extn_id": "nonce", "critical": False, "extn_value": nonce.native}] if nonce is not None else None
    data = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId("by_key", _HASHES["sha1"](_bits(responder.signer.public))),
            "produced_at": at.astimezone(UTC).replace(microsecond=0),
            "responses": singles,
            "response_extensions": repeated,
        }
    )
    basic = {
        "tbs_response_data": data,
        "signature_algorithm": signature_algorithm(responder.signer),
        "signature": responder.signer.sign(data.dump()),
        "certs": [x509.Certificate.load(responder.certificate)],
    }
    whole = {"response_type": "basic_ocsp_response", "response": ocsp.BasicOCSPResponse(basic)}
    return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": whole}).dump())


def _single(
    asked_of: ocsp.CertId, standing: Mapping[int, Status], issuer: Issuer, at: datetime, until: datetime
) -> dict[str, object]:
    one = standing.get(asked_of["serial_number"].native) if _is_ours(asked_of, issuer) else None
    if one is None:
        status = ocsp.CertStatus("unknown", core.Null())
    elif one.revoked is None:
        status = ocsp.CertStatus("good", core.Null())
    else:
        when = one.revoked.astimezone(UTC).replace(microsecond=0)
        status = ocsp.CertStatus("revoked", {"revocation_time": when, "revocation_reason": one.reason})
    return {
        "cert_id": asked_of,
        "cert_status": status,
        "this_update": at.astimezone(UTC).replace(microsecond=0),
        "next_update": until.astimezone(UTC).replace(microsecond=0),
    }


def _is_ours(asked_of: ocsp.CertId, issuer: Issuer) -> bool:
    hashed = _HASHES.get(asked_of["hash_algorithm"]["algorithm"].native)
    if hashed is None:
        return False
    subject = x509.Certificate.load(issuer.certificate).subject.dump()
    return bool(
        asked_of["issuer_name_hash"].native == hashed(subject)
        and asked_of["issuer_key_hash"].native == hashed(_bits(issuer.signer.public))
    )


def _bits(public: bytes) -> bytes:
    return bytes(keys.PublicKeyInfo.load(public)["public_key"])
