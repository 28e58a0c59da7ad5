"""Encryption keys: made by the centre, handed to their holder's machine sealed. Pure.

A holder sends the public half of a fresh X25519 key; the answer is sealed under what that and ours agree on, with the
suite's own cipher, and bound to the certificate. A licensed centre (密钥管理中心) does this by its own protocol instead.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shuniu.trust.suites import Suite

RAW = 32
"""Bytes of a public X25519 key."""


def fresh(suite: Suite) -> tuple[bytes, bytes]:
    """A new encryption key of a suite: private (PKCS#8) and public (SPKI). SM2 keys do both; Ed25519 keys only sign."""
    if suite.key == "guomi":
        private = suite.generate()
        return private, suite.signer(private).public
    made = X25519PrivateKey.generate()
    return (
        made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )


def wrap(suite: Suite, private: bytes, recipient: bytes, bound: bytes) -> bytes:
    """A private key for the holder of `recipient` (raw X25519) alone. Raises ValueError for no such key."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    agreed = own.exchange(X25519PublicKey.from_public_bytes(recipient))
    return public + suite.seal(_key(agreed, public, recipient), private, bound)


def unwrap(suite: Suite, sealed: bytes, recipient: X25519PrivateKey, bound: bytes) -> bytes:
    """The private key that `wrap` sealed. Raises ValueError for another recipient, another certificate, altered bytes."""
    public = sealed[:RAW]
    agreed = recipient.exchange(X25519PublicKey.from_public_bytes(public))
    return suite.open(_key(agreed, public, recipient.public_key().public_bytes_raw()), sealed[RAW:], bound)


def _key(agreed: bytes, one: bytes, other: bytes) -> bytes:
    return HKDF(SHA256(), 16, None, b"shuniu encryption key" + one + other).derive(agreed)
