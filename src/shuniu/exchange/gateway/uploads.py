"""A machine's file for an agreement, sent in portions and gone on with after any break; offered once all of it is checked.

Whole frames alone are taken, so that each is encrypted once. What was written but not noted, because a kill came between,
is written again by the same bytes or not at all: a frame's key and nonce never meet two contents.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from io import BufferedRandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from shuniu.exchange import jobs
from shuniu.exchange.gateway import files
from shuniu.exchange.gateway.declare import Upload
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.store import files as kept
from shuniu.exchange.gateway.store import uploads as store
from shuniu.exchange.spool import FRAME, TAG
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

FORGOTTEN = 10
"""Minutes after which a whole file that nobody checked is taken up again."""
REFUSALS = {
    "file.digest": ("收到的全部内容与事先说明的 SHA-256 不符，没有提供。", "请核对文件在上传中是否有改动，重新上传。"),
    "file.agreement": ("共享协议已不在有效期内，没有提供。", "请核对协议，续签后重新上传。"),
    "file.changed": ("这一段与中断前收到的内容不同，上传已终止。", "文件可能有改动，请重新上传整个文件。"),
}
"""Why a file that came was not offered, by rule: what is said, and how to go on."""


@verb("exchange.begin_upload", "开始上传协议文件")
def begin_upload(*, actor: Actor, agreement: int, name: str, size: int, digest: bytes, days: int) -> Upload:
    """Begin to take in a file with that SHA-256, or find the very same one as far as it has come.

    Raises Refused file.agreement, file.name, file.days, file.size, file.open where too many wait for the rest.
    """
    require()
    files.check_offer(actor, agreement, name, days, size)
    if size < 1 or len(digest) != hashlib.sha256().digest_size:
        raise Refused("file.empty", "没有写明文件的大小和 SHA-256，或者文件是空的。", "请核对文件和摘要。")
    rules = limits(timezone.localdate())
    drop_ended()
    found = store.same(agreement, name, size, digest, days)
    if found is None:
        if (most := rules.uploads) <= store.unfinished(actor.agency):
            raise Refused(
                "file.open",
                f"本单位已有 {most} 个文件没有传完（规则 gateway.upload.most）。",
                "请先传完，或者等它们到期。",
            )
        token = secrets.token_bytes(32) + secrets.token_hex(16).encode()
        store.begin(agreement, actor.agency, actor.person, name, size, digest, days, token, rules.upload_hours)
        found = store.same(agreement, name, size, digest, days)
    if found is None:
        raise _unknown()
    detail: dict[str, Json] = {"agreement": agreement, "size": size, "digest": digest.hex(), "from": found.taken}
    record(f"upload:{found.number}", detail=detail)
    return found


@verb("exchange.read_upload", "查看协议文件上传进度")
def read_upload(*, actor: Actor, number: int) -> Upload:
    """How far an upload of the actor's agency has come. Raises Refused gateway.unknown (also for another's)."""
    require()
    found = _own(actor, store.upload(number))
    record(f"upload:{number}", detail={"from": found.taken})
    return found


@verb("exchange.append_upload", "上传协议文件的一段")
def append_upload(*, actor: Actor, number: int, first: int, data: bytes) -> Upload:
    """Take the bytes of a file from `first` on: whole MiB, or up to its end. With the last of them its check is enqueued.

    Raises Refused gateway.unknown (also for another's), file.expired, file.agreement, gateway.offset, gateway.portion.
    """
    require()
    found = _own(actor, store.upload(number, held=True))
    _check_portion(found, first, len(data))
    rule, taken = "", first + len(data)
    if _write(found, data):
        store.take(number, taken)
        if taken == found.size:
            jobs.enqueue_check(number)
    else:
        rule = "file.changed"
        _refuse(found, rule)
    record(f"upload:{number}", outcome="ended" if rule else "done", detail={"from": first, "bytes": len(data)})
    return _own(actor, store.upload(number))


def _own(actor: Actor, found: Upload | None) -> Upload:
    if found is None or found.agency != actor.agency:
        raise _unknown()
    return found


def _unknown() -> Refused:
    return Refused("gateway.unknown", "没有这个上传。", "可能已经到期，请核对编号，或者重新开始上传。")


def _check_portion(found: Upload, first: int, size: int) -> None:
    if not found.live:
        raise Refused("file.expired", "这个上传没有在期限内传完，已经到期。", "请重新开始上传。")
    if not found.stands:
        raise Refused("file.agreement", *REFUSALS["file.agreement"])
    if first != found.taken or not found.open:
        raise Refused("gateway.offset", f"平台已收到 {found.taken} 字节，这一段不接着它。", "请从已收到的长度接着传。")
    end = first + size
    if not size or end > found.size or (end < found.size and size % FRAME):
        raise Refused(
            "gateway.portion", f"一段应为 {FRAME} 字节的整数倍，或者正好到文件末尾。", "请按这个长度分段后重新发送。"
        )


def _write(found: Upload, data: bytes) -> bool:
    """Whether the bytes now lie after what is there; False where a kill left others in that place."""
    cipher, number = AESGCM(found.token[:32]), found.taken // FRAME
    path = files.folder() / found.token[32:].decode()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.seek(number * (FRAME + TAG))
        for at in range(0, len(data), FRAME):
            if not _put(file, cipher.encrypt(number.to_bytes(12, "big"), data[at : at + FRAME], None)):
                return False
            number += 1
        file.flush()
        os.fdatasync(file.fileno())
    return True


def _put(file: BufferedRandom, sealed: bytes) -> bool:
    left = file.read(len(sealed))
    if left != sealed[: len(left)]:
        return False
    file.seek(-len(left), os.SEEK_CUR)
    file.write(sealed)
    return True


def _refuse(found: Upload, rule: str) -> None:
    store.end(found.number, None, rule)
    files.remove([found.token])


def check(*, actor: Actor, number: int) -> None:
    """Check a file that has come whole, and offer it. Safe to call again, after any kill, and by two at once."""
    found = store.upload(number)
    if found is None or not found.open or found.taken < found.size:
        return
    whole, frames = hashlib.sha256(), bytearray()
    try:
        for block in files.portions(found, 0, found.size - 1):
            whole.update(block)
            frames += hashlib.sha256(block).digest()
    except (InvalidTag, FileNotFoundError):
        frames.clear()  # the disk lost some of it
    end_upload(actor=actor, number=number, digest=whole.digest() if frames else b"", frames=bytes(frames))


@verb("exchange.end_upload", "核对上传的协议文件")
def end_upload(*, actor: Actor, number: int, digest: bytes, frames: bytes) -> None:
    """Offer a file whose bytes have that SHA-256 if it is the one that its sender said, and tell; else let it go."""
    require()
    found = store.upload(number, held=True)
    if found is None or not found.open:
        record(f"upload:{number}", outcome="ended")
        return
    rule = "" if found.stands else "file.agreement"
    if digest != found.digest:
        rule = "file.digest"
    if rule:
        _refuse(found, rule)
        record(f"upload:{number}", outcome="ended", detail={"agreement": found.agreement, "rule": rule})
        return
    file = kept.keep_file(
        found.agreement, found.name, found.size, digest, frames, found.token, found.person, found.days
    )
    store.end(number, file, "")
    detail: dict[str, Json] = {
        "agreement": found.agreement,
        "size": found.size,
        "digest": digest.hex(),
        "number": number,
    }
    record(f"file:{file}", detail=detail)
    files.tell(found.agreement, files.offered_words(found.name, file, found.days))


def take_up() -> None:
    """Have checked what has been whole for a while and was not: its job ended with its worker."""
    for number in store.unchecked(FORGOTTEN):
        jobs.enqueue_check(number)


def drop_ended() -> int:
    """Remove what was not gone on with in time, bytes and all; how many."""
    tokens = store.expire()
    files.remove(tokens)
    return len(tokens)
