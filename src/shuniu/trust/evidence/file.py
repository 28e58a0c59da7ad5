"""The evidence file (`shuniu-evidence/1`): what happened, and everything by which an outsider proves it. Pure.

It is read strictly: of known size, every field in its one way of writing, nothing repeated and nothing besides. Bytes are
hex in small letters; what was signed as text, a signature base or an entry, stands as that text.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shuniu.trust import journal
from shuniu.trust.declare import Refused, SignedHead

FORM: Literal["shuniu-evidence/1"] = "shuniu-evidence/1"
MOST = 4_000_000
"""Bytes of a file."""


def _moment(text: str) -> str:
    """A moment in UTC as it is written in signed bytes, and in no other way. Raises ValueError."""
    if datetime.fromisoformat(text).astimezone(UTC).isoformat() != text:
        raise ValueError("not a moment in UTC")
    return text


_HEX = r"^(?:[0-9a-f]{2})+$"
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, StringConstraints(pattern=_HEX, max_length=1_024)]
Signed = Annotated[str, StringConstraints(pattern=_HEX, max_length=1_024)]
Der = Annotated[str, StringConstraints(pattern=_HEX, max_length=32_768)]
Lists = Annotated[str, StringConstraints(pattern=_HEX, max_length=1_000_000)]
Said = Annotated[str, StringConstraints(max_length=200)]
Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(_moment)]
Size = Annotated[int, Field(ge=1, le=2**62)]
Place = Annotated[int, Field(ge=0, le=2**62)]
Path = Annotated[tuple[Hash, ...], Field(max_length=64)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Head(_Part):
    """A signed head of the journal (`journal.head_bytes`)."""

    size: Size
    root: Hash
    at: Moment
    key: Said
    public_key: Key
    signature: Signed

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def data(self) -> bytes:
        """What its signature covers."""
        return journal.head_bytes(self.size, bytes.fromhex(self.root), self.moment)


class Entry(_Part):
    """A journal entry: its canonical bytes as text, and what proves it to stand under the file's head."""

    text: Annotated[str, StringConstraints(max_length=1_000_000)]
    position: Place
    path: Path


class Cross(_Part):
    """That another node signed a head of ours (`witnesses.cross_bytes`) by a key of its own (SPKI)."""

    node: Said
    at: Moment
    key: Said
    public_key: Key
    signature: Signed


class Stamp(_Part):
    """That a time-stamp service saw a head at some time (RFC 3161): its answer's token (CMS, DER)."""

    authority: Said
    token: Lists


class Link(_Part):
    """An earlier head that others have seen, and what proves that the file's head goes on from it."""

    head: Head
    path: Path
    crosses: Annotated[tuple[Cross, ...], Field(max_length=32)] = ()
    stamps: Annotated[tuple[Stamp, ...], Field(max_length=8)] = ()


class Message(_Part):
    """One signed HTTP message (RFC 9421): its signature base, the signature, and the certificate that names its signer.

    `chain` leads from the certificate's issuer upward, without the root; `revocations` are lists or answers (CRL, OCSP) as
    their issuers signed them, DER.
    """

    base: Annotated[str, StringConstraints(max_length=16_000)]
    signature: Signed
    certificate: Der
    chain: Annotated[tuple[Der, ...], Field(max_length=4)] = ()
    revocations: Annotated[tuple[Lists, ...], Field(max_length=4)] = ()


class Commitment(_Part):
    """What the answer commits to (`commitments`): the root over its fields, and how many there are."""

    root: Hash
    fields: Place


class Exchange(_Part):
    """A question and its answer: neither body is here."""

    request: Message
    answer: Message
    commitment: Commitment | None = None


class Shown(_Part):
    """A field of the answer that its holder chose to show, with what proves it under the commitment's root."""

    row: Place
    item: Said
    value: Annotated[str, StringConstraints(max_length=100_000)] | None
    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    position: Place
    path: Path


class Seal(_Part):
    """The platform's signature, by its journal's key, on all of the file but what its holder adds."""

    key: Said
    public_key: Key
    signature: Signed


class Evidence(_Part):
    """The file. `unproven` is what the platform itself says that it cannot prove yet; `shown` its holder may add to."""

    form: Literal["shuniu-evidence/1"]
    number: Said
    made_at: Moment
    entries: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=500)]
    head: Head
    links: Annotated[tuple[Link, ...], Field(max_length=8)] = ()
    exchange: Exchange | None = None
    unproven: Annotated[tuple[Annotated[str, StringConstraints(max_length=500)], ...], Field(max_length=20)] = ()
    seal: Seal
    shown: Annotated[tuple[Shown, ...], Field(max_length=10_000)] = ()


def sealed_bytes(evidence: Evidence) -> bytes:
    """What the seal covers: all but the seal itself and `shown`, as canonical JSON."""
    said = evidence.model_dump(mode="json", exclude={"seal", "shown"})
    return (
        b"shuniu-evidence-seal/1\n"
        + json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )


def of_head(head: SignedHead) -> Head:
    """A head of the journal as the file holds it."""
    return Head(
        size=head.size, root=head.root, at=head.at.astimezone(UTC).isoformat(), key=head.key,
        public_key=head.public_key, signature=head.signature,
    )  # fmt: skip


def write(evidence: Evidence) -> bytes:
    """The file's bytes: JSON, UTF-8, readable by people too."""
    return json.dumps(evidence.model_dump(mode="json"), ensure_ascii=False, indent=1).encode() + b"\n"


def read(data: bytes) -> Evidence:
    """Read a file. Raises Refused evidence.size, evidence.unreadable (what is wrong, and where)."""
    if len(data) > MOST:
        raise Refused(
            "evidence.size", f"证据文件超过 {MOST // 1_000_000} MB。", "请核对文件；一次导出的条目可以分几份。"
        )
    try:
        json.loads(data.decode(), object_pairs_hook=_once)
        return Evidence.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "整个文件"
        raise _unreadable(f"“{where}”的内容不合格式（{first['type']}）。") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable("不是格式正确的 JSON，或者有重复的内容。") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is repeated")
    return found


def _unreadable(what: str) -> Refused:
    return Refused(
        "evidence.unreadable", f"证据文件读不出来：{what}", "请向出具单位重新索取原文件，传送中不要打开另存。"
    )
