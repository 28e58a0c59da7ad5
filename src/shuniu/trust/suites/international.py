"""The suite `international`: Ed25519 (RFC 8032), SHA-256, AES-128-GCM; signatures by ECDSA P-256 keys are checked too."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from shuniu.trust.suites.declare import Hash, Signer, Unreadable, key_id

NONCE = 12
_P256 = ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class _Ed25519Signer:
    private: Ed25519PrivateKey = field(repr=False)
    public: bytes
    key_id: str

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


class International:
    """What other countries' tools read as it is."""

    key, algorithm, digest_name = "international", "ed25519", "sha-256"
    algorithms = ("ed25519", "ecdsa-p256-sha256")

    def generate(self) -> bytes:
        return Ed25519PrivateKey.generate().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def signer(self, private: bytes) -> Signer:
        try:
            loaded = load_der_private_key(private, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise Unreadable("不是 PKCS #8 格式的私钥。") from error
        if not isinstance(loaded, Ed25519PrivateKey):
            raise Unreadable("不是 Ed25519 私钥。")
        public = loaded.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return _Ed25519Signer(loaded, public, key_id(self.algorithm, public))

    def holds(self, public: bytes) -> bool:
        return _public(public) is not None

    def algorithm_of(self, public: bytes) -> str:
        return self.algorithms[not isinstance(_public(public), Ed25519PublicKey)]

    def verify(self, public: bytes, signature: bytes, data: bytes) -> bool:
        loaded = _public(public)
        try:
            if isinstance(loaded, Ed25519PublicKey):
                loaded.verify(signature, data)
                return True
            if loaded is not None and len(signature) == 64:  # r and s, as RFC 9421 and RFC 7518 write them
                r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
                loaded.verify(encode_dss_signature(r, s), data, _P256)
                return True
        except InvalidSignature:
            pass
        return False

    def digest(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def hasher(self) -> Hash:
        return hashlib.sha256()

    def seal(self, key: bytes, data: bytes, aad: bytes = b"") -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(key).encrypt(nonce, data, aad)

    def open(self, key: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], aad)
        except (InvalidTag, ValueError) as error:
            raise ValueError("密文、密钥或者附带信息不符。") from error


@lru_cache(maxsize=4096)
def _public(public: bytes) -> Ed25519PublicKey | EllipticCurvePublicKey | None:
    try:
        loaded = load_der_public_key(public)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(loaded, Ed25519PublicKey):
        return loaded
    if isinstance(loaded, EllipticCurvePublicKey) and isinstance(loaded.curve, SECP256R1):
        return loaded
    return None
