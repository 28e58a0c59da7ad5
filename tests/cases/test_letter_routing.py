"""The routing table: the first row met decides and says why; what a changed table would move is known before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shuniu.cases.api import letter_lists as lists
from shuniu.cases.declare.letters import LetterBox, LetterIn, Route
from shuniu.cases.rules import letters as rules
from shuniu.systems.petitions.declare import PETITIONS
from tests.cases.letters import BOX, CLERK, COMPLAINT, REPORT, sent
from tests.cast import cast
from tests.refusals import refused

__all__ = ["cast"]

WORDS = st.lists(st.sampled_from(["超市", "路灯", "发票", "学校"]), max_size=2, unique=True).map(tuple)
AGENCY = st.sampled_from(["43.a", "43.b", "43.c"])
ROW = st.builds(
    Route, key=st.just("row"), title=st.just("一条"), agency=AGENCY, words=WORDS,
    categories=st.lists(st.sampled_from(["help", "report"]), max_size=1).map(tuple),
    regions=st.lists(st.sampled_from(["43", "430100", "430102"]), max_size=2, unique=True).map(tuple),
)  # fmt: skip
LETTER = st.builds(
    LetterIn, category=st.sampled_from(["help", "report"]), region=st.sampled_from(["430102", "430100", "431000"]),
    title=st.just("来信"), text=st.sampled_from(["超市的发票", "路灯不亮", "学校门口", "其他"]),
)  # fmt: skip


def meets(row: Route, letter: LetterIn) -> bool:
    """The plain reading of a row."""
    place = letter.region.rstrip("0") if letter.region != "430100" else "4301"
    regions = [one if one != "430100" else "4301" for one in row.regions]
    return (
        (not row.categories or letter.category in row.categories)
        and (not row.words or any(word in letter.text for word in row.words))
        and (not regions or any(place.startswith(one) for one in regions))
    )


@given(rows=st.lists(ROW, max_size=5), letter=LETTER, accused=st.sets(AGENCY, max_size=2))
def test_the_first_row_met_that_leads_to_nobody_accused_decides_and_says_why(
    rows: list[Route], letter: LetterIn, accused: set[str]
) -> None:
    numbered = [row.model_copy(update={"key": f"row{at}", "title": f"第{at}条"}) for at, row in enumerate(rows)]
    box = PETITIONS.model_copy(update={"routes": tuple(numbered)})
    met = rules.route(box, letter, accused)
    fitting = [row for row in numbered if meets(row, letter)]
    first = next((row for row in fitting if row.agency not in accused), None)
    assert met.route == first and met.agency == (first.agency if first else box.centre)
    assert met.agency not in accused
    assert set(met.words) <= set(first.words if first else ()) and all(word in letter.text for word in met.words)
    if first is not None:
        assert first.title in met.why and all(word in met.why for word in met.words)
        before = fitting[: fitting.index(first)]
        assert met.passed == tuple(row.title for row in before)


@given(letter=LETTER)
def test_where_no_row_is_met_the_centre_takes_it_and_says_so(letter: LetterIn) -> None:
    met = rules.route(PETITIONS.model_copy(update={"routes": ()}), letter)
    assert met.agency == PETITIONS.centre and "没有一条" in met.why
    above = rules.route(PETITIONS.model_copy(update={"routes": ()}), letter, {PETITIONS.centre})
    assert above.agency == PETITIONS.above


def box(**changes: object) -> LetterBox:
    return LetterBox.model_validate({**PETITIONS.model_dump(), **changes})


def test_a_table_with_a_row_that_no_letter_reaches_cannot_be_declared() -> None:
    everything = Route(key="all", title="全部", agency="43.a")
    after = Route(key="after", title="其后", agency="43.b", words=("超市",))
    with pytest.raises(ValidationError, match="永远用不上"):
        box(routes=(everything, after))
    with pytest.raises(ValidationError, match="类别“poem”不存在"):
        box(routes=(after.model_copy(update={"categories": ("poem",)}),))
    with pytest.raises(ValidationError, match="重复"):
        box(routes=(after, after))
    with pytest.raises(ValidationError, match="另一单位"):
        box(above=PETITIONS.centre)
    assert box(routes=(after, everything)).routes[-1].key == "all"


def test_the_shipped_table_sends_ordinary_letters_where_people_expect() -> None:
    for text, agency in (
        ("超市卖过期食品", "43.market"),
        ("公司拖欠工资三个月", "43.labour"),
        ("天气真好", "43.office"),
    ):
        assert rules.route(PETITIONS, COMPLAINT.model_copy(update={"title": "来信", "text": text})).agency == agency
    assert {one.title for one in PETITIONS.categories} == {"咨询", "求助", "意见建议", "投诉", "举报", "表扬"}
    assert [one.key for one in PETITIONS.categories if one.sealed] == ["report"]


@pytest.mark.usefixtures("cast")
def test_a_simulation_says_where_a_text_goes_and_which_letters_a_changed_table_moves() -> None:
    moved = sent().number
    sent(REPORT)
    sent(COMPLAINT.model_copy(update={"title": "几点末班车", "text": "想问几点末班车"}))
    changed = BOX.model_copy(update={"routes": BOX.routes[2:]})
    found = lists.simulate_routes(actor=CLERK, box=BOX, letter=COMPLAINT, changed=changed)
    assert found.met is not None and found.met.agency == "43.tax" and found.looked_at == 3
    assert [(one.number, one.before, one.after.agency) for one in found.moved] == [(moved, "43.market", "43.tax")]
    same = lists.simulate_routes(actor=CLERK, box=BOX, changed=BOX)
    assert (same.met, same.looked_at, same.moved) == (None, 3, ())
    with refused("letters.region"):
        lists.simulate_routes(actor=CLERK, box=BOX, letter=COMPLAINT.model_copy(update={"region": "999999"}))
