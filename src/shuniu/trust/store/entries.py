"""SQL of the journal: inserting entries, giving them positions, reading them back. Called by `api` alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice, pairwise
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.datetime import TimestamptzLoader

from shuniu.trust import journal, keys, noted
from shuniu.trust.declare import Act, Line, SignedHead
from shuniu.trust.prepared import array_of, fetch
from shuniu.trust.store import bound, ends, nodes

COLUMNS = "e.id, e.at, e.person, e.person_name, e.agency, e.agency_name, e.verb, e.outcome, e.object, e.detail, e.proof"
INSERT = """
insert into trust_entry (person, person_name, agency, agency_name, verb, outcome, object, detail)
values (%s, %s, %s, %s, %s, %s, %s, %s) returning id
"""
INSERT_READING = f"""
with entry as ({INSERT.strip()})
insert into trust_reading (entry, subject) select entry.id, unnest(%s::bigint[]) from entry returning entry
"""
_UNPLACED = "not exists (select from trust_leaf l where l.entry_id = e.id)"
FRESH = f"""
(select {COLUMNS}, e.xid::text from trust_entry e where e.xid >= %(horizon)s::xid8 and {_UNPLACED}
 order by e.xid limit %(limit)s)
union all
select {COLUMNS}, e.xid::text from trust_entry e where e.xid = any(%(open)s::xid8[]) and {_UNPLACED}
"""
# What is new is a small part of the tables' end, which statistics do not show yet: only the indexes' way is right.
BY_INDEX = """
select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) name
"""
SNAPSHOT = "select pg_snapshot_xmax(s)::text, array(select pg_snapshot_xip(s))::text[] from pg_current_snapshot() s"
SEQUENCER_LOCK = nodes.LOCK


def insert(act: Act) -> int:
    """Write one entry, and a row per subject that it touched, in one statement. Returns the entry's id."""
    values: list[Any] = [
        act.actor.person, act.actor.name, act.actor.agency, act.actor.agency_name,
        act.verb, act.outcome, act.object, json.dumps(dict(act.detail), ensure_ascii=False),
    ]  # fmt: skip
    if act.subjects:
        return int(fetch(INSERT_READING.encode(), [*values, array_of(act.subjects)])[0][0])
    return int(fetch(INSERT.encode(), values)[0][0])


def sequence(limit: int = 50_000) -> int:
    """One step of the sequencer: every committed entry without a leaf gets a position, and the grown tree a signed head.

    Entries are found by their transaction, not by id: an id is given at insert and seen only at commit, so a watermark
    on ids loses those that commit late. A head remembers the snapshot that it covers (its xmax as `horizon`, and the
    transactions then `open`), so a step looks only at what was not visible in it, however long a transaction stays
    open. Returns how many entries were given a position (0 when another sequencer works).

    Raises Refused journal.* where the journal does not go on from the head that is noted (`ends.check`): entries wait then.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        end, last = ends.standing()
        if end.head is not None and (last is None or last.size < end.size):
            transaction.on_commit(partial(noted.keep, end.head))  # a kill came between its commit and its note
        # Taken before the entries are read: what commits in between is found now, and passed over by the next step.
        cursor.execute(SNAPSHOT)
        xmax, running = cursor.fetchone()
        cursor.execute(BY_INDEX)
        cursor.execute(FRESH, {"horizon": end.horizon, "open": [*end.still_open], "limit": limit})
        found = cursor.fetchall()
        if not found:
            return 0
        rows = sorted((_decoded(row[:-1]) for row in found), key=itemgetter(0))
        tree = journal.Tree(end.size, end.peaks)
        _place(tree, rows)
        newer = [int(row[-1]) for row in found if int(row[-1]) >= int(end.horizon)]
        # A full step has come only as far as its last transaction: the next one goes on from there. Never past the
        # snapshot: what began after it may still be open below a transaction that has been found already.
        covered = min(max(newer), int(xmax)) if len(newer) == limit else int(xmax)
        head = _write_head(tree, str(covered), [one for one in running if int(one) < covered])
        transaction.on_commit(partial(noted.keep, head))
        return len(rows)


def _place(tree: journal.Tree, rows: Sequence[journal.EntryRow]) -> None:
    """Give the entries the next positions, and the tree their leaves."""
    read = bound.bound((row[0], row[1]) for row in rows)
    with connection.cursor() as cursor, cursor.copy("copy trust_leaf (position, entry_id, hash) from stdin") as copy:
        for row in rows:
            leaf = journal.leaf_hash(journal.entry_bytes(row, read.get(row[0], "")))
            copy.write_row((tree.size, row[0], leaf))
            tree.append(leaf)
    nodes.keep(tree)


def placed(entry: int) -> tuple[int, journal.EntryRow] | None:
    """Where an entry stands in the journal, with its row; None while it has no position."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select l.position, {COLUMNS} from trust_entry e join trust_leaf l on l.entry_id = e.id where e.id = %s",
            [entry],
        )
        row = cursor.fetchone()
    return (int(row[0]), _decoded(tuple(row[1:]))) if row else None


def head_at(least: int) -> SignedHead | None:
    """The smallest signed head of at least that size; None where the journal is shorter."""
    return _head("where size >= %s order by size limit 1", least)


def _write_head(tree: journal.Tree, horizon: str, still_open: list[str]) -> SignedHead:
    at = datetime.now(UTC)
    signer = keys.journal_signer()
    signature = signer.sign(journal.head_bytes(tree.size, tree.root, at))
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into trust_head (size, root, peaks, horizon, open, at, key, signature)"
            " values (%s, %s, %s, %s::xid8, %s::xid8[], %s, %s, %s)",
            [tree.size, tree.root, tree.peaks, horizon, still_open, at, signer.key_id, signature],
        )
    return SignedHead(tree.size, tree.root.hex(), at, signer.key_id, signer.public_key.hex(), signature.hex())


def _decoded(row: tuple[Any, ...]) -> journal.EntryRow:
    *rest, detail, proof = row
    said = json.loads(detail) if isinstance(detail, str) else detail
    return (*rest, said, bytes(proof) if proof else None)


Placed = tuple[int, bytes, journal.EntryRow | None, str]
"""A leaf's position and hash, the entry that stands under it now (None when it is gone), and what binds its readings."""


def rows_in_order(chunk: int = 10_000) -> Iterator[Placed]:
    """Every leaf by position."""
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)  # Django's own takes 4 µs a row
            cursor.execute(
                f"select l.position, l.hash, {COLUMNS} from trust_leaf l left join trust_entry e on e.id = l.entry_id"
                " where l.position > %s order by l.position limit %s",
                [last, chunk],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        read = bound.bound((row[2], row[3]) for row in rows if row[2] is not None)
        for position, stored, *entry in rows:
            there = _decoded(tuple(entry)) if entry[0] is not None else None
            yield position, bytes(stored), there, read.get(entry[0], "")
        last = int(rows[-1][0])


def heads() -> Iterator[tuple[int, bytes, datetime, str, bytes, list[bytes]]]:
    """Every signed head by size: size, root, time, key id, signature, and the peaks that the tree grows on from."""
    with connection.cursor() as cursor:
        cursor.execute("select size, root, at, key, signature, peaks from trust_head order by size")
        while batch := cursor.fetchmany(10_000):
            for size, root, at, key, signature, peaks in batch:
                yield int(size), bytes(root), at, str(key), bytes(signature), [bytes(peak) for peak in peaks]


def latest_head() -> SignedHead | None:
    """The newest signed head, ready to leave the machine."""
    return _head("order by size desc limit 1")


def _head(which: str, *values: int) -> SignedHead | None:
    with connection.cursor() as cursor:
        cursor.execute(f"select size, root, at, key, signature from trust_head {which}", values)
        row = cursor.fetchone()
    if row is None:
        return None
    size, root, at, key, signature = row
    public = keys.journal_signer().public_key.hex()
    return SignedHead(int(size), bytes(root).hex(), at, str(key), public, bytes(signature).hex())


def same(column: str, value: str) -> str:
    """SQL: whether an entry's object or person is this one, in the way of their indexes, which hold hashes."""
    return f"hashtextextended(e.{column}, 0) = hashtextextended({value}, 0) and e.{column} = {value}"


_WAITING = f"""
select coalesce(sum(many), 0), min(since) from (
    select count(*) as many, min(e.at) as since from trust_entry e where e.xid >= %(horizon)s::xid8 and {_UNPLACED}
    union all
    select count(*), min(e.at) from trust_entry e
    where e.xid = any(%(open)s::xid8[]) and e.xid < %(horizon)s::xid8 and {_UNPLACED}
) w
"""


def waiting() -> tuple[int, datetime | None]:
    """How many entries the next step of the sequencer would find, and when the oldest of them was written."""
    found = ends.end()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"horizon": found.horizon, "open": [*found.still_open]})
        many, since = cursor.fetchone()
        return int(many), since


def unplaced() -> int:
    """How many entries have no position, counted over the whole journal."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from trust_entry e where {_UNPLACED}")
        return int(cursor.fetchone()[0])


def search(wanted: Mapping[str, str], limit: int, before: int) -> list[Line]:
    """Entries whose columns have these values (empty: any), newest first, older than the entry `before` (0: all)."""
    known = {
        "object": same("object", "%(object)s"),
        "person": same("person", "%(person)s"),
        "name": "e.person_name = %(name)s",
        "verb": "e.verb = %(verb)s",
        "outcome": "e.outcome = %(outcome)s",
    }
    asked = {key: value for key, value in wanted.items() if value}
    where = "".join(f" and {known[key]}" for key in asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {COLUMNS}, l.position from trust_entry e left join trust_leaf l on l.entry_id = e.id"
            f" where (%(before)s = 0 or e.id < %(before)s){where} order by e.id desc limit %(limit)s",
            {**asked, "before": before, "limit": limit},
        )
        return [_line(*row) for row in cursor.fetchall()]


def _line(*row: Any) -> Line:
    number, at, person, name, _, agency_name, verb, outcome, target, detail, _, position = row
    said = json.loads(detail) if isinstance(detail, str) else detail
    return Line(number, at, person, name, agency_name, verb, outcome, target, said, position)


_PARTITIONED_TO = """
select max((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO [(]''([^'']+)'))[1]::timestamptz)
from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'trust_reading'::regclass
"""


def ensure_partitions(months: int = 3) -> None:
    """Make the readings' partitions for this month and the next ones; the default partition catches what is missed.

    Months are those of the clock on the wall, as people ask for them: a month's page then touches one partition.
    """
    first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONED_TO)
        last = cursor.fetchone()[0] or first
        for start, end in pairwise(islice(_months(first), months + 1)):
            if end <= last:
                continue
            start = max(start, last)  # one that was cut otherwise is not overlapped
            # A month whose first readings came before its partition stays in the default one: correct, only larger.
            cursor.execute("select exists (select from trust_reading_rest where at >= %s and at < %s)", [start, end])
            if cursor.fetchone()[0]:
                continue
            cursor.execute(
                f"create table if not exists trust_reading_{start:%Y%m} partition of trust_reading"
                f" for values from ('{start.isoformat()}') to ('{end.isoformat()}')"
            )


def _months(start: datetime) -> Iterator[datetime]:
    while True:
        yield start
        start = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def beat(process: str) -> None:
    """Say that a long-running process is alive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into trust_heartbeat values (%s, clock_timestamp()) on conflict (process) do update set at = excluded.at",
            [process],
        )


def last_seen() -> dict[str, datetime]:
    """When each long-running process last said that it is alive."""
    with connection.cursor() as cursor:
        cursor.execute("select process, at from trust_heartbeat")
        return dict(cursor.fetchall())
