"""Files for an agreement's holder: kept as the spool keeps bytes, given out in portions from any place, never whole in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.exchange.gateway.asking import purpose_of
from shuniu.exchange.gateway.declare import Granted, Offered, Upload
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.store import files as store
from shuniu.exchange.grants import policy
from shuniu.exchange.grants import store as grants
from shuniu.exchange.grants.api.reading import party
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.exchange.spool import FRAME, TAG, SpoolWriter, sweep
from shuniu.procedures.api import matters
from shuniu.trust.api import fetch_prepared, record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

NAME, MOST = 200, 200
"""Characters of a file's name; files of one list."""
AFTER = 24
"""Hours between a file's end and the removal of its bytes: who began to fetch it in time comes to the end."""


@verb("exchange.offer_file", "提供协议文件")
def offer_file(*, actor: Actor, agreement: int, name: str, writer: SpoolWriter, days: int = 30) -> int:
    """Keep what a framed writer took for the holder of an agreement; its number. Only the owner of the data may.

    The bytes are kept or, refused, discarded. Raises Refused file.agreement, file.name, file.days, file.size.
    """
    try:
        require()
        check_offer(actor, agreement, name, days, writer.size)
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
        tell(agreement, offered_words(name, number, days))
    except BaseException:
        (folder() / kept.name).unlink()
        raise
    return number


def check_offer(actor: Actor, agreement: int, name: str, days: int, size: int) -> None:
    """What may be offered: by the data's owner, within today's rules. Raises Refused file.agreement, name, days, size."""
    _check_owner(actor, agreement)
    rules = limits(timezone.localdate())
    if not name.strip() or len(name) > NAME or not name.isprintable():
        raise Refused("file.name", f"文件名应为 1 至 {NAME} 个字，不含控制字符。", "请改名后重新选择文件。")
    if not 1 <= days <= rules.file_days:
        raise Refused(
            "file.days", f"保留天数应为 1 至 {rules.file_days}（规则 gateway.file.days）。", "请改短保留天数。"
        )
    if size > rules.file:
        raise Refused(
            "file.size",
            f"文件有 {size:,} 字节，最多 {rules.file:,} 字节（规则 gateway.file.bytes）。",
            "请拆分后分别提供。",
        )


def check_owner(actor: Actor, agreement: int) -> None:
    """What `offer_file` asks, for who takes the bytes in beforehand. Raises Refused right.missing, file.agreement."""
    if not actor.may("exchange.offer_file"):
        raise Refused("right.missing", "您没有“提供协议文件”的权限。", "请用提供单位数据专员的账号。")
    _check_owner(actor, agreement)


def _check_owner(actor: Actor, agreement: int) -> None:
    owner = store.owner(agreement)
    if not owner or directory.keeper(owner) != actor.agency:
        raise Refused("file.agreement", "没有这份由本单位提供数据、正在生效的共享协议。", "请从共享协议列表中选择。")


def offered_words(name: str, number: int, days: int) -> str:
    """What the consumer is told of a new file."""
    return f"提供了文件“{name}”（第 {number} 号），请在 {days} 天内取用"


def tell(agreement: int, said: str) -> None:
    """Tell the consumer's agency what its provider did under an agreement; inside the open verb."""
    if (sides := store.sides(agreement)) is None:
        return
    text = f"{directory.agency_name(sides[0])}按第 {agreement} 号共享协议{said}。"
    notify("share", f"agreement:{agreement}", text, agency=directory.keeper(sides[1]))


@verb("exchange.list_files", "查看协议文件", reads=True)
def list_files(*, actor: Actor, agreement: int, limit: int = MOST) -> tuple[Offered, ...]:
    """The files under an agreement, the newest first, ended ones too, for its two sides and the office.

    Raises Refused grant.unknown.
    """
    require()
    sides = store.sides(agreement)
    if sides is None or not party(actor, *sides):
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
    found = store.withdraw_file(agreement, number) if sides and directory.keeper(sides[0]) == actor.agency else None
    if found is None:
        raise Refused("file.unknown", "没有这个可以撤回的文件。", "可能已经撤回或到期，请刷新页面查看。")
    token, name = found
    remove([token])
    record(f"file:{number}", detail={"agreement": agreement})
    tell(agreement, f"撤回了文件“{name}”（第 {number} 号），不能再取用")


def drop_ended() -> int:
    """Remove the bytes of files that ended a day ago or longer, when nobody is fetching them any more; how many.

    With them go those that nothing names: what a kill between keeping bytes and noting them left a day ago.
    """
    tokens = store.expire_files(AFTER)
    remove(tokens)
    named = {token[32:].decode() for token in (*tokens, *store.tokens())}
    return len(tokens) + sweep(named, AFTER * 3600.0, folder())


def remove(tokens: Iterable[bytes]) -> None:
    """Once it is certain that no row names them."""
    paths = [folder() / token[32:].decode() for token in tokens]

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


@verb("exchange.take_file", "取用协议文件", reads=True)
def take_file(*, actor: Actor, number: int, purpose: str, first: int = 0, listed: bool = False) -> Granted:
    """A file that the actor's agency may fetch, from byte `first` on; that it begins is journalled, `end_file` says the rest.

    `listed`: only its portions' digests are given. `purpose` is one of the agreement, with a matter where the rules want one.
    A fetching counts as a call of its agreement; its list and going on with it do not, and are given though the day's quota
    has been used up since: until the file ends, or its bytes have gone out twice for that call, as a bad line takes some twice.

    Raises Refused gateway.unknown (also for another's), grant.*, share.none, gateway.purpose, gateway.range.
    """
    require()
    today = timezone.localdate()
    found = store.granted(number, today)
    if found is None or found.consumer != actor.agency:
        raise Refused("gateway.unknown", "没有这个文件。", "请核对文件编号。")
    paid = _is_paid(found, first, listed)
    _check_use(actor, found, purpose, today, paid)
    if first and first >= found.size:
        raise Refused("gateway.range", "所要的部分超出了文件。", "请核对已收到的长度。")
    detail: dict[str, Json] = {"purpose": purpose, "from": first, "agreement": f"{found.agreement}/{found.version}"}
    record(f"file:{number}", outcome="done" if listed else "begun", detail=detail)
    if not listed and not paid:
        grants.count_use(found.agreement, today, calls=1, rows=0)
        store.begun(number, 2 * found.size)
    return found


def _is_paid(found: Granted, first: int, listed: bool) -> bool:
    """Whether a call was counted for it before. From the first byte on everything begins anew."""
    return found.paid > 0 if listed else first > 0 and found.size - first < found.paid


def _check_use(actor: Actor, found: Granted, purpose: str, today: date, paid: bool) -> None:
    """That the file's own agreement gives it now, for that purpose. Raises Refused grant.*, share.none, gateway.purpose."""
    wanted = purpose_of(purpose, limits(today))
    if not found.in_force:
        raise Refused("grant.ended", "共享协议或文件已不在有效期内。", "请联系提供单位。")
    resource = catalogue.published(found.resource).resource
    held = grants.look_up(actor.agency, found.resource, wanted.key, today)
    title = purpose_title(wanted.key, today)
    usable = policy.usable(held.counted if paid else held, resource, purpose=title, person=actor.person)
    if usable.number != found.agreement:
        raise Refused("grant.other_purpose", f"这份共享协议不含“{title}”这一用途。", "请改用协议列明的用途。")
    if wanted.matter and not fetch_prepared(matters.IN_HAND, (wanted.matter, actor.agency))[0][0]:
        raise Refused("gateway.purpose", "写明的办件不能作为本次取用的用途。", "办件应正由本单位办理；请核对编号。")


@verb("exchange.end_file", "协议文件取用完毕")
def end_file(*, actor: Actor, number: int, first: int, sent: int, digest: str) -> None:
    """Journal how much of a file went out from byte `first`, and its SHA-256: also when the other side hung up."""
    require()
    store.sent(number, first, sent)
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


def portions(granted: Granted | Upload, first: int, last: int) -> Iterator[bytes]:
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
