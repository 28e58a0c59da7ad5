"""A case is extended once, by another person than who asked, before it is due; no extension or stop makes it due earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Period, Term, Unit
from shuniu.cases.api import extensions, handling, specials
from shuniu.cases.declare.timing import Answered
from shuniu.cases.models import Extension
from shuniu.notices.models import Notice
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.clocks import clock, merged
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import chief, clerk, examiner, filed
from tests.cases.test_special_procedures import ORDER, number, whole, with_specials
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner", "number", "with_specials"]
many = settings(max_examples=200, deadline=None, database=None)
WHY = "须等待省级检测机构出具复检结果。"
CALENDAR = Calendar.load()
DAY = date(2026, 3, 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("with_specials")
class TestAsking:
    def test_both_clocks_run_longer_once_another_person_approves_and_the_applicant_is_told_why(
        self, cast: Cast, examiner: Actor, chief: Actor, number: str
    ) -> None:
        asked = extensions.ask(actor=examiner, number=number, reason=WHY)
        before = {one.pk: one.due for one in Clock.objects.filter(stage="")}
        assert asked.state is Answered.WAITING and asked.term == Term(10, Unit.WORKING_DAY)
        assert specials.read_timing(actor=chief, number=number).waiting == asked
        done = extensions.answer(actor=chief, number=number, approved=True)
        assert done.state is Answered.APPROVED and done.answered_by_name == chief.name
        for row in Clock.objects.filter(stage=""):
            assert row.due == CALENDAR.add_working_days(before[row.pk] or DAY, 10).date
            assert row.extension_reason == WHY
        told = Notice.objects.filter(person=cast.citizen.person, template="cases.extended").get()
        assert WHY in told.text
        assert specials.read_timing(actor=cast.citizen, number=number).extended
        with pytest.raises(Refused) as refusal:
            extensions.ask(actor=examiner, number=number, reason="还要再等。")
        assert refusal.value.rule == "case.extended"

    def test_nobody_approves_what_he_asked_for_and_only_the_head_approves(
        self, cast: Cast, examiner: Actor, chief: Actor, number: str
    ) -> None:
        both = replace(chief, capabilities=chief.capabilities | examiner.capabilities)
        for actor, rule in ((chief, "case.extension_unasked"), (examiner, "right.missing")):
            with pytest.raises(Refused) as refusal:
                extensions.answer(actor=actor, number=number, approved=True)
            assert refusal.value.rule == rule
        extensions.ask(actor=both, number=number, reason=WHY)
        with pytest.raises(Refused) as refusal:
            extensions.answer(actor=both, number=number, approved=True)
        assert refusal.value.rule == "case.second"
        other = replace(chief, person="officer:999")
        assert extensions.answer(actor=other, number=number, approved=True).state is Answered.APPROVED

    def test_refused_with_its_reason_it_may_be_asked_for_again(
        self, cast: Cast, examiner: Actor, chief: Actor, number: str
    ) -> None:
        extensions.ask(actor=examiner, number=number, reason=WHY)
        with pytest.raises(Refused) as refusal:
            extensions.answer(actor=chief, number=number, approved=False)
        assert refusal.value.rule == "case.extension_reason"
        said = extensions.answer(actor=chief, number=number, approved=False, why_not="检测当天即可完成。")
        assert said.state is Answered.REFUSED and not Clock.objects.exclude(extension=None).exists()
        extensions.ask(actor=examiner, number=number, reason="设备停用，须另找机构。")
        assert Extension.objects.count() == 2

    def test_what_has_run_out_is_not_healed(self, cast: Cast, examiner: Actor, chief: Actor, number: str) -> None:
        extensions.ask(actor=examiner, number=number, reason=WHY)
        yesterday = timezone.localdate() - timedelta(days=1)
        Clock.objects.filter(kind="promised").update(due=yesterday)
        extensions.answer(actor=chief, number=number, approved=True)
        assert dict(Clock.objects.filter(stage="").values_list("kind", "extension")) == {
            "statutory": 10,
            "promised": None,
        }

    def test_once_every_clock_is_over_it_is_refused_when_asked_and_when_approved(
        self, cast: Cast, clerk: Actor, examiner: Actor, chief: Actor, number: str
    ) -> None:
        extensions.ask(actor=examiner, number=number, reason=WHY)
        Clock.objects.update(due=timezone.localdate() - timedelta(days=1))
        with pytest.raises(Refused) as refusal:
            extensions.answer(actor=chief, number=number, approved=True)
        assert refusal.value.rule == "case.extension_late" and Extension.objects.get().state == "waiting"
        other = handling.accept(actor=clerk, number=filed(cast.citizen).number).number
        Clock.objects.update(due=timezone.localdate() - timedelta(days=1))
        with pytest.raises(Refused) as refusal:
            extensions.ask(actor=examiner, number=other, reason=WHY)
        assert refusal.value.rule == "case.extension_late"

    def test_it_needs_a_reason_an_accepted_case_and_an_item_that_allows_it(
        self, cast: Cast, examiner: Actor, number: str
    ) -> None:
        for said, rule in (
            ({"number": number, "reason": " "}, "case.extension_reason"),
            ({"number": filed(cast.citizen).number, "reason": WHY}, "case.not_accepted"),
        ):
            with pytest.raises(Refused) as refusal:
                extensions.ask(actor=examiner, **said)
            assert refusal.value.rule == rule
        elsewhere = replace(examiner, agency="43.tax")
        with pytest.raises(Refused) as refusal:
            extensions.ask(actor=elsewhere, number=number, reason=WHY)
        assert refusal.value.rule == "right.agency"

    def test_a_clock_that_stands_still_is_extended_too(
        self, cast: Cast, examiner: Actor, chief: Actor, number: str
    ) -> None:
        specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
        extensions.ask(actor=examiner, number=number, reason=WHY)
        extensions.answer(actor=chief, number=number, approved=True)
        went_on = specials.end(actor=examiner, number=number, kind="听证", evidence="听证笔录")
        assert {one.kind.value: one.extension for one in whole(went_on)} == dict.fromkeys(
            ("statutory", "promised"), Term(10, Unit.WORKING_DAY)
        )

    def test_the_database_keeps_who_asked_and_who_answered_apart(
        self, cast: Cast, examiner: Actor, chief: Actor, number: str
    ) -> None:
        extensions.ask(actor=examiner, number=number, reason=WHY)
        extensions.answer(actor=chief, number=number, approved=True)
        for wrong in ({"answered_by": examiner.person}, {"answered_at": None}, {"state": "refused"}, {"reason": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Extension.objects.update(**wrong)
        row = Extension.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


terms = st.builds(Term, st.integers(1, 60), st.sampled_from([Unit.WORKING_DAY, Unit.DAY]))
spans = st.lists(
    st.builds(
        lambda begun, length: Period(DAY + timedelta(days=begun), DAY + timedelta(days=begun + length)),
        st.integers(-5, 120), st.integers(0, 40),
    ),
    max_size=6,
)  # fmt: skip


def due(term: Term, stops: list[Period], extension: Term | None = None) -> date:
    found = clock(DAY, term, stops, CALENDAR, extension).due
    assert found is not None
    return found


@many
@given(terms, spans, st.none() | terms)
def test_no_sequence_of_stops_and_extension_makes_a_day_earlier(
    term: Term, stops: list[Period], extension: Term | None
) -> None:
    days = [due(term, stops[:taken]) for taken in range(len(stops) + 1)]
    assert days == sorted(days)
    assert due(term, stops, extension) >= days[-1]
    if extension is not None:
        assert due(term, stops, extension) >= due(term, [], extension)


@many
@given(terms, spans)
def test_stops_that_overlap_count_once_in_whatever_order_they_came(term: Term, stops: list[Period]) -> None:
    assert due(term, stops) == due(term, list(merged(stops))) == due(term, stops[::-1]) == due(term, stops * 2)
    stopped = sum((one.end - one.start).days + 1 for one in merged(stops) if one.end is not None)
    if term.unit is Unit.DAY:
        assert (due(term, stops) - due(term, [])).days <= stopped


@many
@given(terms, spans, terms)
def test_an_open_stop_keeps_what_was_left_until_it_ends(term: Term, stops: list[Period], extension: Term) -> None:
    opened = Period(DAY + timedelta(days=1))
    held = clock(DAY, term, [*stops, opened], CALENDAR, extension)
    assert held.due is None and held.left > 0
    ended = Period(opened.start, opened.start + timedelta(days=200))
    assert due(term, [*stops, ended], extension) > ended.end if ended.end else False
