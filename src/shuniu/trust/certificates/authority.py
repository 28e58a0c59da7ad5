"""The authorities of this instance: root, issuing and OCSP keys of each suite, as files in the folder of keys.

Ours are made on first use, for test and demonstration, and say so. A licensed authority is plugged in by files:
`ca-<suite>-issuing.key` and `.crt` (with `-ocsp.key`, `.crt`) where it lets this instance issue; `trusted-*.crt` with the
certificates of authorities whose certificates are brought here (`trust.import_certificate`).
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem
from django.conf import settings

from shuniu.trust import suites
from shuniu.trust.certificates import der, ocsp, reading
from shuniu.trust.certificates.declare import SUITES
from shuniu.trust.certificates.rules import dated
from shuniu.trust.declare import Refused
from shuniu.trust.keys import private_file
from shuniu.trust.suites import Signer, Suite, Unavailable


def suite(key: str) -> Suite:
    """A suite of this machine. Raises Refused trust.no_suite, trust.suite_unavailable."""
    try:
        return suites.suite(key)
    except KeyError as error:
        raise Refused(
            "trust.no_suite", f"没有名为“{key}”的密码套件。", f"可用的有：{'、'.join(suites.KEYS)}。"
        ) from error
    except Unavailable as error:
        raise Refused("trust.suite_unavailable", str(error), "处理后请重新启动平台。") from error


def fresh_serial() -> int:
    """A serial number: positive, 127 random bits (at least 64 are asked for)."""
    return secrets.randbits(127) | 1 << 127


@lru_cache(maxsize=4)
def root(key: str) -> bytes:
    """The certificate of a suite's root, which signs the issuing authority alone."""
    if _there(key, "root"):
        return _read(key, "root").der
    own = _key(key, "root")
    made = der.authority(
        f"枢纽{SUITES[key]}根证书", own.public, issuer=None, signer=own, serial=fresh_serial(), days=dated("root.days"),
        path=1,
    )  # fmt: skip
    return _certificate(key, "root", made, own)


@lru_cache(maxsize=4)
def issuing(key: str) -> der.Issuer:
    """The authority that issues. Raises Refused trust.authority where its files do not fit together."""
    own, made = _key(key, "issuing"), b""
    if not _there(key, "issuing"):
        above = der.Issuer(root(key), _key(key, "root"))
        made = der.authority(
            f"枢纽{SUITES[key]}签发机构", own.public, issuer=above, signer=above.signer, serial=fresh_serial(),
            days=dated("issuing.days"), path=0,
        )  # fmt: skip
    address = f"{settings.PUBLIC_URL.rstrip('/')}/api/trust/{key}"
    return der.Issuer(_certificate(key, "issuing", made, own), own, address)


@lru_cache(maxsize=4)
def responder(key: str) -> ocsp.Responder:
    """Who answers on the standing of certificates, by delegation."""
    own, above = _key(key, "ocsp"), issuing(key)
    made = der.responder(own.public, issuer=above, serial=fresh_serial(), days=dated("issuing.days"))
    return ocsp.Responder(above, _certificate(key, "ocsp", made, own), own)


def licensed() -> tuple[reading.Read, ...]:
    """The licensed authorities whose certificates are believed: every `trusted-*.crt`."""
    found = sorted(Path(settings.KEYS).glob("trusted-*.crt"))
    return tuple(reading.certificate(path.read_bytes()) for path in found)


def chain(key: str) -> tuple[bytes, ...]:
    """The issuing authority's certificate and the root's."""
    return issuing(key).certificate, root(key)


def master() -> bytes:
    """The centre's key, under which encryption keys are sealed; it never leaves this machine."""
    return private_file("escrow.key", secrets.token_bytes(16))


def armoured(certificate: bytes) -> str:
    """A certificate as PEM."""
    return str(pem.armor("CERTIFICATE", certificate).decode())


def _key(key: str, role: str) -> Signer:
    own, name = suite(key), f"ca-{key}-{role}.key"
    kept = private_file(name, own.generate())
    try:
        return own.signer(pem.unarmor(kept)[2] if pem.detect(kept) else kept)
    except ValueError as error:
        raise Refused(
            "trust.authority", f"{name} 不是可用的私钥。", "请由系统管理员核对密钥目录中的这个文件。"
        ) from error


def _there(key: str, role: str) -> bool:
    return (Path(settings.KEYS) / f"ca-{key}-{role}.crt").exists()


def _read(key: str, role: str) -> reading.Read:
    return reading.certificate((Path(settings.KEYS) / f"ca-{key}-{role}.crt").read_bytes())


def _certificate(key: str, role: str, fresh: bytes, signer: Signer) -> bytes:
    private_file(f"ca-{key}-{role}.crt", fresh)
    kept = _read(key, role)
    if kept.public != signer.public:
        raise Refused(
            "trust.authority",
            f"ca-{key}-{role}.crt 不是 ca-{key}-{role}.key 的证书。",
            "请由系统管理员核对密钥目录中的这两个文件。",
        )
    return kept.der
