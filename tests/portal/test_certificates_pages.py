"""Certificates at the desk: searched, looked at, invited for, revoked, released by two; clean in a browser."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from shuniu.directory import api as directory
from shuniu.directory.certificate_tasks import keep_nodes
from shuniu.trust import suites
from shuniu.trust.certificates import api, models
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import Query, Subject, Wanted
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn
from tests.trust.certificates import licensed as authorities
from tests.trust.certificates import machine
from tests.trust.certificates.conftest import licensed
from tests.trust.certificates.licensed import Licensed

__all__ = ["licensed"]
pytestmark = pytest.mark.django_db
AT = "/desk/certificates/"


def encryption(cast: Cast) -> int:
    machine.join(cast.office)
    found = api.list_certificates(actor=cast.office, query=Query(agency="43.market"))
    return next(one.held.number for one in found if one.held.purpose == "encrypt")


def test_the_office_invites_and_a_machine_joins_by_what_the_page_showed(cast: Cast, signed_in: SignedIn) -> None:
    office = signed_in(cast.office)
    made = office.post(f"{AT}invitations/", {"act": "invite", "agency": "43.tax", "suite": "guomi"}).content.decode()
    code = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", made)
    assert code is not None and f"shuniu trust join {code[0]} --url http://localhost:8043 --suite guomi" in made
    later = office.get(f"{AT}invitations/").content.decode()
    assert code[0] not in later and "等待接入" in later
    key = suites.suite("guomi")
    api.join(actor=directory.system("joining"), code=code[0], request=certificate_request(key.signer(key.generate())))
    assert "已接入" in office.get(f"{AT}invitations/").content.decode()
    wrong = office.post(f"{AT}invitations/", {"act": "invite", "agency": "43.nowhere", "suite": "guomi"})
    assert wrong.status_code == 422 and "没有这个单位" in wrong.content.decode()
    again = api.invite(actor=cast.office, agency="43.tax", agency_name="省税务局", suite="guomi")
    office.post(f"{AT}invitations/", {"act": "withdraw", "invitation": again.number})
    assert "等待接入" not in office.get(f"{AT}invitations/").content.decode()


def test_the_list_is_searched_and_hides_citizens_names(cast: Cast, signed_in: SignedIn) -> None:
    machine.join(cast.office)
    citizen = Subject("citizen", "citizen:7", "欧阳田野")
    api.issue(actor=cast.office, wanted=[Wanted(citizen, certificate_request(machine.fresh()[1]))])
    office = signed_in(cast.office)
    every = office.get(AT).content.decode()
    assert "欧阳田野" not in every and "欧阳**" in every and "省市场监督管理局" in every
    one = api.list_certificates(actor=cast.office, query=Query(holder="citizen:7"))[0]
    colons = ":".join(re.findall("..", one.serial))[:11].upper()
    der = models.Certificate.objects.get(pk=one.held.number).der
    printed = ":".join(re.findall("..", hashlib.sha256(bytes(der)).hexdigest().upper()))
    for asked in ({"name": "欧阳"}, {"serial": colons}, {"serial": printed}, {"name": "欧阳田野", "expires": "1200"}):
        found = office.get(AT, asked).content.decode()
        assert "欧阳**" in found and "省市场监督管理局</a>" not in found, asked
    assert "没有这样的证书" in office.get(AT, {"expires": "30"}).content.decode()
    own = signed_in(cast.market_officer).get(AT, {"agency": "43.tax"}).content.decode()
    assert "省市场监督管理局" in own and "欧阳" not in own
    shown = office.get(f"{AT}{one.held.number}/").content.decode()
    assert "欧阳**" in shown and "欧阳田野" not in re.sub(r"<pre.*?</pre>", "", shown, flags=re.S)


def test_a_certificate_is_revoked_with_its_reason(cast: Cast, signed_in: SignedIn) -> None:
    one = machine.join(cast.office).held
    at, security = f"{AT}{one.number}/", signed_in(cast.security)
    page = security.get(at).content.decode()
    assert "省市场监督管理局" in page and "agency:43.market" not in page
    assert "吊销证书" not in signed_in(cast.market_officer).get(at).content.decode()
    refused = security.post(at, {"act": "revoke"})
    assert refused.status_code == 422 and "请选择吊销原因" in refused.content.decode()
    done = security.post(at, {"act": "revoke", "revoke-reason": "key_compromise"}, follow=True).content.decode()
    assert "已吊销" in done and "私钥泄露或者可能泄露" in done and "吊销证书" not in done
    assert signed_in(cast.market_officer).post(at, {"act": "revoke", "revoke-reason": "superseded"}).status_code == 403
    file = security.get(f"{at}certificate.crt")
    assert (
        file.content.startswith(b"-----BEGIN CERTIFICATE-----") and "attachment" in file.headers["Content-Disposition"]
    )


def test_an_escrowed_key_is_taken_after_two_people_agreed(cast: Cast, signed_in: SignedIn) -> None:
    at = f"{AT}{encryption(cast)}/"
    security, office = signed_in(cast.security), signed_in(cast.office)
    assert (
        "等另一位保管人批准"
        in security.post(at, {"act": "ask", "ask-reason": "设备损坏恢复"}, follow=True).content.decode()
    )
    page = office.get(at).content.decode()
    approve = re.search(r'action="([^"]+approve/)"', page)
    assert approve is not None and "设备损坏恢复" in page
    assert (
        security.post(approve[1]).status_code == 403
        or "不能批准自己的申请" in security.post(approve[1]).content.decode()
    )
    assert "可以取出一次" in office.post(approve[1], follow=True).content.decode()
    take = approve[1].replace("approve", "take")
    taken = security.post(take)
    assert taken.headers["Content-Type"] == "application/pkcs8" and taken.content.startswith(b"\x30")
    assert security.post(take).status_code != 200


def test_a_licensed_certificate_is_registered_by_its_file(cast: Cast, signed_in: SignedIn, licensed: Licensed) -> None:
    office, key = signed_in(cast.office), authorities.signer()
    assert "登记持牌机构的证书" in office.get(AT).content.decode()

    def post(content: bytes, agency: str = "43.market") -> str:
        file = SimpleUploadedFile("a.crt", content)
        asked = {"agency": agency, "purpose": "sign", "file": file}
        return office.post(f"{AT}import/", asked, follow=True).content.decode()

    assert "自签证书" in post(licensed.issuer.certificate)
    assert "没有这个单位" in post(licensed.certificate(key.public), "43.nowhere")
    assert "持牌机构签发，在此登记" in post(licensed.certificate(key.public))
    assert signed_in(cast.market_admin).get(f"{AT}import/").status_code == 403


def test_the_self_check_says_who_must_act(cast: Cast, signed_in: SignedIn) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from exchange_failure")  # what other tests' machines were refused
    tax = signed_in(cast.tax_officer).get(f"{AT}check/").content.decode()
    assert (
        "本单位还没有证书" in tax
        and "本单位管理员" in tax
        and tax.index("时钟与数据库") < tax.index("本单位还没有证书")
    )
    keep_nodes(0)
    office = signed_in(cast.office).get(f"{AT}check/").content.decode()
    assert "没有设置独立的授时服务器" in office and "平台运维人员" in office and "有问题" not in office
    machine.join(cast.office, "43.tax")
    assert "全部正常" in signed_in(cast.tax_officer).get(f"{AT}check/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("insert into exchange_failure values ('43.market/x', '43.tax', 'gateway.moment', now(), 2)")
    late = signed_in(cast.tax_officer).get(f"{AT}check/").content.decode()
    assert "因时钟不准被拒绝 2 次" in late and late.index("因时钟不准") < late.index("的签名证书有效")


def test_every_number_is_refused_to_who_has_no_right_to_it(cast: Cast, signed_in: SignedIn) -> None:
    number = encryption(cast)
    release = api.ask_release(actor=cast.security, number=number, reason="设备损坏恢复")
    pages = [f"{AT}{number}/", f"{AT}{number}/certificate.crt", f"{AT}999999/"]
    posts = [f"{AT}{number}/releases/{release}/approve/", f"{AT}{number}/releases/{release}/take/"]
    for who in (cast.tax_officer, cast.tax_admin, cast.stranger, cast.citizen, cast.firm, cast.auditor):
        client = signed_in(who)
        assert {client.get(at).status_code for at in pages} == {403}, who.name
        assert {client.post(at).status_code for at in posts} == {403}, who.name
    assert {Client().get(at).status_code for at in pages} <= {302, 403}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_clean_in_a_browser(cast: Cast, signed_in: SignedIn) -> None:
    number = encryption(cast)
    api.ask_release(actor=cast.security, number=number, reason="设备损坏恢复")
    api.invite(actor=cast.office, agency="43.tax", agency_name="省税务局", suite="guomi")
    client = signed_in(cast.office)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        for name, at in (
            ("list", AT),
            ("one", f"{AT}{number}/"),
            ("check", f"{AT}check/"),
            ("codes", f"{AT}invitations/"),
            ("import", f"{AT}import/"),
        ):
            page.goto(f"{site}{at}")
            look(page, f"certificates-{name}")
        page.goto(f"{site}{AT}invitations/")
        page.get_by_label("单位", exact=True).select_option("43.market")
        page.get_by_role("button", name="发放邀请码").click()
        page.get_by_text("邀请码只显示这一次").wait_for()
        look(page, "certificates-made")
