"""The credit file: who gets what, what is hidden and why, what is journalled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from shuniu.base.periods import add_months
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import CreditTerms, Disclosure
from shuniu.directory import api as directory
from shuniu.directory.declare import CREDIT_ON_DUTY
from shuniu.registries import api as registries
from shuniu.registries.api.files import Held
from shuniu.registries.api.marks import Mark, end, put
from shuniu.systems.credit.declare import Purpose, Viewer
from shuniu.systems.credit.report import report, search
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.systems import credit_province as province_of
from tests.systems.credit_province import FIRM, INDIVIDUAL, OTHER, PERSON_ID, Case, deliver

ANYBODY = directory.anonymous()
OFFICER = Actor("officer:9", "赵敏", "43.tax", "省税务局", ("43",), frozenset({"credit.report", CREDIT_ON_DUTY}))


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def own(kind: str, value: str) -> Actor:
    found = registries.find_subject(kind, value)
    assert found is not None
    return replace(ANYBODY, person="citizen:1", subject=found)


def held(code: str = FIRM, viewer: Viewer = Viewer.PUBLIC, actor: Actor = ANYBODY) -> list[str]:
    made = report(
        actor=actor, code=code, viewer=viewer, purpose=Purpose.ADMINISTRATION if viewer is Viewer.DUTY else None
    )
    return [dict(fact.items).get("行政处罚决定书文号", fact.seen_as.resource.key) for fact in made.facts]


@pytest.fixture
def rows(province: None) -> None:
    deliver(
        province_of.PENALTY,
        Case("甲", today(-30).isoformat()).row,
        Case("乙", today(-800).isoformat()).row,
        Case("丙", today(-30).isoformat(), party="自然人").row,
        Case("丁", today(-30).isoformat(), name=province_of.OTHER_NAME, code=OTHER).row,
    )
    deliver(province_of.LICENCE, f"许一,{province_of.NAME},{FIRM},药品零售,2020-01-01,{today(10)}",
            f"许二,{province_of.NAME},{FIRM},药品批发,2015-01-01,{today(-1)}")  # fmt: skip
    deliver(province_of.AUTHORISED, f"赔一,{province_of.NAME},{FIRM},水体污染")
    deliver(province_of.RATING, f"评一,{province_of.NAME},{FIRM},A级")
    deliver(province_of.PERSONS, f"驾一,张𠀀,{PERSON_ID},超速,{today(-30)}")


def test_the_public_sees_what_is_public_and_still_in_time(rows: None) -> None:
    assert sorted(held()) == ["43.drug/licence", "甲"]
    assert held(OTHER) == ["丁"]
    assert held(INDIVIDUAL) == []


def test_the_firm_itself_sees_the_authorised_too_and_no_rating(rows: None) -> None:
    firm = own("uscc", FIRM)
    made = report(actor=firm, viewer=Viewer.SUBJECT)
    shown = [fact.seen_as.resource.key for fact in made.facts]
    assert "43.ecology/damages" in shown and "43.tax/rating" not in shown
    assert ("省税务局", "纳税信用评价信息") in made.ratings


def test_an_officer_says_a_purpose_and_sees_no_natural_person(rows: None) -> None:
    with pytest.raises(Refused) as refusal:
        report(actor=OFFICER, code=FIRM, viewer=Viewer.DUTY)
    assert refusal.value.rule == "credit.purpose"
    assert sorted(held(viewer=Viewer.DUTY, actor=OFFICER)) == ["43.drug/licence", "43.ecology/damages", "甲"]
    entry = Entry.objects.filter(verb="credit.report", outcome="done").latest("id")
    assert entry.detail["purpose"] == "administration"
    with pytest.raises(Refused) as refusal:
        report(actor=ANYBODY, code=FIRM, viewer=Viewer.DUTY, purpose=Purpose.OTHER)
    assert refusal.value.rule == "right.missing"


def test_a_person_has_the_own_report_and_nobody_else_has_it(rows: None) -> None:
    made = report(actor=own("resident_id", PERSON_ID), viewer=Viewer.SUBJECT)
    assert [fact.seen_as.resource.key for fact in made.facts] == ["43.police/drivers"]
    assert made.header.code == ""
    for actor, viewer in ((ANYBODY, Viewer.PUBLIC), (OFFICER, Viewer.DUTY)):
        with pytest.raises(Refused) as refusal:
            report(actor=actor, code=PERSON_ID, viewer=viewer, purpose=Purpose.OTHER)
        assert refusal.value.rule == "credit.unknown"
    with pytest.raises(Refused) as refusal:
        report(actor=ANYBODY, viewer=Viewer.SUBJECT)
    assert refusal.value.rule == "credit.own"


def test_the_same_rows_are_more_under_the_rules_of_then(rows: None, settings: Settings) -> None:
    settings.RULE_PACK = "period-2010"
    assert sorted(held()) == ["43.drug/licence", "乙", "甲"]
    settings.RULE_PACK = "current-2026"
    assert sorted(held()) == ["43.drug/licence", "甲"]


def first(code: str = FIRM) -> Held:
    made = report(actor=ANYBODY, code=code)
    return next(fact._held for fact in made.facts if fact.seen_as.section == "penalty")


def test_a_disputed_fact_is_shown_as_such_and_a_repaired_one_not_at_all(rows: None) -> None:
    fact = first()
    row = fact.place
    put(row, Mark.DISPUTED, rule="c26.credit.objection.own.days", since=today(), by="firm:1", reason="事实有出入")
    made = report(actor=ANYBODY, code=FIRM)
    assert [one.disputed for one in made.facts if one.seen_as.section == "penalty"] == [True]
    end(row, Mark.DISPUTED, by="officer:9", reason="核查属实")
    put(
        row,
        Mark.REPAIRED,
        rule="c26.credit.disclosure.general.min.2026",
        since=today(),
        by="officer:9",
        reason="已纠正",
    )
    assert held() == ["43.drug/licence"]
    assert "甲" not in held(viewer=Viewer.SUBJECT, actor=own("uscc", FIRM)), "no longer shown or used at all"
    with pytest.raises(Refused) as refusal:
        put(row, Mark.REPAIRED, rule="x", since=today(), by="officer:9", reason="再来一次")
    assert refusal.value.rule == "marks.twice"


def test_a_mark_outlives_a_redelivery_of_the_fact(rows: None) -> None:
    fact = first()
    put(fact.place, Mark.REPAIRED, rule="r", since=today(), by="officer:9", reason="已纠正")
    deliver(province_of.PENALTY, Case("甲", today(-30).isoformat(), facts="另一种说法").row)
    assert held() == ["43.drug/licence"]


def test_the_own_report_says_when_a_fact_changed(rows: None) -> None:
    deliver(province_of.PENALTY, Case("甲", today(-30).isoformat(), facts="更正后的事实").row)
    made = report(actor=own("uscc", FIRM), viewer=Viewer.SUBJECT)
    fact = next(fact for fact in made.facts if dict(fact.items).get("行政处罚决定书文号") == "甲")
    assert fact.changes == ((today(), 2),)
    assert dict(fact.items)["违法事实"] == "更正后的事实"


def test_a_search_finds_legal_persons_by_code_or_part_of_the_name_and_refuses_less(rows: None) -> None:
    assert [one.code for one in search(actor=ANYBODY, text="湘江机械")] == [FIRM]
    assert [one.code for one in search(actor=ANYBODY, text=OTHER)] == [OTHER]
    assert search(actor=ANYBODY, text="张𠀀") == []
    assert search(actor=ANYBODY, text=PERSON_ID) == []
    with pytest.raises(Refused) as refusal:
        search(actor=ANYBODY, text=" 湘 ")
    assert refusal.value.rule == "credit.too_short"


def test_a_file_takes_few_statements_and_is_journalled_with_its_subject(
    rows: None, messages: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    report(actor=ANYBODY, code=FIRM)
    with messages() as sent:
        made = report(actor=ANYBODY, code=FIRM)
    assert len(sent) <= 8, sent
    entry = Entry.objects.filter(verb="credit.report", outcome="done").latest("id")
    with connection.cursor() as cursor:
        cursor.execute("select subject from trust_reading where entry = %s", [entry.pk])
        assert cursor.fetchall() == [(made.header.subject,)]


def test_the_digest_is_of_what_is_said_and_two_readings_say_the_same(rows: None) -> None:
    one, other = report(actor=ANYBODY, code=FIRM), report(actor=ANYBODY, code=FIRM)
    assert one.content() == other.content()
    assert one.digest("A") != one.digest("B")
    assert one.rules == (
        "c26.credit.disclosure.general.max.2026", "c26.credit.disclosure.natural_person",
        "c26.credit.disclosure.start.2026", "c26.credit.disclosure.while_valid",
    )  # fmt: skip


def test_a_class_whose_term_no_rule_knows_is_shown_to_nobody_and_closes_no_page(rows: None) -> None:
    installer = directory.system("install")
    terms = CreditTerms(nature="许可", disclosure=Disclosure.PUBLIC, term_rule="credit.disclosure.for_ever")
    odd = province_of.LICENCE.model_copy(update={"key": "43.drug/odd", "title": "期限写错的许可", "credit": terms})
    catalogue.ship(actor=installer, resources=[odd])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=installer, published=published)
            catalogue.mark_mounted(published)
    deliver(odd, f"许九,{province_of.NAME},{FIRM},药品零售,2020-01-01,{today(10)}")
    assert sorted(held()) == ["43.drug/licence", "甲"]
    assert "43.drug/odd" not in held(viewer=Viewer.SUBJECT, actor=own("uscc", FIRM))


def test_a_fact_says_the_earlier_of_the_laws_last_day_and_the_sources_own(rows: None) -> None:
    deliver(
        province_of.PENALTY,
        Case("早", today(-30).isoformat(), stated_end=today(9).isoformat()).row,
        Case("晚", today(-30).isoformat(), stated_end=today(2000).isoformat()).row,
    )
    made = report(actor=ANYBODY, code=FIRM)
    until = {dict(one.items).get("行政处罚决定书文号"): one.until for one in made.facts}
    assert until["早"] == today(9)
    assert until["晚"] == until["甲"] == add_months(today(-30), 12)
