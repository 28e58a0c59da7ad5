"""The key that signs documents which people take away (PDF), and its certificate.

A key of its own: readers of PDF know ECDSA, few know the journal's Ed25519. Until a certification authority has issued a
certificate for it, it is self-signed and says so in its subject; an instance puts the authority's into `document.crt`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from shuniu.trust.keys import private_file

SUBJECT = "枢纽文件签名（测试/演示自签证书）"
_YEARS = 10


@lru_cache(maxsize=1)
def _key() -> EllipticCurvePrivateKey:
    fresh = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    loaded = serialization.load_pem_private_key(private_file("document.pem", fresh), password=None)
    if not isinstance(loaded, EllipticCurvePrivateKey):
        raise TypeError("document.pem is not an ECDSA key")
    return loaded


@lru_cache(maxsize=1)
def certificate() -> bytes:
    """The certificate of the documents' key (X.509, DER); a self-signed one is made on first use."""
    kept = x509.load_pem_x509_certificate(private_file("document.crt", _self_signed()))
    if kept.public_key() != _key().public_key():
        raise ValueError("document.crt is not the certificate of document.pem")
    return kept.public_bytes(serialization.Encoding.DER)


def sign(data: bytes) -> bytes:
    """ECDSA P-256 over SHA-256 of these bytes (RFC 5480, DER)."""
    return _key().sign(data, ECDSA(hashes.SHA256()))


def _self_signed() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, SUBJECT)])
    now = datetime.now(UTC)
    # Without CA rights, for signatures that bind: what ETSI EN 319 142-1 asks of a signing certificate.
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return made.sign(_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
