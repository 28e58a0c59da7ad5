"""Making an answer: rows as they may be seen, the commitment to every field of it, the platform's signature. No database."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from psycopg.rows import TupleRow

from shuniu.catalogue.declare import Item, Resource
from shuniu.exchange.access import veiled
from shuniu.exchange.gateway.authentic import TYPE
from shuniu.exchange.gateway.declare import COMMITMENT, Asked
from shuniu.exchange.grants.declare import Agreement
from shuniu.exchange.grants.policy import nothing_left, view
from shuniu.trust.api import keyed
from shuniu.trust.declare import Refused
from shuniu.trust.evidence.commitments import WHOSE, commit
from shuniu.trust.messages import Message, digest_header, sign_answer
from shuniu.trust.suites import Signer, Suite

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Sight:
    """What an agreement shows of a resource: the names of all its items, of those asked for in their order, and the masked."""

    agreement: Agreement
    resource: Resource
    shown: tuple[str, ...]
    items: tuple[str, ...]
    masked: tuple[Item, ...]


@dataclass(frozen=True)
class Made:
    """An answer, signed: what is sent and what is kept of it."""

    body: bytes
    headers: dict[str, str]
    root: bytes
    fields: int
    rows: int
    digest: bytes
    signature: bytes
    subjects: tuple[int, ...]


def sight_of(resource: Resource, agreement: Agreement, asked: tuple[str, ...]) -> Sight:
    """What may be seen of what was asked for. Raises Refused grant.item, grant.nothing_left."""
    items = view(resource, agreement)
    seen = {one.item.name: one for one in items if one.how != "withheld"}
    if beyond := [name for name in asked if name not in seen]:
        raise Refused(
            "grant.item", f"第 {agreement.number} 号共享协议没有提供所要的信息项（{len(beyond)} 项）。",
            "请只要协议列明的信息项；确需其他项的，请在协议页申请变更。",
        )  # fmt: skip
    if (nothing := nothing_left(agreement, items)) is not None:
        raise nothing
    names = asked or tuple(seen)
    return Sight(
        agreement, resource, tuple(seen), names, tuple(seen[name].item for name in names if seen[name].how == "masked")
    )


def make(
    asked: Asked, sight: Sight, version: int, fetched: Sequence[TupleRow], number: int, signer: Signer, now: int
) -> Made:
    """The signed answer to a question; `fetched` are rows of `registries.api.asking`.

    Each row says whose it is by the identifier asked for: shown alone, a field would be anybody's. The answer's seed
    follows from its number by a key of the platform: it need not be kept.
    """
    held = [row for row in fetched if row[2] is not None]
    whose = [f"{kind}:{value}" for kind, value in asked.identifiers]
    rows = [{WHOSE: whose[row[0] - 1], **dict(zip(sight.items, row[4:], strict=True))} for row in held]
    for item in sight.masked:
        for one in rows:
            one[item.name] = veiled(item, one[item.name])
    seed = seed_of(number)
    root, fields = commit(rows, seed)
    said = {
        "number": number, "resource": asked.resource, "version": version,
        "agreement": f"{sight.agreement.number}/{sight.agreement.version}", "items": sight.items,
        "masked": [item.name for item in sight.masked], "of": [row[0] for row in held],
        "disputed": [place for place, row in enumerate(held) if row[3]], "rows": rows, "seed": seed.hex(),
    }  # fmt: skip
    body = _dumps(said).encode()
    digest = asked.suite.digest(body)
    message = Message(
        {
            "content-digest": digest_header(asked.suite, digest),
            "content-type": TYPE,
            COMMITMENT: commitment(number, sight.agreement.number, sight.agreement.version, root, fields),
        },
        status=200,
    )
    signed = sign_answer(message, asked.message, signer, created=now, also=(COMMITMENT,))
    encoded = signed["signature"]
    signature = base64.b64decode(encoded[encoded.index(":") + 1 : -1])
    subjects = tuple(dict.fromkeys(row[1] for row in fetched if row[1]))
    return Made(body, {**message.headers, **signed}, root, fields, len(rows), digest, signature, subjects)


def seed_of(number: int) -> bytes:
    """The seed of an answer's salts, by its number."""
    return bytes.fromhex(keyed(f"exchange.seed:{number}"))


def commitment(number: int, agreement: int, version: int, root: bytes, fields: int) -> str:
    """The header by which an answer is bound to its number, its agreement (of a version) and its fields."""
    encoded = base64.b64encode(root).decode()
    return f'number={number}, agreement="{agreement}/{version}", root=:{encoded}:, fields={fields}'


def packed(suite: Suite, signature: bytes) -> bytes:
    """A signature in 64 bytes, where it can be written in no other way; else as it is."""
    if suite.key != "guomi":
        return signature
    r, s = decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") if encode_dss_signature(r, s) == signature else signature


def unpacked(suite: str, kept: bytes) -> bytes:
    """The signature that was packed."""
    if suite != "guomi" or len(kept) != 64:
        return kept
    return encode_dss_signature(int.from_bytes(kept[:32], "big"), int.from_bytes(kept[32:], "big"))
