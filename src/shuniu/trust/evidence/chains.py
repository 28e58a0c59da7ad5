"""Certificates as an outsider checks them: up to a root that he trusts himself, at the time of the act. Pure.

Time-stamp services and licensed authorities sign with RSA too, which no suite of ours does; it is only checked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shuniu.trust.certificates import reading
from shuniu.trust.certificates.reading import Read
from shuniu.trust.declare import Refused

LONGEST = 6
"""Certificates of a chain, root and leaf included."""
MOST = 1_000_000
"""Bytes of a file of roots."""
_LEAST_RSA = 2048
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Say of bytes that only fail when they are looked into that they are unreadable: parsing of ASN.1 is lazy."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("trust.unreadable", f"{what}读不出来。", "请向出具单位重新索取证据文件。") from error


def roots(text: bytes) -> tuple[tuple[Read, ...], tuple[bytes, ...]]:
    """What a verifier trusts: the certificates and the public keys (SPKI) of a PEM file. Raises Refused evidence.trust."""
    found, keys = [], []
    try:
        for kind, _, der in pem.unarmor(text[:MOST], multiple=True):
            if kind == "CERTIFICATE":
                found.append(reading.certificate(bytes(der)))
            elif kind == "PUBLIC KEY":
                keys.append(bytes(der))
    except (ValueError, TypeError, KeyError) as error:
        raise _trust() from error
    if not found and not keys:
        raise _trust()
    return tuple(found), tuple(keys)


def _trust() -> Refused:
    return Refused(
        "evidence.trust", "信任文件里没有可以读取的证书或者公钥。",
        "请提供 PEM 文件：根证书，或平台的留痕公钥（shuniu evidence keys）。",
    )  # fmt: skip


def follow(leaf: Read, chain: Sequence[Read], trusted: Sequence[Read], moments: Sequence[datetime]) -> tuple[Read, ...]:
    """A certificate's issuers from its own to a trusted root, all of them valid at these moments.

    Raises Refused trust.unknown_issuer, trust.altered, trust.not_yet, trust.expired, trust.purpose.
    """
    above: list[Read] = []
    below = leaf
    for at in moments:
        reading.check_dates(leaf, at, "证书")
    while len(above) < LONGEST - 1:
        named = [one for one in (*trusted, *chain) if one.own_name == below.issuer and one.der != below.der]
        if not named:
            break
        issuer = next((one for one in named if _issued(below, one)), None)
        if issuer is None:
            raise Refused("trust.altered", "证书的签名不对：内容被改动，或者不是所称机构签发的。", "请取得证书原件。")
        _check_authority(issuer, len(above), moments)
        above.append(issuer)
        if issuer.der in {one.der for one in trusted}:
            return tuple(above)
        below = issuer
    raise Refused("trust.unknown_issuer", "证书没有连到您信任的根证书。", "请核对 --trust 中的根证书是否齐全。")


def _check_authority(issuer: Read, between: int, moments: Sequence[datetime]) -> None:
    """`between`: authorities that stand between this one and the certificate at the chain's beginning."""
    if not issuer.authority or "key_cert_sign" not in issuer.usage:
        raise Refused("trust.purpose", "签发者的证书不是签发机构的证书。", "请核对证书链。")
    limit = x509.Certificate.load(issuer.der).basic_constraints_value["path_len_constraint"].native
    if limit is not None and between > limit:
        raise Refused("trust.purpose", "证书链比签发机构被允许的更长。", "请核对证书链。")
    for at in moments:
        reading.check_dates(issuer, at, "签发机构的证书")


def _issued(below: Read, issuer: Read) -> bool:
    found = x509.Certificate.load(below.der)
    inner, outer = found["tbs_certificate"]["signature"], found["signature_algorithm"]
    return inner.dump() == outer.dump() and signed(
        issuer.public, outer, reading.signature_of(found["signature_value"]), found["tbs_certificate"].dump()
    )


def signed(public: bytes, algorithm: Any, signature: bytes, data: bytes, digest: str = "") -> bool:
    """Whether a key signed data by an algorithm (X.509 or CMS); `digest` where the algorithm does not name its own."""
    if reading.signed_by(public, algorithm["algorithm"].dotted, signature, data):
        return True
    try:
        hashed = _HASHES.get(digest or algorithm.hash_algo)
        key = load_der_public_key(public)
        if hashed is not None and isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_RSA:
            if algorithm.signature_algo != "rsassa_pkcs1v15":
                return False
            key.verify(signature, data, PKCS1v15(), hashed)
            return True
        if hashed is not None and isinstance(key, EllipticCurvePublicKey) and algorithm.signature_algo == "ecdsa":
            key.verify(signature, data, ECDSA(hashed))
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError):
        pass
    return False


def called(one: Read) -> str:
    """The name by which people know a certificate's holder."""
    said = x509.Certificate.load(one.der).subject.native
    return str(said.get("common_name") or one.subject)


def readable(ders: Sequence[str]) -> Iterator[Read]:
    """Certificates as a file holds them. Raises Refused trust.unreadable."""
    for der in ders:
        yield reading.certificate(bytes.fromhex(der))
