"""The key that signs documents which people take away (PDF), and its certificate.

A key of its own: readers of PDF know ECDSA, few know the journal's Ed25519. Until a certification authority has issued a
certificate for it, it is self-signed and says so in its subject; an instance puts the authority's into `document.crt`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key

from shuniu.trust.certificates import der
from shuniu.trust.keys import private_file
from shuniu.trust.suites import key_id

SUBJECT = "枢纽文件签名（测试/演示自签证书）"
_YEARS = 10


@dataclass(frozen=True)
class _Signer:
    private: EllipticCurvePrivateKey = field(repr=False)
    public: bytes
    key_id: str

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, ECDSA(hashes.SHA256()))


@lru_cache(maxsize=1)
def _key() -> _Signer:
    fresh = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    loaded = serialization.load_pem_private_key(private_file("document.pem", fresh), password=None)
    if not isinstance(loaded, EllipticCurvePrivateKey):
        raise TypeError("document.pem is not an ECDSA key")
    public = loaded.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _Signer(loaded, public, key_id("ecdsa-p256-sha256", public))


@lru_cache(maxsize=1)
def certificate() -> bytes:
    """The certificate of the documents' key (X.509, DER); a self-signed one is made on first use."""
    fresh = der.self_signed(SUBJECT, _key(), serial=x509.random_serial_number(), days=365 * _YEARS)
    kept = x509.load_pem_x509_certificate(private_file("document.crt", pem.armor("CERTIFICATE", fresh)))
    if kept.public_key() != _key().private.public_key():
        raise ValueError("document.crt is not the certificate of document.pem")
    return kept.public_bytes(serialization.Encoding.DER)


def sign(data: bytes) -> bytes:
    """ECDSA P-256 over SHA-256 of these bytes (RFC 5480, DER)."""
    return _key().sign(data)
