"""What the scanner has not looked at: it waits, ever longer, ends, and is tried anew or given up by who runs the platform."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import Settings

from shuniu.cases.api import quarantine as api
from shuniu.cases.api import uploads
from shuniu.cases.declare.material import ByUpload, Scan
from shuniu.cases.models import Upload
from shuniu.cases.rules.uploads import unfit
from shuniu.notices import api as notices
from shuniu.trust.declare import Refused
from tests.cases.papers import PDF, PNG, WORKER, scanning, uploaded
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import text

__all__ = ["cast", "signed_in"]
pytestmark = pytest.mark.django_db
DOWN = "tcp://127.0.0.1:1"
LARGE = PDF[:9] + bytes(5_100_000) + PDF[9:]
"""Larger than the tests' scanner takes."""
AT = "/desk/quarantine/"


def due_now() -> None:
    Upload.objects.update(scan_due=timezone.now())


def test_a_file_that_the_scanner_will_not_take_waits_ever_longer_ends_and_holds_up_no_other(
    cast: Cast, settings: Settings
) -> None:
    settings.CLAMD = DOWN
    large, small = uploaded(cast.citizen, LARGE, "图.pdf"), uploaded(cast.citizen, PNG, "小.png")
    waits = []
    with scanning() as settings.CLAMD:
        assert uploads.tend(actor=WORKER) == 1
        for _ in range(12):
            row = Upload.objects.get(pk=large.id)
            waits.append(round((row.scan_due - timezone.now()).total_seconds() / 60) if row.scan_due else 0)
            due_now()
            uploads.tend(actor=WORKER)
    row = Upload.objects.get(pk=large.id)
    assert waits == [2**n for n in range(11)] + [0] or waits == [2**n for n in range(12)]
    assert (row.scan_tries, row.scan_stopped) == (12, "已试 12 次") and "size limit" in row.scan_said
    assert Upload.objects.get(pk=small.id).scan == Scan.CLEAN
    (seen,) = (one for one in uploads.uploads(actor=cast.citizen) if one.id == large.id)
    assert not seen.usable and "没有通过查毒" in unfit(seen, ByUpload())


def test_a_scanner_that_is_down_is_asked_for_a_few_files_only(cast: Cast, settings: Settings) -> None:
    settings.CLAMD = DOWN
    for n in range(5):
        uploaded(cast.citizen, PNG, f"{n}.png")
    assert uploads.tend(actor=WORKER) == 0
    assert sorted(one.scan_tries for one in Upload.objects.all()) == [0, 0, 1, 1, 1]


def test_what_waits_is_listed_masked_and_page_by_page(cast: Cast, settings: Settings) -> None:
    settings.CLAMD = DOWN
    first, second = (uploaded(cast.citizen, PNG, name) for name in ("a.png", "b.png"))
    (one,) = api.list_quarantine(actor=cast.office, limit=1)
    assert (one.id, one.name, one.cases) == (first.id, "a.png", ()) and "*" in one.owner
    assert cast.citizen.name != one.owner
    assert [one.id for one in api.list_quarantine(actor=cast.office, after=first.id)] == [second.id]
    with pytest.raises(Refused) as refusal:
        api.list_quarantine(actor=cast.market_officer)
    assert refusal.value.rule == "right.missing"


def test_it_is_given_up_with_a_reason_its_owner_is_told_and_it_can_be_begun_anew(
    cast: Cast, settings: Settings, signed_in: SignedIn
) -> None:
    settings.CLAMD = DOWN
    kept = uploaded(cast.citizen, PNG, "证.png")
    uploads.tend(actor=WORKER)
    office = signed_in(cast.office)
    page = text(office.get(AT))
    assert "证.png" in page and cast.citizen.name not in page and "停止查毒" in page
    assert office.post(f"{AT}{kept.id}/stop/", {f"{kept.id}-reason": " "}).status_code == 422
    assert "已通知上传人" in text(office.post(f"{AT}{kept.id}/stop/", {f"{kept.id}-reason": "文件损坏"}, follow=True))
    assert any("文件损坏" in one.text for one in notices.read_inbox(actor=cast.citizen))
    assert "没有通过查毒" in text(signed_in(cast.citizen).get("/hall/materials/"))
    due_now()
    with scanning() as settings.CLAMD:
        assert uploads.tend(actor=WORKER) == 0, "given up is given up"
        office.post(f"{AT}{kept.id}/retry/")
        assert uploads.tend(actor=WORKER) == 1
    assert "没有等查毒的材料" in text(office.get(AT))
    assert office.post(f"{AT}{kept.id}/retry/").status_code == 403, "it is looked at already"
    assert signed_in(cast.citizen).get(AT).status_code == 403
