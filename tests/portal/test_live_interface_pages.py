"""Live interfaces at the desk: declared and ended by the office, seen by their provider, plain in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.exchange.gateway import interfaces
from shuniu.trust.certificates import api as certificates
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import catalogued
from tests.exchange.gateway.road import ISSUER, KEY, certificate_of, machine

__all__ = ["catalogued"]
AT = "/desk/connections/live/"
URL = "http://127.0.0.1:9/firms"


def joined() -> tuple[int, bytes]:
    """The market bureau's certificate by number and bytes."""
    number = machine(agency="43.market", name="省市场监管局").held.number
    return number, certificate_of(number)


def said(certificate: bytes, **changed: object) -> dict[str, object]:
    file = SimpleUploadedFile("signing.crt", certificate)
    return {"resource": KEY, "url": URL, "certificate": file, "wait_ms": 700, "most": 20_000, **changed}


def shown(client: Client, status: int = 200) -> str:
    answer = client.get(AT)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.django_db
def test_the_office_declares_the_provider_sees_and_the_office_ends(
    catalogued: None, cast: Cast, signed_in: SignedIn
) -> None:
    office, market = signed_in(cast.office), signed_in(cast.market_officer)
    assert f'href="{AT}"' in office.get("/desk/connections/").content.decode()
    assert "没有登记实时接口" in shown(market) and "<h2>登记实时接口" not in shown(market)
    number, certificate = joined()
    assert office.post(AT, said(certificate)).status_code == 302
    for client in (office, market):
        page = shown(client)
        assert URL in page and "正常调用" in page and f"第 {number} 号" in page and cast.office.name in page
    assert "停用后" not in shown(market) and KEY not in shown(signed_in(cast.tax_officer))
    certificates.revoke_certificate(actor=ISSUER, number=number, reason="key_compromise")
    assert "停止调用：证书已被吊销。" in shown(market)
    assert market.post(f"{AT}{KEY}/end/").status_code == 403
    assert office.post(f"{AT}{KEY}/end/").status_code == 302
    assert interfaces.list_live(actor=cast.office) == ()


@pytest.mark.django_db
def test_what_is_wrong_with_it_is_said_beside_the_form(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    office = signed_in(cast.office)
    _, certificate = joined()
    for what, words in (
        (said(b"nonsense"), "证书"), (said(certificate_of(machine().held.number)), "这张证书不是该单位的"),
        (said(certificate, url="ftp://x/"), "接口地址不对"), (said(certificate, url="http://169.254.169.254/"), "不能使用的网段"),
        (said(certificate, wait_ms=0), "请"), (said(certificate, resource=""), "请选择资源"),
    ):  # fmt: skip
        answer = office.post(AT, what)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert signed_in(cast.market_officer).post(AT, said(certificate)).status_code == 403
    assert interfaces.list_live(actor=cast.office) == ()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_is_clean_in_a_browser(catalogued: None, cast: Cast, signed_in: SignedIn, tmp_path: Path) -> None:
    client = signed_in(cast.office)
    (tmp_path / "signing.crt").write_bytes(joined()[1])
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/connections/")
        page.get_by_role("link", name="实时接口").click()
        page.get_by_label("资源", exact=True).select_option(KEY)
        page.get_by_label("接口地址").fill(URL)
        page.get_by_label("接口的签名证书").set_input_files(tmp_path / "signing.crt")
        page.get_by_role("button", name="登记").click()
        page.get_by_text("正常调用").wait_for()
        look(page, "live-interfaces")
        page.get_by_role("button", name="登记").click()
        page.get_by_text("请选择资源").first.wait_for()
        look(page, "live-interfaces-wrong")
        page.get_by_role("button", name="停用").click()
        page.get_by_text("没有登记实时接口").wait_for()
