"""Licences: issued by a granted case, one in force per holder, verified by anybody, changed by events alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.base.identifiers import licence_id_valid
from shuniu.cases.api import licences as api
from shuniu.cases.declare.licence import LicenceState, LicenceView
from shuniu.cases.models import Licence, LicenceEvent
from shuniu.directory import api as directory
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.licensed import FOOD, HOLDER, NURSE, agencies, change, granted, issued
from tests.cases.papers import CLERK, OTHER, OWNER, STRANGER, filed

pytestmark = pytest.mark.django_db
ANYBODY = directory.anonymous()
FIRM = replace(OWNER, person="firm:9", subject=HOLDER)
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _agencies(db: None) -> None:
    agencies()


def checked(seen: LicenceView, check: str = "") -> LicenceState:
    return api.verify_licence(actor=ANYBODY, number=seen.number, check=check or seen.check).state


def test_a_granted_case_issues_a_licence_with_numbers_signature_and_term() -> None:
    seen = issued()
    assert seen.content == (("经营者名称", "星沙演示有限公司"), ("经营场所", "芙蓉区文艺路 1 号"))
    assert seen.number.startswith(f"430000001{TODAY().year}") and licence_id_valid(seen.identifier)
    assert seen.valid_from == TODAY() and seen.valid_to is not None and seen.state is LicenceState.VALID
    assert api.intact(seen)
    entry = Entry.objects.filter(verb="cases.issue_licence").latest("id")
    assert entry.object == f"licence:{seen.number}" and entry.detail["case"] == "G1"
    assert entry.detail["digest"] != seen.digest  # keyed: a person's digest could be undone by trying


def test_a_case_issues_once_and_only_when_granted_to_the_right_holder_by_the_right_agency() -> None:
    first = issued()
    assert api.issue_licence(actor=CLERK, case="G1", licence=FOOD).number == first.number
    filed("F1", applicant_kind="legal")
    for case, kind, actor, rule in (
        ("F1", FOOD, CLERK, "licence.case"),
        ("none", FOOD, CLERK, "licence.case"),
        ("G1", NURSE, CLERK, "licence.holder"),
        ("G1", FOOD, STRANGER, "right.agency"),
        ("G1", FOOD.model_copy(update={"agency": "43.tax", "key": "x"}), STRANGER, "licence.issuer"),
    ):
        with pytest.raises(Refused) as refusal:
            api.issue_licence(actor=actor, case=case, licence=kind)
        assert refusal.value.rule == rule


def test_a_holder_has_one_in_force_where_the_type_says_so() -> None:
    first = issued()
    with pytest.raises(Refused) as refusal:
        issued(number="G2")
    assert refusal.value.rule == "licence.held"
    change(first.number, LicenceState.SUSPENDED)
    with pytest.raises(Refused):
        issued(number="G3")
    change(first.number, LicenceState.CANCELLED)
    second = issued(number="G4")
    assert second.number != first.number
    many = FOOD.model_copy(update={"key": "many", "single": False})
    assert issued(many, "G5").number != issued(many, "G6").number


def test_one_that_has_run_out_makes_room_and_says_so_in_its_events() -> None:
    first = issued()
    past = Licence(**{
        field.attname: getattr(Licence.objects.get(number=first.number), field.attname)
        for field in Licence._meta.concrete_fields
    })  # fmt: skip
    api.change_licence(actor=CLERK, number=first.number, state=LicenceState.CANCELLED, reason="r", basis="b")
    past.pk, past.number, past.identifier, past.state = None, "old", "old", "01"
    past.valid_from, past.valid_to = date(2010, 1, 1), TODAY() - timedelta(days=1)
    past.save(force_insert=True)
    assert api.in_force(HOLDER, ["food"]) == {}
    issued(number="G9")
    assert Licence.objects.get(number="old").state == LicenceState.EXPIRED.value
    assert LicenceEvent.objects.get(licence__number="old").reason == "有效期届满"


def test_what_has_run_out_is_expired_today_and_may_only_be_cancelled() -> None:
    seen = api.issue_licence(
        actor=CLERK, case=granted(), licence=FOOD, valid_from=date(2000, 1, 1)
    )  # fmt: skip
    assert seen.state is LicenceState.EXPIRED and checked(seen) is LicenceState.EXPIRED
    with pytest.raises(Refused):
        change(seen.number, LicenceState.SUSPENDED)
    assert change(seen.number, LicenceState.CANCELLED).state is LicenceState.CANCELLED


def test_changes_are_events_with_reason_and_person_and_nothing_is_edited() -> None:
    seen = issued()
    change(seen.number, LicenceState.SUSPENDED, "抽检不合格", "食品安全法第一百二十六条")
    change(seen.number, LicenceState.VALID, "整改到位", "食品安全法第一百二十六条")
    change(seen.number, LicenceState.WITHDRAWN)
    events = api.licence(actor=CLERK, number=seen.number).events
    assert [(one.seq, one.state.title) for one in events] == [(1, "有效"), (2, "暂扣"), (3, "有效"), (4, "吊销")]
    assert (events[1].reason, events[1].person_name) == ("抽检不合格", "王敏")
    for statement in (
        lambda: LicenceEvent.objects.update(reason="别的"),
        lambda: LicenceEvent.objects.all().delete(),
        lambda: Licence.objects.update(content=[["经营者名称", "别人"]]),
        lambda: Licence.objects.update(valid_to=None),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            statement()


@given(st.lists(st.sampled_from(LicenceState), max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_kept_state_is_always_that_of_the_last_event(wanted: list[LicenceState]) -> None:
    sid = transaction.savepoint()
    seen = issued()
    for after in wanted:
        with suppress(Refused):
            change(seen.number, after)
    states = list(LicenceEvent.objects.filter(licence__number=seen.number).order_by("seq").values_list("state", "seq"))
    assert Licence.objects.get().state == states[-1][0]
    assert [seq for _, seq in states] == list(range(1, len(states) + 1))
    transaction.savepoint_rollback(sid)


def test_only_the_issuer_changes_a_licence() -> None:
    seen = issued()
    for who, number, rule in ((STRANGER, seen.number, "right.agency"), (CLERK, "none", "licence.unknown")):
        with pytest.raises(Refused) as refusal:
            api.change_licence(actor=who, number=number, state=LicenceState.REVOKED, reason="r", basis="b")
        assert refusal.value.rule == rule


def test_anybody_with_number_and_check_code_learns_the_state_and_no_content() -> None:
    seen = issued()
    found = api.verify_licence(actor=ANYBODY, number=f" {seen.number} ", check=seen.check.lower())
    assert (found.holder_name, found.state, found.intact) == ("星沙演示有限公司", LicenceState.VALID, True)
    assert "文艺路" not in repr(found)
    for number, check in ((seen.number, "AAAAAAAA"), (seen.number, "错"), ("430000", seen.check)):
        with pytest.raises(Refused) as refusal:
            api.verify_licence(actor=ANYBODY, number=number, check=check)
        assert refusal.value.rule == "licence.unknown"
    change(seen.number, LicenceState.REVOKED)
    assert checked(seen) is LicenceState.REVOKED


def test_of_a_person_the_public_sees_a_masked_name_and_no_digest() -> None:
    answers = {"id_number": "430102199001010011"}
    seen = issued(NURSE, applicant=OWNER.subject, applicant_kind="natural", applicant_name="田野", answers=answers)
    found = api.verify_licence(actor=ANYBODY, number=seen.number, check=seen.check)
    assert (found.holder_name, found.digest, found.intact) == ("田*", "", True)
    assert seen.valid_to is None and "430102199001010011" not in str(list(Entry.objects.values_list("detail")))


def test_a_row_that_was_tampered_with_no_longer_fits_its_signature() -> None:
    seen = issued()
    assert not api.intact(replace(seen, content=(("经营者名称", "别人"),)))
    assert not api.intact(replace(seen, signature="00" * 64))


def test_a_holder_sees_his_own_and_the_issuer_those_it_issued() -> None:
    seen = issued()
    assert [one.number for one in api.licences(actor=FIRM)] == [seen.number]
    assert api.licences(actor=OTHER) == [] and api.licences(actor=replace(OTHER, subject=None)) == []
    for who in (FIRM, CLERK):
        assert api.licence(actor=who, number=seen.number).case == "G1"
    for who in (OTHER, STRANGER):
        with pytest.raises(Refused) as refusal:
            api.licence(actor=who, number=seen.number)
        assert refusal.value.rule == "licence.unknown"


def test_one_known_by_name_alone_gets_a_licence_that_is_reused_by_nobody() -> None:
    seen = issued(applicant=None)
    assert seen.holder is None and api.in_force(HOLDER, ["food"]) == {}
    assert issued(number="G7", applicant=None).number != seen.number
