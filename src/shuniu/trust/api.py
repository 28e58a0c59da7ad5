"""The front door of trust: the door itself, the journal's verbs, keyed values."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from django.db import transaction

from shuniu.trust import journal, keys, noted, proofs, store, verification
from shuniu.trust.declare import (
    Actor,
    Growth,
    Inclusion,
    JournalPage,
    Json,
    Refused,
    Signature,
    SignedHead,
    Verification,
)
from shuniu.trust.documents import certificate as document_certificate
from shuniu.trust.documents import sign as sign_document
from shuniu.trust.door import OVERSEE, VERBS, counting_refusals, denied, record, require, require_or, verb
from shuniu.trust.keys import keyed
from shuniu.trust.prepared import Question, array_of, fetch_each, fetch_several
from shuniu.trust.prepared import fetch as fetch_prepared
from shuniu.trust.readings import Reading, Veil, Watched, of_machine
from shuniu.trust.sealing import seal, unseal
from shuniu.trust.store import beat, bound, ends, given, given_by, last_seen, last_uses
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
    "Reading",
    "Veil",
    "Watched",
    "accept_journal",
    "array_of",
    "beat",
    "countersign",
    "counting_refusals",
    "denied",
    "document_certificate",
    "export_head",
    "fetch_each",
    "fetch_prepared",
    "fetch_several",
    "first_entry_at",
    "given",
    "given_by",
    "inclusion",
    "keyed",
    "last_seen",
    "last_uses",
    "of_machine",
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
    "record_restore",
    "require",
    "require_or",
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
    """Give every committed entry its position and sign the new head; the sequencer calls this once a second.

    Raises Refused journal.* where the journal was turned back or changed since its last head: then nothing is signed.
    """
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

    `before` is the id of the last entry seen: the next page holds older ones. What stops the signing is said beside them.
    """
    require()
    who = "person" if ":" in person else "name"
    found = store.search({"object": target, who: person, "verb": verb, "outcome": outcome}, limit, before)
    page = JournalPage(tuple(found), store.latest_head(), *store.waiting(), ends.stopped())
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


@verb("trust.accept_journal", "承认回退的留痕")
def accept_journal(*, actor: Actor, reason: str) -> SignedHead | None:
    """Have the sequencer go on from the journal as it stands, though another head is noted; that head and why are recorded.

    For a database that was lawfully taken back to an earlier state, or a lost journal key. What was noted stays in the
    folder of keys. Raises Refused journal.reason, journal.sound where nothing is wrong, journal.tail and journal.peaks
    where leaves and heads do not agree.
    """
    require()
    if not reason.strip():
        raise Refused("journal.reason", "没有说明原因。", "请用 --reason 说明为什么承认，例如从哪一天的备份恢复。")
    end, before = ends.end(), None
    ends.check_whole(end)
    try:
        before = noted.read()
        ends.check(end, before)
    except Refused as refusal:
        found: dict[str, Json] = {"rule": refusal.rule, "reason": reason.strip(), "size": end.size}
    else:
        raise Refused("journal.sound", "现存留痕与密钥目录存底的签名头相符。", "不需要承认。")
    kept: dict[str, Json] = {"noted": before.size, "noted_root": before.root} if before else {}
    record("journal", detail={**found, **kept})
    transaction.on_commit(partial(noted.replace, end.head))
    return end.head


@verb("trust.record_restore", "登记从备份恢复")
def record_restore(*, actor: Actor, made: datetime, head: SignedHead | None) -> None:
    """That this database was loaded from a backup made at that moment, whose journal reached to `head`.

    The head is noted, so that what was loaded must go on from it.
    """
    require()
    size, root = (head.size, head.root) if head else (0, "")
    record("journal", detail={"made": made.astimezone(UTC).isoformat(), "size": size, "root": root})
    transaction.on_commit(partial(noted.replace, head))
