"""The printed report: its bytes, its fonts, rare names drawn, no secret in any word that is printed."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
import typst
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory import api as directory
from shuniu.portal.credit import document
from shuniu.portal.credit.api import Issued, issue
from shuniu.web.typeface import FAMILIES, FOLDER, code_points, covered, drawable
from tests.portal.test_credit_pages import planted
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, NAME, PENALTY, Case, deliver


def streams(pdf: bytes) -> list[bytes]:
    """Every stream of a PDF, unpacked where it is packed."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def maps_to(pdf: bytes, char: str) -> bool:
    """Whether a glyph of one of the PDF's fonts stands for this character (its ToUnicode map names it)."""
    wanted = char.encode("utf-16-be").hex().upper().encode()
    return any(b"beginbfchar" in one and b"<" + wanted + b">" in one.upper() for one in streams(pdf))


@pytest.fixture
def issued(db: None) -> Issued:
    credit_province.found()
    decided = timezone.localdate() - timedelta(days=30)
    deliver(PENALTY, Case("湘市监罚〔2026〕1号", decided.isoformat(), facts="当事人䶮𠀀的*_#$陈述_@ [不是](标记)").row)
    return issue(actor=directory.anonymous(), code=FIRM)


def test_the_vendored_fonts_draw_the_hanzi_of_gb_18030_and_rare_names() -> None:
    assert {ord(char) for char in "䶮𠀀〇镕喆犇堃㛃㴔䲜"} <= covered()
    assert set(range(0x4E00, 0x9FA6)) | set(range(0x3400, 0x4DB6)) <= covered()
    assert all(len(list(code_points(path.read_bytes()))) > 1000 for path in FOLDER.glob("Shuniu*"))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])
    assert sorted(fonts.families()) == sorted(FAMILIES)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 10_000_000
    assert "OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_what_no_font_draws_is_written_as_its_code_point() -> None:
    assert drawable("张𪛗三\n䶮") == "张［U+2A6D7］三\n䶮"


def test_a_rare_name_is_drawn_and_a_department_s_text_is_never_markup(issued: Issued) -> None:
    pdf = document.pdf(issued)
    assert pdf.startswith(b"%PDF-")
    assert maps_to(pdf, "䶮") and maps_to(pdf, "𠀀") and maps_to(pdf, "_")
    assert not maps_to(pdf, "犇")
    assert "䶮" in NAME


def test_the_same_report_is_the_same_bytes(issued: Issued) -> None:
    assert document.pdf(issued) == document.pdf(issued)
    assert document.pdf(replace(issued, number="ANDERS")) != document.pdf(issued)


def test_the_code_leads_to_the_verify_page_of_this_instance(issued: Issued, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://credit.example"
    address = document.verify_url(issued.number, issued.digest)
    assert address == f"https://credit.example/credit/verify/?number={issued.number}&digest={issued.digest[:16]}"


def test_the_document_says_what_a_report_must(issued: Issued) -> None:
    said = json.dumps(document._data(issued), ensure_ascii=False)
    for words in (
        "未加盖电子印章",
        issued.number,
        issued.digest,
        "报告编号",
        "出具单位",
        "行政处罚",
        "来源：省市场监督管理局",
        "征信中心",
    ):
        assert words in said


def test_no_planted_secret_is_among_the_words_that_are_printed(issued: Issued) -> None:
    decided = (timezone.localdate() - timedelta(days=30)).isoformat()
    secrets = planted()
    deliver(PENALTY, *(Case(f"罚{n}", decided, facts=words, note=words).row for n, (_, words) in enumerate(secrets)))
    again = issue(actor=directory.anonymous(), code=FIRM)
    said = re.sub(
        r"\s", "", json.dumps(document._data(again), ensure_ascii=False) + again.report.canonical("N").decode()
    )
    assert "罚199" in said
    assert [secret for secret, _ in secrets if secret in said] == []
    assert len(document.pdf(again)) > len(document.pdf(issued))
