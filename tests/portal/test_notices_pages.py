"""The inbox: told, counted in the menu, opened, and noted as read."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from shuniu.exchange.declare import ReceiptView
from shuniu.notices import api as notices
from tests.cast import Cast, SignedIn
from tests.directory.delegating.people import citizen, given
from tests.exchange.conftest import Deliver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def refused(deliver: Deliver, cast: Cast) -> ReceiptView:
    """A batch that was refused whole, of which the agency was told."""
    return deliver("x,y\n1,2\n", actor=cast.market_officer)


def test_a_notice_is_counted_in_the_menu_until_it_was_opened(
    refused: ReceiptView, cast: Cast, signed_in: SignedIn
) -> None:
    officer = signed_in(cast.market_officer)
    assert "通知（1 条未读）" in officer.get("/desk/").content.decode()
    page = officer.get("/desk/notices/?show=unread").content.decode()
    assert "整批拒收" in page
    (told,) = notices.read_inbox(actor=cast.market_officer)
    opened = officer.post(f"/desk/notices/{told.number}/read/", {"open": "1"})
    assert opened.headers["Location"] == f"/desk/submissions/{refused.number}/"
    assert "条未读" not in officer.get("/desk/").content.decode()
    assert "没有未读的通知" in officer.get("/desk/notices/?show=unread").content.decode()
    assert f'href="/desk/submissions/{refused.number}/"' in officer.get("/desk/notices/").content.decode()


def test_the_page_says_which_ways_are_not_set_up(
    refused: ReceiptView, cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    officer = signed_in(cast.market_officer)
    assert "本平台未配置：电子邮件、短信" in officer.get("/desk/notices/").content.decode()
    settings.MAIL_URL, settings.MAIL_FROM = "smtp://mail.test", "no-reply@hub.test"
    settings.SMS_URL, settings.SMS_SECRET = "https://sms.test", "shared"
    assert "本平台未配置" not in officer.get("/desk/notices/").content.decode()


def test_a_notice_is_marked_as_read_where_it_stands(refused: ReceiptView, cast: Cast, signed_in: SignedIn) -> None:
    officer = signed_in(cast.market_officer)
    (told,) = notices.read_inbox(actor=cast.market_officer)
    done = officer.post(f"/desk/notices/{told.number}/read/", {"unread": "1"})
    assert done.headers["Location"] == "/desk/notices/?show=unread"


def test_nobody_reads_or_marks_anothers_notices(refused: ReceiptView, cast: Cast, signed_in: SignedIn) -> None:
    (told,) = notices.read_inbox(actor=cast.market_officer)
    tax = signed_in(cast.tax_officer)
    assert "没有通知" in tax.get("/desk/notices/").content.decode()
    assert tax.post(f"/desk/notices/{told.number}/read/").status_code == 403
    for nobodys in (cast.system_admin, cast.market_admin, cast.stranger):
        page = signed_in(nobodys).get("/desk/notices/").content.decode()
        assert "没有通知" in page and "通知</a>" in page, "his own inbox, which is empty, and none of his agency's"


def test_news_of_a_delegation_leads_to_its_page(cast: Cast, signed_in: SignedIn) -> None:
    helper = citizen("tangqiao", "唐巧", 7_000_003)
    number = given(cast.citizen, helper, accepted=False)
    (told,) = notices.read_inbox(actor=helper)
    reader = signed_in(helper)
    assert "田野委托您代办" in reader.get("/desk/notices/").content.decode()
    opened = reader.post(f"/desk/notices/{told.number}/read/", {"open": "1"})
    assert opened.headers["Location"] == f"/hall/delegations/{number}/"
    assert "待接受" in reader.get(opened.headers["Location"]).content.decode()
