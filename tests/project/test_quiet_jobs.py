"""Jobs that look every few minutes are journalled when they did something; else the journal would be filled with nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from shuniu.assessment import api as supervision
from shuniu.assessment.models import Scan
from shuniu.cases.files import tasks as uploads
from shuniu.cases.files import vault
from shuniu.directory import api as directory
from shuniu.exchange import spool
from shuniu.exchange import tasks as exchange
from shuniu.trust.models import Entry
from tests.cast import Cast, cast

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
OFTEN = {
    one.task.name: one.task for one in app.periodic_registry.periodic_tasks.values() if one.cron.startswith("*")
}  # fmt: skip


def test_a_job_that_looks_every_few_minutes_and_finds_nothing_leaves_no_entry(cast: Cast) -> None:
    assert {"exchange.sweep", "cases.tend_uploads", "assessment.flag_readings", "assessment.scan"} <= OFTEN.keys()
    for _ in range(2):  # the first time there may be something: the day's first scan, the platform's own certificates
        before = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for task in OFTEN.values():
            task(timestamp=0)
    assert list(Entry.objects.filter(pk__gt=before).values_list("verb", "object")) == []


@pytest.mark.parametrize("verb", ["exchange.sweep", "cases.sweep_uploads"])
def test_one_that_removes_what_a_kill_left_is_journalled_once(cast: Cast, verb: str) -> None:
    folder, job = {
        "exchange.sweep": (spool.folder, exchange.sweep), "cases.sweep_uploads": (vault.folder, uploads.tend),
    }[verb]  # fmt: skip
    orphan = Path(folder()) / "left"
    orphan.write_bytes(b"left")
    past = time.time() - 1_000_000
    os.utime(orphan, (past, past))
    for _ in range(2):
        job(timestamp=0)
    assert not orphan.exists()
    assert Entry.objects.filter(verb=verb).values_list("detail__removed", flat=True).get() == 1


def test_supervision_scans_once_a_day_though_nothing_moved(cast: Cast) -> None:
    assert supervision.to_scan()
    supervision.scan(actor=directory.system("worker"))
    assert not supervision.to_scan() and Scan.objects.count() == 1
