"""By what a material is satisfied: deterministic, the first declared satisfier that holds, and nothing more than it needs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.expressions import Compare, Field, Kind, value
from shuniu.cases.declare.material import (
    ByFact,
    ByLicence,
    ByUpload,
    Fact,
    FileKind,
    How,
    Material,
    Planned,
    Scan,
    UploadView,
)
from shuniu.cases.rules.materials import Evidence, needed, plan, promise_text

DAY = date(2026, 11, 21)
FACT = Fact("43.market/registration", "企业登记信息", "省市场监督管理局", 7, 1, 1)


def file(number: int, kind: FileKind = FileKind.PDF, size: int = 100, *, usable: bool = True) -> UploadView:
    return UploadView(
        number, "citizen:1", None, f"{number}.{kind.value}", kind, size, "00", Scan.UNSCANNED, "",
        datetime(2026, 1, 1, tzinfo=UTC), False, False, usable,
    )  # fmt: skip


def material(key: str = "proof", **more: object) -> Material:
    return Material.model_validate({"key": key, "title": "证明", "satisfied_by": (ByUpload(),), **more})


SATISFIERS = st.lists(
    st.sampled_from([ByFact(resource="43.market/registration"), ByLicence(licence="food"), ByUpload()]),
    min_size=1, max_size=4,
)  # fmt: skip
MATERIALS = st.lists(
    st.builds(
        material, st.sampled_from("abcde"), satisfied_by=SATISFIERS.map(tuple), required=st.booleans(),
        later=st.booleans(), promise=st.booleans(), paper=st.booleans(),
    ),
    max_size=5, unique_by=lambda one: one.key,
)  # fmt: skip
FILES = st.builds(
    file, st.integers(1, 9), st.sampled_from(FileKind), st.sampled_from([1, 30_000_000]), usable=st.booleans()
)
EVIDENCE = st.builds(
    Evidence,
    facts=st.dictionaries(st.tuples(st.sampled_from("abcde"), st.integers(0, 3)), st.just(FACT)),
    licences=st.sampled_from([{}, {"food": "4301"}]),
    uploads=st.dictionaries(st.sampled_from("abcde"), st.lists(FILES, max_size=3).map(tuple)),
    promised=st.frozensets(st.sampled_from("abcde")),
)


def holds(one: Material, place: int, evidence: Evidence) -> bool:
    """Naively: whether this satisfier alone would do."""
    by = one.satisfied_by[place]
    if isinstance(by, ByFact):
        return (one.key, place) in evidence.facts
    if isinstance(by, ByLicence):
        return by.licence in evidence.licences
    offered = evidence.uploads.get(one.key, ())
    return bool(offered) and all(
        each.usable and each.kind.value in by.formats and each.size <= by.most_bytes for each in offered
    )


@given(MATERIALS, EVIDENCE)
def test_the_first_satisfier_that_holds_is_used_and_nothing_else_is_kept(
    materials: list[Material], evidence: Evidence
) -> None:
    planned = plan(materials, evidence)
    assert [one.material for one in planned] == [one.key for one in materials]
    assert planned == plan(materials, evidence)
    for one, found in zip(materials, planned, strict=True):
        first = next((place for place in range(len(one.satisfied_by)) if holds(one, place, evidence)), None)
        kinds = {"fact": How.FACT, "licence": How.LICENCE, "upload": How.UPLOAD}
        if first is not None:
            assert found.how is kinds[one.satisfied_by[first].kind]
        elif one.promise and one.key in evidence.promised:
            assert found.how is How.PROMISE
        elif one.later:
            assert found.how is How.LATER
        else:
            assert found.how in (How.MISSING, How.OMITTED)
            assert found.settled or one.required or found.problem
        kept = (found.fact is not None, bool(found.licence), bool(found.uploads))
        assert kept == (found.how is How.FACT, found.how is How.LICENCE, found.how is How.UPLOAD)
        assert len(set(found.uploads)) == len(found.uploads)


@given(MATERIALS, EVIDENCE)
def test_what_the_government_holds_never_makes_an_application_need_more(
    materials: list[Material], evidence: Evidence
) -> None:
    bare = Evidence(uploads=evidence.uploads, promised=evidence.promised)
    for with_facts, without in zip(plan(materials, evidence), plan(materials, bare), strict=True):
        assert with_facts.settled or not without.settled


def test_only_what_the_answers_call_for_is_needed() -> None:
    kitchen = Compare("=", Field("kitchen", Kind.BOOLEAN), value(True))
    large = Compare(">", Field("area", Kind.BIGINT), value(100))
    some = [material("always"), material("plan", show_if=kitchen), material("fire", show_if=large)]
    assert [one.key for one in needed(some, {}, DAY)] == ["always"]
    assert [one.key for one in needed(some, {"kitchen": "true", "area": "101"}, DAY)] == ["always", "plan", "fire"]
    assert [one.key for one in needed(some, {"kitchen": "false", "area": "很大"}, DAY)] == ["always"]


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        (file(1, usable=False), "还没有查毒"),
        (file(1, FileKind.DOCX), "DOCX 文件，这里要"),
        (file(1, size=20_000_001), "超过 20 MB"),
    ],
)
def test_a_file_that_does_not_do_is_named_with_the_reason(offered: UploadView, said: str) -> None:
    (found,) = plan([material(required=False)], Evidence(uploads={"proof": (file(2), offered)}))
    assert found.how is How.MISSING and said in found.problem


def test_the_original_must_still_be_seen_only_of_what_is_handed_in() -> None:
    one = material(paper=True, satisfied_by=(ByLicence(licence="food"), ByUpload()))
    assert plan([one], Evidence(uploads={"proof": (file(1),)}))[0].paper
    assert plan([one], Evidence(licences={"food": "4301"})) == (Planned("proof", "证明", How.LICENCE, licence="4301"),)


def test_a_promise_names_the_item_the_material_and_who_promises() -> None:
    text = promise_text("食品经营许可", "健康证明", "田野")
    assert all(word in text for word in ("食品经营许可", "健康证明", "田野", "不实"))
    assert [how.title for how in How][-1] == "还缺"
