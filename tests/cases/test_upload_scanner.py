"""A scanner that speaks clamd's INSTREAM: asked before a file is kept, and asked again for what it could not look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from shuniu.cases.api import uploads as api
from shuniu.cases.declare.material import Scan
from shuniu.cases.files import scanner, vault
from shuniu.cases.models import Upload
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.papers import EVIL, OWNER, PDF, PNG, WORKER, scanning, uploaded

pytestmark = pytest.mark.django_db
DOWN = "tcp://127.0.0.1:1"


@pytest.mark.parametrize("unix", [False, True])
def test_a_running_scanner_passes_a_clean_file_and_refuses_a_virus(settings: Settings, var: Path, unix: bool) -> None:
    with scanning(var / "clamd" if unix else None) as settings.CLAMD:
        kept = uploaded()
        assert (kept.scan, kept.usable) == (Scan.CLEAN, True)
        with pytest.raises(Refused, match="Wicked") as refusal:
            uploaded(data=EVIL, name="发票.pdf")
    assert refusal.value.rule == "upload.virus"
    assert [one.name for one in Upload.objects.all()] == ["证明.pdf"]


def test_with_a_scanner_that_is_down_a_file_waits_unscanned_and_cannot_be_handed_in(settings: Settings) -> None:
    settings.CLAMD = DOWN
    kept = uploaded()
    assert (kept.scan, kept.usable) == (Scan.UNSCANNED, False)
    assert api.tend(actor=WORKER) == 0
    with scanning() as settings.CLAMD:
        assert api.tend(actor=WORKER) == 0, "it waits a minute first"
        Upload.objects.update(scan_due=timezone.now())
        assert api.tend(actor=WORKER) == 1
    (seen,) = api.uploads(actor=OWNER)
    assert (seen.scan, seen.usable) == (Scan.CLEAN, True)


def test_a_virus_that_is_found_later_destroys_the_file_and_its_owner_sees_why(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.CLAMD = DOWN
    kept = uploaded(data=EVIL, name="发票.pdf")
    with scanning() as settings.CLAMD, django_capture_on_commit_callbacks(execute=True):
        assert api.tend(actor=WORKER) == 1
    (seen,) = api.uploads(actor=OWNER)
    assert (seen.scan, seen.virus, seen.gone, seen.usable) == (Scan.INFECTED, "Wicked.Test", True, False)
    assert not (vault.folder() / Upload.objects.get(pk=kept.id).file).exists()
    told = Entry.objects.get(verb="cases.record_scan")
    assert told.detail == {"virus": "Wicked.Test"}


def test_what_was_taken_without_a_scanner_is_looked_at_once_there_is_one(settings: Settings) -> None:
    assert uploaded().usable and uploaded(data=PNG, name="a.png").usable
    assert api.tend(actor=WORKER) == 0
    with scanning() as settings.CLAMD:
        assert not any(one.usable for one in api.uploads(actor=OWNER))
        assert api.tend(actor=WORKER) == 2


@pytest.mark.parametrize("address", [DOWN, "unix:///nowhere/clamd", "clamd", "tcp://127.0.0.1"])
def test_a_scanner_that_does_not_answer_is_unavailable_and_never_a_clean_bill(settings: Settings, address: str) -> None:
    settings.CLAMD = address
    with pytest.raises(scanner.Unavailable):
        scanner.scan([PDF])


def test_a_file_that_the_scanner_finds_too_large_was_not_looked_at(settings: Settings) -> None:
    with scanning() as settings.CLAMD, pytest.raises(scanner.Unavailable):
        scanner.scan([bytes(1_000_000)] * 6)


def test_an_empty_block_does_not_end_the_stream(settings: Settings) -> None:
    with scanning() as settings.CLAMD:
        assert scanner.scan([b"", EVIL[:12], b"", EVIL[12:]]) == "Wicked.Test"


def test_a_destroyed_file_is_passed_over(settings: Settings) -> None:
    kept = uploaded()
    (vault.folder() / Upload.objects.get(pk=kept.id).file).unlink()
    with scanning() as settings.CLAMD:
        assert api.tend(actor=WORKER) == 0
    api.record_scan(actor=WORKER, number=kept.id + 99, virus="")
    assert Upload.objects.get().scan == Scan.UNSCANNED.value
