"""Many items as one: asked once, handed in once, an earlier result never asked for, in order, within the law's time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.expressions import And, Compare, Field, IsNull, Kind, Node, Or, holds, value
from shuniu.base.periods import Term, Unit
from shuniu.cases.declare import (
    Audience,
    Branch,
    Bundle,
    ByLicence,
    ByUpload,
    FeeLine,
    Material,
    Need,
    Prefill,
    Question,
    ServiceItem,
)
from shuniu.cases.rules.bundles import Joint, applying, joint
from shuniu.cases.rules.contract import Standing, faults, standing
from shuniu.cases.rules.union import renamed
from shuniu.catalogue.declare import ItemType
from shuniu.trust.declare import Refused
from tests.cases.service_items import BY_REGISTER, ITEM, LIMITS, REGISTER, changed, form, question, working

TODAY = date(2026, 11, 21)
ELEMENTS = ("uscc", "enterprise_name", "phone", "address")


def item(name: str, *questions: Question, days: int = 5, **more: object) -> ServiceItem:
    blank = {"materials": (), "fees": (), "licences": (), "title": name, "promised": working(days)}
    asked = form(*(questions or (question("x"),)))
    return changed(ITEM, key=f"43.{name}/{name}", agency=f"43.{name}", form=asked, **{**blank, **more})


def bundle(*branches: Branch, determinants: tuple[Question, ...] = ()) -> Bundle:
    return Bundle(
        key="b", title="一件事", summary="", agency="43.a", audience=Audience.ENTERPRISE, branches=branches,
        determinants=determinants,
    )  # fmt: skip


def branch(name: str, *after: str, gives: str = "", show_if: Node | None = None) -> Branch:
    needs = tuple(Need(item=f"43.{one}/{one}", gives=gives) for one in after)
    return Branch(item=f"43.{name}/{name}", after=needs, show_if=show_if)


def together(it: Bundle, *items: ServiceItem) -> Joint:
    return joint(it, {one.key: one for one in items}, it.branches, LIMITS)


def test_an_element_is_asked_once_under_the_strictest_of_its_askers() -> None:
    loose = item("a", question("firm", element="enterprise_name", required=False, length=200))
    strict = item("b", question("name", element="enterprise_name", length=100), question("x"))
    one = together(bundle(branch("a"), branch("b")), loose, strict)
    assert one.form is not None
    assert [(q.name, q.required, q.length) for q in one.form.questions] == [("firm", True, 100), ("x", True, None)]
    assert one.names["43.b/b"]["name"] == "firm"


def test_questions_of_one_name_and_different_meaning_stay_apart() -> None:
    one = together(bundle(branch("a"), branch("b")), item("a", question("area")), item("b", question("area")))
    assert one.form is not None and [q.name for q in one.form.questions] == ["area", "area_2"]
    about = item("a", question("mine", element="phone")), item("b", question("yours", element="phone", about="agent"))
    two = together(bundle(branch("a"), branch("b")), *about)
    assert two.form is not None and len(two.form.questions) == 2


def test_what_an_earlier_item_gives_is_neither_asked_nor_handed_in() -> None:
    first = item("a", question("name", element="enterprise_name"), produces=(REGISTER,), licences=("licence",))
    prefilled = (
        question("code", element="uscc", prefill=Prefill(resource=REGISTER, item="uscc")),
        question("name", element="enterprise_name", prefill=Prefill(resource=REGISTER, item="enterprise_name")),
    )
    papers = (
        Material(key="a", title="营业执照", satisfied_by=(BY_REGISTER, ByUpload())),
        Material(key="b", title="许可证", satisfied_by=(ByLicence(licence="licence"), ByUpload())),
        Material(key="c", title="合同", satisfied_by=(ByUpload(),)),
    )
    second = item("b", *prefilled, materials=papers)
    one = together(bundle(branch("a"), branch("b", "a")), first, second)
    assert one.form is not None and [(q.name, q.prefill) for q in one.form.questions] == [("name", None)]
    assert one.filled == (("43.b/b", "code"),)
    assert [wanted.material.title for wanted in one.asked] == ["合同"]
    assert [(wanted.material.title, wanted.given_by) for wanted in one.given] == [
        ("营业执照", first.key), ("许可证", first.key),
    ]  # fmt: skip
    side_by_side = together(bundle(branch("a"), branch("b")), first, second)
    assert len(side_by_side.asked) == 3, "what comes at the same time cannot be used"


def test_a_material_of_two_agencies_is_handed_in_once_under_the_stricter_terms() -> None:
    easy = Material(key="x", title="合同", satisfied_by=(ByUpload(),), required=False, later=True, promise=True)
    hard = Material(key="y", title="合同", satisfied_by=(ByUpload(),), copies=2, paper=True)
    one = together(bundle(branch("a"), branch("b")), item("a", materials=(easy,)), item("b", materials=(hard,)))
    (wanted,) = one.asked
    merged = wanted.material
    assert wanted.items == ("43.a/a", "43.b/b")
    assert (merged.required, merged.copies, merged.paper, merged.later, merged.promise) == (True, 2, True, False, False)


def test_fees_are_split_by_the_agency_whose_income_they_are() -> None:
    own, other = (
        FeeLine(key=key, title=key, rule="r", basis="b", agency=agency) for key, agency in (("o", ""), ("p", "43.z"))
    )
    counted = FeeLine(key="n", title="n", rule="r", basis="b", per="count")
    first = item("a", question("count", type=ItemType.INTEGER), fees=(own, other))
    second = item("b", question("count", type=ItemType.INTEGER), fees=(counted,))
    one = together(bundle(branch("a"), branch("b")), first, second)
    assert [(part.agency, [line.key for _, line in part.lines]) for part in one.charges] == [
        ("43.a", ["o"]), ("43.z", ["p"]), ("43.b", ["n"]),
    ]  # fmt: skip
    assert one.charges[2].lines[0][1].per == "count_2", "the fee counts its own item's question"


def test_two_ways_of_asking_one_element_are_refused_naming_both() -> None:
    text, coded = question("n", element="phone"), question("n", element="phone", code_list="sex")
    with pytest.raises(Refused, match=r"“a”与“b”") as refusal:
        together(bundle(branch("a"), branch("b")), item("a", text), item("b", coded))
    assert refusal.value.rule == "bundle.conflict"


def test_a_cycle_is_refused_naming_it() -> None:
    it = bundle(branch("a", "c"), branch("b", "a"), branch("c", "b"))
    with pytest.raises(Refused) as refusal:
        together(it, item("a"), item("b"), item("c"))
    assert refusal.value.rule == "bundle.cycle"
    assert any(way in refusal.value.message for way in ("a → b → c → a", "b → c → a → b", "c → a → b → c"))


def test_the_promise_is_the_longest_path_and_never_past_the_law() -> None:
    """行政许可法 art. 42: joint handling takes at most 45 working days, and 15 more with approval."""
    it = bundle(branch("a"), branch("b", "a"), branch("c", "a"), branch("d", "b", "c"))
    some = [item("a", days=3), item("b", days=10), item("c", days=4), item("d", days=2)]
    one = together(it, *some)
    assert (one.promised, one.path) == (working(15), ("43.a/a", "43.b/b", "43.d/d"))
    slow = together(it, *(changed(each, promised=working(20)) for each in some))
    assert (slow.promised, slow.longest, slow.extension) == (working(45), working(45), working(15))


def test_determinants_choose_and_what_does_not_apply_is_waited_for_by_nobody() -> None:
    yes = Compare("=", Field("firm", Kind.BOOLEAN), value(True))
    it = bundle(
        branch("a", show_if=yes), branch("b", "a"), determinants=(question("firm", type=ItemType.BOOLEAN),)
    )  # fmt: skip
    assert [one.item for one in applying(it, {"firm": "true"}, TODAY)] == ["43.a/a", "43.b/b"]
    for said in ({"firm": "false"}, {}, {"firm": "maybe"}):
        left = applying(it, said, TODAY)
        assert [one.item for one in left] == ["43.b/b"]
        assert joint(it, {"43.b/b": item("b")}, left, LIMITS).after == {"43.b/b": ()}


def test_a_refusal_cuts_only_what_waits_for_it() -> None:
    after = {"a": (), "b": ("a",), "c": ("a",), "d": ("b",), "e": ()}
    ended = {"a": True, "b": False, "e": True}
    assert standing(after, ended) == {
        "a": Standing.GRANTED, "e": Standing.GRANTED, "b": Standing.REFUSED, "d": Standing.CUT, "c": Standing.OPEN,
    }  # fmt: skip


def test_the_contract_tells_an_agency_what_its_change_breaks() -> None:
    it = bundle(branch("a"), branch("b", "a", gives="licence"))
    good = {one.key: one for one in (item("a", licences=("licence",)), item("b"))}
    assert faults(it, good, LIMITS) == ()
    (fault,) = faults(it, good | {"43.a/a": item("a")}, LIMITS)
    assert (fault.rule, fault.part) == ("bundle.gives", "43.a/a") and "licence" in fault.message
    (fault,) = faults(it, good | {"43.b/b": item("b", promised=Term(1, Unit.MONTH))}, LIMITS)
    assert fault.rule == "bundle.term"
    assert {one.rule for one in faults(it, {}, LIMITS)} == {"bundle.item"}
    unasked = bundle(branch("a", show_if=IsNull(Field("unasked", Kind.TEXT))), branch("b"))
    assert [one.rule for one in faults(unasked, good, LIMITS)] == ["bundle.condition"]


# --- properties over any bundle

NAMES = ("a", "b", "c", "d")


@st.composite
def items(draw: st.DrawFn) -> list[ServiceItem]:
    """Some items that ask some elements in any order, each perhaps only on what an earlier question said."""
    made = []
    for name in NAMES[: draw(st.integers(2, 4))]:
        asked: list[Question] = []
        for element in draw(st.permutations(ELEMENTS))[: draw(st.integers(1, 4))]:
            said = Compare("=", Field(draw(st.sampled_from(asked)).name, Kind.TEXT), value("x")) if asked else None
            asked.append(question(element, element=element, show_if=said if draw(st.booleans()) else None))
        made.append(item(name, *asked, days=draw(st.integers(0, 30))))
    return made


@st.composite
def wholes(draw: st.DrawFn) -> tuple[Bundle, list[ServiceItem]]:
    made = draw(items())
    names = [one.agency.removeprefix("43.") for one in made]
    earlier = [draw(st.lists(st.sampled_from(names[:at]), unique=True)) if at else [] for at in range(len(names))]
    return bundle(*(branch(name, *after) for name, after in zip(names, earlier, strict=True))), made


@given(wholes())
def test_every_element_is_asked_exactly_once_after_what_its_condition_reads(
    made: tuple[Bundle, list[ServiceItem]],
) -> None:
    it, some = made
    one = together(it, *some)
    assert one.form is not None  # building it has proven that every condition looks back
    asked = [q.element for q in one.form.questions]
    assert sorted(asked) == sorted({q.element for each in some for q in each.form.questions})


@given(wholes(), st.dictionaries(st.sampled_from(ELEMENTS), st.sampled_from(["x", "y"])))
def test_whoever_would_be_asked_by_one_item_is_asked_by_the_whole(
    made: tuple[Bundle, list[ServiceItem]], answers: dict[str, str]
) -> None:
    it, some = made
    one = together(it, *some)
    assert one.form is not None
    whole = {q.name: q.show_if for q in one.form.questions}
    row = {name: answers.get(name) for name in whole}
    for each in some:
        for q in each.form.questions:
            if q.show_if is None or holds(renamed(q.show_if, one.names[each.key]) or q.show_if, row, TODAY):
                shown = whole[one.names[each.key][q.name]]
                assert shown is None or holds(shown, row, TODAY)


@given(wholes())
def test_the_order_respects_what_is_waited_for_and_the_path_bounds_the_time(
    made: tuple[Bundle, list[ServiceItem]],
) -> None:
    it, some = made
    one = together(it, *some)
    at = {key: place for place, key in enumerate(one.items)}
    assert all(at[before] < at[key] for key, earlier in one.after.items() for before in earlier)
    days = {each.key: each.promised.amount if each.promised else 0 for each in some}
    assert min(max(days.values()), 45) <= one.promised.amount <= min(sum(days.values()), 45)
    assert one.promised.amount == min(sum(days[key] for key in one.path), 45)


@given(wholes(), st.dictionaries(st.sampled_from([f"43.{name}/{name}" for name in NAMES]), st.booleans()))
def test_every_item_stands_somewhere_and_none_goes_on_past_a_refusal(
    made: tuple[Bundle, list[ServiceItem]], ended: dict[str, bool]
) -> None:
    it, some = made
    after = together(it, *some).after
    found = standing(after, ended)
    assert set(found) == set(after)
    for key, stands in found.items():
        earlier = {found[one] for one in after[key]}
        if stands is Standing.OPEN:
            assert earlier <= {Standing.GRANTED}
        if key not in ended and earlier & {Standing.REFUSED, Standing.CUT}:
            assert stands is Standing.CUT


def test_names_change_everywhere_in_a_condition() -> None:
    old = Compare("=", Field("a", Kind.TEXT), value("a"))
    new = Compare("=", Field("b", Kind.TEXT), value("a"))
    assert renamed(Or((old, And((old, IsNull(Field("a", Kind.TEXT)))))), {"a": "b"}) == Or(
        (new, And((new, IsNull(Field("b", Kind.TEXT)))))
    )
