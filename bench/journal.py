"""32 clients, one journal entry a transaction beside one other write, with the sequencer and without: `shuniu bench journal`.

The clients are pgbench's, so that no Python of theirs hides what the sequencer costs; they write entries with the very
statement of `trust.store`. One transaction in a hundred sleeps, one in a hundred is rolled back, and beside them one
transaction stays open for 60 s. The sequencer is the platform's own process. Four turns (without, with, with, without)
take each other's drift off the ratio; before each the backlog is sequenced, untimed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from bench.result import Result
from shuniu.project import programs
from shuniu.trust import api as trust
from shuniu.trust import store
from shuniu.trust.store import INSERT

CLIENTS = 32
NOMINAL = 5_000  # entries a second: what `rows` is divided by to get a turn's length
LONGEST = 60.0  # seconds that the long transaction is open in a full run
NOWHERE = Path(os.devnull)
TURNS = (False, True, True, False)
DETAIL = """'{"purpose": "case-430000", "items": ["name", "sex", "address"]}'"""
ENTRY = INSERT.strip() % (
    "'officer-' || :client_id::int", "'王敏'", "'43.market'", "'省市场监督管理局'",
    "'exchange.read'", "'done'", "'resource-' || :client_id::int", DETAIL,
)  # fmt: skip
SCRIPT = f"""
\\set luck random(1, 100)
\\set nap random(1, 400000)
begin;
{" ".join(ENTRY.split())} \\gset
\\if :luck = 1
\\sleep :nap us
\\endif
insert into bench_thing (entry, turn, at) values (:id, :turn, clock_timestamp());
\\if :luck = 2
rollback;
\\else
commit;
\\endif
"""


@dataclass
class Observer:
    """Sees which size of the journal has a signed head, and since when; every 50 ms, on a connection of its own."""

    url: str
    sizes: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as own:
            while not self.done.wait(0.05):
                row = own.execute(
                    "select size, extract(epoch from clock_timestamp())::float8 from trust_head order by size desc limit 1"
                ).fetchone()
                if row and (not self.sizes or row[0] > self.sizes[-1]):
                    self.sizes.append(row[0])
                    self.times.append(row[1])

    def provable(self, position: int) -> float:
        """When (Unix time) a signed head covered the entry at this position; never: infinity."""
        at = bisect_right(self.sizes, position)
        return self.times[at] if at < len(self.times) else float("inf")


def run(*, rows: int = 330_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure. `rows` stands for time, so that every turn meets the same long transaction: a turn takes `rows` / 5,000 s."""
    del input
    seconds = max(2, rows // NOMINAL)
    prepare()
    counts: dict[bool, int] = {True: 0, False: 0}
    lags: list[float] = []
    for turn, sequenced in enumerate(TURNS):
        if sequenced:
            with sequencer(), observer() as seen:
                load(turn, seconds, seed)
                drained()
            lags += lags_of(turn, seen)
        else:
            load(turn, seconds, seed)
            while trust.sequence():
                continue
        counts[sequenced] += committed(turn)
    lags.sort()
    return Result(
        "journal",
        measures={
            "ratio": round(counts[True] / counts[False], 3),
            "ours": round(counts[True] / seconds / 2),
            "reference": round(counts[False] / seconds / 2),
            "p50_ms": round(1000 * lags[len(lags) // 2]),
            "p99_ms": round(1000 * lags[len(lags) * 99 // 100]),
            "max_ms": round(1000 * lags[-1]),
            "entries": counts[True] + counts[False],
            "lost": lost(),
            "seconds": seconds,
        },
        must={"ratio": ">=0.8", "p99_ms": "<=2000", "lost": "==0"},
    )


def prepare() -> None:
    """Migrate, and make the table of the other write: each row names its entry and the moment just before its commit."""
    call_command("migrate", interactive=False, verbosity=0)
    trust.prepare()
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists bench_thing")
        cursor.execute(
            "create table bench_thing (entry bigint primary key, turn int not null, at timestamptz not null)"
        )


def load(turn: int, seconds: int, seed: int) -> None:
    """Have the clients write for some seconds while another transaction stays open."""
    long = threading.Thread(target=hold, args=(turn, min(LONGEST, seconds * 0.9)))
    long.start()
    tool = programs.find(None, NOWHERE, NOWHERE).bin / "pgbench"
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write(SCRIPT)
        script.flush()
        subprocess.run(
            [tool, "--no-vacuum", f"--client={CLIENTS}", "--jobs=2", f"--time={seconds}", "--protocol=prepared",
             f"--random-seed={seed + turn}", f"--define=turn={turn}", f"--file={script.name}", url()],
            capture_output=True, check=True,
        )  # fmt: skip
    long.join()


def hold(turn: int, seconds: float) -> None:
    """One transaction that writes its entry at once and commits only after `seconds`."""
    with psycopg.connect(url()) as own:
        values = ("officer-0", "王敏", "43.market", "省市场监督管理局", "exchange.submit", "done", "submission-1", "{}")
        row = own.execute(INSERT, values).fetchone()
        time.sleep(seconds)
        own.execute("insert into bench_thing values (%s, %s, clock_timestamp())", [row and row[0], turn])


def url() -> str:
    return os.environ["SHUNIU_DATABASE_URL"]


@contextmanager
def sequencer() -> Iterator[None]:
    """The platform's own sequencer process, at work."""
    with subprocess.Popen([sys.executable, "-m", "shuniu.project.main", "sequencer"]) as process:
        try:
            started = datetime.now(UTC)
            until(lambda: trust.last_seen().get("sequencer", started) > started)
            yield
        finally:
            process.terminate()


@contextmanager
def observer() -> Iterator[Observer]:
    """An observer, watching until the block ends and once more after it."""
    seen = Observer(url())
    thread = threading.Thread(target=seen.watch)
    thread.start()
    try:
        yield seen
    finally:
        seen.done.set()
        thread.join()


def drained() -> None:
    """Wait until the sequencer has given every entry its position, and the observer has seen it."""
    until(lambda: store.waiting()[0] == 0)
    time.sleep(0.1)


def until(reached: Callable[[], bool]) -> None:
    """Wait for it, a minute at most. Raises TimeoutError."""
    deadline = time.monotonic() + 60
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError("the sequencer does not keep up")
        time.sleep(0.2)


def committed(turn: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from bench_thing where turn = %s", [turn])
        return int(cursor.fetchone()[0])


def lags_of(turn: int, seen: Observer) -> list[float]:
    """Seconds from the commit of each entry of a turn to the signed head that covers it; up to 50 ms too long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.position, extract(epoch from t.at)::float8 from bench_thing t"
            " join trust_leaf l on l.entry_id = t.entry where t.turn = %s",
            [turn],
        )
        return [seen.provable(position) - at for position, at in cursor.fetchall()]


def lost() -> int:
    """Committed entries without a position, and positions without an entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from bench_thing t"
            " where not exists (select from trust_leaf l where l.entry_id = t.entry)),"
            " (select coalesce(max(position) + 1, 0) - count(*) from trust_leaf),"
            " (select max(size) from trust_head) - (select count(*) from trust_leaf)"
        )
        return sum(abs(int(part)) for part in cursor.fetchone())
