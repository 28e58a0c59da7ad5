"""Files for an agreement's holder: kept as the spool keeps bytes, given out in portions from any place, never whole in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from shuniu.exchange.gateway import store
from shuniu.exchange.gateway.declare import Granted
from shuniu.exchange.spool import FRAME, TAG, SpoolWriter
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

LONGEST = 366


@verb("exchange.offer_file", "提供协议文件")
def offer_file(*, actor: Actor, agreement: int, name: str, blocks: Iterable[bytes], days: int = 30) -> int:
    """Keep a file, in blocks of any size, for the holder of an agreement; its number. Only the owner of the data may.

    Raises Refused right.agency, file.agreement, file.days.
    """
    require()
    found = store.agreed(agreement)
    if found is None or found[0] != actor.agency:
        raise Refused("file.agreement", "没有这份由本单位提供数据的共享协议。", "请从共享协议列表中选择。")
    if not 1 <= days <= LONGEST:
        raise Refused("file.days", f"保留天数应为 1 至 {LONGEST}。", "请重新填写。")
    writer, chunks = SpoolWriter(), bytearray()
    try:
        for frame in _framed(blocks):
            writer.write(frame)
            chunks += hashlib.sha256(frame).digest()
        kept = writer.close()
        kept.path.rename(folder() / kept.name)
        number = store.keep_file(
            agreement, name, writer.size, bytes.fromhex(writer.digest), bytes(chunks), kept.token(), actor.person, days
        )
    except BaseException:
        writer.discard()
        raise
    record(f"file:{number}", detail={"agreement": agreement, "size": writer.size, "digest": writer.digest})
    return number


@verb("exchange.take_file", "取用协议文件", reads=True)
def take_file(*, actor: Actor, number: int, purpose: str, first: int = 0, listed: bool = False) -> Granted:
    """A file that the actor's agency may fetch, from byte `first` on; that it begins is journalled, `end_file` says the rest.

    `listed`: only its portions' digests are given.

    Raises Refused file.unknown (also for another's), file.ended, gateway.range.
    """
    require()
    found = store.granted(number, timezone.localdate())
    if found is None or found.consumer != actor.agency:
        raise Refused("gateway.unknown", "没有这个文件。", "请核对文件编号。")
    if not found.in_force:
        raise Refused("grant.ended", "共享协议或文件已不在有效期内。", "请联系提供单位。")
    if first and first >= found.size:
        raise Refused("gateway.range", "所要的部分超出了文件。", "请核对已收到的长度。")
    detail: dict[str, Json] = {"purpose": purpose, "from": first, "agreement": f"{found.agreement}/{found.version}"}
    record(f"file:{number}", outcome="done" if listed else "begun", detail=detail)
    return found


@verb("exchange.end_file", "协议文件取用完毕")
def end_file(*, actor: Actor, number: int, first: int, sent: int, digest: str) -> None:
    """Journal how much of a file went out from byte `first`, and its SHA-256: also when the other side hung up."""
    require()
    record(f"file:{number}", outcome="ended", detail={"from": first, "bytes": sent, "digest": digest})


def streamed(actor: Actor, granted: Granted, first: int, last: int) -> Generator[bytes, None, None]:
    """Bytes `first` to `last` of a file, a MiB at a time, and its end in the journal however it ends."""
    sent, hashed = 0, hashlib.sha256()
    try:
        for block in portions(granted, first, last):
            sent += len(block)
            hashed.update(block)
            yield block
    finally:
        end_file(actor=actor, number=granted.number, first=first, sent=sent, digest=hashed.hexdigest())


def portions(granted: Granted, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last` (both included), decrypted frame by frame from the one that holds `first`."""
    cipher = AESGCM(granted.token[:32])
    with (folder() / granted.token[32:].decode()).open("rb") as file:
        number = first // FRAME
        file.seek(number * (FRAME + TAG))
        while number * FRAME <= last and (sealed := file.read(FRAME + TAG)):
            frame = cipher.decrypt(number.to_bytes(12, "big"), sealed, None)
            start = number * FRAME
            yield frame[max(0, first - start) : last + 1 - start]
            number += 1


def folder() -> Path:
    path = Path(settings.VAR) / "files"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _framed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in frames of one MiB, the last as long as it is."""
    pending = bytearray()
    for block in blocks:
        pending += block
        while len(pending) >= FRAME:
            yield bytes(pending[:FRAME])
            del pending[:FRAME]
    if pending:
        yield bytes(pending)
