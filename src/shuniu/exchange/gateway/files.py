"""Files for an agreement's holder: kept as the spool keeps bytes, given out in portions from any place, never whole in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shuniu.exchange.gateway.declare import Granted, Offered
from shuniu.exchange.gateway.store import files as store
from shuniu.exchange.spool import FRAME, TAG, SpoolWriter
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

LONGEST, NAME, MOST = 366, 200, 200
"""Days that a file is kept at most; characters of its name; files of one list."""
AFTER = 24
"""Hours between a file's end and the removal of its bytes: who began to fetch it in time comes to the end."""


@verb("exchange.offer_file", "提供协议文件")
def offer_file(*, actor: Actor, agreement: int, name: str, writer: SpoolWriter, days: int = 30) -> int:
    """Keep what a framed writer took for the holder of an agreement; its number. Only the owner of the data may.

    The bytes are kept or, refused, discarded. Raises Refused right.agency, file.agreement, file.days, file.name.
    """
    try:
        require()
        _check(actor, agreement, name, days)
        kept = writer.close()
        kept.path.rename(folder() / kept.name)
    except BaseException:
        writer.discard()
        raise
    try:
        number = store.keep_file(
            agreement, name, writer.size, bytes.fromhex(writer.digest), bytes(writer.frames), kept.token(), actor.person,
            days,
        )  # fmt: skip
        record(f"file:{number}", detail={"agreement": agreement, "size": writer.size, "digest": writer.digest})
    except BaseException:
        (folder() / kept.name).unlink()
        raise
    return number


def _check(actor: Actor, agreement: int, name: str, days: int) -> None:
    check_owner(actor, agreement)
    if not name.strip() or len(name) > NAME or not name.isprintable():
        raise Refused("file.name", f"文件名应为 1 至 {NAME} 个字，不含控制字符。", "请改名后重新选择文件。")
    if not 1 <= days <= LONGEST:
        raise Refused("file.days", f"保留天数应为 1 至 {LONGEST}。", "请重新填写。")


def check_owner(actor: Actor, agreement: int) -> None:
    """What `offer_file` asks, for who takes the bytes in beforehand. Raises Refused right.missing, file.agreement."""
    if not actor.may("exchange.offer_file"):
        raise Refused("right.missing", "您没有“提供协议文件”的权限。", "请用提供单位数据专员的账号。")
    found = store.agreed(agreement)
    if found is None or found[0] != actor.agency:
        raise Refused("file.agreement", "没有这份由本单位提供数据、正在生效的共享协议。", "请从共享协议列表中选择。")


def spooled(blocks: Iterable[bytes]) -> SpoolWriter:
    """Blocks of any size, taken in as `offer_file` takes them."""
    writer = SpoolWriter(framed=True)
    try:
        for block in blocks:
            writer.write(block)
    except BaseException:
        writer.discard()
        raise
    return writer


@verb("exchange.list_files", "查看协议文件", reads=True)
def list_files(*, actor: Actor, agreement: int, limit: int = MOST) -> tuple[Offered, ...]:
    """The files under an agreement, the newest first, ended ones too, for its two sides and the office.

    Raises Refused grant.unknown.
    """
    require()
    sides = store.sides(agreement)
    if sides is None or not (actor.may(OVERSEE) or (actor.agency and actor.agency in sides)):
        raise Refused("grant.unknown", f"您没有第 {agreement} 号共享协议。", "请从共享协议列表进入。")
    found = tuple(store.offered(agreement, max(1, min(limit, MOST))))
    record(f"agreement:{agreement}", detail={"files": len(found)})
    return found


@verb("exchange.withdraw_file", "撤回协议文件")
def withdraw_file(*, actor: Actor, agreement: int, number: int) -> None:
    """End a file that the actor's agency offered: from now on nobody begins to fetch it, and its bytes are removed.

    Also where the agreement itself has ended. Raises Refused file.unknown (also for another's, and for one that has ended).
    """
    require()
    sides = store.sides(agreement)
    token = store.withdraw_file(agreement, number) if sides and sides[0] == actor.agency else None
    if token is None:
        raise Refused("file.unknown", "没有这个可以撤回的文件。", "可能已经撤回或到期，请刷新页面查看。")
    _remove([token])
    record(f"file:{number}", detail={"agreement": agreement})


def drop_ended() -> int:
    """Remove the bytes of files that ended a day ago or longer, when nobody is fetching them any more; how many."""
    tokens = store.expire_files(AFTER)
    _remove(tokens)
    return len(tokens)


def _remove(tokens: Iterable[bytes]) -> None:
    """Once it is certain that no row names them."""
    paths = [folder() / token[32:].decode() for token in tokens]

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(remove)


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
    store.fetched(number, first + sent)
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
