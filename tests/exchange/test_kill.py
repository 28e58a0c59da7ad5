"""kill -9 of a worker at any moment: no half batch, no lost receipt, and the same result when it is taken up again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

import shuniu
from shuniu.base.identifiers import uscc_check_digit
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from shuniu.exchange.models import Submission
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.registries.store.tables import name_of
from tests.exchange.conftest import Deliver, registration
from tests.exchange.people import MARKET

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]
KEY = "43.market/registration"
ROWS = 10_000
WORK = """
import sys, django
django.setup()
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
sys.stdout.write("ready\\n")
sys.stdout.flush()
exchange.process(actor=directory.system("worker"), number=int(sys.argv[1]))
"""


def rows(first: int, count: int, capital: int) -> list[str]:
    bodies = [f"91430100MA{number:06d}0" for number in range(first, first + count)]
    return [f"{b}{uscc_check_digit(b)},湘江机械有限公司,2010-03-05,{capital},存续,430102" for b in bodies]


def worker(number: int) -> subprocess.Popen[bytes]:
    """A real process that processes one submission; returned once it is about to begin."""
    url = urlsplit(os.environ["SHUNIU_DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    source = str(Path(shuniu.__file__).parents[1])
    env = {**os.environ, "SHUNIU_DATABASE_URL": url, "SHUNIU_VAR": str(settings.VAR), "PYTHONPATH": source}
    started = subprocess.Popen([sys.executable, "-c", WORK, str(number)], env=env, stdout=subprocess.PIPE)
    assert started.stdout is not None and started.stdout.readline() == b"ready\n"
    return started


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    finish(process)


def finish(process: subprocess.Popen[bytes]) -> int:
    """How it ended, its pipe closed."""
    code = process.wait(120)
    assert process.stdout is not None
    process.stdout.close()
    return code


def contents() -> tuple[int, str]:
    """How many rows stand, and a digest of all of them with where they came from."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), coalesce(md5(string_agg(_key::text || _digest::text || _since, ',' order by _key)), '')"
            f" from {name_of(catalogue.published(KEY).table)} where _until is null"
        )
        count, digest = cursor.fetchone()
        return int(count), str(digest)


def numbers() -> list[int]:
    return sorted(batch.number for batch in registries.batches(catalogue.published(KEY)))


def test_a_killed_worker_leaves_a_whole_batch_or_none_and_the_next_one_finishes_it(deliver: Deliver) -> None:
    chance = random.Random(7)
    deliver(registration(*rows(900_000, 100, 1)), actor=MARKET)
    stages = set()
    for trial in range(4):
        before, standing = contents(), numbers()
        file = registration(*rows(900_100, ROWS, 10 + trial))
        number = deliver(file, actor=MARKET, mode=Mode.DELTA, process=False).number
        running = worker(number)
        time.sleep(chance.uniform(0.0, 1.0))
        kill(running)
        left = Submission.objects.get(pk=number)
        stages.add(left.state)
        if left.state == State.RECEIVED.value:
            assert (contents(), numbers()) == (before, standing), "nothing of an unfinished batch can be seen"
        exchange.sweep(actor=directory.system("worker"))
        again = deliver(file, actor=MARKET, mode=Mode.DELTA, process=False)
        assert (again.number, again.repeated) == (number, True), "delivered again it is the same submission"
        done = exchange.process(actor=directory.system("worker"), number=number)
        assert done.state is State.STORED and done.counts.adds_up and done.signature
        assert done.counts.new + done.counts.changed == ROWS and contents()[0] == ROWS + 100
        assert numbers() == [*standing, standing[-1] + 1], "numbers without a gap, one batch a delivery"
    assert State.RECEIVED.value in stages, "at least one kill came before the end"


def test_a_file_that_kills_its_worker_every_time_is_refused_in_the_end_with_its_reason(deliver: Deliver) -> None:
    number = deliver(registration(*rows(900_000, ROWS, 1)), actor=MARKET, process=False).number
    for _ in range(exchange.MAX_ATTEMPTS):
        running = worker(number)
        while Submission.objects.get(pk=number).attempts == 0:
            time.sleep(0.01)
        kill(running)
        if Submission.objects.get(pk=number).state != State.RECEIVED.value:
            pytest.skip("the worker was done before it could be killed")
    Submission.objects.filter(pk=number).update(attempts=exchange.MAX_ATTEMPTS)
    done = exchange.process(actor=directory.system("worker"), number=number)
    assert (done.state, contents()[0]) == (State.REFUSED, 0) and "多次处理未成功" in done.reason


def test_two_batches_at_once_on_one_resource_come_one_after_the_other(deliver: Deliver) -> None:
    first = deliver(registration(*rows(900_000, ROWS, 1)), actor=MARKET, mode=Mode.DELTA, process=False)
    second = deliver(registration(*rows(905_000, ROWS, 2)), actor=MARKET, mode=Mode.DELTA, process=False)
    running = [worker(first.number), worker(second.number)]
    assert [finish(one) for one in running] == [0, 0]
    counts = [exchange.receipt(actor=MARKET, number=one.number).counts for one in (first, second)]
    assert all(one.adds_up for one in counts) and numbers() == [1, 2]
    assert contents()[0] == 15_000
    assert sorted(one.changed for one in counts) == [0, 5_000], "the later one changed the rows that both hold"


def test_one_submission_taken_up_by_two_workers_at_once_is_stored_once(deliver: Deliver) -> None:
    number = deliver(registration(*rows(900_000, ROWS, 1)), actor=MARKET, process=False).number
    running = [worker(number), worker(number)]
    assert [finish(one) for one in running] == [0, 0], "the one that came second finds the receipt"
    assert numbers() == [1] and contents()[0] == ROWS
    assert exchange.receipt(actor=MARKET, number=number).counts.new == ROWS
