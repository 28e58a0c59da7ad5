"""The front page and the public catalogue: everything about a resource but its rows."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.exchange.conftest import Deliver, firm, registration

pytestmark = pytest.mark.django_db(transaction=True)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_front_page_says_how_much_there_is_and_where_to_go(catalogued: None, client: Client) -> None:
    page = text(client, "/")
    assert "2 个单位的 2 项数据资源" in page
    assert 'href="/catalogue/"' in page
    for address in ("/sign-in/", "/credit/", "/credit/verify/"):
        assert f'href="{address}"' in page
    assert "/desk/" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=处罚", ["税务行政处罚"]),
        ("q=注册资本", ["企业登记信息"]),
        ("q=ＲＥＧＩＳＴＲＡＴＩＯＮ", ["企业登记信息"]),
        ("q=税务局", ["税务行政处罚"]),
        ("agency=43.market", ["企业登记信息"]),
        ("share=1", []),
        ("subject=legal", ["企业登记信息", "税务行政处罚"]),
        ("q=没有的词", []),
    ],
)
def test_the_catalogue_is_found_by_word_agency_share_type_and_subject(
    catalogued: None, cast: object, client: Client, query: str, found: list[str]
) -> None:
    page = text(client, f"/catalogue/?{query}")
    assert [title for title in ("企业登记信息", "税务行政处罚") if f">{title}</a>" in page] == found


def test_searching_from_any_page_leads_to_resources(catalogued: None, client: Client) -> None:
    assert ">税务行政处罚</a>" in text(client, "/search/?q=处罚决定日期")
    assert "没有找到含“&lt;b&gt;”的数据资源" in text(client, "/search/?q=<b>")
    assert "请在页面上方的搜索框里输入" in text(client, "/search/")


def test_a_resource_shows_terms_items_versions_and_freshness_but_no_row(deliver: Deliver, client: Client) -> None:
    deliver(registration(firm(0, name="湘江机械有限公司")))
    page = text(client, "/catalogue/43.market/registration/")
    for words in ("有条件共享", "按职责申请", "统一社会信用代码", "代码集：登记状态", "每月", "最近的批次", "目录版本"):
        assert words in page
    assert "湘江机械有限公司" not in page
    assert "报送数据" not in page, "nobody has signed in"


def test_of_natural_persons_there_is_only_what_the_catalogue_says(persons: None, client: Client) -> None:
    page = text(client, "/catalogue/43.market/practitioners/")
    assert "证书编号" in page
    assert "只公开目录" in page
    assert "最近的批次" not in page


def test_the_template_has_the_resources_own_headings(catalogued: None, client: Client) -> None:
    response = client.get("/catalogue/43.market/registration/template.csv")
    assert response.content.decode("utf-8-sig").strip() == (
        "统一社会信用代码,企业名称,成立日期,注册资本,登记状态,行政区划"
    )
    assert "attachment" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["/catalogue/43.market/nothing/", "/catalogue/43.market/nothing/template.csv"])
def test_what_is_not_in_the_catalogue_is_not_found(catalogued: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
