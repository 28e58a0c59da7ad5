"""A list as a file: what the page lists, all of it, for whoever may see the page; and tables set close or wide."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import unquote

import pytest
from django.test import Client

from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.portal.shell import SIZE
from shuniu.trust.models import Entry
from tests.cast import Cast, SignedIn
from tests.catalogue.conftest import may
from tests.catalogue.sample import CODE_LISTS, ELEMENTS, LICENCE, changed
from tests.exchange.conftest import Deliver, firm, registration

pytestmark = pytest.mark.django_db(transaction=True)


class Answer(Protocol):
    """What the test browser gives back, as far as these tests look at it."""

    status_code: int
    content: bytes

    @property
    def headers(self) -> Mapping[str, str]: ...


def lines(response: Answer) -> list[list[str]]:
    assert response.status_code == 200, response.content.decode()
    assert response.headers["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def got(client: Client, address: str) -> list[list[str]]:
    page = client.get(address)
    head, _, _ = address.partition("?")
    assert page.status_code == 200, head
    way = f"{address}{'&' if '?' in address else '?'}as=csv"
    assert way.partition("?")[2].replace("&", "&amp;") in page.content.decode(), "the page leads to its file"
    return lines(client.get(way))


def test_the_public_catalogue_is_taken_away_whole_and_as_filtered(cast: Cast, client: Client) -> None:
    installer = may(cast.installer, "catalogue.ship")
    many = [changed(LICENCE, key=f"43.market/l{n}", title=f"许可证{n}") for n in range(SIZE + 5)]
    catalogue.ship(actor=installer, elements=ELEMENTS, code_lists=CODE_LISTS, resources=many)
    head, *rows = got(client, "/catalogue/")
    assert head[:3] == ["资源", "提供单位", "共享类型"]
    assert len(rows) == SIZE + 5, "not one page of it"
    assert rows[0][-1] == "4", "a number as a number"
    found = got(client, "/catalogue/?q=%E8%AE%B8%E5%8F%AF%E8%AF%817")
    assert [row[0] for row in found[1:]] == ["许可证7"]


def test_what_a_spreadsheet_takes_for_a_formula_is_text(cast: Cast, client: Client) -> None:
    bad = changed(LICENCE, title="=HYPERLINK(1)")
    catalogue.ship(
        actor=may(cast.installer, "catalogue.ship"), elements=ELEMENTS, code_lists=CODE_LISTS, resources=[bad]
    )
    assert lines(client.get("/catalogue/?as=csv"))[1][0] == "'=HYPERLINK(1)"
    response = client.get("/catalogue/?as=xlsx")
    assert "资源目录-演示数据-" in unquote(response.headers["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        words, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("sharedStrings", "worksheets/sheet1"))
    assert "&#39;=HYPERLINK(1)" in words or "'=HYPERLINK(1)" in words
    assert "<f>" not in sheet, "no formula"
    assert '<c r="F2"><v>4</v></c>' in sheet, "a number as a number"


def test_submissions_overdue_quality_and_objections_are_lists_to_take_away(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    for n in range(3):
        deliver(registration(firm(n)), actor=cast.market_officer)
    officer, office = signed_in(cast.market_officer), signed_in(cast.office)
    submissions = got(officer, "/desk/submissions/")
    assert len(submissions) == 4
    assert submissions[-1][3] == "1"
    assert got(officer, "/desk/quality/")[0][:2] == ["资源", "等级"]
    assert got(officer, "/desk/")[0][0] == "资源"
    assert lines(officer.get("/desk/objections/?as=csv"))[0][0] == "编号"
    fresh = got(office, "/office/resources/?agency=43.market&show=fresh")
    assert [row[1] for row in fresh[1:]] == ["省市场监督管理局"]
    assert [row[0] for row in got(office, "/office/resources/?show=never")[1:]] == ["税务行政处罚"]
    assert got(office, "/office/")[1][1].isdigit(), "a number that leads to its rows is a number in the file"
    assert got(office, "/desk/catalogue/conformance/")[0][0] == "单位"
    assert lines(office.get("/desk/catalogue/duplicates/?as=csv"))[0][0] == "数据元"


def test_a_file_is_refused_to_whoever_may_not_see_the_list_and_reading_it_is_recorded(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    for address in ("/desk/submissions/", "/office/", "/desk/quality/", "/desk/catalogue/conformance/"):
        for form in ("csv", "xlsx"):
            assert signed_in(cast.stranger).get(f"{address}?as={form}").status_code == 403
    assert signed_in(cast.tax_officer).get("/desk/submissions/?agency=43.market&as=csv").status_code == 403
    signed_in(cast.market_officer).get("/desk/submissions/?as=csv")
    entry = Entry.objects.filter(verb="exchange.list_submissions", outcome="done").latest("pk")
    assert entry.detail["rows"] == len(exchange.submissions(actor=cast.market_officer))


def test_another_form_than_those_there_are_is_the_page_itself(cast: Cast, client: Client) -> None:
    assert client.get("/catalogue/?as=exe").headers["Content-Type"].startswith("text/html")


def test_tables_are_set_close_by_a_link_and_a_cookie(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_cataloguer)
    page = client.get("/desk/catalogue/").content.decode()
    assert 'class="desk"' in page
    assert 'href="/dense/on/?next=/desk/catalogue/"' in page
    assert client.get("/dense/on/?next=/desk/catalogue/").headers["Location"] == "/desk/catalogue/"
    page = client.get("/desk/catalogue/").content.decode()
    assert 'class="desk dense"' in page
    assert 'href="/dense/off/?next=/desk/catalogue/"' in page
    client.get("/dense/off/?next=/desk/catalogue/")
    assert 'class="desk"' in client.get("/desk/catalogue/").content.decode()
    assert client.get("/dense/maybe/").status_code == 404
