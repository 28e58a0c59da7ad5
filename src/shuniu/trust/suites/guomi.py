"""The suite `guomi`: SM2 (GB/T 32918), SM3 (GB/T 32905), SM4-GCM (GB/T 32907); SM2 by the system's libcrypto.

Signatures are the DER of (r, s) under the default identity 1234567812345678 (GM/T 0009), as other tools write them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from shuniu.trust.suites import libcrypto
from shuniu.trust.suites.declare import Hash, Signer, Unavailable, Unreadable, key_id

NONCE, TAG = 12, 16
_SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")  # OID 1.2.156.10197.1.301, without which a key is not SM2's


@dataclass(frozen=True)
class _Sm2Signer:
    private: libcrypto.Key = field(repr=False)
    public: bytes
    key_id: str

    def sign(self, data: bytes) -> bytes:
        return libcrypto.sign(self.private, data)


class _Sm3:
    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.copy().finalize()


class Guomi:
    """The commercial cryptography of China. Raises Unavailable at once where this machine cannot do it."""

    key, algorithm, digest_name = "guomi", "sm2-sm3", "sm3"
    algorithms = ("sm2-sm3",)

    def __init__(self) -> None:
        signer = self.signer(self.generate())
        if not self.verify(signer.public, signer.sign(b"self-test"), b"self-test"):
            raise Unavailable("本机的密码库 SM2 自检没有通过，国密套件不可用。请由系统管理员检查 OpenSSL 3 的安装。")

    def generate(self) -> bytes:
        return libcrypto.generate()

    def signer(self, private: bytes) -> Signer:
        if _SM2_CURVE not in private:
            raise Unreadable("不是 SM2 私钥。")
        loaded = libcrypto.private_key(private)
        public = libcrypto.public_bytes(loaded)
        return _Sm2Signer(loaded, public, key_id(self.algorithm, public))

    def holds(self, public: bytes) -> bool:
        return _public(public) is not None

    def algorithm_of(self, public: bytes) -> str:
        return self.algorithm

    def verify(self, public: bytes, signature: bytes, data: bytes) -> bool:
        loaded = _public(public)
        return loaded is not None and libcrypto.verify(loaded, signature, data)

    def digest(self, data: bytes) -> bytes:
        hasher = hashes.Hash(hashes.SM3())
        hasher.update(data)
        return hasher.finalize()

    def hasher(self) -> Hash:
        return _Sm3()

    def seal(self, key: bytes, data: bytes, aad: bytes = b"") -> bytes:
        nonce = secrets.token_bytes(NONCE)
        encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return nonce + _all(encryptor, data) + encryptor.tag

    def open(self, key: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
        nonce, text, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        try:
            decryptor = Cipher(SM4(key), GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(aad)
            return _all(decryptor, text)
        except (InvalidTag, ValueError) as error:
            raise ValueError("密文、密钥或者附带信息不符。") from error


def _all(context: CipherContext, data: bytes) -> bytes:
    return context.update(data) + context.finalize()


@lru_cache(maxsize=4096)
def _public(public: bytes) -> libcrypto.Key | None:
    if _SM2_CURVE not in public:
        return None
    try:
        return libcrypto.public_key(public)
    except Unreadable:
        return None
