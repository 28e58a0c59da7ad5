"""The whole journal, its readings too, recomputed from the rows that stand now, against its signatures and what others hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from shuniu.trust import journal, keys, noted, proofs, store
from shuniu.trust.declare import Refused, SignedHead, Verification
from shuniu.trust.evidence import stamps, verify
from shuniu.trust.store import bound, witnesses

MOST = 100
"""Faults that are named; the first ones say enough."""
_Head = tuple[bytes, datetime, str, bytes, list[bytes]]
_Held = tuple[str, SignedHead]
"""Whose head the table is compared with, in words; the head."""


def verified(held: SignedHead | None) -> Verification:
    """Every leaf, subtree, head, signature and witness; `held` is a head that was taken away earlier.

    The head that is noted in the folder of keys is compared as `held` is.
    """
    faults: list[str] = []
    compared = [("审计员持有", held)] if held is not None else []
    compared += _noted(faults)  # before all else: what is noted by now is committed, and seen by what is read after it
    faults.extend(_tail())
    signed: dict[int, _Head] = {size: rest for size, *rest in store.heads()}  # type: ignore[misc]  # the tail of heads()
    heads, nodes, tree = len(signed), store.nodes(), journal.Tree()
    faults.extend(_witnesses(signed))
    faults.extend(
        f"{whose}的长度 {head.size} 的签名头已不在留痕里" for whose, head in compared if head.size not in signed
    )
    faults.extend(_leaves(tree, signed, nodes, compared))
    faults.extend(
        f"{whose}的签名头长度为 {head.size}，现存留痕只有 {tree.size} 条"
        for whose, head in compared
        if head.size > tree.size
    )
    faults.extend(f"有读取记录自称属于第 {entry} 号留痕，而没有这一条，或者时间不符" for entry in bound.strays(MOST))
    faults.extend(f"签名头 {size} 超出现存留痕" for size in signed)
    faults.extend(f"第 {place << level} 位起 {1 << level} 条留痕的子树超出现存留痕" for level, place in nodes)
    return Verification(tree.size, heads, store.unplaced(), tuple(faults[:MOST]))


def _leaves(
    tree: journal.Tree, signed: dict[int, _Head], nodes: dict[proofs.Block, bytes], compared: Sequence[_Held]
) -> Iterator[str]:
    """Every leaf in its order, with what is signed and kept where it stands: that is taken out of `signed` and `nodes`."""
    since = bound.since()
    for position, stored, row, read in store.rows_in_order():
        read = read if position >= since else ""
        leaf = journal.leaf_hash(journal.entry_bytes(row, read)) if row is not None else b""
        if position != tree.size:
            yield f"第 {tree.size} 位起缺 {position - tree.size} 条留痕"
            return
        if leaf != stored:
            gone = "已不存在" if row is None else "内容，或者其中看了谁的数据（读取记录），与当时的摘要不符"
            yield f"第 {position} 位的留痕{gone}"
        tree.append(stored)
        yield from _subtrees(tree, nodes)
        if tree.size in signed:
            yield from _signed(tree, signed.pop(tree.size))
        for whose, head in compared:
            if tree.size == head.size:
                yield from _against(whose, head, tree)


def _noted(faults: list[str]) -> list[_Held]:
    try:
        head = noted.read()
    except Refused as refusal:
        faults.append(refusal.message)
        return []
    return [("密钥目录存底", head)] if head is not None else []


def _tail() -> Iterator[str]:
    """Leaves and their head are written in one transaction: read in one snapshot, neither reaches further than the other."""
    end = store.end()
    if end.reach > end.size:
        yield f"最后的签名头只到第 {end.size} 条，其后 {end.reach - end.size} 条留痕没有签名头：签名头被删，或者留痕是另加的"


def _subtrees(tree: journal.Tree, nodes: dict[proofs.Block, bytes]) -> Iterator[str]:
    for level, place, made in tree.nodes:
        if nodes.pop((level, place), made) != made:
            yield f"第 {place << level} 位起 {1 << level} 条留痕的子树与现存留痕算出的不符"
    tree.nodes.clear()


def _signed(tree: journal.Tree, head: _Head) -> Iterator[str]:
    root, at, key, signature, peaks = head
    public = keys.journal_signer().public_key
    if root != tree.root:
        yield f"长度 {tree.size} 的签名头与现存留痕算出的根不符"
    if peaks != tree.peaks:
        yield f"长度 {tree.size} 的签名头所记的各峰与现存留痕算出的不符"
    if key != keys.key_id(public) or not keys.verify(public, signature, journal.head_bytes(tree.size, root, at)):
        yield f"长度 {tree.size} 的签名头签名无效"


def _against(whose: str, head: SignedHead, tree: journal.Tree) -> Iterator[str]:
    public = bytes.fromhex(head.public_key)
    data = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    if keys.key_id(public) != head.key or not keys.verify(public, bytes.fromhex(head.signature), data):
        yield f"{whose}的签名头本身签名无效"
    if tree.root.hex() != head.root:
        yield f"留痕已被改写：长度 {head.size} 处的根与{whose}的签名头不符"


def _witnesses(signed: dict[int, _Head]) -> Iterator[str]:
    """Other nodes' signatures and time stamps, each against the head that it is on."""
    for cross in witnesses.crosses():
        head = signed.get(cross.size)
        public = bytes.fromhex(cross.public_key)
        if head is None or cross.key != verify.node_key(public):
            yield f"“{cross.node}”对长度 {cross.size} 的交叉签名没有对应的签名头或密钥"
            continue
        data = verify.cross_bytes(journal.head_bytes(cross.size, head[0], head[1]), head[3], cross.at, cross.node)
        if not verify.crossed(public, bytes.fromhex(cross.signature), data):
            yield f"“{cross.node}”对长度 {cross.size} 的交叉签名无效"
    for stamp in witnesses.stamps():
        head = signed.get(stamp.size)
        try:
            if head is None:
                raise Refused("stamp.head", "没有对应的签名头。")
            data = verify.stamped_bytes(journal.head_bytes(stamp.size, head[0], head[1]), head[3])
            found = stamps.check(stamp.token, data)
            if (found.authority, found.at) != (stamp.authority, stamp.at):
                raise Refused("stamp.said", "所记的服务或时间不是它说的。")
        except Refused as refusal:
            yield f"长度 {stamp.size} 的签名头的时间戳：{refusal.message}"
