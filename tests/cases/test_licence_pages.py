"""Licences by browser: one's own with their history and PDF, and a page where anybody verifies one."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from shuniu.cases.declare.licence import LicenceState, LicenceView
from shuniu.portal.hall.licence_document import pdf, verify_url
from tests.cases import licensed
from tests.cast import FIRM_SUBJECT, Cast, SignedIn, cast, signed_in

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.django_db]
AT = "/hall/licences/"


@pytest.fixture
def issued(cast: Cast) -> LicenceView:
    cache.clear()
    licensed.agencies()
    return licensed.issued(applicant=FIRM_SUBJECT)


def test_a_holder_lists_opens_and_takes_his_licence(issued: LicenceView, cast: Cast, signed_in: SignedIn) -> None:
    firm = signed_in(cast.firm)
    listed = firm.get(AT).content.decode()
    assert "食品经营许可证" in listed and issued.number in listed
    licensed.change(issued.number, LicenceState.SUSPENDED, "抽检不合格", "食品安全法")
    page = firm.get(f"{AT}{issued.number}/").content.decode()
    assert "抽检不合格（食品安全法）" in page and "未加盖电子印章" in page and "测试证书" in page
    taken = firm.get(f"{AT}{issued.number}/licence.pdf")
    assert taken.headers["Content-Type"] == "application/pdf" and taken.content.startswith(b"%PDF")
    other = signed_in(cast.citizen)
    assert other.get(f"{AT}{issued.number}/").status_code == 403
    assert other.get(f"{AT}{issued.number}/licence.pdf").status_code == 403
    assert "还没有电子证照" in other.get(AT).content.decode()


def test_the_page_is_the_same_bytes_whatever_becomes_of_the_licence(issued: LicenceView) -> None:
    first, second = pdf(issued), pdf(licensed.change(issued.number, LicenceState.REVOKED))
    page = first.index(b"%%EOF")
    assert first[:page] == second[:page], "what comes after is the signature, of another moment"


def test_the_code_leads_anybody_to_the_state_of_the_licence(issued: LicenceView) -> None:
    address = verify_url(issued)
    path = "/" + address.split("/", 3)[3]
    page = Client().get(path).content.decode()
    assert "现在有效" in page and "星沙演示有限公司" in page and "文艺路" not in page
    licensed.change(issued.number, LicenceState.WITHDRAWN)
    assert "现在不能使用：吊销" in Client().get(path).content.decode()


def test_a_wrong_number_or_code_is_answered_alike_in_the_form(issued: LicenceView) -> None:
    for number, check, words in (
        (issued.number, "AAAAAAAA", "没有这个证照，或者校验码不符"),
        ("1", issued.check, "没有这个证照，或者校验码不符"),
        (issued.number, "", "请填写校验码"),
    ):
        refused = Client().get(f"{AT}verify/", {"number": number, "check": check})
        assert refused.status_code == 422 and words in refused.content.decode()
    assert Client().get(f"{AT}verify/").status_code == 200
