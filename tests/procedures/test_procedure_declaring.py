"""A procedure that leads nowhere is refused when it is declared, and the message names the stage."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shuniu.procedures import api
from shuniu.procedures.declare import Procedure, Stage


def procedure(*stages: Stage) -> Procedure:
    return Procedure(key="test.declared", version=1, title="试", stages=stages)


def stage(
    key: str, *needs: str, on_no: str = "refuse", keeps: tuple[str, ...] = (), lane: str = "test.decide"
) -> Stage:
    return Stage(key=key, title=f"环节{key}", lane=lane, needs=needs, on_no=on_no, keeps=keeps)


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        ((), "至少要有一个环节"),
        ((stage("a"), stage("a")), "不能重复：a、a"),
        ((stage("a"), stage("b", "x")), "环节“b”提到的环节“x”不存在"),
        ((stage("a"), stage("b", "a", on_no="return:x")), "环节“b”提到的环节“x”不存在"),
        ((stage("a"), stage("b", "a", keeps=("x",))), "环节“b”提到的环节“x”不存在"),
        ((stage("a", lane=""),), "环节“a”没有写明由何种权限办理"),
        ((stage("a", "a"),), "环节“a”要等待自身"),
        ((stage("a"), stage("b", "c", "a"), stage("c", "b")), "环节“b”要等待自身"),
        ((stage("a"), stage("b", on_no="return:a")), "环节“b”只能退回到它之前的环节，“a”不在其前"),
        ((stage("a"), stage("b", "a", on_no="return:b")), "环节“b”只能退回到它之前的环节，“b”不在其前"),
        ((stage("a"), stage("b", "a", on_no="return:a", keeps=("a",))), "环节“b”退回时不能保留“a”"),
        ((stage("a"), stage("b", "a", keeps=("c",)), stage("c", "b")), "环节“b”退回时不能保留“c”"),
    ],
)
def test_a_procedure_that_leads_nowhere_is_refused_with_the_stage_named(stages: tuple[Stage, ...], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        procedure(*stages)


def test_a_no_either_ends_the_case_or_names_a_stage() -> None:
    with pytest.raises(ValidationError, match="on_no"):
        stage("a", on_no="跳过")


def test_what_lies_before_and_below_a_stage_reaches_through_others() -> None:
    declared = procedure(stage("accept"), stage("fire", "accept"), stage("env", "accept"), stage("decide", "fire"))
    assert declared.before("decide") == {"accept", "fire"}
    assert declared.below("fire") == {"fire", "decide"}
    assert declared.below("env") == {"env"}


def test_a_declaration_survives_being_stored() -> None:
    declared = procedure(stage("a"), stage("b", "a", on_no="return:a"))
    assert Procedure.model_validate(declared.model_dump(mode="json")) == declared


def test_one_version_has_one_content_and_the_newest_version_is_opened() -> None:
    first = api.register(procedure(stage("a")))
    try:
        assert api.register(first) is first
        with pytest.raises(ValueError, match="请升版本号"):
            api.register(procedure(stage("b")))
        second = api.register(first.model_copy(update={"version": 2}))
        api.register(first)
        assert api.PROCEDURES["test.declared"] == second
    finally:
        del api.PROCEDURES["test.declared"]


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        (({"key": "a", "rule": "quorum"},), "环节“a”须同时写明按人数表决"),
        (({"key": "a", "quorum": 2},), "环节“a”须同时写明按人数表决"),
        (({"key": "@a"},), "环节的键“@a”不能以 @ 开头"),
        (({"key": "a", "optional": True}, {"key": "b", "optional": True}), "环节“a、b”都可以略过"),
        (({"key": "a", "children": "all"},), "环节“a”等待分项，没有席位"),
        (({"key": "a", "children": "all", "lane": "", "on_no": "return:@opener"},), "环节“a”等待分项，没有席位"),
        (({"key": "a", "needs": ("@opener",)},), "环节“@opener”不存在|环节“a”提到的环节“@opener”不存在"),
        (
            ({"key": "a", "optional": True}, {"key": "b", "needs": ("a",), "on_no": "return:a"}),
            "环节“b”退回到的环节“a”可能无人重办",
        ),
        (
            ({"key": "a", "lane": "", "children": "each"}, {"key": "b", "needs": ("a",), "on_no": "return:a"}),
            "环节“b”退回到的环节“a”可能无人重办",
        ),
    ],
)
def test_a_dead_end_of_the_newer_kinds_is_refused_with_the_stage_named(
    stages: tuple[dict[str, object], ...], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        procedure(*(Stage.model_validate({"title": "办", "lane": "test.decide"} | form) for form in stages))


def test_a_declaration_stored_before_there_were_quorums_and_parts_still_loads() -> None:
    old = {
        "key": "a",
        "title": "办",
        "lane": "x",
        "rule": "any",
        "needs": [],
        "on_no": "refuse",
        "keeps": [],
        "term": 3,
    }
    form = {"key": "test.old", "version": 1, "title": "旧", "stages": [old], "term_rule": None, "own_approval": False}
    loaded = Procedure.model_validate(form)
    assert (loaded["a"].quorum, loaded["a"].optional, loaded["a"].children) == (0, False, "")
    assert loaded == Procedure.model_validate(loaded.model_dump(mode="json"))
