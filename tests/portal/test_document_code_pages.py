"""机关代字 by browser: the editor offers the agency's own; the office gives them and puts them out of use."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from shuniu.cases.api.document_codes import codes_of
from shuniu.cases.models import Document
from tests.cast import Cast, SignedIn, cast
from tests.portal.test_document_pages import AT, WRITTEN, do, holder, signed, written

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
CODES = f"{AT}codes/"


@pytest.fixture(autouse=True)
def _fresh(cast: Cast) -> None:
    cache.clear()


def offered(page: str) -> list[str]:
    """What the editor's field offers, in order."""
    (field,) = re.findall(r'<select name="code".*?</select>', page, re.DOTALL)
    return re.findall(r'value="([^"]+)"', field)


def test_the_editor_offers_the_own_codes_the_last_used_first_and_refuses_anothers() -> None:
    author = holder("author", "43.market", "document_clerk")
    assert offered(author.get(f"{AT}new/outgoing/").content.decode()) == ["湘市监", "湘市监办", "湘市监发"]
    assert "湘政办发" in do(author, f"{AT}new/outgoing/", {**WRITTEN, "code": "湘政办发"}, 422)
    assert not Document.objects.exists()
    reviewer, chief = (holder(name, "43.market", f"document_{name}") for name in ("clerk", "signer"))
    number = signed(author, reviewer, chief)
    assert offered(author.get(f"{AT}new/outgoing/").content.decode())[0] == "湘市监发"
    assert Document.objects.get(pk=number).given.series.code == "湘市监发"


def test_an_agency_without_a_code_is_told_whom_to_ask() -> None:
    county = holder("county", "430102.market", "document_clerk", "430102")
    page = county.get(f"{AT}new/outgoing/").content.decode()
    assert offered(page) == [] and "还没有登记机关代字" in page


def test_the_office_gives_and_ends_codes_and_nobody_else_sees_the_page(cast: Cast, signed_in: SignedIn) -> None:
    office = signed_in(cast.office)
    page = do(office, CODES, {"code": "湘市监函", "agency": "43.market"}) or office.get(CODES).content.decode()
    assert "“湘市监函”已登记" in page and "湘市监函" in codes_of("43.market")
    assert "已是省市场监督管理局的机关代字" in do(office, CODES, {"code": "湘市监函", "agency": "43.tax"}, 422)
    do(office, CODES, {"end": "湘市监函"})
    assert "湘市监函" not in codes_of("43.market")
    assert "湘税发" not in office.get(CODES, {"agency": "43.market"}).content.decode().partition("<tbody")[2]
    assert CODES in office.get("/office/").content.decode() or CODES in office.get(CODES).content.decode()
    author = holder("author", "43.market", "document_clerk")
    assert author.get(CODES).status_code == 403 and written(author)
