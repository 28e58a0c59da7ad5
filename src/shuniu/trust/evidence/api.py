"""Verbs of evidence: files that an outsider checks alone, other nodes' signatures on the journal's heads, time stamps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from asn1crypto import pem
from django.conf import settings

from shuniu.trust import journal, keys, proofs, store, suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates import authority, models
from shuniu.trust.declare import Actor, Refused, SignedHead
from shuniu.trust.door import record, require, verb
from shuniu.trust.evidence import stamps, verify
from shuniu.trust.evidence.declare import Crossed, Presented, Stamped, Witnesses
from shuniu.trust.evidence.file import (
    FORM,
    Cross,
    Entry,
    Evidence,
    Exchange,
    Link,
    Message,
    Seal,
    Stamp,
    of_head,
    sealed_bytes,
)
from shuniu.trust.store import bound, witnesses

MOST = 500
"""Entries of one file."""


@verb("trust.export_evidence", "取走证据文件", reads=True)
def export_evidence(
    *, actor: Actor, entries: Sequence[int], number: str, held: int = 0, exchange: Exchange | None = None
) -> Evidence:
    """Journal entries with all that proves them, in one file; `held`: the size of a head that the reader holds already.

    `exchange` is the question and its answer, where the entry is that of a query.

    Raises Refused trust.unplaced, evidence.many, trust.size.
    """
    require()
    made = evidence_of(entries, number=number, exchange=exchange, held=held)
    record("journal", detail={"number": number, "entries": len(made.entries), "size": made.head.size})
    return made


def evidence_of(
    entries: Sequence[int],
    *,
    number: str,
    exchange: Exchange | None = None,
    unproven: Sequence[str] = (),
    held: int = 0,
) -> Evidence:
    """As `export_evidence`, for a verb that has required the right and records; with a question and its answer."""
    if not 0 < len(entries) <= MOST:
        raise Refused("evidence.many", f"一份证据文件收 1 到 {MOST} 条留痕。", "请缩小范围，分几份取走。")
    head, placed = store.latest_head(), witnesses.placed(entries)
    if head is None or len(placed) < len({*entries}):
        raise Refused("trust.unplaced", "有的留痕还没有定序，或者没有这一条。", "提交后两秒内定序，请稍后再取。")
    if held > head.size:
        raise Refused(
            "trust.size", f"您持有的签名头长度为 {held}，留痕只有 {head.size} 条。", "请核对签名头；不符时请立即报告。"
        )
    links = _links(head, placed[-1][0] + 1, held)
    lacking = (*unproven, *_lacking(links, placed[-1][0] + 1))
    made = Evidence(
        form=FORM, number=number, made_at=datetime.now(UTC).isoformat(), entries=_entries(placed, head),
        head=of_head(head), links=links, exchange=exchange, unproven=lacking, seal=_seal(b""),
    )  # fmt: skip
    return made.model_copy(update={"seal": _seal(sealed_bytes(made))})


def message_of(base: str, signature: bytes, key_id: str) -> Message:
    """A signed message as evidence holds it, with the certificate of its key, as far as the platform knows it.

    Raises Refused evidence.certificate for a key without one.
    """
    row = models.Certificate.objects.filter(key_id=key_id).first()
    if row is None:
        raise Refused("evidence.certificate", "签名密钥的证书平台里没有。", "请联系平台管理员核对证书。")
    own = row.source == "own"
    chain = [authority.issuing(row.suite).certificate] if own else [one.der for one in authority.licensed()]
    lists = [certificates.revocation_list(row.suite)] if own else []
    return Message(
        base=base, signature=signature.hex(), certificate=bytes(row.der).hex(),
        chain=tuple(one.hex() for one in chain[:4]), revocations=tuple(one.hex() for one in lists),
    )  # fmt: skip


def _seal(data: bytes) -> Seal:
    signer = keys.journal_signer()
    return Seal(key=signer.key_id, public_key=signer.public_key.hex(), signature=signer.sign(data).hex())


def _entries(placed: Sequence[tuple[int, int]], head: SignedHead) -> tuple[Entry, ...]:
    spans = {position: proofs.inclusion(position, head.size) for position, _ in placed}
    every = sorted({span for path in spans.values() for span in path})
    hashes = dict(zip(every, store.path(every), strict=True))
    rows = witnesses.rows([entry for _, entry in placed])
    read = bound.of_placed([(position, rows[entry]) for position, entry in placed])
    return tuple(
        Entry(
            text=journal.entry_bytes(rows[entry], read.get(entry, "")).decode(),
            position=position,
            path=tuple(hashes[span].hex() for span in spans[position]),
        )
        for position, entry in placed
    )


def _links(head: SignedHead, least: int, held: int) -> tuple[Link, ...]:
    """The first heads, of those that cover the entries, which another node signed and which was stamped; and the held one."""
    sizes = {witnesses.crossed_at(least), witnesses.stamped_at(least), held or None} - {None}
    return tuple(_link(head, size) for size in sorted(one for one in sizes if one is not None and one <= head.size))


def _link(head: SignedHead, size: int) -> Link:
    found = witnesses.head_of(size)
    if found is None:
        raise Refused("trust.size", f"留痕没有长度为 {size} 的签名头。", "请核对签名头；不符时请立即报告。")
    root, at, key, signature = found
    crosses = tuple(
        Cross(node=one.node, at=one.at.astimezone(UTC).isoformat(), key=one.key, public_key=one.public_key,
              signature=one.signature)
        for one in witnesses.crosses([size])
    )  # fmt: skip
    kept = tuple(Stamp(authority=one.authority, token=one.token.hex()) for one in witnesses.stamps([size]))
    path = store.path(proofs.consistency(size, head.size))
    return Link(
        head=of_head(SignedHead(size, root, at, key, head.public_key, signature)),
        path=tuple(one.hex() for one in path),
        crosses=crosses[:32],
        stamps=kept[:8],
    )


def _lacking(links: Sequence[Link], least: int) -> list[str]:
    covering = [one for one in links if one.head.size >= least]
    said = []
    if not any(one.stamps for one in covering):
        standing = witnesses.stamping()
        since = (
            f"（时间戳服务自 {standing.failing_since:%Y-%m-%d %H:%M}（UTC）起不可用）" if standing.failing_since else ""
        )
        said.append(f"未加盖时间戳{since}")
    if not any(one.crosses for one in covering):
        said.append("没有其他节点的交叉签名")
    return said


@verb("trust.read_witnesses", "查看交叉签名和时间戳")
def read_witnesses(*, actor: Actor) -> Witnesses:
    """What others say of the journal's heads."""
    require()
    found = Witnesses(
        tuple(witnesses.crosses(limit=50)),
        tuple(witnesses.stamps(limit=20)),
        witnesses.stamping(),
        bool(settings.STAMP_URL),
    )
    record("journal", detail={"crosses": len(found.crosses), "stamps": len(found.stamps)})
    return found


@verb("trust.take_cross", "登记其他节点的交叉签名")
def take_cross(*, actor: Actor, crossed: Crossed) -> bool:
    """Keep another node's signature on one of our heads; whether it is new. Raises Refused evidence.cross."""
    require()
    head = witnesses.head_of(crossed.size)
    if head is None:
        raise _cross(f"本平台没有长度为 {crossed.size} 的签名头。")
    root, at, _, signature = head
    public = bytes.fromhex(crossed.public_key)
    data = verify.cross_bytes(
        journal.head_bytes(crossed.size, bytes.fromhex(root), at), bytes.fromhex(signature), crossed.at, crossed.node
    )
    if public == verify.spki(keys.journal_signer().public_key):
        raise _cross("这是本平台自己的密钥，自己给自己作证没有意义。")
    if crossed.key != verify.node_key(public) or not verify.crossed(public, bytes.fromhex(crossed.signature), data):
        raise _cross("交叉签名与本平台的签名头不符。")
    new = witnesses.add_cross(crossed)
    record("journal", detail={"size": crossed.size, "node": crossed.node, "key": crossed.key, "new": new})
    return new


def _cross(what: str) -> Refused:
    return Refused("evidence.cross", what, "请对方节点用 shuniu evidence cross 重新签名后，再登记它给出的文件。")


@verb("trust.cross_head", "为其他节点的签名头签名")
def cross_head(*, actor: Actor, presented: Presented, node: str, called: str) -> Crossed:
    """Sign another node's head, `called` as it names itself, in the name of our `node`.

    Who has signed a head of that key before signs only what goes on from it: so two histories of one node never both get
    our signature. Raises Refused evidence.head, evidence.rewritten, evidence.growth.
    """
    require()
    head = presented.head
    public, root = bytes.fromhex(head.public_key), bytes.fromhex(head.root)
    data, signature = journal.head_bytes(head.size, root, head.at), bytes.fromhex(head.signature)
    if head.key != journal.key_id(public) or not journal.verify(public, signature, data):
        raise Refused("evidence.head", "对方的签名头签名无效。", "请对方重新导出签名头。")
    witnesses.lock_witnessed()
    _check_growth(presented, witnesses.last_witnessed(head.key), root)
    witnesses.add_witnessed(head.key, head.size, root, called)
    signer, now = keys.journal_signer(), datetime.now(UTC)
    own = verify.spki(signer.public_key)
    signed = signer.sign(verify.cross_bytes(data, signature, now, node))
    record("journal", detail={"node": called, "key": head.key, "size": head.size, "root": head.root})
    return Crossed(head.size, node, verify.node_key(own), own.hex(), now, signed.hex())


def _check_growth(presented: Presented, last: tuple[int, bytes] | None, root: bytes) -> None:
    head = presented.head
    if last is None:
        return
    if head.size < last[0] or (head.size == last[0] and root != last[1]):
        raise Refused(
            "evidence.rewritten",
            f"对方的留痕与本节点此前签过的（长度 {last[0]}）不是同一部。",
            "不予签名，请立即向上级报告。",
        )
    if head.size == last[0]:
        return
    if presented.after != last[0]:
        raise Refused(
            "evidence.growth",
            f"缺少从长度 {last[0]} 到 {head.size} 的延续证明。",
            f"请对方导出时加上 --after {last[0]}。",
        )
    if not proofs.continued(last[0], head.size, last[1], root, [bytes.fromhex(one) for one in presented.path]):
        raise Refused("evidence.rewritten", "对方的留痕不是此前签过的那一部的延续。", "不予签名，请立即向上级报告。")


@verb("trust.present_head", "取走供交叉签名的签名头")
def present_head(*, actor: Actor, after: int = 0) -> Presented:
    """The newest head for another node to sign, with its growth `after` the last one that it signed. Raises Refused trust.size."""
    require()
    head = store.latest_head()
    if head is None or after > head.size:
        raise Refused("trust.size", f"留痕还没有到长度 {max(after, 1)}。", "请核对对方给出的长度。")
    path = store.path(proofs.consistency(after, head.size)) if after else ()
    record("journal", detail={"size": head.size, "after": after})
    return Presented(head, after, tuple(one.hex() for one in path))


def public_keys() -> bytes:
    """The key that signs the journal's heads, and the roots of our certificates, as PEM.

    They are handed to verifiers by another way than the evidence.
    """
    roots = [certificates.authority_certificate(one.key, "root") for one in suites.suites()]
    own = pem.armor("PUBLIC KEY", verify.spki(keys.journal_signer().public_key))
    return b"".join([own, *(pem.armor("CERTIFICATE", one) for one in roots)])


def to_stamp() -> SignedHead | None:
    """The head that wants a time stamp: the newest, if it has none. It stands for all before it, so that one catches up."""
    head = store.latest_head()
    return head if head is not None and witnesses.stamped_at(head.size) is None else None


@verb("trust.keep_stamp", "保存时间戳")
def keep_stamp(*, actor: Actor, head: SignedHead, token: bytes, roots: bytes = b"") -> Stamped:
    """Keep a service's stamp on a head; `roots` (PEM): whom the service must lead to. Raises Refused stamp.*, trust.*"""
    require()
    data = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    found = stamps.check(token, verify.stamped_bytes(data, bytes.fromhex(head.signature)))
    if roots:
        stamps.trusted(found, verify.trust(roots).roots)
    kept = Stamped(head.size, found.authority, found.at, token)
    witnesses.add_stamp(kept)
    witnesses.note_stamping("", datetime.now(UTC))
    record("journal", detail={"size": head.size, "authority": kept.authority, "at": kept.at.isoformat()})
    return kept


@verb("trust.miss_stamp", "记下时间戳服务不可用")
def miss_stamp(*, actor: Actor, reason: str) -> None:
    """Note that the service gave no stamp, and why: the page and the evidence say so, and nothing else waits for it."""
    require()
    new = witnesses.note_stamping(reason[:200], datetime.now(UTC))
    record("journal", detail={"reason": reason[:200], "new": new})
