"""What a cryptographic suite offers: signatures, digests and sealing, by keys that say themselves what they are.

A key travels as its SubjectPublicKeyInfo (RFC 5280), whose algorithm decides how a signature is checked: a message that
names another one is refused, never followed (algorithm confusion, downgrade).
"""

from __future__ import annotations

import hashlib
from typing import Protocol


class Unavailable(Exception):
    """A suite cannot be used on this machine; says in Chinese why and who must act."""


class Unreadable(ValueError):
    """Bytes that are no key of a suite that is available here."""


class Hash(Protocol):
    """A digest in the making."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class Signer(Protocol):
    """A private key in use: the id of its public half, that half (SPKI, DER), and signatures."""

    @property
    def key_id(self) -> str: ...

    @property
    def public(self) -> bytes: ...

    def sign(self, data: bytes) -> bytes: ...


class Suite(Protocol):
    """Algorithms that go together. Private keys are PKCS #8, public ones SPKI, both DER; sealing is authenticated."""

    @property
    def key(self) -> str: ...  # international · guomi

    @property
    def algorithm(self) -> str: ...  # of the signatures by keys that it makes, as HTTP message signatures name it

    @property
    def algorithms(self) -> tuple[str, ...]: ...  # of all signatures that it checks

    @property
    def digest_name(self) -> str: ...  # as Content-Digest names it

    def generate(self) -> bytes:
        """A new private key."""
        ...

    def signer(self, private: bytes) -> Signer:
        """A private key of this suite, to sign with. Raises Unreadable."""
        ...

    def verify(self, public: bytes, signature: bytes, data: bytes) -> bool:
        """Whether a signature by a key of this suite is good; False for any other key. Parsed keys are kept."""
        ...

    def holds(self, public: bytes) -> bool:
        """Whether a public key is one of this suite's."""
        ...

    def algorithm_of(self, public: bytes) -> str:
        """Which of its algorithms a key of this suite signs by."""
        ...

    def digest(self, data: bytes) -> bytes: ...

    def hasher(self) -> Hash: ...

    def seal(self, key: bytes, data: bytes, aad: bytes = b"") -> bytes:
        """Encrypt and authenticate under a key of 16 bytes: nonce, ciphertext, tag."""
        ...

    def open(self, key: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
        """What was sealed. Raises ValueError for another key, other `aad`, or altered bytes."""
        ...


def key_id(algorithm: str, public: bytes) -> str:
    """Name a public key: its algorithm, then 32 hex digits of the SHA-256 of its SPKI."""
    return f"{algorithm}:{hashlib.sha256(public).hexdigest()[:32]}"
