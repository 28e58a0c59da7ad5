"""The month's 通报: every number opens what it counts, and the files say the same as the page."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.exchange.api.grading import monthly_report
from shuniu.portal import bulletin
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import Deliver, firm, registration
from tests.exchange.test_submission import many_codes
from tests.portal.reading import text
from tests.portal.test_credit_document import maps_to

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(60))]


@pytest.fixture
def office(deliver: Deliver, cast: Cast, signed_in: SignedIn) -> Client:
    """The office, in a month with a delivery that came back in part and one that was refused whole."""
    deliver(registration(*GOOD, firm(0, founded="昨天")), actor=cast.market_officer)
    deliver("x,y\n1,2\n", actor=cast.market_officer)
    return signed_in(cast.office)


def test_every_number_of_the_bulletin_opens_what_it_counts(office: Client) -> None:
    page = text(office, "/office/bulletin/")
    assert "省市场监督管理局" in page
    assert "本月尚未结束" in page
    links = re.findall(r'href="(/office/bulletin/rows/\?[^"]+)"', page)
    shown = {link.partition("show=")[2].partition("&")[0] for link in links}
    assert shown == set(bulletin.FIGURES)
    for link in dict.fromkeys(links):
        text(office, link.replace("&amp;", "&"))
    rejected = text(office, "/office/bulletin/rows/?agency=43.market&show=rejected")
    assert "通报中的 1 行" in rejected
    assert "/rejects/" in rejected
    refused = text(office, "/office/bulletin/rows/?show=refused")
    assert "整批拒收" in refused
    assert "/rejects/" not in refused
    resources = text(office, "/office/bulletin/rows/?show=resources&agency=43.market")
    assert "show=received&amp;resource=43.market%2Fregistration" in resources
    assert "税务行政处罚" not in resources


def test_a_month_without_deliveries_has_nothing_to_open(office: Client) -> None:
    page = text(office, "/office/bulletin/?month=2024-05")
    assert "本月尚未结束" not in page
    assert "这个数字是零" in text(office, "/office/bulletin/rows/?month=2024-05&show=submissions")
    assert "不是月份" in text(office, "/office/bulletin/?month=May", 403)


def test_the_workbook_and_the_pdf_say_what_the_page_says(office: Client, cast: Cast, settings: Settings) -> None:
    settings.SHUNIU_DEMO = True
    book = office.get("/office/bulletin.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        words = parts.read("xl/sharedStrings.xml").decode()
        assert not any("<f>" in parts.read(name).decode() for name in parts.namelist() if "sheet" in name)
    for said in ("省市场监督管理局", "企业登记信息", "未加盖电子印章", "演示数据", "本月尚未结束"):
        assert said in words, said
    pdf = office.get("/office/bulletin.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert all(maps_to(pdf.content, char) for char in "通报未加盖电子印章演示")
    report = monthly_report(actor=cast.office, month=f"{timezone.localdate():%Y-%m}")
    assert bulletin.pdf(report) == bulletin.pdf(report), "the same bytes for the same report"
    settings.SHUNIU_DEMO = False
    assert not maps_to(bulletin.pdf(report), "演")


def test_the_bulletin_is_the_offices_alone(deliver: Deliver, cast: Cast, signed_in: SignedIn) -> None:
    officer = signed_in(cast.market_officer)
    for address in ("/office/bulletin/", "/office/bulletin/rows/", "/office/bulletin.pdf", "/office/bulletin.xlsx"):
        text(officer, address, 403)
    assert "/office/bulletin/" not in text(officer, "/desk/")
