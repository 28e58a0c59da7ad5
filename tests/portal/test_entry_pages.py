"""Online entry of one record, and the county's slice: in by the main road, back as a file."""

from __future__ import annotations

from contextlib import closing

import pytest

from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.portal.conftest import WORKER

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/desk/entry/43.market/registration/"
GOOD = {
    "item-uscc": FIRMS[0], "item-name": "湘江机械有限公司", "item-founded": "2010年3月5日", "item-capital": "100",
    "item-state": "1", "item-region": "430102",
}  # fmt: skip


def number_of(response: object) -> int:
    return int(str(getattr(response, "headers", {})["Location"]).strip("/").rpartition("/")[2])


def test_the_form_is_made_from_the_items(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    officer = signed_in(cast.market_officer)
    listed = officer.get("/desk/entry/").content.decode()
    assert AT in listed
    assert "税务行政处罚" not in listed
    page = officer.get(AT).content.decode()
    for said in ("存续（1）", "例如 2024-03-05", "18 位统一社会信用代码", "（选填）"):
        assert said in page, said


def test_a_record_goes_the_main_road_and_gets_its_receipt(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    officer = signed_in(cast.market_officer)
    taken = officer.post(AT, GOOD)
    assert taken.status_code == 302
    receipt = exchange.process(actor=WORKER, number=number_of(taken))
    assert (receipt.state, receipt.counts.new, receipt.name) == (State.STORED, 1, "在线录入.csv")
    again = officer.post(AT, GOOD, follow=True)
    assert "没有重复处理" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("item-uscc", "", "“统一社会信用代码”必填，却是空的"),
        ("item-uscc", "91430100MA0000015X", "不是有效的统一社会信用代码"),
        ("item-founded", "2024-13-05", "“成立日期”不是日期"),
        ("item-capital", "许多", "“注册资本”不是数值"),
        ("item-name", "长" * 101, "“企业名称”超过规定长度"),
    ],
)
def test_a_fault_is_said_beside_its_field_before_anything_is_delivered(
    catalogued: None, cast: Cast, signed_in: SignedIn, name: str, value: str, said: str
) -> None:
    officer = signed_in(cast.market_officer)
    refused = officer.post(AT, {**GOOD, name: value})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert said in page.partition(f'id="id_{name}_error"')[2].partition("</p>")[0]
    assert page.count(said) == 2, "in the summary and beside the field, once each"
    assert not exchange.submissions(actor=cast.market_officer, agency="43.market")


def test_only_who_delivers_for_the_owner_enters(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    for who in (cast.tax_officer, cast.office, cast.stranger):
        assert signed_in(who).get(AT).status_code == 403


def test_a_county_clerk_enters_for_her_region_and_takes_its_rows_back(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    elsewhere = f"{FIRMS[2]},郴江演示有限公司,2010-03-05,1,存续,431000"
    deliver(registration(firm(1), elsewhere), actor=cast.market_officer)
    clerk = signed_in(cast.county_clerk)
    assert AT in clerk.get("/desk/entry/").content.decode()
    taken = clerk.post(AT, GOOD)
    assert taken.status_code == 302
    assert exchange.process(actor=WORKER, number=number_of(taken)).counts.new == 1
    assert "企业登记信息" in clerk.get("/desk/region/").content.decode()
    page = clerk.get("/desk/region/43.market/registration/").content.decode()
    assert FIRMS[0] in page
    assert FIRMS[1] in page
    assert FIRMS[2] not in page
    assert "存续（1）" in page
    file = clerk.get("/desk/region/43.market/registration/rows.csv?region=430102")
    assert file.headers["Content-Type"].startswith("text/csv")
    with closing(file):
        text = file.getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == 3 and FIRMS[2] not in text
    assert clerk.get("/desk/region/43.market/registration/?region=431000").status_code == 403
    assert signed_in(cast.market_officer).get("/desk/region/").status_code == 403
