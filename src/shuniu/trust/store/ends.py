"""Where the journal ends, and whether it goes on from what was signed before. Called by `api` and the sequencer alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from shuniu.trust import journal, keys, noted, proofs
from shuniu.trust.declare import Refused, SignedHead
from shuniu.trust.store import nodes

_END = """
select l.reach, h.size, h.root, h.at, h.key, h.signature, coalesce(h.peaks, '{}'), coalesce(h.horizon::text, '0'),
  coalesce(h.open::text[], '{}')
from (select coalesce(max(position) + 1, 0) as reach from trust_leaf) l
left join lateral (select * from trust_head order by size desc limit 1) h on true
"""
SUSPECT = "请查明谁改动过数据库，并从备份恢复；新的留痕照常写入，只是没有定序和签名。"
ACCEPT = "请查明原因；确系恢复数据库等合法操作的，在主机上执行 shuniu journal accept --reason 原因，否则从备份恢复。"


@dataclass(frozen=True)
class End:
    """The newest head (none yet: None) with the right edge of its tree and the snapshot that it covers; how far leaves reach.

    Leaves and their head are written in one transaction, so they reach equally far in every snapshot.
    """

    reach: int
    head: SignedHead | None
    peaks: tuple[bytes, ...]
    horizon: str
    still_open: tuple[str, ...]

    @property
    def size(self) -> int:
        return self.head.size if self.head else 0


def end() -> End:
    """Where the journal ends, in one snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(_END)
        reach, size, root, at, key, signature, peaks, horizon, still_open = cursor.fetchone()
    head = None
    if size is not None:
        public = keys.journal_signer().public_key.hex()
        head = SignedHead(int(size), bytes(root).hex(), at, str(key), public, bytes(signature).hex())
    return End(int(reach), head, tuple(bytes(peak) for peak in peaks), str(horizon), tuple(still_open))


def standing() -> tuple[End, SignedHead | None]:
    """Where the journal ends, and the head that is noted of it. Raises Refused journal.* where the two do not agree."""
    last = noted.read()  # first: what is noted has been committed, and is seen by what is read after it
    found = end()
    check(found, last)
    return found, last


def stopped() -> Refused | None:
    """Why the journal is not signed on; None where it may be."""
    try:
        standing()
    except Refused as refusal:
        return refusal
    return None


def check(found: End, last: SignedHead | None) -> None:
    """Whether the journal may be signed on from here: it is whole, and goes on from the head that is noted.

    Raises Refused journal.tail, journal.peaks, journal.turned_back, journal.rewritten, journal.signature.
    """
    check_whole(found)
    if last is not None and last.size > found.size:
        raise Refused(
            "journal.turned_back",
            f"留痕被回退：密钥目录存底的签名头长度为 {last.size}，数据库里签过名的只有 {found.size} 条。已停止签名。",
            ACCEPT,
        )
    if found.head is None:
        return
    if last is not None and not _goes_on(last, found.head):
        raise Refused(
            "journal.rewritten",
            f"留痕被改写：现存留痕不是从密钥目录存底的签名头（长度 {last.size}）延续下来的。已停止签名。",
            ACCEPT,
        )
    if last is None or last.size < found.size:
        _check_signature(found.head)


def check_whole(found: End) -> None:
    """Whether leaves, newest head and its peaks agree. Raises Refused journal.tail, journal.peaks."""
    if found.reach != found.size:
        raise Refused(
            "journal.tail",
            f"留痕有 {found.reach} 条，而最后的签名头只到第 {found.size} 条：有签名头或者留痕被删，或者另加。已停止签名。",
            SUSPECT,
        )
    root = bytes.fromhex(found.head.root) if found.head else journal.EMPTY_ROOT
    if found.size.bit_count() != len(found.peaks) or journal.Tree(found.size, found.peaks).root != root:
        raise Refused("journal.peaks", "最后的签名头所记的各峰与它的根不符。已停止签名。", SUSPECT)


def _goes_on(last: SignedHead, newest: SignedHead) -> bool:
    if last.size == newest.size:
        return last.root == newest.root
    try:
        path = nodes.path(proofs.consistency(last.size, newest.size))
    except KeyError:
        return False
    return proofs.continued(last.size, newest.size, bytes.fromhex(last.root), bytes.fromhex(newest.root), path)


def _check_signature(head: SignedHead) -> None:
    """A head beyond the note is one that we signed and had no time to note."""
    signed = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    if not keys.verify(bytes.fromhex(head.public_key), bytes.fromhex(head.signature), signed):
        raise Refused("journal.signature", "最后的签名头不是本平台现在的密钥签的。已停止签名。", ACCEPT)
