"""Merges as a graph: reversible in any order, roots and answering numbers always what the standing merges say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.registries import api, merging
from shuniu.registries.models import Identifier, Merge, Subject
from shuniu.trust.declare import Refused
from tests.registries.conftest import (
    HOUSEHOLD,
    INSURANCE,
    MATCHER,
    PENALTY,
    REGISTRATION,
    VOLUNTEER,
    Load,
    known,
    resident,
    subject_of,
    uscc,
)

pytestmark = pytest.mark.django_db

SIZE = 8
Pairs = st.tuples(st.integers(1, SIZE), st.integers(1, SIZE)).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(Pairs, max_size=20), st.sets(st.integers(1, SIZE)))
def test_roots_are_the_best_of_each_connected_part(edges: list[tuple[int, int]], known_ones: set[int]) -> None:
    parts = {number: {number} for number in range(1, SIZE + 1)}
    for one, other in edges:
        joined = parts[one] | parts[other]
        for member in joined:
            parts[member] = joined
    expected = {
        number: min(part & known_ones or part) for number, part in parts.items()
    }  # fmt: skip
    assert merging.roots(range(1, SIZE + 1), edges, known_ones) == expected


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(Pairs, st.booleans(), st.integers(0, 30)), max_size=14), st.sets(st.integers(1, SIZE)))
def test_merges_are_undone_in_any_order_and_leave_what_the_others_say(
    db: None, steps: list[tuple[tuple[int, int], bool, int]], known_ones: set[int]
) -> None:
    ids = _subjects(known_ones)
    standing: dict[int, tuple[int, int]] = {}
    for (one, other), undoes, which in steps:
        if undoes and standing:
            merge = sorted(standing)[which % len(standing)]
            api.undo_merge(actor=MATCHER, merge=merge, reason="查明并非同一主体")
            del standing[merge]
        else:
            try:
                merge = api.merge(actor=MATCHER, one=ids[one - 1], other=ids[other - 1], why="同一主体")
            except Refused as refusal:
                assert refusal.rule == "match.already"
                continue
            standing[merge] = (ids[one - 1], ids[other - 1])
        _as_the_model_says(ids, standing, {ids[number - 1] for number in known_ones})
    for merge in sorted(standing, key=lambda number: number * 7 % 5):
        api.undo_merge(actor=MATCHER, merge=merge, reason="全部撤销")
    _as_the_model_says(ids, {}, {ids[number - 1] for number in known_ones})


def _subjects(known_ones: set[int]) -> list[int]:
    """Eight legal persons; 1 to 4 bear one registration number, 5 to 8 another."""
    Merge.objects.all().delete()
    Identifier.objects.all().delete()
    Subject.objects.all().delete()
    made = []
    for number in range(1, SIZE + 1):
        one = Subject.objects.create(kind="legal", name=str(number), known=number in known_ones, root=0, resource="t")
        Subject.objects.filter(pk=one.pk).update(root=one.pk)
        made.append(one.pk)
        Identifier.objects.create(
            kind="registration_number", value=str((number - 1) // 4), subject=one, resource="t", answers=False
        )
    return made


def _as_the_model_says(ids: list[int], standing: dict[int, tuple[int, int]], known_ones: set[int]) -> None:
    roots = merging.roots(ids, standing.values(), known_ones)
    assert dict(Subject.objects.values_list("pk", "root")) == roots
    touched = {one for pair in Merge.objects.values_list("absorbed_id", "survivor_id") for one in pair}
    for value in "01":
        bearers = [one for place, one in enumerate(ids) if place // 4 == int(value)]
        if not touched & set(bearers):
            continue  # nothing has asked yet
        known_roots = {roots[one] for one in bearers if roots[one] in known_ones}
        all_roots = {roots[one] for one in bearers}
        candidates = known_roots or all_roots
        expected = next(iter(candidates)) if len(candidates) == 1 else None
        assert api.find_subject("registration_number", value) == expected
    assert set(api.members(ids[0])) == {one for one in ids if roots[one] == roots[ids[0]]}


def test_a_number_that_two_persons_share_waits_for_a_person_and_can_be_decided_and_undone(load: Load) -> None:
    shared = resident("1980-05-01", 11)
    load(HOUSEHOLD, {"resident_id": shared, "person_name": "张伟", "region": "430102"})
    load(INSURANCE, {"number": "1", "resident_id": shared, "person_name": "李强", "region": "431000"})
    assert api.find_subject("resident_id", shared) is None, "two contend: nobody answers"
    load(
        VOLUNTEER,
        {"number": "1", "resident_id": shared, "person_name": "李强"},
        {"number": "2", "resident_id": shared, "person_name": "张伟"},
        {"number": "3", "resident_id": shared, "person_name": "王芳"},
    )
    zhang, li = subject_of(HOUSEHOLD, shared, "resident_id"), subject_of(INSURANCE, "1")
    assert zhang is not None and li is not None and zhang != li
    assert (subject_of(VOLUNTEER, "1"), subject_of(VOLUNTEER, "2")) == (li, zhang)
    assert not known(subject_of(VOLUNTEER, "3"))
    merge = api.merge(actor=MATCHER, one=zhang, other=li, why="更名，经户籍部门核实")
    assert api.find_subject("resident_id", shared) == min(zhang, li) == subject_of(VOLUNTEER, "1")
    api.undo_merge(actor=MATCHER, merge=merge, reason="核实为两人")
    assert api.find_subject("resident_id", shared) is None
    assert (subject_of(VOLUNTEER, "1"), subject_of(VOLUNTEER, "2")) == (li, zhang)


def test_a_register_that_renames_its_own_person_contests_nothing(load: Load) -> None:
    number = resident("1980-05-01", 11)
    load(HOUSEHOLD, {"resident_id": number, "person_name": "张伟"})
    load(HOUSEHOLD, {"resident_id": number, "person_name": "张维"})
    view = api.subject(api.find_subject("resident_id", number) or 0)
    assert view is not None and (view.name, set(view.names)) == ("张维", {"张伟", "张维"})


def test_a_merge_by_rule_that_a_person_undid_is_not_made_again(load: Load) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "湖南省湘江机械有限公司"})
    load(PENALTY, {"number": "1", "name": "湖南省湘江机械有限公司"})
    (merge,) = Merge.objects.all()
    api.undo_merge(actor=MATCHER, merge=merge.pk, reason="处罚对象是已注销的同名企业")
    load(REGISTRATION, {"uscc": uscc(1), "name": "湖南省湘江机械有限公司", "state": "注销"})
    assert not known(subject_of(PENALTY, "1"))


@pytest.mark.parametrize(
    ("one", "other", "why", "rule"),
    [(0, 1, " ", "match.reason"), (0, 0, "同一", "match.unknown"), (0, 2, "同一", "match.kind")],
)
def test_a_merge_that_makes_no_sense_is_refused(load: Load, one: int, other: int, why: str, rule: str) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "甲公司"}, {"uscc": uscc(2), "name": "乙公司"})
    load(HOUSEHOLD, {"resident_id": resident("1980-05-01", 11), "person_name": "张伟"})
    ids = [
        api.find_subject("uscc", uscc(1)), api.find_subject("uscc", uscc(2)),
        api.find_subject("resident_id", resident("1980-05-01", 11)),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        api.merge(actor=MATCHER, one=ids[one] or 0, other=ids[other] or 0, why=why)
    assert refused.value.rule == rule
