"""Running cases moved to a new version of their procedure: what stands, what is asked anew, what stays; many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shuniu.procedures import api, migrating, rules
from shuniu.procedures.api import Migration
from shuniu.procedures.declare import Event, Move, Procedure, Seat, Stage
from shuniu.procedures.drawing.sketch import places
from shuniu.procedures.models import Case, Task
from shuniu.procedures.models import Event as Line
from shuniu.procedures.store import Loaded
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.procedures.office import (
    CHECKER,
    DRAFTER,
    OVERSEER,
    PUBLISHER,
    REVIEW,
    SECOND,
    ask,
    ask_many,
    decide,
    decide_many,
    send_back,
)
from tests.procedures.playing import AGENCIES, LANE, NOON, PEOPLE, Play, plays, procedures

many = settings(max_examples=100, deadline=None, database=None)
KEEPER = replace(OVERSEER, capabilities=OVERSEER.capabilities | {"procedures.migrate", "procedures.rebuild"})
LAWYER = Stage(key="law", title="法制审核", lane="test.publish", needs=("check",))
STRICTER = REVIEW.model_copy(
    update={
        "version": 2,
        "stages": (REVIEW["check"], LAWYER, REVIEW["publish"].model_copy(update={"needs": ("law",)})),
    }
)
RENAMED = REVIEW.model_copy(
    update={
        "version": 2,
        "stages": (
            REVIEW["check"].model_copy(update={"key": "first"}),
            REVIEW["publish"].model_copy(update={"needs": ("first",), "on_no": "return:first"}),
        ),
    }
)


def revised(stages: tuple[Stage, ...]) -> Procedure:
    return Procedure.model_validate({**REVIEW.model_dump(), "version": 2, "stages": [s.model_dump() for s in stages]})


@st.composite
def migrations(draw: st.DrawFn, old: Procedure) -> Migration:
    """To another procedure altogether, or to the same with a stage more, its stages renamed or not."""
    new = draw(procedures())
    if draw(st.booleans()):
        needs = tuple(draw(st.sets(st.sampled_from([stage.key for stage in old.stages]))))
        added = Stage(key="added", title="新增", lane=LANE, needs=needs)
        last = old.stages[-1]
        waits = not last.optional and last.key not in needs and draw(st.booleans())
        fresh = last.model_copy(update={"needs": (*last.needs, "added")}) if waits else last
        clean = not any(last.key in old.before(need) for need in needs)
        stages_now = (*old.stages[:-1], fresh if clean else last, added)
        new = old.model_copy(update={"stages": tuple(one.model_copy(update={"keeps": ()}) for one in stages_now)})
    form = new.model_dump_json()
    stages: dict[str, str] = {}
    if renames := draw(st.booleans()):
        form = form.replace('"s', '"n').replace(":s", ":n").replace('"ntages', '"stages').replace('"nhare', '"share')
    new = Procedure.model_validate_json(form).model_copy(update={"version": 2})
    for stage in old.stages:
        target = stage.key.replace("s", "n") if renames else stage.key
        known = target in {one.key for one in new.stages}
        if renames or not known or draw(st.integers(0, 5)) == 0:
            stages[stage.key] = target if known and draw(st.integers(0, 5)) else ""
    carried = {stages.get(stage.key, stage.key) for stage in old.stages}
    lanes = {one.key: draw(st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=3)) for one in new.stages}
    return Migration.model_validate(
        {"old": old, "new": new, "stages": stages, "lanes": {k: v for k, v in lanes.items() if k not in carried}}
    )


@st.composite
def moves(draw: st.DrawFn) -> tuple[Play, Migration]:
    play = draw(plays().filter(lambda one: not rules.outcome(one.procedure, one.state)))
    return play, draw(migrations(play.procedure))


def move(case: Loaded, migration: Migration) -> migrating.Change | None:
    """Migrate a case as the store does; None where it cannot."""
    change = migrating.migrated(migration, case.state)
    lanes = migration.seated(case.row.lanes)
    if problem := migrating.problem(migration, change.state, lanes):
        note(problem)
        return None
    note(f"stand {len(change.stand)}, anew {len(change.anew)}, dropped {len(change.dropped)}")
    case.row.lanes = lanes
    case.migrate(migration.new, change.state, Event(0, Move.MIGRATE, "officer:省0", "", NOON, to=migration.to()))
    return change


@many
@given(moves())
def test_a_migrated_case_is_never_stranded_and_its_log_folds_across_the_migration(
    drawn: tuple[Play, Migration],
) -> None:
    (play, migration), case = drawn, drawn[0].case
    if move(case, migration) is None:
        return
    assert not rules.outcome(migration.new, case.state)
    assert rules.open_seats(migration.new, case.state) or rules.waits_for(migration.new, case.state)
    assert rules.unseated(migration.new, case.state) == ()
    assert migrating.fold(migration.new, case.events, {1: migration.old, 2: migration.new}) == case.state
    assert [event.seq for event in case.events] == list(range(len(case.events)))
    numbers = [seat.number for seat in case.state.seats]
    assert len(set(numbers)) == len(numbers) and max(numbers, default=0) < case.state.next_seat
    assert play.steps[-1][2].next_seat <= case.state.next_seat


@many
@given(moves())
def test_no_answer_stands_that_does_not_rest_on_what_the_new_version_asks_before_it(
    drawn: tuple[Play, Migration],
) -> None:
    (play, migration), before = drawn, drawn[0].state
    change = migrating.migrated(migration, before)
    origin = {target: key for key, target in migration.whole.items() if target}
    old = rules.results(migration.old, before)
    now = rules.results(migration.new, change.state)
    for seat in change.state.seats:
        was = next(one for one in before.seats if one.number == seat.number)
        assert migration.whole[was.stage] == seat.stage and replace(seat, stage=was.stage) == was
        assert migration.new[seat.stage].lane == migration.old[was.stage].lane
        assert now[seat.stage] == old[was.stage]
        for earlier in migration.new.before(seat.stage):
            assert origin[earlier] in migration.old.before(was.stage) and now[earlier] == old[origin[earlier]]
        assert migration.new.own_approval or seat.person != before.opened_by
    assert play.state == before


@many
@given(moves())
def test_a_migrated_case_that_everybody_agrees_to_is_granted_by_every_stage_of_the_new_version(
    drawn: tuple[Play, Migration],
) -> None:
    (play, migration), case = drawn, drawn[0].case
    if move(case, migration) is None:
        return
    new = migration.new
    for _step in range(200):
        if rules.outcome(new, case.state):
            break
        play.do(next(agreeing(play)))
    assert rules.outcome(new, case.state) in ("granted", "partial")
    for stage in new.stages:
        said = [seat for seat in case.state.seats if seat.stage == stage.key and seat.answer == "yes" and seat.counts]
        assert stage.key in case.state.left_out or stage.children or len(said) >= max(1, stage.quorum)
        assert stage.key not in case.state.left_out or stage.optional


def agreeing(play: Play) -> Iterator[Event]:
    """What takes a case on: resumed, handed in again, its parts granted, a seat answered by somebody who may."""
    state, procedure = play.state, play.procedure
    if state.returned:
        yield Event(0, Move.RESUBMIT, state.opened_by, "", NOON)
    if not state.parts and any(stage.children for stage in procedure.stages):
        yield Event(0, Move.SPLIT, state.opened_by, "", NOON, to=("201", "202"))
    for held in state.suspensions:
        yield Event(0, Move.RESUME, "system:worker", "", NOON, to=(held.kind,))
    for seat in rules.open_seats(procedure, state):
        yield answer(play, seat)
    for part in state.parts:
        if not part.outcome:
            yield Event(0, Move.PART_ENDED, "system:worker", "", NOON, to=(str(part.case), "granted"))


def answer(play: Play, seat: Seat) -> Event:
    barred = rules.barred(play.procedure, play.state, seat)
    person = seat.person or next(who.person for who in PEOPLE if who.person not in barred)
    return Event(0, Move.AGREE, person, person, NOON, seat.stage, seat.number)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"new": REVIEW}, "只能从同一程序的旧版本迁移到新版本"),
        ({"stages": {"chekc": "check"}}, "环节“chekc”不存在"),
        ({"stages": {"check": ""}, "new": revised((REVIEW["check"],))}, "没有写明旧环节“publish”"),
        ({"stages": {"check": "publish"}}, "旧版本另有环节“publish”"),
        ({"stages": {"check": "law", "publish": "law"}}, "不能把两个旧环节并成一个环节“law”"),
        ({"lanes": {"check": ("43.law",)}}, "环节“check”不是新增的环节"),
    ],
)  # fmt: skip
def test_a_migration_that_does_not_fit_cannot_be_declared(form: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Migration.model_validate({"old": REVIEW, "new": STRICTER, **form})


def test_a_case_that_would_be_decided_by_nobody_is_named_and_so_is_one_whose_parts_nothing_waits_for() -> None:
    shorter = Migration(
        old=STRICTER,
        new=revised((REVIEW["check"],)).model_copy(update={"version": 3}),
        stages={"law": "", "publish": ""},
    )
    state = migrating.fold(STRICTER, _checked(), {})
    assert migrating.problem(shorter, migrating.migrated(shorter, state).state, {}).startswith("迁移后没有待办的环节")
    voting = revised((REVIEW["check"].model_copy(update={"rule": "quorum", "quorum": 2}),))
    vote = Migration(old=REVIEW, new=voting, stages={"publish": ""})
    change = migrating.migrated(vote, migrating.fold(REVIEW, _checked()[:2], {}))
    assert migrating.problem(vote, change.state, {}) == "环节“初审”的办理单位少于须同意的 2 方"
    assert migrating.problem(vote, change.state, {"check": ("43.market", "43.tax")}) == ""


def _checked() -> list[Event]:
    return [
        Event(0, Move.OPEN, "officer:起草", "", NOON),
        Event(1, Move.SEAT, "officer:起草", "", NOON, "check", to=("43.market",)),
        Event(2, Move.AGREE, "officer:初审", "", NOON, "check", 1),
    ]


@pytest.mark.django_db
def test_a_dry_run_says_case_by_case_what_would_change_and_changes_nothing() -> None:
    fresh, checked, returned = (ask(actor=DRAFTER).id for _ in range(3))
    decide(actor=CHECKER, case=checked)
    decide(actor=CHECKER, case=returned)
    send_back(actor=PUBLISHER, case=returned, to_stage="check")
    before = [*Line.objects.order_by("pk").values_list("pk", "verb")]
    migration = Migration(old=REVIEW, new=STRICTER, lanes={"law": ("43.law",)})
    told = {one.case: one for one in api.migrate(actor=KEEPER, migration=migration, reason="")}
    assert [*told] == [fresh, checked, returned]
    assert (told[fresh].stand, told[checked].stand) == ((), ("check",))
    assert not any(one.problem or one.anew or one.dropped for one in told.values())
    assert [*Line.objects.order_by("pk").values_list("pk", "verb")] == before
    entry = Entry.objects.get(verb="procedures.migrate")
    assert (entry.object, entry.detail["cases"], entry.detail["dry_run"]) == ("procedure:test.review", 3, True)


@pytest.mark.django_db
def test_a_migrated_case_goes_on_under_the_new_version_and_nobody_is_asked_twice_for_nothing() -> None:
    case = ask(actor=DRAFTER).id
    due = Case.objects.get(pk=case).due
    decide(actor=CHECKER, case=case)
    migration = Migration(old=REVIEW, new=STRICTER, lanes={"law": ("43.tax",)})
    with pytest.raises(Refused, match="须写明理由"):
        api.migrate(actor=KEEPER, migration=migration, reason=" ", dry_run=False)
    (told,) = api.migrate(actor=KEEPER, migration=migration, reason="国发新规", dry_run=False)
    assert (told.stand, told.anew) == (("check",), ())
    view = api.case_view(case)
    assert (view.procedure, view.results["check"], view.due) == (STRICTER, "yes", due)
    assert [(seat.stage, seat.agency) for seat in view.open] == [("law", "43.tax")]
    assert [event.move for event in api.history(case)][-2:] == [Move.MIGRATE, Move.SEAT]
    assert api.migrate(actor=KEEPER, migration=migration, reason="再来", dry_run=False) == ()
    decide(actor=OVERSEER, case=case)
    assert [seat.stage for seat in api.case_view(case).open] == ["publish"]
    assert api.rebuild(actor=KEEPER) == 0


@pytest.mark.django_db
def test_what_was_answered_without_a_stage_that_is_now_required_before_it_is_asked_anew() -> None:
    api.register(revised((REVIEW["check"], REVIEW["publish"].model_copy(update={"needs": (), "on_no": "refuse"}))))
    both = api.PROCEDURES["test.review"]
    case = ask(actor=DRAFTER).id
    decide(actor=PUBLISHER, case=case)
    ordered = both.model_copy(update={"version": 3, "stages": REVIEW.stages})
    (told,) = api.migrate(
        actor=KEEPER, migration=Migration(old=both, new=ordered), reason="改为先审后发", dry_run=False
    )
    assert (told.anew, told.stand) == (("publish",), ())
    assert [seat.stage for seat in api.case_view(case).open] == ["check"]
    assert Task.objects.filter(case=case).count() == 1


@pytest.mark.django_db
def test_a_renamed_stage_keeps_its_answers_and_the_drawing_still_tells_who_gave_them() -> None:
    case = ask(actor=DRAFTER, check=("43.market", "43.market")).id
    decide(actor=CHECKER, case=case)
    other = ask(actor=DRAFTER).id
    decide(actor=CHECKER, case=other)
    send_back(actor=PUBLISHER, case=other, to_stage="check")
    migration = Migration(old=REVIEW, new=RENAMED, stages={"check": "first"})
    told = api.migrate(actor=KEEPER, migration=migration, reason="改名", dry_run=False)
    assert [one.stand for one in told] == [("first",), ()]
    decide(actor=SECOND, case=case)
    found = {one.stage: one for one in places(api.case_view(case), api.history(case))}
    assert [done.person_name for done in found["first"].done] == ["初审", "复核"]
    assert found["publish"].standing == "open"
    again = {one.stage: one for one in places(api.case_view(other), api.history(other))}
    assert again["first"].standing == "again"


@pytest.mark.django_db
def test_what_has_ended_and_what_cannot_move_stays_under_its_version() -> None:
    ended, stuck, moved = (ask(actor=DRAFTER).id for _ in range(3))
    for case in (ended, stuck):
        decide(actor=CHECKER, case=case)
    decide(actor=PUBLISHER, case=ended)
    migration = Migration(old=REVIEW, new=revised((REVIEW["check"],)), stages={"publish": ""})
    told = {
        one.case: one.problem for one in api.migrate(actor=KEEPER, migration=migration, reason="简化", dry_run=False)
    }
    assert {case: bool(problem) for case, problem in told.items()} == {stuck: True, moved: False}
    assert [api.case_view(case).procedure.version for case in (ended, stuck, moved)] == [1, 1, 2]
    assert Entry.objects.get(verb="procedures.migrate").detail["stuck"] == [stuck]


@pytest.mark.django_db
def test_ten_thousand_cases_are_moved_by_a_few_statements_a_chunk() -> None:
    cases = ask_many(actor=DRAFTER, count=10_000)
    decide_many(actor=CHECKER, cases=cases[::2])
    migration = Migration(old=REVIEW, new=STRICTER, lanes={"law": ("43.tax",)})
    with CaptureQueriesContext(connection) as trips:
        told = api.migrate(actor=KEEPER, migration=migration, reason="新规", dry_run=False)
    assert len(told) == 10_000 and len(trips) < 10 * 15 + 20
    assert Case.objects.filter(declaration__version=2, open_stages=["law"]).count() == 5_000
    assert Task.objects.filter(stage="law", agency="43.tax").count() == 5_000
    assert Task.objects.count() == Line.objects.filter(verb="换版").count() == 10_000
    assert Entry.objects.filter(verb="procedures.migrate").count() == 1
