"""The front door of trust: the door itself, the journal's verbs, keyed values."""

from __future__ import annotations

from shuniu.trust import journal, keys, proofs, store
from shuniu.trust.declare import (
    Actor,
    Growth,
    Inclusion,
    JournalPage,
    Refused,
    Signature,
    SignedHead,
    Verification,
)
from shuniu.trust.documents import certificate as document_certificate
from shuniu.trust.documents import sign as sign_document
from shuniu.trust.door import OVERSEE, VERBS, record, require, verb
from shuniu.trust.keys import keyed
from shuniu.trust.prepared import array_of, fetch_each
from shuniu.trust.prepared import fetch as fetch_prepared
from shuniu.trust.readings import Reader, readers
from shuniu.trust.store import beat, last_seen

__all__ = [
    "OVERSEE",
    "VERBS",
    "Reader",
    "array_of",
    "beat",
    "countersign",
    "document_certificate",
    "export_head",
    "fetch_each",
    "fetch_prepared",
    "inclusion",
    "keyed",
    "last_seen",
    "prepare",
    "prove_entry",
    "prove_growth",
    "readers",
    "record",
    "require",
    "search_journal",
    "sequence",
    "sign_document",
    "signed_by_platform",
    "verb",
    "verify_journal",
]


def sequence() -> int:
    """Give every committed entry its position and sign the new head; the sequencer calls this once a second."""
    return store.sequence()


def prepare() -> None:
    """Make what the journal needs on this day (monthly partitions, kept subtrees). Safe to call at any time."""
    store.ensure_partitions()
    store.lay_nodes()


def countersign(data: bytes) -> Signature:
    """The platform's own signature on what it says: receipts, reports."""
    signer = keys.journal_signer()
    return Signature(signer.key_id, signer.sign(data).hex())


def signed_by_platform(data: bytes, signature: Signature) -> bool:
    """Whether the platform signed these bytes with its present key."""
    signer = keys.journal_signer()
    return signature.key == signer.key_id and keys.verify(signer.public_key, bytes.fromhex(signature.signature), data)


@verb("trust.export_head", "取走留痕签名头")
def export_head(*, actor: Actor) -> SignedHead | None:
    """The newest signed head, to be kept outside the platform: `verify_journal` checks the whole table against it."""
    require()
    head = store.latest_head()
    record("journal", detail={"size": head.size if head else 0})
    return head


@verb("trust.prove_entry", "取走留痕的证明", reads=True)
def prove_entry(*, actor: Actor, entry: int) -> Inclusion:
    """An entry with the proof that it stands in the journal, under the first head that covers it.

    Raises Refused trust.unplaced while it has no position, or there is none.
    """
    require()
    found = inclusion(entry)
    record(f"entry:{entry}", detail={"position": found.position, "size": found.head.size})
    return found


def inclusion(entry: int) -> Inclusion:
    """As `prove_entry`, for a verb that has required the right and records."""
    placed = store.placed(entry)
    head = store.head_at(placed[0] + 1) if placed else None
    if placed is None or head is None:
        raise Refused("trust.unplaced", f"留痕 {entry} 还没有定序，或者没有这一条。", "提交后两秒内定序，请稍后再取。")
    position, row = placed
    return Inclusion(journal.entry_bytes(row), position, store.path(proofs.inclusion(position, head.size)), head)


@verb("trust.prove_growth", "取走留痕延续的证明")
def prove_growth(*, actor: Actor, first: int, second: int) -> Growth:
    """That the journal of one size is the beginning of that of another. Raises Refused trust.size beyond what there is."""
    require()
    head = store.latest_head()
    if head is None or not 0 < first <= second <= head.size:
        raise Refused("trust.size", f"留痕没有从 {first} 到 {second} 这一段。", "请核对两个签名头的长度，短的在前。")
    found = Growth(first, second, store.path(proofs.consistency(first, second)))
    record("journal", detail={"first": first, "second": second})
    return found


@verb("trust.search_journal", "查询留痕", reads=True)
def search_journal(
    *,
    actor: Actor,
    target: str = "",
    person: str = "",
    verb: str = "",
    outcome: str = "",
    limit: int = 50,
    before: int = 0,
) -> JournalPage:
    """Entries by object (`submission:12`), by person (id `officer:12`, or the full name), by verb and outcome; newest first.

    `before` is the id of the last entry seen: the next page holds older ones.
    """
    require()
    who = "person" if ":" in person else "name"
    found = store.search({"object": target, who: person, "verb": verb, "outcome": outcome}, limit, before)
    page = JournalPage(tuple(found), store.latest_head(), store.waiting())
    record("journal", detail={"object": target, "person": person, "verb": verb, "rows": len(found)})
    return page


@verb("trust.verify_journal", "核验留痕")
def verify_journal(*, actor: Actor, head: SignedHead | None = None) -> Verification:
    """Recompute every leaf, every root and every signature from the rows that stand now.

    With `head` (taken away earlier), the table must also reproduce that head's root at that head's size: a table that was
    rewritten, re-hashed and re-signed with the platform's own key does not.
    """
    require()
    faults: list[str] = []
    signed = {size: (root, at, key, signature) for size, root, at, key, signature in store.heads()}
    heads = len(signed)
    tree = journal.Tree()
    public = keys.journal_signer().public_key
    nodes = store.nodes()
    for position, stored, row in store.rows_in_order():
        leaf = journal.leaf_hash(journal.entry_bytes(row)) if row is not None else b""
        if position != tree.size:
            faults.append(f"第 {tree.size} 位起缺 {position - tree.size} 条留痕")
            break
        if leaf != stored:
            faults.append(f"第 {position} 位的留痕{'已不存在' if row is None else '内容与当时的摘要不符'}")
        tree.append(stored)
        for level, place, made in tree.nodes:
            if nodes.pop((level, place), made) != made:
                faults.append(f"第 {place << level} 位起 {1 << level} 条留痕的子树与现存留痕算出的不符")
        tree.nodes.clear()
        if tree.size in signed:
            root, at, key, signature = signed.pop(tree.size)
            if root != tree.root:
                faults.append(f"长度 {tree.size} 的签名头与现存留痕算出的根不符")
            if key != keys.key_id(public) or not keys.verify(
                public, signature, journal.head_bytes(tree.size, root, at)
            ):
                faults.append(f"长度 {tree.size} 的签名头签名无效")
        if head is not None and tree.size == head.size:
            faults.extend(_against(head, tree))
    if head is not None and head.size > tree.size:
        faults.append(f"审计员持有的签名头长度为 {head.size}，现存留痕只有 {tree.size} 条")
    faults.extend(f"签名头 {size} 超出现存留痕" for size in signed)
    faults.extend(f"第 {place << level} 位起 {1 << level} 条留痕的子树超出现存留痕" for level, place in nodes)
    found = Verification(tree.size, heads, store.waiting(), tuple(faults[:100]))
    record("journal", detail={"size": tree.size, "faults": len(faults)})
    return found


def _against(head: SignedHead, tree: journal.Tree) -> list[str]:
    faults = []
    public = bytes.fromhex(head.public_key)
    data = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    if keys.key_id(public) != head.key or not keys.verify(public, bytes.fromhex(head.signature), data):
        faults.append("审计员持有的签名头本身签名无效")
    if tree.root.hex() != head.root:
        faults.append(f"留痕已被改写：长度 {head.size} 处的根与审计员持有的签名头不符")
    return faults
