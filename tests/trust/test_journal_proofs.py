"""Any entry of the journal is proven to an outsider by a few hashes, and any two of its heads to be of one journal."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection

from shuniu.trust import api, journal, keys, proofs, store
from shuniu.trust.declare import Actor, Inclusion, Refused
from tests.trust.test_journal_verify import _empty_journal, unguarded, verify, write

__all__ = ["_empty_journal"]
AUDITOR = Actor(
    "officer:9", "贺静", "43.audit", "省审计厅", ("43",), frozenset({"trust.prove_entry", "trust.prove_growth"})
)
pytestmark = pytest.mark.django_db(transaction=True)


def grown(*sizes: int) -> list[int]:
    """A journal that grew by these numbers of entries, each step with its head; the entries' ids by position."""
    for size in sizes:
        write(size)
        assert api.sequence() == size
    with connection.cursor() as cursor:
        cursor.execute("select entry_id from trust_leaf order by position")
        return [int(row[0]) for row in cursor.fetchall()]


def holds(found: Inclusion) -> bool:
    """What an outsider does who has the entry's bytes, the path, and the signed head."""
    head = found.head
    signed = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    leaf = journal.leaf_hash(found.entry)
    return keys.verify(bytes.fromhex(head.public_key), bytes.fromhex(head.signature), signed) and proofs.included(
        leaf, found.position, head.size, found.path, bytes.fromhex(head.root)
    )


def test_an_entry_is_proven_under_the_first_head_that_covers_it() -> None:
    ids = grown(3, 256, 700, 1)
    chance = Random(7)
    for position in {0, 2, 3, 255, 256, 511, 512, 958, 959, *(chance.randrange(960) for _ in range(40))}:
        found = api.prove_entry(actor=AUDITOR, entry=ids[position])
        assert found.position == position and holds(found)
        assert found.head.size == next(size for size in (3, 259, 959, 960) if size > position)
        assert f'"thing:{_number(position)}"'.encode() in found.entry
    assert len(store.nodes()) == 3 + 1, "three subtrees of 256, one of 512"


def _number(position: int) -> int:
    """Which of its step's entries stands at a position."""
    return next(position - start for start in (959, 259, 3, 0) if position >= start)


def test_every_two_heads_are_of_one_journal() -> None:
    grown(5, 251, 1, 300)
    roots = {size: root for size, root, *_ in store.heads()}
    for first in roots:
        for second in (size for size in roots if size >= first):
            found = api.prove_growth(actor=AUDITOR, first=first, second=second)
            assert proofs.continued(first, second, roots[first], roots[second], found.path)
    for wrong in ((0, 5), (6, 5), (5, 10_000)):
        with pytest.raises(Refused, match="没有从"):
            api.prove_growth(actor=AUDITOR, first=wrong[0], second=wrong[1])


def test_an_entry_without_a_position_is_not_proven_and_who_may_not_ask_is_refused() -> None:
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("select max(id) from trust_entry")
        (last,) = cursor.fetchone()
    with pytest.raises(Refused, match="还没有定序"):
        api.prove_entry(actor=AUDITOR, entry=last)
    nobody = Actor("officer:1", "王敏", "43.market", "省市场监管局", ("43",), frozenset())
    for asked in (
        lambda: api.prove_entry(actor=nobody, entry=last),
        lambda: api.prove_growth(actor=nobody, first=1, second=1),
    ):
        with pytest.raises(Refused):
            asked()


def test_a_journal_from_before_subtrees_were_kept_gets_them() -> None:
    ids = grown(1030)
    kept = store.nodes()
    unguarded("truncate trust_node")
    api.prepare()
    assert store.nodes() == kept and len(kept) == 4 + 2 + 1
    api.prepare()
    assert holds(api.prove_entry(actor=AUDITOR, entry=ids[777]))
    assert verify().holds


def test_a_changed_subtree_is_found_by_its_place() -> None:
    grown(600)
    unguarded("update trust_node set hash = sha256('x') where level = 8 and place = 1")
    assert verify().faults == ("第 256 位起 256 条留痕的子树与现存留痕算出的不符",)
    unguarded("delete from trust_node where level = 9", "insert into trust_node values (9, 7, sha256('x'))")
    assert "第 3584 位起 512 条留痕的子树超出现存留痕" in verify().faults
