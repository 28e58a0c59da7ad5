"""Proving one of ten million entries, and verifying them all: `shuniu bench proof`.

The journal is filled by SQL with entries as the exchange writes them; the platform's own sequencer gives them positions,
signs heads and keeps subtrees. `p95_ms` is that of inclusion and consistency proofs together, each fetched and made by the
platform's functions and checked by the outsider's (untimed): of random entries under the first head that covers them, and
between random heads. `rate` is the whole verification, every leaf, subtree, root and signature recomputed from the rows.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.result import Result
from shuniu.trust import api, journal, proofs, store
from shuniu.trust.declare import Actor

AUDITOR = Actor(
    "officer:9", "基准测试", "43.audit", "省审计厅", ("43",),
    frozenset({"trust.verify_journal", "trust.prove_entry", "trust.prove_growth"}),
)  # fmt: skip
CHUNK, ASKED = 500_000, 2_000
FILL = """
insert into trust_entry (person, person_name, agency, agency_name, verb, outcome, object, detail, proof)
select 'officer:' || n %% 5000, '王敏', '43.a' || n %% 60, '演示单位' || n %% 60, 'exchange.query', 'done',
  'resource:43.tax/r' || n %% 700,
  jsonb_build_object('purpose', 'case:' || n, 'items', array['name', 'uscc'], 'rows', n %% 3),
  decode(repeat(md5(n::text), 16), 'hex')
from generate_series(%s::int, %s::int) n
"""


def run(*, rows: int = 10_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure 2,000 proofs of each kind, and the verification, over `rows` entries."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    api.prepare()
    began = time.perf_counter()
    for start in range(1, rows + 1, CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(FILL, [start, min(rows, start + CHUNK - 1)])
        while api.sequence():
            pass
    filled = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute("select min(entry_id) from trust_leaf")
        first = int(cursor.fetchone()[0])
    chance = random.Random(seed)
    entries = [first + chance.randrange(rows) for _ in range(min(ASKED, rows))]
    sizes = [size for size, *_ in store.heads()]
    pairs = [tuple(sorted(chance.choices(sizes, k=2))) for _ in entries]
    taken, wrong = _asked(entries, pairs)
    began = time.perf_counter()
    verified = api.verify_journal(actor=AUDITOR)
    rate = verified.entries / (time.perf_counter() - began)
    taken.sort()
    return Result(
        "proof",
        measures={
            "p50_ms": round(taken[len(taken) // 2], 2),
            "p95_ms": round(taken[len(taken) * 95 // 100], 2),
            "p99_ms": round(taken[len(taken) * 99 // 100], 2),
            "rate": round(rate),
            "sequenced": round(rows / filled),
            "entries": verified.entries,
            "wrong": wrong + len(verified.faults),
        },
        must={"p95_ms": "<=10", "rate": ">=50000", "wrong": "==0"},
    )


def _asked(entries: list[int], pairs: list[tuple[int, ...]]) -> tuple[list[float], int]:
    """Milliseconds of each proof, and how many did not hold."""
    taken, wrong = [], 0
    roots = {size: root for size, root, *_ in store.heads()}
    for entry in entries:
        began = time.perf_counter()
        found = api.inclusion(entry)
        taken.append(1000 * (time.perf_counter() - began))
        leaf = journal.leaf_hash(found.entry)
        wrong += not proofs.included(leaf, found.position, found.head.size, found.path, bytes.fromhex(found.head.root))
    for first, second in pairs:
        began = time.perf_counter()
        path = store.path(proofs.consistency(first, second))
        taken.append(1000 * (time.perf_counter() - began))
        wrong += not proofs.continued(first, second, roots[first], roots[second], path)
    return taken, wrong
