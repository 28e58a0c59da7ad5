"""A scan over real cases: what it issues, that it issues it once, that a kill leaves nothing half done."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from shuniu.assessment import api
from shuniu.assessment.declare import CardRule, Check, Level
from shuniu.assessment.models import Card, CardEvent, Scan
from shuniu.cases.api import handling
from shuniu.cases.models import Case
from shuniu.cases.models.bills import Bill, BillLine
from shuniu.notices.models import Notice
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.declare import Move
from shuniu.procedures.models import Event
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.assessment.told import WORKER, accepted, after, scanned
from tests.cases.filing import NO, chief, clerk, examiner, filed, published
from tests.cast import Cast, cast
from tests.loosening import loosened

__all__ = ["cast", "chief", "clerk", "examiner", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def issued() -> list[tuple[str, str]]:
    return list(Card.objects.order_by("pk").values_list("rule", "level"))


def test_a_case_climbs_from_reminder_to_red_one_card_a_step_however_often_it_is_scanned(
    cast: Cast, clerk: Actor, examiner: Actor
) -> None:
    number = accepted(cast, clerk).number
    handling.examine(actor=examiner, number=number, opinion="符合要求，建议准予。")
    days = [8, 9, 9, 10, 11, 11, 15, 16, 19, 21, 30]
    assert [scanned(day) for day in days] == [1, 1, 0, 0, 0, 0, 2, 0, 1, 1, 0]
    assert issued() == [
        ("J02.stage", "yellow"), ("J01.promised", "reminder"), ("J03.promised", "red"), ("J03.unanswered", "red"),
        ("J01.statutory", "reminder"), ("J03.statutory", "red"),
    ]  # fmt: skip
    assert set(Card.objects.values_list("object", "agency", "region")) == {(f"case:{number}", "43.market", "430000")}


def test_the_officer_and_the_agency_are_told_and_the_scan_is_journalled(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = accepted(cast, clerk).number
    handling.examine(actor=examiner, number=number, opinion="符合要求，建议准予。")
    scanned(11)
    card = Card.objects.get(rule="J02.stage")
    assert Notice.objects.filter(object=f"card:{card.pk}", agency="43.market").count() == 1
    entry = Entry.objects.filter(verb="assessment.scan", object="assessment").latest("pk")
    assert entry.detail == {"cases": 1, "cards": 1}
    said = CardEvent.objects.order_by("pk").values_list("card__rule", "step", "said")
    assert list(said) == [("J02.stage", "出牌", "超过环节时限8个工作日")]


def test_what_was_decided_in_time_is_looked_at_and_has_no_card(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = accepted(cast, clerk).number
    handling.examine(actor=examiner, number=number, opinion="符合要求，建议准予。")
    handling.decide(actor=chief, number=number)
    assert scanned(30) == 0 and Scan.objects.get().cases == 1


def test_an_application_that_nobody_took_up_is_carded_though_no_clock_of_its_own_runs(cast: Cast) -> None:
    filed(cast.citizen)
    scanned(6)
    assert ("J02.not_taken_up", "yellow") in issued() and ("J02.stage", "yellow") not in issued()
    scanned(10)
    assert ("J03.unanswered", "red") in issued()


def test_a_special_procedure_that_stands_still_too_long_is_found_by_its_open_stop(cast: Cast, clerk: Actor) -> None:
    it = accepted(cast, clerk)
    calendars.stop(case=it.matter.id, kind="听证", evidence="听证通知书〔2026〕3号")
    assert scanned(20) == 0
    assert scanned(21) == 1 and issued() == [("J06.hearing", "yellow")]


def test_a_line_of_a_bill_without_a_rule_is_found_where_it_was_imported(cast: Cast, clerk: Actor) -> None:
    case = Case.objects.get(number=accepted(cast, clerk).number)
    bill = Bill.objects.create(case=case, number=f"{case.number}-F", issued_at=case.filed_at)
    BillLine.objects.create(
        bill=bill, key="x", title="资料费", basis="", agency="43.market", rule="", unit=500, count=1
    )
    scanned(0)
    assert issued() == [("J05.fee", "red")]


def test_a_no_without_a_reason_is_found_in_an_imported_log(cast: Cast, clerk: Actor) -> None:
    it = handling.decline(actor=clerk, number=filed(cast.citizen).number, grounds=NO)
    with loosened(Event):
        Event.objects.filter(case=it.matter.id, verb=Move.DISAGREE).update(reason="")
    scanned(0)
    assert issued() == [("J04.reason", "yellow")]
    assert Card.objects.get().person == clerk.person


def test_the_database_keeps_a_card_as_issued_for_ever_and_no_second_of_it(cast: Cast) -> None:
    filed(cast.citizen)
    scanned(6)
    card = Card.objects.get(rule="J02.not_taken_up")
    for change in (
        lambda: Card.objects.filter(pk=card.pk).delete(),
        lambda: Card.objects.filter(pk=card.pk).update(person="officer:1"),
        lambda: CardEvent.objects.update(said="改写"),
        lambda: CardEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    card.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        card.save(force_insert=True)


def test_only_the_platform_itself_scans(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        api.scan(actor=cast.office)
    assert refusal.value.rule == "right.missing"


def test_one_key_cannot_stand_for_two_rules() -> None:
    other = CardRule(key="J05.fee", title="别的", level=Level.RED, check=Check.CHARGE)
    with pytest.raises(ValueError, match=r"J05\.fee"):
        api.register([other])


def _waiting_backend() -> int:
    """The backend that waits to write its scan, its cards already written."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(
                "select pid from pg_stat_activity where wait_event_type = 'Lock' and query ilike %s",
                ["insert into%assessment_scan%"],
            )
            if found := cursor.fetchone():
                return int(found[0])
            time.sleep(0.02)
    raise AssertionError("the scan never came to its end")


@pytest.mark.django_db(transaction=True)
def test_a_scan_that_is_killed_leaves_nothing_and_the_next_one_issues_all(cast: Cast) -> None:
    filed(cast.citizen)
    failed: list[BaseException] = []

    def scan() -> None:
        try:
            api.scan(actor=WORKER, at=after(6))
        except DatabaseError as error:
            failed.append(error)
        finally:
            connections.close_all()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("lock table assessment_scan in share row exclusive mode")
        thread = threading.Thread(target=scan)
        thread.start()
        cursor.execute("select pg_terminate_backend(%s)", [_waiting_backend()])
        thread.join(30)
    assert failed and not Card.objects.exists() and not Scan.objects.exists()
    assert not Notice.objects.filter(template="assessment.issued").exists()
    assert scanned(6) > 0 and scanned(6) == 0
