"""An appointment from the window's schedule to the number that is called, and what the database keeps of it."""

from __future__ import annotations

from datetime import date, time, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from shuniu.cases import tasks
from shuniu.cases.api import appointments, counter
from shuniu.cases.declare.appointment import BookingState, NumberState
from shuniu.cases.models import Booking, QueueNumber, WindowSchedule
from shuniu.directory import api as directory
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.booking import (
    FRIDAY,
    HALF_PAST,
    ITEM,
    MONDAY,
    NINE,
    NOW,
    OTHER,
    SATURDAY,
    TUESDAY,
    another,
    at,
    at_another,
    book,
    chief,
    clerk,
    window,
)
from tests.cast import Cast, cast
from tests.refusals import refused

__all__ = ["cast", "chief", "clerk", "window"]
pytestmark = pytest.mark.django_db


def worker() -> Actor:
    return directory.system("worker")


def test_a_citizen_books_comes_takes_a_number_and_is_served(cast: Cast, window: int, clerk: Actor) -> None:
    (first, *_) = [one for one in appointments.offers(window, NOW) if one.day == MONDAY]
    assert [(one.start, one.free) for one in first.slots] == [
        (NINE, 2),
        (HALF_PAST, 2),
        (time(10), 2),
        (time(10, 30), 2),
    ]
    made = book(cast.citizen, window)
    assert (made.title, made.state, made.called, made.may_cancel) == (ITEM.title, BookingState.OPEN, "田*", True)
    assert [one.number for one in appointments.own(actor=cast.citizen, now=NOW)] == [made.number]
    with refused("appointments.other_day"):
        counter.give_number(actor=clerk, window=window, booking=made.number, now=NOW)
    number = counter.give_number(actor=clerk, window=window, booking=made.number.lower(), now=at(MONDAY, 8, 50))
    assert (number.code, number.booked, number.called) == ("A001", (NINE, HALF_PAST), "田*")
    with refused("appointments.ended"):
        counter.give_number(actor=clerk, window=window, booking=made.number, now=at(MONDAY, 8, 51))
    called = counter.call_next(actor=clerk, window=window, now=at(MONDAY, 9))
    assert counter.board(window, at(MONDAY, 9)).now == ("A001",)
    served = counter.end_number(actor=clerk, number=called.id, served=True, now=at(MONDAY, 9, 20))
    assert served.state is NumberState.SERVED
    with refused("appointments.no_number"):
        counter.end_number(actor=clerk, number=called.id, served=False)
    with refused("appointments.nobody"):
        counter.call_next(actor=clerk, window=window, now=at(MONDAY, 9))
    assert "田野" not in str([*Entry.objects.values_list("detail", flat=True)]), "the journal names nobody"


def test_nobody_books_where_and_when_nobody_can_come(cast: Cast, window: int) -> None:
    for day, start, rule in (
        (SATURDAY, NINE, "day"),
        (FRIDAY - timedelta(days=1), NINE, "day"),
        (date(2027, 3, 1), NINE, "day"),
        (MONDAY, time(9, 15), "slot"),
        (MONDAY, time(11), "slot"),
    ):
        with refused(f"appointments.{rule}"):
            book(cast.citizen, window, day, start)
    with refused("appointments.slot"):
        book(cast.citizen, window, FRIDAY, NINE, now=at(FRIDAY, 9))
    with refused("appointments.item"):
        book(cast.citizen, window, item="43.market/unknown")
    with refused("appointments.no_window"):
        book(cast.citizen, window + 1)
    with refused("right.missing"):
        book(cast.anonymous, window)
    assert not Booking.objects.exists()


def test_an_account_has_so_many_bookings_and_one_of_an_item_a_day(cast: Cast, window: int) -> None:
    first = book(cast.citizen, window)
    with refused("appointments.twice"):
        book(cast.citizen, window, start=HALF_PAST)
    book(cast.citizen, window, item=OTHER.key)
    book(cast.citizen, window, TUESDAY)
    with refused("appointments.many"):
        book(cast.citizen, window, TUESDAY, item=OTHER.key)
    appointments.cancel(actor=cast.citizen, number=first.number, now=NOW)
    assert book(cast.citizen, window, start=HALF_PAST).start == HALF_PAST


def test_a_cancelled_place_is_free_again_and_only_its_holder_cancels_it(cast: Cast, window: int) -> None:
    made = [book(another(number), window) for number in (1, 2)]
    with refused("appointments.full"):
        book(cast.citizen, window)
    with refused("appointments.no_booking"):
        appointments.cancel(actor=cast.citizen, number=made[0].number, now=NOW)
    appointments.cancel(actor=another(1), number=made[0].number, now=NOW)
    with refused("appointments.ended"):
        appointments.cancel(actor=another(1), number=made[0].number, now=NOW)
    with refused("appointments.begun"):
        appointments.cancel(actor=another(2), number=made[1].number, now=at(MONDAY, 9))
    with refused("appointments.no_booking"):
        appointments.cancel(actor=another(2), number="Y99999999")
    assert book(cast.citizen, window).state is BookingState.OPEN


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_book_two_places_at_once_two_get_them(window: int) -> None:
    told = at_once([(another(number), window, MONDAY, NINE) for number in range(10)])
    assert told == ["appointments.full"] * 8
    assert sorted(Booking.objects.values_list("seat", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_one_who_books_everywhere_at_once_gets_no_more_than_the_rule_gives(window: int) -> None:
    slots = [
        (MONDAY, NINE),
        (TUESDAY, NINE),
        (date(2026, 11, 25), NINE),
        (date(2026, 11, 26), NINE),
        (MONDAY, HALF_PAST),
    ]
    told = at_once([(another(1), window, day, start) for day, start in slots])
    assert len(told) == 2 and set(told) <= {"appointments.many", "appointments.twice"}
    assert Booking.objects.count() == 3


def at_once(wanted: list[tuple[Actor, int, date, time]]) -> list[str]:
    """Let everybody book at the same moment. Returns the rules that refused some."""
    ready, told = Barrier(len(wanted)), list[str]()

    def act(who: Actor, window: int, day: date, start: time) -> None:
        connection.ensure_connection()
        ready.wait(20)
        try:
            book(who, window, day, start)
        except Refused as refusal:
            told.append(refusal.rule)
        finally:
            connection.close()

    threads = [Thread(target=act, args=one) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


@pytest.mark.parametrize(
    "wrong", [{"seat": 1}, {"seat": 3}, {"seat": 0}, {"seat": 2, "account": "citizen:9001"}], ids=str
)
def test_the_database_itself_keeps_capacity_and_one_booking_a_day(window: int, wrong: dict[str, object]) -> None:
    book(another(1), window)
    row = Booking.objects.get()
    row.pk, row.number, row.account = None, "Y-2", "citizen:1"
    for name, value in wrong.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_who_missed_three_books_no_more_for_some_days(cast: Cast, window: int, clerk: Actor) -> None:
    for day in (MONDAY, TUESDAY):
        book(cast.citizen, window, day)
    late = book(cast.citizen, window, date(2026, 11, 25))
    assert appointments.close_days(actor=worker(), now=at(date(2026, 11, 25), 0, 10)) == 2
    with refused("appointments.not_over"):
        counter.mark_missed(actor=clerk, booking=late.number, now=at(date(2026, 11, 25), 9, 10))
    counter.mark_missed(actor=clerk, booking=late.number, now=at(date(2026, 11, 25), 9, 30))
    with refused("appointments.ended"):
        counter.mark_missed(actor=clerk, booking=late.number, now=at(date(2026, 11, 25), 9, 31))
    with refused("appointments.blocked"):
        book(cast.citizen, window, date(2026, 12, 1), now=at(date(2026, 11, 30)))
    with refused("appointments.blocked"):
        book(cast.citizen, window, date(2026, 12, 28), now=at(date(2026, 12, 25)))
    assert book(cast.citizen, window, date(2026, 12, 28), now=at(date(2026, 12, 26))), "thirty days after the last"
    walk_in = counter.give_number(actor=clerk, window=window, item=ITEM.key, now=at(date(2026, 11, 30), 9))
    assert walk_in.code == "B001", "the counter still serves"


def test_who_booked_for_now_is_called_before_who_walked_in_and_who_came_late_is_not(window: int, clerk: Actor) -> None:
    early, late = book(another(1), window), book(another(2), window, start=HALF_PAST)
    for minute, item, booking in ((40, ITEM.key, ""), (45, "", early.number), (50, OTHER.key, "")):
        counter.give_number(actor=clerk, window=window, item=item, booking=booking, now=at(MONDAY, 8, minute))
    assert counter.board(window, at(MONDAY, 8, 55)).next == ("B001", "B003", "A002")
    assert counter.board(window, at(MONDAY, 9)).next == ("A002", "B001", "B003")
    counter.give_number(actor=clerk, window=window, booking=late.number, now=at(MONDAY, 10, 15))
    assert counter.board(window, at(MONDAY, 10, 15)).next == ("A002", "B001", "B003", "A004")
    codes = [counter.call_next(actor=clerk, window=window, now=at(MONDAY, 10, 20)).code for _ in range(4)]
    assert codes == ["A002", "B001", "B003", "A004"]
    queue = counter.read_queue(actor=clerk, window=window, now=at(MONDAY, 10, 21))
    assert {one.state for one in queue.numbers} == {NumberState.CALLED} and queue.expected == ()
    counter.end_number(actor=clerk, number=queue.numbers[0].id, served=False, now=at(MONDAY, 10, 25))
    again = counter.read_queue(actor=clerk, window=window, now=at(MONDAY, 10, 26))
    assert [one.state for one in again.ended] == [NumberState.ABSENT]


def test_the_board_shows_numbers_and_nobody(window: int, clerk: Actor) -> None:
    made = book(another(1), window)
    counter.give_number(actor=clerk, window=window, booking=made.number, now=at(MONDAY, 8, 45))
    said = str(counter.board(window, at(MONDAY, 8, 50)))
    assert "A001" in said and "李" not in said and made.number not in said


def test_the_day_before_everybody_is_reminded_once_and_a_new_holiday_drops_bookings(cast: Cast, window: int) -> None:
    made = book(cast.citizen, window)
    Booking.objects.create(
        number="Y-holiday", window_id=window, item=ITEM.key, day=SATURDAY + timedelta(days=7), start=NINE, until=HALF_PAST, seat=1,
        places=2, account=cast.firm.person, called="星沙演示有限公司", made_at=NOW,
    )  # fmt: skip
    for count in (1, 0):
        assert appointments.remind(actor=worker(), now=at(MONDAY - timedelta(days=1), 16)) == count
    told = Notice.objects.get(template="cases.booking_reminder")
    assert (told.person, told.object) == (cast.citizen.person, f"booking:{made.number}")
    assert "2026-11-23 09:00" in told.text and "田" not in told.text
    assert appointments.remind(actor=worker(), now=at(date(2026, 11, 27), 16)) == 1
    assert Booking.objects.get(number="Y-holiday").state == BookingState.DROPPED
    assert Notice.objects.get(template="cases.booking_dropped").person == cast.firm.person


def test_a_new_schedule_begins_later_keeps_what_fits_and_tells_whom_it_drops(
    cast: Cast, window: int, chief: Actor
) -> None:
    kept, gone = book(another(1), window, TUESDAY, time(10)), book(cast.citizen, window, TUESDAY)
    before = book(another(2), window, MONDAY)
    for since in (FRIDAY, FRIDAY - timedelta(days=3)):
        with refused("appointments.since"):
            counter.schedule(actor=chief, window=window, since=since, hours="", minutes=30, places=1, now=NOW)
    dropped = counter.schedule(
        actor=chief, window=window, since=TUESDAY, hours="10:00-12:00", minutes=30, places=1, now=NOW
    )
    assert dropped == 1 and Notice.objects.get(template="cases.booking_dropped").person == cast.citizen.person
    states = dict(Booking.objects.values_list("number", "state"))
    assert states == {kept.number: "open", gone.number: "dropped", before.number: "open"}
    tuesday = next(one for one in appointments.offers(window, NOW) if one.day == TUESDAY)
    assert [(one.start.hour, one.free) for one in tuesday.slots] == [(10, 0), (10, 1), (11, 1), (11, 1)]
    with refused("appointments.since"):
        counter.schedule(actor=chief, window=window, since=TUESDAY, hours="", minutes=30, places=1, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        WindowSchedule.objects.update(places=9)


def test_a_window_is_its_own_agency_s_and_serves_what_takes_appointments(
    window: int, chief: Actor, clerk: Actor
) -> None:
    for title, place, items, rule in (
        ("", "一楼", [ITEM.key], "window"),
        ("综合窗口 3 号", "一楼", [ITEM.key], "window"),
        ("窗口", "一楼", [], "items"),
        ("窗口", "一楼", ["43.tax/invoice"], "items"),
    ):
        with refused(f"appointments.{rule}"):
            counter.keep_window(actor=chief, title=title, place=place, items=items)
    book(another(1), window, item=OTHER.key)
    with refused("appointments.booked"):
        counter.keep_window(actor=chief, window=window, title="3 号", place="二楼", items=[ITEM.key])
    changed = counter.keep_window(actor=chief, window=window, title="3 号", place="二楼", items=[ITEM.key, OTHER.key])
    assert [one.title for one in appointments.windows(OTHER.key)] == ["3 号"] and changed.place == "二楼"
    assert appointments.windows("43.market/none") == () and len(appointments.windows(agency="43.market")) == 1
    stranger = at_another(clerk, "43.tax")
    for act in (
        lambda: counter.read_queue(actor=stranger, window=window),
        lambda: counter.call_next(actor=stranger, window=window),
        lambda: counter.give_number(actor=stranger, window=window, item=ITEM.key),
    ):
        with refused("right.agency"):
            act()
    made = book(another(2), window)
    given = counter.give_number(actor=clerk, window=window, item=ITEM.key).id
    for number in (given, 0):  # of numbers and bookings, unlike windows, a stranger is not told that there are any
        with refused("appointments.no_number"):
            counter.end_number(actor=stranger, number=number, served=True)
    for booking in (made.number, "Y77777777"):
        with refused("appointments.no_booking"):
            counter.mark_missed(actor=stranger, booking=booking)
    with refused("appointments.item"):
        counter.give_number(actor=clerk, window=window, item="43.market/none")
    with refused("appointments.no_booking"):
        counter.give_number(actor=clerk, window=window, booking="Y77777777")


def test_a_booking_of_another_window_is_sent_there(window: int, chief: Actor, clerk: Actor) -> None:
    made = book(another(1), window)
    second = counter.keep_window(actor=chief, title="4 号", place="二楼", items=[ITEM.key])
    with refused("appointments.other_window"):
        counter.give_number(actor=clerk, window=second.id, booking=made.number, now=at(MONDAY, 9))


def test_after_the_day_nothing_waits_any_more(window: int, clerk: Actor) -> None:
    for _ in range(2):
        counter.give_number(actor=clerk, window=window, item=ITEM.key, now=at(MONDAY, 9))
    counter.call_next(actor=clerk, window=window, now=at(MONDAY, 9))
    appointments.close_days(actor=worker(), now=at(TUESDAY, 0, 10))
    assert sorted(QueueNumber.objects.values_list("state", flat=True)) == ["absent", "served"]


def test_the_jobs_run(window: int) -> None:
    tasks.remind_bookings(0)
    tasks.close_days(0)
