"""Appointments by browser: booked from the guide without scripts, cancelled, called at the counter, seen by number only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.cases.api import appointments, counter, items
from shuniu.cases.models import Booking, QueueNumber, ServiceWindow
from shuniu.trust.declare import Actor
from tests.cases.booking import ITEM, OTHER
from tests.cast import Cast, SignedIn
from tests.portal.cases import chief, clerk, text

__all__ = ["chief", "clerk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def window(cast: Cast, chief: Actor) -> int:
    """A window that is open on every working day until midnight, so that today's slots are there at any hour."""
    items.ship(actor=cast.installer, items=[ITEM, OTHER])
    made = counter.keep_window(
        actor=chief, title="综合窗口 3 号", place="省政务服务中心一楼", items=[ITEM.key, OTHER.key]
    )
    today = timezone.localdate()
    counter.schedule(actor=chief, window=made.id, since=today, hours="09:00-11:00", minutes=30, places=1)
    return made.id


def next_day(window: int) -> str:
    """The next day that can be booked, not today."""
    return next(one.day for one in appointments.offers(window) if one.day > timezone.localdate()).isoformat()


def test_a_citizen_comes_from_the_guide_chooses_a_day_and_a_slot_and_cancels(
    cast: Cast, window: int, signed_in: SignedIn
) -> None:
    citizen, at = signed_in(cast.citizen), f"/hall/book/{ITEM.key}/"
    assert f'href="{at}"' in text(citizen.get(f"/hall/guide/{ITEM.key}/"))
    day = next_day(window)
    first = text(citizen.get(at))
    assert (
        f'href="?window={window}&amp;day={day}#slots"' in first and "余 4 个号" in first and 'name="start"' not in first
    )
    chosen = f"{at}?window={window}&day={day}"
    page = text(citizen.get(chosen))
    assert page.count('type="radio"') == 4 and " checked" not in page
    missing = citizen.post(chosen, {})
    assert missing.status_code == 422 and "请选择时段" in text(missing)
    assert citizen.post(chosen, {"start": "09:30"}).headers["Location"] == "/hall/bookings/"
    number = Booking.objects.get().number
    listed = text(citizen.get("/hall/bookings/"))
    assert number in listed and "预约成功" in listed and "已预约" in listed
    again = citizen.post(chosen, {"start": "10:00"})
    assert again.status_code == 422 and "已经预约过这个事项" in text(again)
    assert text(signed_in(cast.firm).get(chosen)).count('type="radio"') == 3
    ask = f"/hall/bookings/{number}/cancel/"
    assert "取消这个预约" in text(citizen.get(ask))
    assert signed_in(cast.firm).get(ask).status_code == 404
    assert "已取消" in text(citizen.post(ask, follow=True))
    assert citizen.post(ask).status_code == 422


def test_who_has_not_signed_in_sees_what_is_free_and_where_to_sign_in(window: int) -> None:
    day = next_day(window)
    page = text(Client().get(f"/hall/book/{ITEM.key}/?window={window}&day={day}"))
    assert "余 1 个" in page and "登录后预约" in page and 'type="radio"' not in page
    assert Client().get("/hall/bookings/").status_code == 302
    assert Client().get("/hall/book/43.market/none/").status_code == 404


def test_an_item_without_a_window_says_where_to_go_and_one_with_two_asks_which(
    cast: Cast, window: int, chief: Actor, signed_in: SignedIn
) -> None:
    counter.keep_window(actor=chief, title="4 号", place="二楼", items=[OTHER.key])
    page = text(signed_in(cast.citizen).get(f"/hall/book/{OTHER.key}/"))
    assert "选择窗口" in page and "4 号" in page and "综合窗口 3 号" in page
    ServiceWindow.objects.filter(title="4 号").delete()
    ServiceWindow.objects.update(items=[ITEM.key])
    assert "没有开放预约的窗口" in text(Client().get(f"/hall/book/{OTHER.key}/"))


def test_a_full_day_cannot_be_chosen(cast: Cast, window: int) -> None:
    day = next_day(window)
    slots = next(one for one in appointments.offers(window) if one.day.isoformat() == day).slots
    Booking.objects.bulk_create(
        Booking(
            number=f"Y-{number}", window_id=window, item=ITEM.key, day=day, start=one.start, until=one.until, seat=1,
            places=1, account=f"citizen:{number}", called="李*", made_at=timezone.now(),
        )
        for number, one in enumerate(slots)
    )  # fmt: skip
    page = text(Client().get(f"/hall/book/{ITEM.key}/?window={window}&day={day}"))
    assert "约满" in page and f"day={day}#slots" not in page


def test_the_counter_gives_numbers_calls_and_ends_and_the_board_names_nobody(
    cast: Cast, window: int, clerk: Actor, signed_in: SignedIn
) -> None:
    desk, at = signed_in(clerk), f"/desk/windows/{window}/"
    assert f'href="{at}"' in text(desk.get("/desk/windows/"))
    assert "请取号：B001" in text(desk.post(f"{at}give/", {"item": ITEM.key}, follow=True))
    wrong = desk.post(f"{at}give/", {"booking": "Y00000000", "item": ITEM.key})
    assert wrong.status_code == 422 and "没有预约 Y00000000" in text(wrong)
    today = timezone.localdate()
    Booking.objects.create(
        number="Y-1", window_id=window, item=ITEM.key, day=today, start="00:00", until="00:01", seat=1, places=1,
        account=cast.citizen.person, called="田*", made_at=timezone.now(),
    )  # fmt: skip
    page = text(desk.get(at))
    assert "叫下一个：B001" in page and "田*" in page and "没有来<span" in page
    assert "请 B001 到窗口" in text(desk.post(f"{at}act/call/", follow=True))
    board = text(Client().get(f"/hall/windows/{window}/"))
    assert "B001" in board and "田" not in board and "Y-1" not in board
    one = QueueNumber.objects.get().pk
    assert "B001 已办" in text(desk.post(f"{at}act/served/", {"one": one}, follow=True))
    assert "没有这个号" in text(desk.post(f"{at}act/absent/", {"one": one}, follow=True))
    assert "没有人等候" in text(desk.post(f"{at}act/call/", follow=True))
    assert "已登记未到" in text(desk.post(f"{at}act/missed/", {"one": "Y-1"}, follow=True))
    assert desk.post(f"{at}act/none/").status_code == 404
    assert "设置新窗口" not in text(desk.get("/desk/windows/"))
    assert desk.get("/desk/windows/new/").status_code == 403


def test_a_chief_sets_a_window_up_and_changes_its_hours(
    cast: Cast, window: int, chief: Actor, signed_in: SignedIn
) -> None:
    desk = signed_in(chief)
    empty = desk.post("/desk/windows/new/", {"title": "", "place": ""})
    assert empty.status_code == 422 and "请选择办理的事项" in text(empty)
    made = desk.post("/desk/windows/new/", {"title": "4 号", "place": "二楼", "items": [ITEM.key]})
    number = ServiceWindow.objects.latest("pk").pk
    assert made.headers["Location"] == f"/desk/windows/{number}/schedule/"
    assert "还没有安排" in text(desk.get(made.headers["Location"]))
    day = next_day(window)
    said = {"since": day, "hours": "9点", "minutes": "30", "places": "2"}
    wrong = desk.post(f"/desk/windows/{number}/schedule/", said)
    assert wrong.status_code == 422 and "开放时间写得不对" in text(wrong)
    done = desk.post(f"/desk/windows/{number}/schedule/", said | {"hours": "9:00-12:00"}, follow=True)
    assert "09:00-12:00" in text(done)
    changed = desk.post(f"/desk/windows/{number}/edit/", {"title": "5 号", "place": "三楼", "items": [OTHER.key]})
    assert changed.headers["Location"] == f"/desk/windows/{number}/"
    assert "三楼" in text(desk.get("/desk/windows/"))
    assert desk.get("/desk/windows/999/edit/").status_code == 404


def test_whoever_does_not_work_at_a_counter_of_the_agency_stays_out(
    cast: Cast, window: int, signed_in: SignedIn
) -> None:
    for who, status in ((cast.tax_officer, 403), (cast.citizen, 403)):
        for at in ("/desk/windows/", f"/desk/windows/{window}/"):
            assert signed_in(who).get(at).status_code == status
