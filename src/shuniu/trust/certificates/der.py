"""Certificates and revocation lists as bytes (X.509 v3, RFC 5280; GB/T 20518): built with asn1crypto, signed by a suite.

One way for both suites: the `cryptography` package's builder signs nothing with SM2. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from asn1crypto import algos, core, crl, x509

from shuniu.trust.certificates.declare import OWN, Subject
from shuniu.trust.certificates.tlv import BITS, OCTETS, SEQUENCE, SET, inside, integer, tlv
from shuniu.trust.suites import Signer

SIGNATURES = {
    "ed25519": "1.3.101.112", "ecdsa-p256-sha256": "1.2.840.10045.4.3.2", "sm2-sm3": "1.2.156.10197.1.501",
}  # fmt: skip
"""The object identifier of signatures, by their algorithm (RFC 8410; RFC 5758; GM/T 0006)."""
POLICY = "2.25.288677014680318602357253535460739527278"
"""Under which policy our own authorities issue (an identifier of ITU-T X.667): for test and demonstration."""
BACKDATED = timedelta(minutes=5)
"""A certificate begins so long before it is made, as its readers' clocks are not all alike."""
_PARTS = {
    "country": bytes.fromhex("0603550406"), "organization": bytes.fromhex("060355040a"),
    "unit": bytes.fromhex("060355040b"), "common": bytes.fromhex("0603550403"), "serial": bytes.fromhex("0603550405"),
}  # fmt: skip
_KEY_IDENTIFIER, _VERSION_3 = bytes.fromhex("0603551d0e"), bytes.fromhex("a003020102")
_X25519 = bytes.fromhex("302a300506032b656e")
"""How a key begins that can agree on a key and nothing else (RFC 8410 §5)."""


@dataclass(frozen=True)
class Issuer:
    """Who signs: the authority's certificate (DER) and its key, and where its word on revocation is fetched."""

    certificate: bytes
    signer: Signer
    address: str = ""  # without a slash at its end; empty: the certificate names no place

    @property
    def own(self) -> bool:
        """Whether this is our own authority for test and demonstration."""
        return is_own(self.certificate)


def name(parts: Sequence[tuple[str, str]]) -> bytes:
    """A distinguished name (DER), its parts in order, each in a set of its own; empty ones left out."""
    return tlv(SEQUENCE, *(_part(kind, text) for kind, text in parts if text))


def _part(kind: str, text: str) -> bytes:
    printable = kind in ("country", "serial")
    value = tlv(0x13 if printable else 0x0C, text.encode("ascii" if printable else "utf-8"))
    return tlv(SET, tlv(SEQUENCE, _PARTS[kind], value))


def subject_name(subject: Subject, *, own: bool) -> bytes:
    """Whom a certificate names; `serialNumber` is the holder's id on the platform, never a resident ID."""
    return name(
        [
            ("country", "CN"),
            ("organization", subject.agency_name),
            ("unit", OWN if own else ""),
            ("common", subject.name),
            ("serial", subject.holder),
        ]
    )


def authority(
    common_name: str, public: bytes, *, issuer: Issuer | None, signer: Signer, serial: int, days: int, path: int | None,
    now: datetime | None = None,
) -> bytes:  # fmt: skip
    """The certificate of an authority; self-signed where there is no issuer. `path`: how many may follow it."""
    named = _own_name(common_name, own=True)
    extensions = [
        _extension("basic_constraints", {"ca": True, "path_len_constraint": path}, critical=True),
        _extension("key_usage", {"key_cert_sign", "crl_sign"}, critical=True),
        _key(public),
        *([_above(issuer.signer.public)] if issuer else []),
    ]
    above = _issuer_name(issuer.certificate) if issuer else named
    return _certificate(named, public, above, issuer.signer if issuer else signer, serial, days, extensions, now)


def _own_name(common: str, *, own: bool) -> bytes:
    return name([("country", "CN"), ("organization", "枢纽"), ("unit", OWN if own else ""), ("common", common)])


def responder(public: bytes, *, issuer: Issuer, serial: int, days: int) -> bytes:
    """The certificate of a delegated OCSP responder (RFC 6960 §4.2.2.2), which is itself not asked about."""
    extensions = [
        _extension("basic_constraints", {"ca": False}, critical=True),
        _extension("key_usage", {"digital_signature"}, critical=True),
        _extension("extended_key_usage", ["ocsp_signing"]),
        _extension("ocsp_no_check", core.Null()),
        _key(public),
        _above(issuer.signer.public),
    ]
    named = _own_name("证书状态查询（OCSP）", own=issuer.own)
    return _certificate(named, public, _issuer_name(issuer.certificate), issuer.signer, serial, days, extensions)


def self_signed(common_name: str, signer: Signer, *, serial: int, days: int) -> bytes:
    """A certificate that nobody else vouches for: no authority's, for signatures that bind (ETSI EN 319 142-1)."""
    named = name([("country", "CN"), ("common", common_name)])
    extensions = [
        _extension("basic_constraints", {"ca": False}, critical=True),
        _extension("key_usage", {"digital_signature", "non_repudiation"}, critical=True),
    ]
    return _certificate(named, signer.public, named, signer, serial, days, extensions)


def certificate(
    subject: Subject, purpose: str, public: bytes, *, issuer: Issuer, serial: int, days: int, now: datetime
) -> bytes:
    """A holder's certificate for one purpose: to sign, or to be sent encrypted things."""
    agrees = public.startswith(_X25519)
    common = _common(issuer.signer.public, issuer.address, purpose, subject.kind, issuer.own, agrees)
    named, above = subject_name(subject, own=issuer.own), _issuer_name(issuer.certificate)
    return _certificate(named, public, above, issuer.signer, serial, days, [*common, _key(public)], now)


@lru_cache(maxsize=256)
def is_own(certificate: bytes) -> bool:
    """Whether a certificate says that it is for test and demonstration."""
    return OWN in x509.Certificate.load(certificate).subject.human_friendly


@lru_cache(maxsize=256)
def _issuer_name(certificate: bytes) -> bytes:
    return bytes(x509.Certificate.load(certificate).subject.dump())


@lru_cache(maxsize=256)
def _common(above: bytes, address: str, purpose: str, kind: str, own: bool, agrees: bool) -> tuple[bytes, ...]:
    """What all certificates of an issuer (its public key), a purpose and a kind have in common."""
    usage = {"digital_signature", "non_repudiation"}
    if purpose == "encrypt":
        usage = {"key_agreement"} if agrees else {"key_encipherment", "data_encipherment", "key_agreement"}
    made = [
        _extension("basic_constraints", {"ca": False}, critical=True),
        _extension("key_usage", usage, critical=True),
        _above(above),
        _extension("certificate_policies", [_policy(own)]),
    ]
    if purpose == "sign":
        purposes = {"agency": ["client_auth", "server_auth"], "node": ["client_auth", "server_auth"]}
        made.append(_extension("extended_key_usage", purposes.get(kind, ["client_auth", "email_protection"])))
    if address:
        made += _addresses(address)
    return tuple(made)


def _policy(own: bool) -> dict[str, object]:
    if not own:
        return {"policy_identifier": POLICY}
    said = {"explicit_text": x509.DisplayText("utf8_string", core.UTF8String(f"{OWN}证书，不具有法律效力"))}
    return {
        "policy_identifier": POLICY,
        "policy_qualifiers": [{"policy_qualifier_id": "user_notice", "qualifier": said}],
    }


def _addresses(address: str) -> list[bytes]:
    def uri(path: str) -> x509.GeneralName:
        return x509.GeneralName("uniform_resource_identifier", f"{address}/{path}")

    points = [{"distribution_point": x509.DistributionPointName("full_name", [uri("issuing.crl")])}]
    access = [
        {"access_method": "ocsp", "access_location": uri("ocsp")},
        {"access_method": "ca_issuers", "access_location": uri("issuing.crt")},
    ]
    return [_extension("crl_distribution_points", points), _extension("authority_information_access", access)]


def _extension(kind: str, value: object, *, critical: bool = False) -> bytes:
    return bytes(x509.Extension({"extn_id": kind, "critical": critical, "extn_value": value}).dump())


def _key(public: bytes) -> bytes:
    return tlv(SEQUENCE, _KEY_IDENTIFIER, tlv(OCTETS, tlv(OCTETS, key_identifier(public))))


def _above(public: bytes) -> bytes:
    return _extension("authority_key_identifier", {"key_identifier": key_identifier(public)})


def key_identifier(public: bytes) -> bytes:
    """The identifier of a public key (SPKI): the SHA-1 of its bits (RFC 5280 §4.2.1.2, method 1), a name, no protection."""
    _algorithm, bits = inside(public, SEQUENCE, BITS)
    return hashlib.sha1(bits.content[1:], usedforsecurity=False).digest()


def _certificate(
    subject: bytes,
    public: bytes,
    above: bytes,
    signer: Signer,
    serial: int,
    days: int,
    extensions: Sequence[bytes],
    now: datetime | None = None,
) -> bytes:
    begins = (now or datetime.now(UTC)).replace(microsecond=0) - BACKDATED
    algorithm = signed_with(signer)
    tbs = tlv(
        0x30,
        _VERSION_3,
        integer(serial),
        algorithm,
        above,
        tlv(SEQUENCE, time(begins), time(begins + timedelta(days=days))),
        subject,
        public,
        tlv(0xA3, tlv(SEQUENCE, *extensions)),
    )
    return tlv(SEQUENCE, tbs, algorithm, tlv(BITS, b"\x00", signer.sign(tbs)))


def signed_with(signer: Signer) -> bytes:
    """How an authority's or a requester's signatures are marked (DER)."""
    return _marked(signer.key_id.partition(":")[0])


@lru_cache(maxsize=8)
def _marked(key: str) -> bytes:
    return bytes(_algorithm(key).dump())


def signature_algorithm(signer: Signer) -> algos.SignedDigestAlgorithm:
    """As `signed_with`, as an object."""
    return _algorithm(signer.key_id.partition(":")[0])


def _algorithm(key: str) -> algos.SignedDigestAlgorithm:
    """By the algorithm in a key's id; without parameters."""
    return algos.SignedDigestAlgorithm({"algorithm": SIGNATURES[key]})


@lru_cache(maxsize=64)
def time(at: datetime) -> bytes:
    """A moment as certificates write it (DER): of two digits' year until 2049 (RFC 5280 §4.1.2.5)."""
    whole = at.astimezone(UTC)
    if whole.year < 2050:
        return tlv(0x17, whole.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, whole.strftime("%Y%m%d%H%M%SZ").encode())


def revocation_list(
    issuer: Issuer, revoked: Iterable[tuple[int, datetime, str]], *, number: int, at: datetime, until: datetime
) -> bytes:
    """The list of the revoked, each by serial, moment and reason (RFC 5280 §5), signed by the authority that issued them."""
    listed = b"".join(tlv(SEQUENCE, integer(serial), time(when), _reason(why)) for serial, when, why in revoked)
    numbered = crl.TBSCertListExtension({"extn_id": "crl_number", "critical": False, "extn_value": number}).dump()
    algorithm = signed_with(issuer.signer)
    tbs = tlv(
        SEQUENCE,
        integer(1),
        algorithm,
        _issuer_name(issuer.certificate),
        time(at),
        time(until),
        tlv(SEQUENCE, listed) if listed else b"",
        tlv(0xA0, tlv(SEQUENCE, _above(issuer.signer.public), numbered)),
    )
    return tlv(SEQUENCE, tbs, algorithm, tlv(BITS, b"\x00", issuer.signer.sign(tbs)))


@lru_cache(maxsize=16)
def _reason(reason: str) -> bytes:
    if reason == "unspecified":
        return b""  # as RFC 5280 §5.3.1 wants it: said by saying nothing
    said = crl.CRLEntryExtension({"extn_id": "crl_reason", "critical": False, "extn_value": reason})
    return tlv(SEQUENCE, said.dump())
