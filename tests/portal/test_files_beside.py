"""Files uploaded beside a material: ticked there, nothing else lost, older ones found, each going by its name."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from shuniu.cases.api import filing, items
from shuniu.cases.declare.material import HandedIn
from shuniu.cases.models import CaseMaterial, Upload
from shuniu.directory.api import system
from shuniu.portal.hall.beside import NEWEST
from shuniu.trust.declare import Actor
from tests.cases.filing import ITEM, drafted, published
from tests.cases.papers import PDF, PNG, docx, uploaded
from tests.cast import Cast, SignedIn, cast
from tests.portal.cases import LEASE, PLAN, TAX, clerk, text

__all__ = ["cast", "clerk", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture(autouse=True)
def _needing(published: None) -> None:
    items.ship(actor=system("install"), items=[ITEM.model_copy(update={"materials": (PLAN, TAX, LEASE)})])


def ticked(page: str) -> set[tuple[str, str]]:
    """Name and value of every box that is ticked."""
    boxes = (one for one in re.findall(r"<input[^>]*>", page) if 'type="checkbox"' in one and " checked" in one)
    found = ((re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in boxes)
    return {(name[1], value[1] if value else "on") for name, value in found if name}


def photo(name: str = "租约.png", data: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_file_uploaded_beside_its_material_is_ticked_there_and_nothing_ticked_is_lost(
    cast: Cast, signed_in: SignedIn
) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    plan = str(uploaded(cast.citizen, name="平面图.pdf").id)
    where = f"/hall/cases/file/{draft}/"
    said = {"act": "upload", "u-plan": plan, "p-tax": "on", "f-u-lease": photo(), "whole": "1", "other": "x"}
    shown = client.post(where, said, follow=True)
    lease = str(Upload.objects.get(name="租约.png").pk)
    assert shown.redirect_chain[0][0].startswith(where) and "“租约.png”已收好，并已选上" in text(shown)
    assert ticked(text(shown)) == {("u-plan", plan), ("p-tax", "on"), ("u-lease", lease)}
    assert "还缺" not in text(shown) and "other" not in shown.redirect_chain[0][0]
    assert client.post(where, {**said, "f-u-lease": photo()}, follow=True).status_code == 200
    assert Upload.objects.count() == 2, "the same file again is kept once"


def test_what_is_chosen_on_the_disk_is_filed_with_at_once(cast: Cast, signed_in: SignedIn) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    said = {"act": "file", "f-u-plan": [photo("一层.png"), photo("二层.png", PNG + b"2")], "p-tax": "on", "whole": "1"}
    done = client.post(f"/hall/cases/file/{draft}/", said)
    assert done.headers["Location"].endswith("/receipt/")
    assert sorted(CaseMaterial.objects.get(key="plan").files.values_list("name", flat=True)) == ["一层.png", "二层.png"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("坏.pdf", b"MZ\x90\x00 not a document"), "“坏.pdf”"),
        (SimpleUploadedFile("密.docx", docx("机密★10年")), "“密.docx”"),
    ],
)
def test_a_file_that_may_not_be_kept_says_why_beside_its_material_and_the_others_stay(
    cast: Cast, signed_in: SignedIn, file: SimpleUploadedFile, words: str
) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    said = {"act": "file", "f-u-plan": file, "f-u-lease": photo(), "p-tax": "on", "whole": "1"}
    shown = client.post(f"/hall/cases/file/{draft}/", said)
    assert shown.status_code == 422 and words in text(shown) and not CaseMaterial.objects.exists()
    lease = str(Upload.objects.get().pk)
    assert ticked(text(shown)) == {("p-tax", "on"), ("u-lease", lease)}


def test_a_file_past_the_limit_is_refused_alone(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuniu.cases.rules.uploads.most_bytes", lambda _day: 2000)
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    large = photo("大.png", PNG + b"0" * 3000)
    said = {"act": "upload", "f-u-plan": large, "f-u-lease": photo(), "p-tax": "on", "whole": "1"}
    shown = client.post(f"/hall/cases/file/{draft}/", said)
    assert shown.status_code == 422 and "“大.png”" in text(shown)
    assert ticked(text(shown)) == {("p-tax", "on"), ("u-lease", str(Upload.objects.get().pk))}


def test_a_request_that_was_cut_off_keeps_no_half_file(cast: Cast, signed_in: SignedIn) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    shown = client.post(f"/hall/cases/file/{draft}/", {"act": "upload", "f-u-plan": photo()})
    assert shown.status_code == 422 and "没有传完" in text(shown) and not Upload.objects.exists()


def test_a_file_that_waits_for_its_scan_is_kept_but_not_chosen(
    cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    settings.CLAMD = "tcp://127.0.0.1:9"  # nobody answers there
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    said = {"act": "upload", "f-u-plan": photo(), "whole": "1"}
    shown = client.post(f"/hall/cases/file/{draft}/", said, follow=True)
    assert "还没有查毒，查毒后才能选用" in text(shown) and ticked(text(shown)) == set()


def test_who_may_not_upload_is_refused_before_a_byte_is_read(cast: Cast) -> None:
    refused = Client().post("/hall/cases/file/1/", {"act": "upload", "f-u-plan": photo()})
    assert refused.status_code in (302, 403) and not Upload.objects.exists()


def test_every_file_can_be_found_and_chosen_however_old(cast: Cast, signed_in: SignedIn) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    old = str(uploaded(cast.citizen, PDF + b"%old\n", "旧租约.pdf").id)
    for at in range(NEWEST):
        uploaded(cast.citizen, PDF + b"%%%d\n" % at, f"第{at}份.pdf")
    where = f"/hall/cases/file/{draft}/"
    first = text(client.get(where))
    assert "旧租约.pdf" not in first and f"在我的 {NEWEST + 1} 份文件里找" in first
    newest = str(Upload.objects.latest("pk").pk)
    found = text(client.post(where, {"act": "find", "find": "租约", "u-plan": newest, "p-tax": "on"}, follow=True))
    assert "旧租约.pdf" in found and "第3份.pdf" not in found
    assert ticked(found) == {("u-plan", newest), ("p-tax", "on")}
    every = text(client.post(where, {"act": "find", "find": ""}, follow=True))
    assert "旧租约.pdf" in every and "第3份.pdf" in every
    shown = text(client.post(where, {"act": "check", "u-lease": old}))
    assert ticked(shown) == {("u-lease", old)}


def test_a_material_is_handed_in_later_with_a_file_from_the_disk(cast: Cast, signed_in: SignedIn) -> None:
    plan = uploaded(cast.citizen, name="平面图.pdf")
    made = filing.file(actor=cast.citizen, draft=drafted(cast.citizen), given=HandedIn({"plan": [plan.id]}, ["tax"]))
    client, where = signed_in(cast.citizen), f"/hall/cases/{made.number}/materials/lease/"
    shown = client.post(where, {"act": "upload", "f-chosen": photo(), "whole": "1"}, follow=True)
    assert ticked(text(shown)) == {("chosen", str(Upload.objects.get(name="租约.png").pk))}
    done = client.post(where, {"act": "file", "f-chosen": photo("新租约.png", PNG + b"3"), "whole": "1"}, follow=True)
    assert "“租约”已交" in text(done)


def test_files_go_by_their_names_for_the_applicant_and_at_the_desk(
    cast: Cast, signed_in: SignedIn, clerk: Actor
) -> None:
    plan = uploaded(cast.citizen, PDF, "平面图（一层）.pdf")
    made = filing.file(actor=cast.citizen, draft=drafted(cast.citizen), given=HandedIn({"plan": [plan.id]}, ["tax"]))
    for who, at in ((cast.citizen, f"/hall/cases/{made.number}/"), (clerk, f"/desk/cases/{made.number}/")):
        page = text(signed_in(who).get(at))
        assert re.search(rf'href="/hall/materials/{plan.id}/file"[^>]*>平面图（一层）\.pdf', page)
