"""Drawings of procedures: every box free, every arrow between its boxes and through none; how a case stands on it."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.procedures import api
from shuniu.procedures.declare import OPENER, Procedure, Stage
from shuniu.procedures.drawing.grid import Box, Flow, Layout, Node, place
from shuniu.procedures.drawing.sketch import END, LABEL, START, Place, nearest, places, sketch, stage_id
from tests.procedures.office import CHECKER, DRAFTER, FOREIGN, PUBLISHER, SECOND, ask, decide, send_back

OPENING = Procedure(
    key="test.firm",
    version=1,
    title="开餐馆",
    stages=(
        Stage(key="accept", title="受理", lane="window"),
        Stage(key="fire", title="消防检查", lane="fire", needs=("accept",), on_no="return:accept"),
        Stage(key="health", title="卫生许可", lane="health", needs=("accept",)),
        Stage(key="visit", title="现场核查", lane="health", needs=("health",)),
        Stage(key="decide", title="决定", lane="window", needs=("accept", "fire", "visit"), on_no="return:health"),
    ),
)


many = settings(max_examples=150, deadline=None, database=None)
ANSWERED = st.sampled_from(["all", "all", "any", "quorum"])
NO = st.sampled_from(["refuse", "opener", "stage"])


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Up to seven stages in up to three lanes, each resting on some of those before it, with all that can be declared."""
    stages: list[Stage] = []
    for number in range(draw(st.integers(1, 7))):
        known = [stage.key for stage in stages]
        needs = tuple(draw(st.sets(st.sampled_from(known)))) if known else ()
        told: dict[str, object] = {"key": f"s{number}", "title": f"环节{number}", "needs": needs}
        if number and draw(st.integers(0, 5)) == 0:
            stages.append(Stage.model_validate({**told, "children": draw(st.sampled_from(["all", "any", "each"]))}))
            continue
        rule, no = draw(ANSWERED), draw(NO)
        so_far = Procedure(
            key="p", version=1, title="任意", stages=(*stages, Stage(key="x", title="x", lane="x", needs=needs))
        )
        firm = sorted(key for key in so_far.before("x") if not (so_far[key].optional or so_far[key].children))
        target = draw(st.sampled_from(firm)) if no == "stage" and firm else OPENER if no == "opener" else ""
        told |= {"rule": rule, "quorum": draw(st.integers(1, 3)) if rule == "quorum" else 0}
        told |= {"lane": draw(st.sampled_from(["甲", "乙", "丙"])), "on_no": f"return:{target}" if target else "refuse"}
        told |= {"optional": bool(number) and draw(st.booleans()), "term": draw(st.none() | st.integers(1, 30))}
        stages.append(Stage.model_validate(told))
    return Procedure(key="test.any", version=1, title="任意", stages=tuple(stages))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def check(layout: Layout, ends: dict[str, tuple[str, str]]) -> None:
    """No box over another, all within the drawing; each arrow goes from its box to its box and through no third."""
    for one, other in combinations(layout.boxes.values(), 2):
        assert not overlap(one, other)
    for box in layout.boxes.values():
        assert box.x >= 0 and box.x + box.width <= layout.width
        band = next(band for band in layout.bands if band.y <= box.y < band.y + band.height)
        assert box.y + box.height <= band.y + band.height
    assert [band.y for band in layout.bands[1:]] == [band.y + band.height for band in layout.bands[:-1]]
    for key, (source, target) in ends.items():
        path = layout.paths[key]
        assert touches(layout.boxes[source], path[0]) and touches(layout.boxes[target], path[-1])
        for (x, y), (right, low) in pairwise(path):
            assert x == right or y == low, "arrows run level or upright"
            run = Box(min(x, right), min(y, low), abs(right - x), abs(low - y))
            assert run.x >= 0 and run.x + run.width <= layout.width and run.y + run.height <= layout.height
            crossed = [id for id, box in layout.boxes.items() if id not in (source, target) and overlap(run, box)]
            assert crossed == []


def touches(box: Box, point: tuple[int, int]) -> bool:
    return box.x <= point[0] <= box.x + box.width and box.y <= point[1] <= box.y + box.height


def ends_of(procedure: Procedure, layout: Layout) -> dict[str, tuple[str, str]]:
    returns = {
        f"{stage_id(one.key)}<": (stage_id(one.key), START if one.returns_to == OPENER else stage_id(one.returns_to))
        for one in procedure.stages
    }
    forward = {key: key.split(">") for key in layout.paths if ">" in key}
    return {key: returns[key] if key in returns else (forward[key][0], forward[key][1]) for key in layout.paths}


@many
@given(procedures())
def test_any_procedure_draws_without_one_thing_over_another(procedure: Procedure) -> None:
    layout = sketch(procedure)
    assert set(layout.boxes) == {START, END, *(stage_id(stage.key) for stage in procedure.stages)}
    check(layout, ends_of(procedure, layout))
    assert sketch(procedure) == layout, "the same declaration gives the same drawing"


@many
@given(procedures())
def test_a_stage_stands_to_the_right_of_all_that_it_waits_for(procedure: Procedure) -> None:
    boxes = sketch(procedure).boxes
    for stage in procedure.stages:
        own = boxes[stage_id(stage.key)]
        assert boxes[START].x + boxes[START].width < own.x and own.x + own.width < boxes[END].x
        for need in procedure.before(stage.key):
            earlier = boxes[stage_id(need)]
            assert earlier.x + earlier.width < own.x


def test_lanes_are_rows_and_parallel_branches_stand_below_one_another() -> None:
    layout = sketch(OPENING)
    check(layout, ends_of(OPENING, layout))
    assert [band.lane for band in layout.bands] == ["window", "fire", "health"]
    fire, health, visit = (layout.boxes[stage_id(key)] for key in ("fire", "health", "visit"))
    assert fire.x == health.x and fire.y < health.y == visit.y
    assert all(box.y >= LABEL for box in layout.boxes.values())
    assert nearest(OPENING, "decide") == ("fire", "visit"), "what is needed anyway gets no arrow of its own"


def test_lanes_may_be_named_by_agencies_instead() -> None:
    layout = sketch(OPENING, {stage.key: "一局" for stage in OPENING.stages})
    assert [band.lane for band in layout.bands] == ["一局"]
    check(layout, ends_of(OPENING, layout))


def test_flows_in_a_circle_are_no_drawing() -> None:
    nodes = [Node("a", "", 10, 10), Node("b", "", 10, 10)]
    with pytest.raises(ValueError, match="circle"):
        place(nodes, [Flow("1", "a", "b"), Flow("2", "b", "a")])


def standing(case: int) -> dict[str, Place]:
    return {one.stage: one for one in places(api.case_view(case), api.history(case))}


@pytest.mark.django_db
def test_a_case_stands_on_its_drawing_as_it_goes_on_and_back() -> None:
    case = ask(actor=DRAFTER).id
    found = standing(case)
    assert (found["check"].standing, found["publish"].standing) == ("open", "ahead")
    assert [seat.agency for seat in found["check"].waiting] == ["43.market"]
    decide(actor=CHECKER, case=case)
    found = standing(case)
    (done,) = found["check"].done
    assert (done.person_name, done.agency, done.answer) == ("初审", "43.market", "yes")
    assert (found["check"].standing, found["publish"].standing) == ("agreed", "open")
    send_back(actor=PUBLISHER, case=case, to_stage="check")
    found = standing(case)
    assert (found["check"].standing, found["check"].done, found["publish"].standing) == ("again", (), "ahead")


@pytest.mark.django_db
def test_a_refused_case_reaches_nothing_more_and_shows_who_refused() -> None:
    case = ask(actor=DRAFTER, procedure="test.joint", sign=("43.market", "43.tax")).id
    decide(actor=CHECKER, case=case)
    assert standing(case)["sign"].standing == "open"
    assert [(done.agency, done.answer) for done in standing(case)["sign"].done] == [("43.market", "yes")]
    decide(actor=FOREIGN, case=case, said="不同意", reason="缺章")
    assert standing(case)["sign"].standing == "refused"
    other = ask(actor=DRAFTER).id
    decide(actor=SECOND, case=other, said="不同意", reason="缺依据")
    found = standing(other)
    assert (found["check"].standing, found["publish"].standing) == ("refused", "never")
