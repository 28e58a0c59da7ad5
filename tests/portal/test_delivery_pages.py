"""Notices on their way: what did not arrive is tried again or given up at the desk; contacts are kept by everybody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from shuniu.notices import api as notices
from tests.cast import Cast, SignedIn
from tests.notices.conftest import ADDRESS, WORKER, delivery, have_contacts, mailbox, tell
from tests.notices.post_office import Mailbox
from tests.portal.reading import text

__all__ = ["mailbox"]
pytestmark = pytest.mark.django_db(transaction=True)
AT = "/desk/deliveries/"


def sent(mailbox: Mailbox, answer: str) -> int:
    """A mail of the market's to which its server answered so; its number."""
    have_contacts("email")
    tell()
    mailbox.moods = {"RCPT": answer}
    notices.send_due(actor=WORKER, channel="email")
    mailbox.moods = {}
    return delivery("email").pk


def test_what_was_refused_is_seen_masked_proven_and_tried_again(
    mailbox: Mailbox, cast: Cast, signed_in: SignedIn
) -> None:
    number = sent(mailbox, "550 no such user")
    officer = signed_in(cast.market_officer)
    page = text(officer, AT)
    assert "550 no such user" in page and "z***@example.test" in page and ADDRESS not in page
    assert "停止发送</button>" not in page, "what has ended is not stopped again"
    proof = text(officer, f"{AT}evidence/{delivery('email').notice_id}/")
    assert "餐饮许可" in proof and "对方拒收" in proof and ADDRESS not in proof
    assert officer.post(f"{AT}{number}/retry/").headers["Location"] == AT
    assert "没有未送达的通知" in text(officer, AT) and "待发送" in text(officer, f"{AT}?show=all")


def test_what_will_be_retried_is_given_up_with_a_reason(mailbox: Mailbox, cast: Cast, signed_in: SignedIn) -> None:
    number = sent(mailbox, "450 busy")
    admin = signed_in(cast.market_admin)
    refused = admin.post(f"{AT}{number}/give-up/", {f"{number}-reason": ""})
    assert refused.status_code == 422 and "请填写为什么停止" in refused.content.decode()
    assert admin.post(f"{AT}{number}/give-up/", {f"{number}-reason": "已电话告知"}).status_code == 302
    assert delivery("email").state == "given_up" and "送达凭据" not in text(admin, AT)


def test_other_agencies_see_nothing_of_it_and_who_has_no_right_no_page(
    mailbox: Mailbox, cast: Cast, signed_in: SignedIn
) -> None:
    number = sent(mailbox, "550 no such user")
    tax = signed_in(cast.tax_admin)
    assert "没有未送达的通知" in text(tax, AT) and tax.post(f"{AT}{number}/retry/").status_code == 403
    assert signed_in(cast.citizen).get(AT).status_code == 403


def test_everybody_registers_proves_and_deletes_an_address(mailbox: Mailbox, cast: Cast, signed_in: SignedIn) -> None:
    for who in (cast.citizen, cast.market_officer):
        reader, at = signed_in(who), "/desk/contacts/"
        assert "未登记" in text(reader, at) and "本平台未配置短信" in text(reader, at)
        wrong = reader.post(f"{at}own/email/set/", {"email-address": "不是邮箱"})
        assert wrong.status_code == 422 and "不是邮箱" in wrong.content.decode()
        assert reader.post(f"{at}own/email/set/", {"email-address": ADDRESS}).headers["Location"] == at
        assert "等待验证" in text(reader, at)
        notices.send_due(actor=WORKER, channel="email")
        found = re.search(r"\d{6}", mailbox.messages[-1].get_content())
        assert found is not None
        other = "000000" if found[0] != "000000" else "111111"
        refused = reader.post(f"{at}own/email/confirm/", {"email-code": other})
        assert refused.status_code == 422 and "验证码不对" in refused.content.decode()
        assert reader.post(f"{at}own/email/confirm/", {"email-code": found[0]}).status_code == 302
        assert "z***@example.test" in text(reader, at) and ADDRESS not in text(reader, at)
        assert reader.post(f"{at}own/email/remove/").status_code == 302 and "未登记" in text(reader, at)


def test_an_agencys_addresses_are_kept_by_its_administrator(mailbox: Mailbox, cast: Cast, signed_in: SignedIn) -> None:
    admin, at = signed_in(cast.market_admin), "/desk/contacts/agency/"
    assert at in text(admin, "/desk/contacts/")
    assert admin.post(f"{at}email/set/", {"email-address": ADDRESS}).headers["Location"] == at
    assert "z***@example.test" in text(admin, at) and "等待验证" not in text(admin, "/desk/contacts/")
    officer = signed_in(cast.market_officer)
    assert officer.get(at).status_code == 403 and at not in text(officer, "/desk/contacts/")
    for path in ("other/email/set/", "own/fax/set/", "own/email/other/"):
        assert admin.post(f"/desk/contacts/{path}").status_code == 404
    assert Client().get("/desk/contacts/").status_code in (302, 403)
