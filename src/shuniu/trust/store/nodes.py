"""SQL of the journal's kept subtrees: a proof takes what is large from here, and small subtrees from their leaves."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection, transaction

from shuniu.trust import journal, proofs
from shuniu.trust.prepared import array_of, fetch

LOCK = 0x5348554E
"""Any fixed number: one sequencer per database."""
_FETCHED = 10_000


def keep(tree: journal.Tree) -> None:
    """Store the subtrees that became whole since the last time."""
    if not tree.nodes:
        return
    with connection.cursor() as cursor:
        cursor.executemany("insert into trust_node values (%s, %s, %s) on conflict do nothing", tree.nodes)
    tree.nodes.clear()


def lay_nodes() -> None:
    """Store the subtrees of entries that were placed before subtrees were kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            "select coalesce((select max(size) from trust_head), 0) >> %s, (select count(*) from trust_node where level = %s)",
            [journal.KEPT, journal.KEPT],
        )
        whole, kept = cursor.fetchone()
        if whole == kept:
            return
        tree = journal.Tree()
        cursor.execute("declare leaves no scroll cursor for select hash from trust_leaf order by position")
        while True:
            cursor.execute(f"fetch {_FETCHED} from leaves")
            rows = cursor.fetchall()
            if not rows:
                return
            tree.extend(bytes(leaf) for (leaf,) in rows)
            keep(tree)


def nodes() -> dict[proofs.Block, bytes]:
    """Every subtree that is kept."""
    with connection.cursor() as cursor:
        cursor.execute("select level, place, hash from trust_node")
        return {(int(level), int(place)): bytes(hashed) for level, place, hashed in cursor.fetchall()}


_NODES = b"""
select n.level, n.place, n.hash from unnest(%s::int[], %s::bigint[]) as w(level, place) join trust_node n using (level, place)
"""
_LEAVES = b"""
select l.position, l.hash from unnest(%s::bigint[], %s::bigint[]) as r(first, last)
cross join lateral (select position, hash from trust_leaf where position >= r.first and position < r.last) l
"""


def subtrees(wanted: Collection[proofs.Block]) -> dict[proofs.Block, bytes]:
    """The hashes of these whole subtrees: the larger as they are kept, the smaller from their leaves."""
    large = [(level, place) for level, place in wanted if level >= journal.KEPT]
    small = [(level, place) for level, place in wanted if level < journal.KEPT]
    found: dict[proofs.Block, bytes] = {}
    if large:
        arrays = array_of(level for level, _ in large), array_of(place for _, place in large)
        found |= {(int(level), int(place)): bytes(hashed) for level, place, hashed in fetch(_NODES, arrays)}
    if small:
        starts = [place << level for level, place in small]
        ends = [(place + 1) << level for level, place in small]
        leaves = {int(at): bytes(leaf) for at, leaf in fetch(_LEAVES, [array_of(starts), array_of(ends)])}
        for (level, place), start, end in zip(small, starts, ends, strict=True):
            found[level, place] = proofs.subtree([leaves[at] for at in range(start, end)])
    return found


def path(spans: Sequence[proofs.Range]) -> tuple[bytes, ...]:
    """The tree hashes of these ranges of leaves. Raises KeyError where the journal does not reach so far."""
    known = subtrees({block for span in spans for block in proofs.blocks(span)})
    return tuple(proofs.hash_of(span, known) for span in spans)
