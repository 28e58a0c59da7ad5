"""The pages of clocks: why a day is the due day, and a holiday table from its entry to its withdrawal."""

from __future__ import annotations

from datetime import date

import pytest

from bench.clocks import NEXT
from shuniu.base.periods import Term, Unit
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.calendars.models import Clock, HolidayTable
from shuniu.procedures.models import Case
from tests.cast import Cast, SignedIn
from tests.portal.reading import text
from tests.procedures.office import JOINT, ask, officer

pytestmark = pytest.mark.django_db
NOTICE = {
    "year": "2027",
    "source": "国办发明电〔2026〕7号",
    "confirmed": "on",
    "lines": "date,kind,name\n" + "\n".join(f"{day},{kind},{name}" for day, kind, name in NEXT),
}


@pytest.fixture
def clock(cast: Cast) -> Clock:
    """A clock that reaches into the next year, stopped once."""
    procedures.register(JOINT)
    try:
        case = ask(actor=officer("起草"), procedure="test.joint").id
    finally:
        del procedures.PROCEDURES[JOINT.key]
    start = Start(Kind.STATUTORY, date(2026, 12, 14), Term(15, Unit.WORKING_DAY), "c26.catalogue.review.days")
    api.begin({case: [start]})
    api.stop(case=case, kind="听证", evidence="听证通知书〔2026〕3号", on=date(2026, 12, 17))
    api.resume(case=case, kind="听证", on=date(2026, 12, 18))
    return Clock.objects.get(case=case)


def test_the_page_tells_every_interval_and_every_day_with_its_reason(
    clock: Clock, cast: Cast, signed_in: SignedIn
) -> None:
    page = text(signed_in(cast.office), f"/desk/clocks/{clock.pk}/")
    assert f"为什么 {clock.due} 到期" in page
    for words in ("起算当日不计入", "停止计时", "周末", "听证通知书〔2026〕3号", "暂定", "该年节假日表尚未公布"):
        assert words in page
    assert text(signed_in(cast.tax_officer), f"/desk/clocks/{clock.pk}/", 403)


def test_a_table_is_entered_looked_at_applied_and_withdrawn(clock: Clock, cast: Cast, signed_in: SignedIn) -> None:
    office, before = signed_in(cast.office), clock.due
    assert "还没有录入过" in text(office, "/desk/holidays/")
    entered = office.post("/desk/holidays/new/", NOTICE)
    table = HolidayTable.objects.get()
    at = f"/desk/holidays/{table.pk}/"
    assert (entered.status_code, entered.headers["Location"]) == (302, at)
    assert "启用并重新计算" not in text(office, at), "nobody applies what was not looked at"
    looked = text(office, f"{at}?difference=1")
    assert "其中 1 项会变动" in looked and str(before) in looked and "启用并重新计算" in looked
    applied = office.post(f"{at}apply/")
    moved = text(office, applied.headers["Location"])
    clock.refresh_from_db()
    assert str(clock.due) in moved and str(before) in moved
    assert "启用节假日表" in text(office, f"/desk/clocks/{clock.pk}/")
    assert "停用并重新计算" in text(office, f"{at}?difference=1")
    office.post(f"{at}withdraw/")
    clock.refresh_from_db()
    assert clock.due == before
    assert "已停用" in text(office, at) and "计算影响" not in text(office, at)
    listed = text(office, "/desk/holidays/")
    assert "停用节假日表（第" in listed and "2027 年（第" in listed


def test_a_wrong_line_is_named_and_nothing_typed_is_lost(cast: Cast, signed_in: SignedIn) -> None:
    wrong = NOTICE | {"lines": "date,kind,name\n2027-13-01,holiday,元旦"}
    answer = signed_in(cast.office).post("/desk/holidays/new/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第2行" in page and "2027-13-01,holiday,元旦" in page and NOTICE["source"] in page
    assert not HolidayTable.objects.exists()


def test_who_may_not_keep_the_calendar_sees_no_page_of_it(cast: Cast, signed_in: SignedIn) -> None:
    officer = signed_in(cast.market_officer)
    for at in ("/desk/holidays/", "/desk/holidays/new/", "/desk/holidays/1/", "/desk/holidays/recounts/1/"):
        assert text(officer, at, 403)
    assert "节假日表" not in text(officer, "/desk/")


def test_the_page_leads_back_to_what_the_clock_runs_for(clock: Clock, cast: Cast, signed_in: SignedIn) -> None:
    Case.objects.filter(pk=clock.case_id).update(object="case:11430000XN0000020U7430190003000202611220014")
    page = text(signed_in(cast.office), f"/desk/clocks/{clock.pk}/")
    assert 'href="/desk/cases/11430000XN0000020U7430190003000202611220014/"' in page and "case:" not in page
    assert "办件 11430000XN0000020U7430190003000202611220014" in page
