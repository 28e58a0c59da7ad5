"""The suites of this machine, by name and by the keys that belong to them. Imports no framework: offline tools use it too."""

from __future__ import annotations

from functools import lru_cache

from shuniu.trust.suites.declare import Signer, Suite, Unavailable, Unreadable, key_id
from shuniu.trust.suites.guomi import Guomi
from shuniu.trust.suites.international import International

__all__ = [
    "KEYS",
    "Signer",
    "Suite",
    "Unavailable",
    "Unreadable",
    "key_id",
    "name_of",
    "of_algorithm",
    "of_key",
    "suite",
    "suites",
    "verify",
]

KEYS = ("international", "guomi")


@lru_cache(maxsize=2)
def suite(key: str) -> Suite:
    """A suite by its key, after its self-test. Raises Unavailable where the machine lacks it, KeyError for no such suite."""
    if key == "guomi":
        return Guomi()
    if key == "international":
        return International()
    raise KeyError(key)


def suites() -> tuple[Suite, ...]:
    """The suites that this machine has."""
    found = []
    for key in KEYS:
        try:
            found.append(suite(key))
        except Unavailable:
            continue
    return tuple(found)


def of_key(public: bytes) -> Suite:
    """The suite that a public key (SPKI, DER) belongs to: it alone says how its signatures are checked. Raises Unreadable."""
    for one in suites():
        if one.holds(public):
            return one
    raise Unreadable("不是本机支持的公钥。")


def of_algorithm(algorithm: str) -> Suite:
    """The suite that checks signatures of this name. Raises KeyError."""
    for one in suites():
        if algorithm in one.algorithms:
            return one
    raise KeyError(algorithm)


def name_of(public: bytes) -> str:
    """The id by which messages name a public key. Raises Unreadable."""
    return key_id(of_key(public).algorithm_of(public), public)


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature is good, by whatever suite the key belongs to; False for an unreadable key."""
    try:
        return of_key(public).verify(public, signature, data)
    except Unreadable:
        return False
