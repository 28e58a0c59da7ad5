"""What others' bytes say: certificates and requests (PKCS#10); and whether to believe them. Pure.

Nothing is believed because it parses: a signature is checked by the key of whoever must have made it, and the algorithm
that the bytes name must be that key's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from asn1crypto import core, pem, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from shuniu.trust import suites
from shuniu.trust.certificates import tlv
from shuniu.trust.certificates.declare import PURPOSES
from shuniu.trust.certificates.der import SIGNATURES
from shuniu.trust.declare import Refused
from shuniu.trust.suites import Unreadable, key_id

MOST = 16_384
"""Bytes of a certificate or a request: longer ones are none of ours."""
BROKEN = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError)
"""What the parser raises for bytes that are not what they should be."""


@dataclass(frozen=True)
class Read:
    """A certificate as it stands in its bytes; nothing of it is proven yet."""

    der: bytes = field(repr=False)
    public: bytes
    serial: int
    subject: str
    issuer: bytes
    own_name: bytes
    not_before: datetime
    not_after: datetime
    usage: frozenset[str]
    authority: bool

    @property
    def purpose(self) -> str:
        """What the key is for: signing comes first where a certificate allows both."""
        return "sign" if "digital_signature" in self.usage else "encrypt"


def bytes_of(text: bytes, wanted: str) -> bytes:
    """The DER of a file that is DER or PEM of one of these kinds. Raises Refused trust.unreadable."""
    if len(text) > MOST:
        raise unreadable(wanted)
    if not pem.detect(text):
        return text
    try:
        kind, _, der = pem.unarmor(text)
    except ValueError as error:
        raise unreadable(wanted) from error
    if kind not in ("CERTIFICATE", "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "X509 CRL"):
        raise unreadable(wanted)
    return bytes(der)


def whole(found: core.Asn1Value) -> None:
    """Parse all of it now: the parser is lazy, and would fail at whatever is read of it later."""
    _ = found.native


def signature_of(bits: core.OctetBitString) -> bytes:
    """The bytes of a signature. Raises ValueError where some of their bits are said not to count."""
    if bits.contents[:1] != b"\x00":
        raise ValueError("a signature of whole bytes says that some bits are unused")
    return bytes(bits)


def unreadable(wanted: str) -> Refused:
    """The refusal of bytes that are not what they should be."""
    return Refused(
        "trust.unreadable", f"这不是可以读取的{wanted}。", "请提供一个 PEM 或 DER 格式的文件，只含这一项内容。"
    )


def algorithm_of(public: bytes) -> str:
    """How a public key signs: ed25519, ecdsa-p256-sha256 or sm2-sm3. Raises Refused trust.key."""
    try:
        suite = suites.of_key(public)
    except Unreadable as error:
        raise Refused("trust.key", "公钥的算法本机不支持。", "请使用 Ed25519、ECDSA P-256 或 SM2 密钥。") from error
    return suite.algorithm_of(public)


def name_of(public: bytes) -> str:
    """The id by which messages name a key. Raises Refused trust.key."""
    return key_id(algorithm_of(public), public)


def signed_by(public: bytes, algorithm: str, signature: bytes, data: bytes) -> bool:
    """Whether this key signed, and with its own algorithm: `algorithm` is the object identifier that the bytes name."""
    try:
        own = algorithm_of(public)
    except Refused:
        return False
    if algorithm != SIGNATURES[own]:
        return False
    if own == "ecdsa-p256-sha256":
        try:
            r, s = decode_dss_signature(signature)
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        except (ValueError, OverflowError):
            return False
    return suites.verify(public, signature, data)


def request(text: bytes) -> bytes:
    """The public key (SPKI) of a PKCS#10 request that proves possession of its private half; its subject is not looked at.

    Raises Refused trust.unreadable, trust.key, trust.proof.
    """
    der = bytes_of(text, "证书请求（PKCS#10）")
    try:
        info, algorithm, signature = parts(der)
        _version, _subject, key, *_attributes = tlv.values(info.content)
        public = key.whole
    except BROKEN as error:
        raise unreadable("证书请求（PKCS#10）") from error
    algorithm_of(public)
    if not signed_by(public, algorithm, signature, info.whole):
        raise Refused(
            "trust.proof", "证书请求没有证明持有私钥：签名与请求中的公钥不符。", "请用同一把私钥重新生成证书请求。"
        )
    return public


def parts(der: bytes) -> tuple[tlv.Value, str, bytes]:
    """What is signed, by which algorithm, and its signature: of a request and of a list alike. Raises ValueError."""
    said, marked, bits = tlv.inside(der, tlv.SEQUENCE, tlv.SEQUENCE, tlv.BITS)
    if bits.content[:1] != b"\x00":
        raise ValueError("a signature of whole bytes says that some bits are unused")
    return said, _dotted(tlv.values(marked.content)[0].whole), bits.content[1:]


@lru_cache(maxsize=64)
def _dotted(identifier: bytes) -> str:
    return str(core.ObjectIdentifier.load(identifier, strict=True).dotted)


def certificate(text: bytes) -> Read:
    """A certificate as it reads. Raises Refused trust.unreadable."""
    der = bytes_of(text, "证书")
    try:
        found = x509.Certificate.load(der, strict=True)
        whole(found)
        signature_of(found["signature_value"])
        tbs = found["tbs_certificate"]
        constraints = found.basic_constraints_value
        usage = found.key_usage_value
        return Read(
            der=der,
            public=bytes(tbs["subject_public_key_info"].dump()),
            serial=found.serial_number,
            subject=found.subject.human_friendly,
            issuer=bytes(found.issuer.dump()),
            own_name=bytes(found.subject.dump()),
            not_before=tbs["validity"]["not_before"].native,
            not_after=tbs["validity"]["not_after"].native,
            usage=frozenset(usage.native) if usage is not None else frozenset(),
            authority=bool(constraints is not None and constraints["ca"].native),
        )
    except BROKEN as error:
        raise unreadable("证书") from error


def check(read: Read, anchors: Sequence[Read], at: datetime, purpose: str = "") -> Read:
    """Check a certificate against the authorities that are trusted; the one that issued it. The chain is of these alone.

    Raises Refused trust.self_signed, trust.unknown_issuer, trust.altered, trust.not_yet, trust.expired, trust.purpose.
    """
    if read.issuer == read.own_name:
        raise Refused("trust.self_signed", "这是自签证书，没有任何机构为它担保。", "请使用认证机构签发的证书。")
    above = [one for one in anchors if one.own_name == read.issuer and one.authority and "key_cert_sign" in one.usage]
    if not above:
        raise Refused(
            "trust.unknown_issuer",
            "签发这张证书的机构不在受信任之列。",
            "请核对签发机构；确需信任的，由安全管理员接入。",
        )
    issuer = next((one for one in above if is_signed(read.der, one.public)), None)
    if issuer is None:
        raise Refused("trust.altered", "证书的签名不对：内容被改动，或者不是所称机构签发的。", "请重新取得证书原件。")
    check_dates(issuer, at, "签发机构的证书")
    check_dates(read, at, "证书")
    if read.authority:
        raise Refused("trust.purpose", "这是签发机构自己的证书，不能用作单位或个人的证书。", "请提供单位或个人的证书。")
    wanted = {"sign": {"digital_signature"}, "encrypt": {"key_encipherment", "key_agreement"}}.get(purpose, set())
    if purpose and not wanted & read.usage:
        raise Refused(
            "trust.purpose",
            f"这张证书不能用于{PURPOSES[purpose]}。",
            f"请使用{PURPOSES[purpose]}证书，签名与加密的证书是分开的。",
        )
    return issuer


def is_signed(der: bytes, public: bytes) -> bool:
    """Whether a certificate's signature is this key's; False for bytes that are no certificate."""
    try:
        found = x509.Certificate.load(der)
        inner, outer = found["tbs_certificate"]["signature"], found["signature_algorithm"]
        algorithm, signature = outer["algorithm"].dotted, signature_of(found["signature_value"])
        same, signed = inner.dump() == outer.dump(), bytes(found["tbs_certificate"].dump())
    except BROKEN:
        return False
    return same and signed_by(public, algorithm, signature, signed)


def check_dates(read: Read, at: datetime, what: str) -> None:
    """Raises Refused trust.not_yet, trust.expired."""
    if at < read.not_before:
        raise Refused(
            "trust.not_yet", f"{what}要到 {read.not_before:%Y-%m-%d %H:%M} 才生效。", "请先核对两边的时钟，再核对证书。"
        )
    if at > read.not_after:
        raise Refused("trust.expired", f"{what}已在 {read.not_after:%Y-%m-%d %H:%M} 过期。", "请换发新的证书。")
