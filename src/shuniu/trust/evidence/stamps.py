"""Time stamps (RFC 3161): what a service is asked, and whether its token says that it saw these bytes, and when. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core, tsp, x509

from shuniu.trust.certificates import reading
from shuniu.trust.certificates.reading import Read
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import chains

TYPE = "application/timestamp-query"
"""The content type of a question."""


@dataclass(frozen=True)
class Stamped:
    """What a token says, its signature checked: when, by whose certificate, with which others beside it."""

    at: datetime
    authority: str
    certificate: Read
    others: tuple[Read, ...]


def question(data: bytes, nonce: int) -> bytes:
    """A request for a stamp on the SHA-256 of these bytes, the service's certificate to come with it."""
    asked = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": _digest(data)},
        "nonce": nonce,
        "cert_req": True,
    }
    return bytes(tsp.TimeStampReq(asked).dump())


def token(answer: bytes, data: bytes, nonce: int) -> bytes:
    """The token of a service's answer to that question. Raises Refused stamp.refused, stamp.unreadable, and as `check`."""
    try:
        found = tsp.TimeStampResp.load(answer, strict=True)
        status = found["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise Refused("stamp.refused", f"时间戳服务拒绝了请求（{status}）。", "请联系时间戳服务方。")
        given = bytes(found["time_stamp_token"].dump())
        said = cms.ContentInfo.load(given)["content"]["encap_content_info"]["content"].parsed
        if said["nonce"].native != nonce:
            raise Refused("stamp.altered", "时间戳服务的答复不是给这次请求的。", "请重试；反复出现请联系服务方。")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable() from error
    check(given, data)
    return given


def check(token: bytes, data: bytes) -> Stamped:
    """Check a token's signature and that it is on these bytes; not yet whether its service is trusted (`trusted`).

    Raises Refused stamp.unreadable, stamp.altered.
    """
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        said = signed["encap_content_info"]["content"].parsed
        imprint = said["message_imprint"]
        (signer,) = signed["signer_infos"]
        every = tuple(reading.certificate(bytes(one.chosen.dump())) for one in signed["certificates"])
        own = next((one for one in every if _is_signer(signer["sid"], one)), None)
        if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != _digest(
            data
        ):
            raise _altered("时间戳盖的不是这个签名头。")
        if own is None or not _signed(signed, signer, own):
            raise _altered("时间戳的签名不对：内容被改动，或者缺少签名者的证书。")
        at = said["gen_time"].native.astimezone(UTC)
        return Stamped(at, chains.called(own)[:200], own, tuple(one for one in every if one is not own))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable() from error


def trusted(stamped: Stamped, roots: Sequence[Read]) -> None:
    """Refuse a stamp whose service does not lead to one of these roots, or may not stamp (RFC 3161 §2.3).

    Raises Refused stamp.purpose, and as `chains.follow`.
    """
    chains.follow(stamped.certificate, stamped.others, roots, [stamped.at])
    purposes = x509.Certificate.load(stamped.certificate.der).extended_key_usage_value
    if purposes is None or purposes.native != ["time_stamping"]:
        raise Refused("stamp.purpose", "签时间戳的证书不是时间戳服务的证书。", "请核对时间戳服务。")


def _is_signer(identifier: Any, one: Read) -> bool:
    if identifier.name != "issuer_and_serial_number":
        return False
    named = identifier.chosen
    return bool(named["serial_number"].native == one.serial and named["issuer"].dump() == one.issuer)


def _signed(signed: Any, signer: Any, own: Read) -> bool:
    """Whether the signer signed attributes that hold the digest of what the token says (RFC 5652 §5.4)."""
    digest = signer["digest_algorithm"]["algorithm"].native
    if digest not in ("sha256", "sha384", "sha512"):
        return False
    content = bytes(signed["encap_content_info"]["content"].contents)
    attributes = {one["type"].native: one["values"][0].native for one in signer["signed_attrs"]}
    if attributes.get("message_digest") != hashlib.new(digest, content).digest():
        return False
    if (
        attributes.get("content_type") != "tst_info"
        or signed["encap_content_info"]["content_type"].native != "tst_info"
    ):
        return False
    data = core.SetOf.dump(signer["signed_attrs"].untag(), force=True)
    return chains.signed(own.public, signer["signature_algorithm"], bytes(signer["signature"]), data, digest)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _altered(what: str) -> Refused:
    return Refused("stamp.altered", what, "请向出具单位重新索取证据文件。")


def _unreadable() -> Refused:
    return Refused("stamp.unreadable", "时间戳读不出来。", "请核对时间戳服务，或重新索取证据文件。")
