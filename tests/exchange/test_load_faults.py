"""Faults in the middle of a load: whatever breaks, and in whichever thread, nothing half is left and nothing leaks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

import shuniu
from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.exchange import spool
from shuniu.exchange.declare import ReceiptView, State
from shuniu.exchange.models import Submission
from shuniu.exchange.reading import delimited
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.registries.store.tables import name_of
from tests.exchange.conftest import FIRMS, PENALTY, TAX, WORKER, Deliver, firm, registration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]
HEADINGS = "决定书文号,统一社会信用代码,行政相对人名称,处罚决定日期,罚款金额"
ROWS = 24_000
STAGES = {
    "comparing": "loading.compare 2",
    "storing": "loading.copy_rows 2",
    "taking back": "loading.take_back 1",
    "founding subjects": "identity._found 1",
    "storing what waited": "arriving.store_rest 1",
    "before the commit": "loading.list_subjects 1",
}
"""Where a worker dies: after that many calls of a function of the store."""
WORK = """
import os, signal, sys, django
django.setup()
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.reading import delimited
from shuniu.registries.store import arriving, identity, loading

def fatal(owner, name, calls):
    usual, left = getattr(owner, name), [None] * int(calls)
    def call(*args, **named):
        done = usual(*args, **named)
        left.pop()
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(owner, name, call)

delimited.FIRST_PORTION = delimited.PORTION = 1  # as small as a frame of the spool
number, *stage = sys.argv[1:]
if stage:
    owner, name = stage[0].split(".")
    fatal(globals()[owner], name, stage[1])
exchange.process(actor=directory.system("worker"), number=int(number))
"""


def penalties(first: int, count: int, fine: int) -> str:
    """Rows of known and unknown firms; some come again at the end, one of these with another fine."""
    rows = [
        f"湘税罚〔2026〕{number}号,{FIRMS[number % 4] if number % 500 else ''},湘江机械{number},2026-01-05,{fine}"
        for number in range(first, first + count)
    ]
    return "\n".join([HEADINGS, *rows, rows[3], rows[5][:-1] + "9", ""])


def worker(number: int, stage: str = "") -> subprocess.Popen[bytes]:
    url = urlsplit(os.environ["SHUNIU_DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    source = str(Path(shuniu.__file__).parents[1])
    env = {**os.environ, "SHUNIU_DATABASE_URL": url, "SHUNIU_VAR": str(settings.VAR), "PYTHONPATH": source}
    return subprocess.Popen([sys.executable, "-c", WORK, str(number), *stage.split()], env=env)


def stored() -> tuple[list[tuple[object, ...]], list[int]]:
    """Rows and batches of the resource: how many rows of each batch, open and closed, with a digest."""
    published = catalogue.published(PENALTY.key)
    with connection.cursor() as cursor:
        cursor.execute(
            "select _since, _until, count(*), count(_subject), md5(string_agg(_key::text || _digest, ',' order by _key))"
            f" from {name_of(published.table)} group by 1, 2 order by 1, 2"
        )
        return cursor.fetchall(), sorted(batch.number for batch in registries.batches(published))


def left_over() -> tuple[int, int, int]:
    """Other connections, temporary tables, and spool files of no submission that are there, after some seconds still."""
    question = (
        "select (select count(*) from pg_stat_activity where datname = current_database()"
        "        and backend_type = 'client backend' and pid <> pg_backend_pid()),"
        " (select count(*) from pg_class where relpersistence = 't' and relname like 'shuniu%')"
    )
    for _ in range(50):
        with connection.cursor() as cursor:
            cursor.execute(question)
            connections, tables = cursor.fetchone()
        if not connections and not tables:
            break
        time.sleep(0.1)
    keys = Submission.objects.exclude(spool_key=None).values_list("spool_key", flat=True)
    named = {spool.opened(bytes(key)).name for key in keys if key}
    return connections, tables, len({path.name for path in spool.folder().iterdir()} - named)


NOTHING = (0, 0, 0)


@pytest.fixture
def held(deliver: Deliver) -> Deliver:
    """The firms' register, and penalties of which later deliveries change some."""
    spool.sweep(set(), older_than=-1)  # what other tests left
    deliver(registration(*(firm(number) for number in range(4))))
    assert penalty(deliver, penalties(0, 5_000, 100)).counts.awaiting == 10
    return deliver


def penalty(deliver: Deliver, text: str, *, process: bool = True) -> ReceiptView:
    return deliver(text, actor=TAX, resource=PENALTY.key, mode=Mode.DELTA, process=process)


def test_a_worker_killed_at_any_stage_leaves_nothing_and_the_next_one_does_it_all(held: Deliver) -> None:
    for trial, (stage, where) in enumerate(STAGES.items()):
        before = stored()
        file = penalties(2_500, ROWS, 200 + trial)
        number = penalty(held, file, process=False).number
        assert worker(number, where).wait(120) == -signal.SIGKILL, stage
        assert left_over() == NOTHING and stored() == before, stage
        again = penalty(held, file, process=False)
        assert (again.number, again.repeated) == (number, True), stage
        done = exchange.process(actor=WORKER, number=number)
        counts = done.counts
        assert (done.state, counts.adds_up, counts.duplicate, counts.rejected) == (State.STORED, True, 1, 2), stage
        assert counts.new + counts.changed == ROWS - 1 and counts.awaiting == ROWS // 500
        assert stored()[1] == [*before[1], before[1][-1] + 1] and left_over() == NOTHING
    assert len(stored()[0]) == len(STAGES) + 2, "one version of the rows a batch, and the rows that none changed"


def test_a_file_that_proves_broken_at_its_end_is_refused_and_nothing_of_it_is_stored(
    held: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored()
    monkeypatch.setattr(delimited, "FIRST_PORTION", 1)
    monkeypatch.setattr(delimited, "PORTION", 1)
    done = penalty(held, penalties(2_500, ROWS, 200) + '湘税罚〔2026〕末号,,"湘江')
    assert done.state is State.REFUSED and "引号没有成对" in done.reason and done.counts.received == 0
    assert stored() == before and left_over() == NOTHING


def test_a_database_that_fails_while_storing_leaves_the_submission_to_be_tried_again(
    held: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "FIRST_PORTION", 1)
    monkeypatch.setattr(delimited, "PORTION", 1)
    before, table = stored(), name_of(catalogue.published(PENALTY.key).table)
    number = penalty(held, penalties(2_500, ROWS, 200), process=False).number
    with connection.cursor() as cursor:
        cursor.execute(f"alter table {table} add constraint full_disk check (number not like '%〕20001号')")
    with pytest.raises(psycopg.errors.CheckViolation):
        exchange.process(actor=WORKER, number=number)
    assert (
        Submission.objects.get(pk=number).state == State.RECEIVED.value
        and stored() == before
        and left_over() == NOTHING
    )
    with connection.cursor() as cursor:
        cursor.execute(f"alter table {table} drop constraint full_disk")
    assert exchange.process(actor=WORKER, number=number).counts.rejected == 2


def finished(workers: Sequence[subprocess.Popen[bytes]]) -> list[int]:
    return [one.wait(120) for one in workers]


def test_two_workers_at_once_on_one_submission_and_on_two_of_one_resource(held: Deliver) -> None:
    first = penalty(held, penalties(2_500, ROWS, 200), process=False).number
    second = penalty(held, penalties(10_000, ROWS, 300), process=False).number
    assert finished([worker(first), worker(second), worker(first)]) == [0, 0, 0]
    counts = [exchange.receipt(actor=TAX, number=number).counts for number in (first, second)]
    assert all(one.adds_up and (one.duplicate, one.rejected) == (1, 2) for one in counts)
    assert stored()[1] == [1, 2, 3] and left_over() == NOTHING
    assert sum(one.new for one in counts) == 29_000
