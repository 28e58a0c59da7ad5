"""The machine's half of joining and renewing: it makes its key itself, asks, and keeps what it gets in one folder.

Imports no Django: a department's machine runs it with nothing else of the platform. In the folder: `signing.key`,
`signing.crt`, `encryption.key`, `encryption.crt`, `chain.crt` (PEM; keys readable by their user alone).
"""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shuniu.trust import suites
from shuniu.trust.certificates import escrow, reading
from shuniu.trust.certificates.declare import Finding
from shuniu.trust.certificates.der import name as subject
from shuniu.trust.certificates.der import signed_with
from shuniu.trust.certificates.tlv import BITS, SEQUENCE, integer, tlv
from shuniu.trust.declare import Refused
from shuniu.trust.suites import Signer

TIMEOUT = 30
"""Seconds that an answer may take."""
_OWN = "本单位技术人员"


def certificate_request(signer: Signer, name: str = "") -> bytes:
    """A PKCS#10 request (DER) that proves possession of a key; the platform names the holder itself."""
    info = tlv(SEQUENCE, integer(0), subject([("common", name)]), signer.public, tlv(0xA0))
    return tlv(SEQUENCE, info, signed_with(signer), tlv(BITS, b"\x00", signer.sign(info)))


def renewal_bytes(request: bytes) -> bytes:
    """What the old key signs to renew: the request (DER) for the new one."""
    return b"shuniu renewal\n" + request


def join(
    url: str, code: str, folder: Path, *, suite: str = "international", agency: str = "", name: str = ""
) -> datetime:
    """Join by a code: make a key, ask, keep the certificates; the day until which they are good.

    Raises Refused as the platform refuses, and client.joined where the folder has a certificate, client.unreachable.
    """
    if (folder / "signing.crt").exists():
        raise Refused("client.joined", f"{folder} 里已经有证书。", "换发请用 renew；重新接入请换一个空目录。")
    used = suites.suite(suite)
    private = used.generate()
    asked = {
        "code": code,
        "agency": agency,
        "request": _armoured("CERTIFICATE REQUEST", certificate_request(used.signer(private), name)),
    }
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _exchange(f"{url}/api/trust/join", asked, suite, private, folder)


def renew(url: str, folder: Path, *, at: datetime | None = None) -> datetime:
    """Renew by the key that the folder has; the old one stays beside (`signing-old`). Raises Refused as the platform refuses."""
    old = reading.certificate(_file(folder, "signing.crt"))
    used = suites.of_key(old.public)
    own = used.signer(pem.unarmor(_file(folder, "signing.key"))[2])
    private = used.generate()
    request = certificate_request(used.signer(private))
    signature = own.sign(renewal_bytes(request))
    asked = {
        "key": own.key_id,
        "request": _armoured("CERTIFICATE REQUEST", request),
        "signature": base64.b64encode(signature).decode(),
    }
    return _exchange(f"{url}/api/trust/renew", asked, used.key, private, folder)


def due(folder: Path, *, days: int, at: datetime | None = None) -> bool:
    """Whether the folder's certificate ends within so many days: then it is time to renew."""
    return reading.certificate(_file(folder, "signing.crt")).not_after <= (at or datetime.now(UTC)) + timedelta(
        days=days
    )


def _exchange(url: str, asked: Mapping[str, str], suite: str, private: bytes, folder: Path) -> datetime:
    envelope = X25519PrivateKey.generate()
    public = base64.b64encode(envelope.public_key().public_bytes_raw()).decode()
    said = _post(url, {**asked, "envelope": public})
    certificate, encryption = said["certificate"].encode(), said["encryption"].encode()
    bound = reading.certificate(encryption).der
    opened = escrow.unwrap(suites.suite(suite), base64.b64decode(said["sealed"]), envelope, bound)
    for name in ("signing", "encryption"):
        for kind in ("key", "crt"):
            if (folder / f"{name}.{kind}").exists():
                (folder / f"{name}.{kind}").replace(folder / f"{name}-old.{kind}")
    _keep(folder / "signing.key", _armoured("PRIVATE KEY", private))
    _keep(folder / "encryption.key", _armoured("PRIVATE KEY", opened))
    _keep(folder / "encryption.crt", encryption.decode())
    _keep(folder / "chain.crt", said["chain"])
    _keep(folder / "signing.crt", certificate.decode())
    return reading.certificate(certificate).not_after


def _post(url: str, asked: Mapping[str, str]) -> dict[str, str]:
    body = json.dumps(asked).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - the caller's platform
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        problem = _problem(error.read())
        raise Refused(
            problem.get("rule", "client.refused"),
            problem.get("message", f"平台答复 {error.code}。"),
            problem.get("remedy", ""),
        ) from error
    except (OSError, ValueError) as error:
        raise Refused(
            "client.unreachable", f"连不上平台 {url}，或者它的答复看不懂。", "请核对地址、网络和证书。"
        ) from error
    return {str(key): str(value) for key, value in said.items()}


def _problem(body: bytes) -> dict[str, str]:
    try:
        return {key: str(value) for key, value in json.loads(body).items()}
    except (ValueError, AttributeError):
        return {}


def _armoured(kind: str, der: bytes) -> str:
    return str(pem.armor(kind, der).decode())


def _file(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise Refused(
            "client.missing", f"{folder} 里没有 {name}。", "请先用邀请码接入（shuniu trust join）。"
        ) from error


def _keep(path: Path, text: str) -> None:
    draft = path.with_suffix(path.suffix + ".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    draft.replace(path)


@dataclass(frozen=True)
class Machine:
    """What a department's machine checks of itself: its folder, and the platform that it calls (empty: not asked)."""

    folder: Path
    url: str = ""
    allowed: int = 30  # seconds that the clocks may differ


def check(machine: Machine, *, at: datetime | None = None) -> tuple[Finding, ...]:
    """What is wrong on this machine and who must act: the clock first, then the certificate, then its key."""
    now = at or datetime.now(UTC)
    found = [clock_finding(now, _their_clock(machine.url), machine.allowed)] if machine.url else []
    try:
        read = reading.certificate(_file(machine.folder, "signing.crt"))
        chain = [reading.certificate(one) for one in _each(_file(machine.folder, "chain.crt"))]
        private = pem.unarmor(_file(machine.folder, "signing.key"))[2]
        own = suites.of_key(read.public).signer(private)
        if own.public != read.public:
            raise Refused("client.key", "私钥与证书不是一对。", "请恢复成对的两个文件；不行的，请重新接入。")
        reading.check(read, chain, now, "sign")
    except Refused as refusal:
        return (*found, Finding(refusal.rule, "wrong", refusal.message, _OWN, refusal.remedy))
    except (ValueError, suites.Unavailable) as error:
        return (
            *found,
            Finding("client.key", "wrong", f"密钥不能用：{error}", _OWN, "请核对文件；不行的，请重新接入。"),
        )
    days = (read.not_after - now).days
    state = "good" if days > 30 else "warning"
    remedy = "" if state == "good" else "请执行 shuniu trust renew。"
    found.append(Finding("certificate", state, f"签名证书有效，还有 {days} 天到期。", _OWN if remedy else "", remedy))  # type: ignore[arg-type]  # one of Finding's states
    return tuple(found)


def clock_finding(
    now: datetime,
    theirs: datetime | None,
    allowed: int,
    whose: str = "平台",
    *,
    who: str = _OWN,
    gettext: Callable[[str], str] = str,
) -> Finding:
    """How far two clocks are apart, in words, which `gettext` puts into another language; `who` must act on it."""
    if theirs is None:
        words = gettext("问不到%(whose)s的时间，没有核对时钟。") % {"whose": whose}
        return Finding("clock", "warning", words, who, gettext("请核对地址和网络。"))
    apart = round((now - theirs).total_seconds())
    values = {"whose": whose, "seconds": abs(apart)}
    if abs(apart) <= allowed:
        return Finding("clock", "good", gettext("本机时钟与%(whose)s相差 %(seconds)d 秒。") % values)
    if apart > 0:
        words = gettext("本机时钟比%(whose)s快 %(seconds)d 秒，签名会被当作过期或者未到时间。")
    else:
        words = gettext("本机时钟比%(whose)s慢 %(seconds)d 秒，签名会被当作过期或者未到时间。")
    return Finding("clock", "wrong", words % values, who, gettext("请先校准本机时钟，再看其他各项。"))


def _their_clock(url: str) -> datetime | None:
    try:
        with urllib.request.urlopen(f"{url}/api/trust/time", timeout=TIMEOUT) as answer:  # noqa: S310 - the caller's platform
            return datetime.fromisoformat(json.load(answer)["now"])
    except (OSError, TypeError, ValueError, KeyError):
        return None


def _each(text: bytes) -> Sequence[bytes]:
    return [der for _, _, der in pem.unarmor(text, multiple=True)]
