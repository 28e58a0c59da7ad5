"""The department's side of a reconciliation: `shuniu digest FILE` at a desk without database, platform or network.

It needs the file and the resource's declaration as the platform exported it (`shuniu catalogue export`), reads the file
with the very code of the main road, and writes a summary of at most 1 MB (see `sketch`). The declaration carries a key
that the platform made for this resource: without it nothing can be read out of a summary or tested against it, so that
a summary may travel by mail, and a declaration may not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from shuniu.catalogue.declare import Frozen, Published
from shuniu.exchange import reading
from shuniu.exchange.sketch import MAX_WIDTH, Builder, Sketch, width_for, with_marks
from shuniu.exchange.spool import FRAME, Spooled
from shuniu.registries.conform import DIGEST, KEY, LINE, Conformed, conform
from shuniu.trust.declare import Refused

MAGIC = b"SHUNIU-DIGEST-1\n"
TAG = 32
MAX_BYTES = 1_000_000


class Declaration(Frozen):
    """A resource as its department keeps it: version, items, the codes valid on the day of export, and its key."""

    published: Published
    codes: dict[str, dict[str, str]]
    aliases: dict[str, tuple[str, ...]]  # further headings of an item's column
    key: str
    exported: str

    @property
    def file_name(self) -> str:
        return self.published.resource.key.replace("/", "_") + ".declaration.json"


@dataclass(frozen=True)
class Header:
    """What a summary says of itself, in the clear: no row's content and no hash of any."""

    resource: str
    version: int
    region: str
    salt: str
    width: int
    rows: int  # that the platform should hold
    rejected: int  # that it would refuse, and that are not in the summary


@dataclass(frozen=True)
class Digest:
    """A summary with its header, as it travels."""

    header: Header
    sketch: Sketch

    def to_bytes(self, key: str) -> bytes:
        head = json.dumps(asdict(self.header), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        body = MAGIC + head + self.sketch.to_bytes()
        return body + _tag(key, body)


def header_of(data: bytes) -> Header:
    """The header, before its key is known. Raises `Refused` reconcile.form."""
    try:
        if not data.startswith(MAGIC) or len(data) > MAX_BYTES:
            raise ValueError("not a digest")
        return Header(**json.loads(data[len(MAGIC) : data.index(b"\n", len(MAGIC))]))
    except (ValueError, TypeError) as problem:
        raise Refused(
            "reconcile.form", "这不是 shuniu digest 生成的摘要文件。", "请用本平台提供的命令重新生成。"
        ) from problem


def parse(data: bytes, key: str) -> Digest:
    """A summary whose seal is good. Raises `Refused` reconcile.form, reconcile.key."""
    header = header_of(data)
    if not hmac.compare_digest(_tag(key, data[:-TAG]), data[-TAG:]):
        raise Refused(
            "reconcile.key",
            "摘要文件不完整，或不是用本资源现行的声明文件生成的。",
            "请重新导出声明文件（shuniu catalogue export），再生成摘要。",
        )
    start = data.index(b"\n", len(MAGIC)) + 1
    try:
        return Digest(header, Sketch.from_bytes(header.width, data[start:-TAG]))
    except (ValueError, TypeError) as problem:
        raise Refused("reconcile.form", "摘要文件的内容与其表头不符。", "请重新生成摘要。") from problem


def _tag(key: str, body: bytes) -> bytes:
    return hmac.digest(key.encode(), b"seal" + body, hashlib.sha256)


def secret_of(key: str, salt: str) -> str:
    """The secret of one summary, from the resource's key and the summary's salt: two summaries have no mark in common."""
    return hmac.digest(key.encode(), b"marks" + bytes.fromhex(salt), hashlib.sha256).hex()


class LocalFile(Spooled):
    """A file of this machine behind the readers' interface: read where it lies, in the clear, never removed."""

    def __init__(self, path: Path) -> None:
        super().__init__(b"", path.name)
        self._path = path

    @property
    def path(self) -> Path:
        return self._path

    def blocks(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while block := file.read(FRAME):
                yield block

    def discard(self) -> None:
        """A department's own file stays."""


def make(path: Path, declaration: Declaration, *, region: str = "") -> Digest:
    """Summarise a file as the platform would hold it. Raises `Refused` (file.*) as delivering it would."""
    salt = secrets.token_hex(16)
    secret = secret_of(declaration.key, salt)
    portions: list[pl.DataFrame] = []
    rejected = 0
    for done in conformed(path, declaration):
        portions.append(with_marks(done.rows.select(KEY, DIGEST), secret).select("a", "b", "w"))
        rejected += done.faults.get_column(LINE).n_unique()
    marks = pl.concat(portions) if portions else pl.DataFrame(schema=dict.fromkeys("abw", pl.UInt64))
    kept, conflicting = _once(marks)
    builder = Builder(width_for(kept.height) if kept.height < MAX_WIDTH else MAX_WIDTH)
    for portion in kept.iter_slices(500_000):
        builder.add(portion)
    header = Header(
        declaration.published.resource.key, declaration.published.version, region, salt, builder.width,
        rows=builder.rows, rejected=rejected + conflicting,
    )  # fmt: skip
    return Digest(header, builder.sketch())


def _once(marks: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Rows as the road stores them: repeats once, keys with several contents not at all; and how many fell out so."""
    doubled = marks.get_column("a").is_duplicated()
    if not doubled.any():
        return marks, 0
    several = marks.filter(doubled).unique()
    clear = several.filter(~pl.struct("a", "b").is_duplicated())
    conflicting = marks.filter(doubled).join(clear, on=["a", "b"], how="anti").height
    return pl.concat([marks.filter(~doubled), clear]), conflicting


def conformed(path: Path, declaration: Declaration) -> Iterator[Conformed]:
    """A file's rows after the platform's own checks, a portion at a time."""
    resource = declaration.published.resource
    for raw in reading.frames(LocalFile(path), path.name, resource, declaration.aliases):
        yield conform(raw, resource, declaration.codes)
