"""A department asks for data and its owner decides, in a real browser, without scripts; axe clean, at a phone's width too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.models import Agreement, ShareRequest
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, cast, client_of
from tests.exchange.conftest import catalogued

__all__ = ["cast", "catalogued"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = "43.market/registration"
UNTIL = (timezone.localdate() + timedelta(days=60)).isoformat()


@pytest.fixture
def site(cast: Cast, catalogued: None) -> Iterator[str]:
    cache.clear()
    with serving() as address:
        yield address


def test_data_is_asked_for_granted_item_by_item_and_tried_out(site: str, cast: Cast) -> None:
    tax, second = client_of(cast.tax_officer), client_of(cast.market_second)
    with browser() as chromium:
        with page_of(chromium, tax, site, scripts=False) as page:
            page.goto(f"{site}/catalogue/{KEY}/")
            page.get_by_role("link", name="申请共享").last.click()
            page.get_by_label("企业名称（有条件共享，须审核）").check()
            page.get_by_label("注册资本（有条件共享，须审核）").check()
            page.get_by_label("行政许可", exact=True).check()
            page.get_by_label("办理什么事项、在哪个环节使用").fill("办理涉税许可时核对登记")
            page.get_by_label("法律依据").fill("中华人民共和国行政许可法 全文")
            page.get_by_role("button", name="提交申请").click()
            assert "没有写到条" in page.content()
            page.get_by_label("法律依据").fill("中华人民共和国行政许可法 第三十四条")
            page.get_by_role("button", name="提交申请").click()
            assert "已送提供单位审核" in page.content()
        with page_of(chromium, second, site, scripts=False) as page:
            page.goto(f"{site}/desk/work/")
            page.get_by_role("link", name="共享申请 第").first.click()
            page.get_by_label("企业名称", exact=True).select_option("masked")
            page.get_by_label("审核意见").fill("按需提供")
            page.get_by_role("button", name="提交审核结果").click()
            assert "已审核，并通知申请单位" in page.content()


def test_every_page_of_sharing_is_clean(site: str, cast: Cast) -> None:
    tax, second, office = client_of(cast.tax_officer), client_of(cast.market_second), client_of(cast.office)
    wish = {
        "items": ["uscc", "name", "capital"], "purposes": ["licensing"], "use": "办理涉税许可时核对登记",
        "bases": "中华人民共和国行政许可法 第三十四条", "regions": "430000", "rate": "60", "quota_calls": "100",
        "quota_rows": "1000", "valid_from": timezone.localdate().isoformat(), "valid_until": UNTIL,
    }  # fmt: skip
    assert tax.post(f"/desk/shares/new/{KEY}/", wish).status_code == 302
    request = f"/desk/shares/{ShareRequest.objects.get().pk}/"
    with browser() as chromium, page_of(chromium, second, site) as page:
        page.goto(site + request)
        look(page, "share-decide")
    said = {f"answer_{item}": "whole" for item in ("uscc", "name")} | {
        "answer_capital": "refused", "facts_capital": "不需要", "law": "中华人民共和国数据安全法",
        "article": "第三十八条", "forward": "请改用年报", "rate": "60", "quota_calls": "100", "quota_rows": "1000",
        "valid_until": UNTIL, "purposes": ["licensing"], "regions": "43",
    }  # fmt: skip
    assert second.post(f"{request}decide/", said).status_code == 302
    number = Agreement.objects.get().pk
    grants.suspend_share(actor=cast.office, number=number, reason="专项检查")
    grants.resume_share(actor=cast.office, number=number, reason="检查完毕")
    with browser() as chromium:
        with page_of(chromium, tax, site) as page:
            for address, name in (
                (f"/desk/shares/new/{KEY}/", "share-new"), ("/desk/shares/?show=all", "shares"), (request, "share"),
                ("/desk/shares/offers/", "offers"), ("/desk/agreements/", "agreements"),
                (f"/desk/agreements/{number}/", "agreement"),
                (f"/desk/agreements/foresee/?resource={KEY}&consumer=43.tax&purpose=licensing", "foresee"),
            ):  # fmt: skip
                page.goto(site + address)
                look(page, name)
        with page_of(chromium, office, site) as page:
            page.goto(f"{site}/desk/agreements/{number}/")
            page.get_by_text("撤销", exact=True).first.click()
            look(page, "agreement-office")
