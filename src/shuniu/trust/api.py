"""The front door of trust: the door itself, the journal's verbs, keyed values."""

from __future__ import annotations

from shuniu.trust import journal, keys, proofs, store, verification
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
from shuniu.trust.door import OVERSEE, VERBS, denied, record, require, verb
from shuniu.trust.keys import keyed
from shuniu.trust.prepared import Question, array_of, fetch_each, fetch_several
from shuniu.trust.prepared import fetch as fetch_prepared
from shuniu.trust.readings import Reader, Reading, Veil, Watched
from shuniu.trust.sealing import seal, unseal
from shuniu.trust.store import beat, bound, given, last_seen, last_uses
from shuniu.trust.store.readings import again as read_again
from shuniu.trust.store.readings import (
    first_entry_at,
    placed_until,
    readers,
    reading,
    readings,
    readings_by,
    watched,
)

__all__ = [
    "OVERSEE",
    "VERBS",
    "Question",
    "Reader",
    "Reading",
    "Veil",
    "Watched",
    "array_of",
    "beat",
    "countersign",
    "denied",
    "document_certificate",
    "export_head",
    "fetch_each",
    "fetch_prepared",
    "fetch_several",
    "first_entry_at",
    "given",
    "inclusion",
    "keyed",
    "last_seen",
    "last_uses",
    "placed_until",
    "prepare",
    "prove_entry",
    "prove_growth",
    "read_again",
    "readers",
    "reading",
    "readings",
    "readings_by",
    "record",
    "require",
    "seal",
    "search_journal",
    "sequence",
    "sign_document",
    "signed_by_platform",
    "unseal",
    "verb",
    "verify_journal",
    "watched",
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
    text = journal.entry_bytes(row, bound.of_placed([(position, row)]).get(entry, ""))
    return Inclusion(text, position, store.path(proofs.inclusion(position, head.size)), head)


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
    found = verification.verified(head)
    record("journal", detail={"size": found.entries, "faults": len(found.faults)})
    return found
