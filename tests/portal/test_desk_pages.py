"""The desk: what waits, how a submission stands, and deciding over it, each for those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.exchange import api as exchange
from shuniu.exchange.declare import ReceiptView, State
from shuniu.exchange.models import Submission
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.test_submission import many_codes
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(60))]


@pytest.fixture
def officer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.market_officer)


@pytest.fixture
def held(deliver: Deliver, cast: Cast) -> ReceiptView:
    deliver(registration(*GOOD), actor=cast.market_officer)
    waiting = deliver(registration(*GOOD[:20]), actor=cast.market_officer)
    assert waiting.state is State.HELD
    return waiting


def test_the_desk_names_first_what_is_to_be_done(deliver: Deliver, cast: Cast, officer: Client) -> None:
    assert "没有要办的事" in text(officer, "/desk/")
    deliver(registration(*GOOD, firm(0, founded="昨天")), actor=cast.market_officer)
    assert "退回 1 行" in text(officer, "/desk/")
    deliver("x,y\n1,2\n", actor=cast.market_officer)
    page = text(officer, "/desk/")
    assert "没有入库" in page
    assert "看原因，改正后重报" in page
    assert "税务行政处罚" not in page, "another agency's resource"


def test_a_held_batch_waits_for_the_other_officer_and_says_what_it_would_do(
    held: ReceiptView, cast: Cast, officer: Client, signed_in: SignedIn
) -> None:
    second = signed_in(cast.market_second)
    assert "等您复核" in text(second, "/desk/")
    assert "等第二人复核" in text(officer, "/desk/")
    page = text(second, f"/desk/submissions/{held.number}/")
    assert "将撤下 40 行" in page
    assert any(code in page for code in many_codes(60)[20:]), "samples by key"
    assert "放行" in page
    assert "/release/" not in text(officer, f"/desk/submissions/{held.number}/"), "not one's own batch"


def test_the_second_officer_releases_or_turns_down_with_a_reason(
    held: ReceiptView, cast: Cast, signed_in: SignedIn
) -> None:
    second, at = signed_in(cast.market_second), f"/desk/submissions/{held.number}/"
    refused = second.post(f"{at}turn-down/", {"reason": " "})
    assert refused.status_code == 422
    assert "请填写为什么" in refused.content.decode()
    assert second.post(f"{at}turn-down/", {"reason": "上月文件"}).headers["Location"] == at
    assert "复核人退回：上月文件" in text(second, at)
    again = second.post(f"{at}release/")
    assert again.status_code == 403
    assert "不在待复核状态" in again.content.decode()


def test_a_released_batch_goes_on(held: ReceiptView, cast: Cast, signed_in: SignedIn) -> None:
    second, at = signed_in(cast.market_second), f"/desk/submissions/{held.number}/"
    second.post(f"{at}release/")
    assert "已接收，排队等待处理" in text(second, at)


def test_every_number_of_a_receipt_opens_its_rows(deliver: Deliver, cast: Cast, officer: Client) -> None:
    deliver(registration(*GOOD), actor=cast.market_officer)
    changed = GOOD[0].replace(",0,存续", ",8,存续")
    second = deliver(registration(changed, *GOOD[1:58], firm(0), firm(1, founded="?")), actor=cast.market_officer)
    at = f"/desk/submissions/{second.number}/"
    counts = second.counts
    assert (counts.new, counts.changed, counts.withdrawn, counts.rejected) == (1, 1, 2, 1)
    page = text(officer, at)
    for change, code, others in (
        ("new", FIRMS[0], many_codes(1)[0]),
        ("changed", many_codes(1)[0], FIRMS[0]),
        ("withdrawn", many_codes(60)[59], FIRMS[0]),
    ):
        assert page.count(f"{at}rows/{change}/") == 1, "the number in the card, and nowhere else"
        rows = text(officer, f"{at}rows/{change}/")
        assert code in rows
        assert others not in rows
    assert page.count(f'"{at}rejects/"') == 1
    assert "?”不是日期" in text(officer, f"{at}rejects/")
    assert Entry.objects.filter(verb="exchange.read_own", outcome="done").count() == 3


def test_what_the_reader_skipped_stands_below_the_receipt(deliver: Deliver, cast: Cast, officer: Client) -> None:
    noted = deliver(registration(*GOOD, "合计,,,1770,,"), actor=cast.market_officer)
    page = text(officer, f"/desk/submissions/{noted.number}/")
    assert "<h2>读取说明</h2>" in page
    assert "<li>第 62 行是合计行，已跳过。</li>" in page
    plain = deliver(registration(*GOOD[:59]), actor=cast.market_officer, mode=Mode.DELTA)
    assert "读取说明" not in text(officer, f"/desk/submissions/{plain.number}/")


def test_long_lists_go_on_page_by_page(deliver: Deliver, cast: Cast, officer: Client) -> None:
    first = deliver(registration(*GOOD), actor=cast.market_officer)
    at = f"/desk/submissions/{first.number}/rows/new/"
    after = (first.batch or 0) << 32 | 51
    page = text(officer, at)
    assert f"?after={after}" in page
    rest = text(officer, f"{at}?after={after}")
    assert many_codes(60)[59] in rest
    assert many_codes(60)[0] not in rest


def test_rejects_come_back_in_the_departments_own_columns(deliver: Deliver, cast: Cast, officer: Client) -> None:
    receipt = deliver(registration(*GOOD, firm(0, founded="2024-13-05")), actor=cast.market_officer)
    file = officer.get(f"/desk/submissions/{receipt.number}/rejects.csv").content.decode("utf-8-sig").splitlines()
    assert file[0] == "统一社会信用代码,企业名称,成立日期,注册资本,登记状态,行政区划,原行号,退回理由"
    assert "2024-13-05" in file[1]


def test_a_batch_is_recalled_with_a_reason_by_its_agency(deliver: Deliver, cast: Cast, officer: Client) -> None:
    receipt = deliver(registration(*GOOD), actor=cast.market_officer)
    at = f"/desk/submissions/{receipt.number}/"
    assert officer.post(f"{at}recall/", {"reason": ""}).status_code == 422
    assert officer.post(f"{at}recall/", {"reason": "误报了上月文件"}).status_code == 302
    page = text(officer, at)
    assert "批次撤回：误报了上月文件" in page
    assert "/recall/" not in page


def test_an_older_batch_is_not_recalled_and_the_form_says_why(deliver: Deliver, cast: Cast, officer: Client) -> None:
    older = deliver(registration(*GOOD), actor=cast.market_officer)
    deliver(registration(firm(0)), actor=cast.market_officer, mode=Mode.DELTA)
    refused = officer.post(f"/desk/submissions/{older.number}/recall/", {"reason": "误报"})
    assert refused.status_code == 422
    assert "不能单独撤回" in refused.content.decode()


def test_submissions_are_listed_by_resource_and_state(deliver: Deliver, cast: Cast, officer: Client) -> None:
    deliver(registration(*GOOD), actor=cast.market_officer, name="a.csv")
    deliver("x,y\n1,2\n", actor=cast.market_officer)
    page = text(officer, "/desk/submissions/?state=refused")
    assert "/desk/submissions/2/" in page or "整批拒收" in page
    assert 'class="state done"' not in page
    assert "没有符合条件的报送" in text(officer, "/desk/submissions/?resource=43.market/other")


def test_progress_is_told_while_it_runs_and_the_page_loads_anew_at_the_end(
    deliver: Deliver, cast: Cast, officer: Client
) -> None:
    taken = deliver(registration(*GOOD), actor=cast.market_officer, process=False)
    fragment = officer.get(f"/desk/submissions/{taken.number}/progress/")
    assert 'hx-trigger="every 1s"' in fragment.content.decode()
    assert "HX-Refresh" not in fragment.headers
    exchange.process(actor=_worker(), number=taken.number)
    assert officer.get(f"/desk/submissions/{taken.number}/progress/").headers["HX-Refresh"] == "true"


def _worker() -> Actor:
    from shuniu.directory import api as directory

    return directory.system("worker")


@pytest.mark.parametrize("page", ["", "progress/", "rejects/", "rejects.csv", "rows/new/"])
def test_another_agency_sees_nothing_of_a_submission(
    deliver: Deliver, cast: Cast, signed_in: SignedIn, page: str
) -> None:
    receipt = deliver(registration(*GOOD), actor=cast.market_officer)
    refused = signed_in(cast.tax_officer).get(f"/desk/submissions/{receipt.number}/{page}")
    assert refused.status_code == 403
    assert many_codes(1)[0] not in refused.content.decode()


def test_the_office_sees_a_receipt_but_no_row_of_it(deliver: Deliver, cast: Cast, signed_in: SignedIn) -> None:
    receipt = deliver(registration(*GOOD), actor=cast.market_officer)
    office = signed_in(cast.office)
    page = text(office, f"/desk/submissions/{receipt.number}/")
    assert "/rows/" not in page
    assert "/rejects/" not in page
    assert "/recall/" not in page
    text(office, f"/desk/submissions/{receipt.number}/rows/new/", 403)


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/submissions/", "/office/", "/audit/", "/desk/upload/43.market/registration/"]
)
def test_who_has_not_signed_in_is_sent_to_sign_in(catalogued: None, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/submissions/", "/office/", "/audit/", "/desk/upload/43.market/registration/"]
)
def test_who_has_no_right_reads_why(catalogued: None, cast: Cast, signed_in: SignedIn, address: str) -> None:
    assert "权限" in text(signed_in(cast.stranger), address, 403)


def test_an_unknown_change_or_number_is_named(catalogued: None, officer: Client) -> None:
    assert officer.get("/desk/submissions/1/rows/other/").status_code == 404
    assert "没有第 987654 号报送" in text(officer, "/desk/submissions/987654/", 403)


def test_a_month_shows_grades_and_each_lost_point_opens_its_submission(
    deliver: Deliver, cast: Cast, officer: Client, signed_in: SignedIn
) -> None:
    receipt = deliver(registration(*GOOD, firm(0, founded="昨天")), actor=cast.market_officer)
    page = text(officer, "/desk/quality/")
    assert 'class="grade' in page
    assert f'href="/desk/submissions/{receipt.number}/">规范：第 {receipt.number} 号 1 行，不是日期' in page
    assert "2024-05" in text(officer, "/desk/quality/?month=2024-05")
    assert "不是月份" in text(officer, "/desk/quality/?month=May", 403)
    text(officer, "/desk/quality/?agency=43.tax", 403)
    text(signed_in(cast.office), "/desk/quality/?agency=43.market")


def test_an_officer_reports_that_there_is_nothing_this_period(catalogued: None, officer: Client) -> None:
    done = officer.post("/desk/nothing/43.market/registration/", follow=True)
    assert "零报告已收到" in done.content.decode()
    again = officer.post("/desk/nothing/43.market/registration/", follow=True)
    assert again.redirect_chain == done.redirect_chain
    assert "早已作过" in again.content.decode()


def test_what_is_due_stands_among_what_is_to_be_done(deliver: Deliver, cast: Cast, officer: Client) -> None:
    deliver(registration(*GOOD), actor=cast.market_officer)
    assert "没有要办的事" in text(officer, "/desk/")
    Submission.objects.update(received_at=timezone.now() - timedelta(days=100))
    page = text(officer, "/desk/")
    assert "逾期" in page
    assert "报送，或作零报告" in page
