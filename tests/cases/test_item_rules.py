"""What keeps a service item from being published: each rule broken alone, named with its place and its remedy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.expressions import And, Compare, Field, IsNull, Kind, Node, Not, Or, value
from shuniu.base.periods import Term, Unit
from shuniu.cases.declare import (
    Basis,
    ByFact,
    ByLicence,
    ByUpload,
    FeeLine,
    Material,
    Prefill,
    ServiceItem,
    ServiceKind,
    Special,
)
from shuniu.cases.declare.service import ServiceStage
from shuniu.cases.rules.items import Known, days, faults
from tests.cases.service_items import BY_REGISTER, ITEM, KNOWN, LAW, REGISTER, changed, form, question, working


def rules(item: ServiceItem, known: Known = KNOWN) -> set[str]:
    return {fault.rule for fault in faults(item, known) if fault.blocks}


def material(*by: ByFact | ByLicence | ByUpload, **more: object) -> Material:
    return Material.model_validate({"key": "m", "title": "营业执照", "satisfied_by": by, **more})


TABLES = Compare("=", Field("tables", Kind.BIGINT), value(1))
UNASKED = Compare("=", Field("unasked", Kind.TEXT), value("x"))

BROKEN: dict[str, list[ServiceItem]] = {
    "item.owner": [changed(agency="43.tax")],
    "item.doubled": [changed(materials=(material(ByUpload()), material(ByUpload(), title="别的")))],
    "item.basis": [changed(bases=(Basis(law="某法", article=" "),))],
    "item.promise": [changed(promised=working(21)), changed(promised=Term(2, Unit.MONTH))],
    "item.no_term": [changed(statutory=None, promised=None, specials=())],
    "item.procedure": [changed(procedure="no.such")],
    "item.lanes": [
        changed(lanes=(("consult", ("43.tax",)),)),
        changed(procedure="service_hall.conferred", lanes=(("confer", ("43.tax",)),)),
    ],
    "item.on_the_spot": [changed(statutory=None, specials=()), changed(promised=working(0))],
    "item.licensing_term": [changed(statutory=working(21)), changed(statutory=Term(20, Unit.DAY))],
    "item.extension": [changed(extension=working(11))],
    "item.fee_basis": [changed(fees=(FeeLine(key="f", title="费", rule="r", basis=" "),))],
    "item.fee_per": [changed(fees=(FeeLine(key="f", title="费", rule="r", basis="b", per="uscc"),))],
    "item.visits_why": [changed(visits=1, stage=ServiceStage.TWO_WAY)],
    "item.online_visits": [changed(visits=1, visits_why="须核对本人")],
    "item.no_way": [changed(stage=ServiceStage.TWO_WAY, by_mail=False)],
    "item.telephones": [changed(complaints="0731-1"), changed(telephone="")],
    "item.result": [changed(licences=())],
    "item.licence": [
        changed(licences=("unheard",)),
        changed(materials=(material(ByLicence(licence="unheard")),)),
    ],
    "item.faq": [changed(questions=())],
    "item.steps": [changed(steps=ITEM.steps[:4])],
    "item.held_first": [changed(materials=(material(ByUpload(), BY_REGISTER),))],
    "item.fact": [
        changed(materials=(material(ByFact(resource=REGISTER, condition=IsNull(Field("no", Kind.TEXT)))),)),
    ],
    "item.element": [changed(form=form(question("x", element="unknown")))],
    "item.untitled": [changed(fees=(), form=form(question("x", title="")))],
    "item.prefill": [changed(form=form(question("x", prefill=Prefill(resource=REGISTER, item="no"))))],
    "item.condition": [
        changed(materials=(material(ByUpload(), show_if=UNASKED),)),
        changed(fees=(FeeLine(key="f", title="费", rule="r", basis="b", show_if=UNASKED),)),
    ],
    "item.asked_twice": [
        changed(form=form(*ITEM.form.questions, question("again", element="uscc"))),
        changed(form=form(*ITEM.form.questions, question("p", element="phone"), question("q", element="phone"))),
    ],
}


def test_an_item_that_keeps_every_rule_has_no_fault() -> None:
    assert faults(ITEM, KNOWN) == ()


@pytest.mark.parametrize(
    ("rule", "item"), [(rule, item) for rule, items in BROKEN.items() for item in items], ids=lambda one: str(one)[:30]
)
def test_each_rule_refuses_alone_and_says_where_and_how_to_mend_it(rule: str, item: ServiceItem) -> None:
    found = [fault for fault in faults(item, KNOWN) if fault.rule == rule]
    assert found and found[0].blocks
    assert found[0].where == ITEM.key and found[0].remedy and ITEM.title in found[0].message
    assert rules(item) - {rule} <= {"item.fee_per"}, "one thing broken, one rule named"


def test_what_the_law_leaves_open_is_done_on_the_spot_or_not_published() -> None:
    spot = changed(statutory=None, promised=working(0), specials=())
    assert spot.on_the_spot and rules(spot) == set()
    assert rules(changed(promised=None)) == set() and not changed(promised=None).on_the_spot, "the law's own term runs"
    assert changed(statutory=None, promised=None).on_the_spot, "as it once could be published"


def test_the_same_element_may_be_asked_about_another() -> None:
    both = form(*ITEM.form.questions, question("p", element="phone"), question("q", element="phone", about="agent"))
    assert rules(changed(form=both)) == set()


def test_a_longer_term_of_licensing_needs_the_law_that_sets_it() -> None:
    assert rules(changed(statutory=working(45), extension=working(30), term_basis=LAW)) == set()
    assert rules(changed(kind=ServiceKind.CONFIRMATION, statutory=Term(2, Unit.MONTH), questions=(), steps=())) == set()


def test_what_another_item_already_fetches_is_not_asked_for_as_a_file() -> None:
    """716号令 art. 7: what the platform can fetch must not be asked for."""
    alone = changed(materials=(material(ByUpload()),))
    assert rules(alone) == set()
    known = replace(KNOWN, fetched={"营业执照": BY_REGISTER})
    (fault,) = faults(alone, known)
    assert fault.rule == "item.held_first" and "市场主体登记信息" in fault.remedy and "716" in fault.remedy
    other = changed(materials=(material(ByFact(resource="43.tax/registration"), ByUpload()),))
    assert rules(other, known) == set(), "another register may prove it as well"


def test_a_register_that_is_not_yet_published_only_warns() -> None:
    (fault,) = faults(
        changed(fees=(), form=form(question("x", prefill=Prefill(resource="43.no/such", item="x")))), KNOWN
    )
    assert fault.rule == "item.prefill" and not fault.blocks


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(Unit))
def test_a_promise_passes_exactly_when_it_is_not_longer(promised: int, statutory: int, unit: Unit) -> None:
    item = changed(
        kind=ServiceKind.OTHER,
        promised=Term(promised, unit),
        statutory=Term(statutory, unit),
        specials=(),
        extension=None,
    )
    assert ("item.promise" in rules(item)) == (promised > statutory)


def test_terms_of_different_units_are_compared_in_calendar_days() -> None:
    assert days(working(20)) < days(Term(1, Unit.MONTH)) < days(working(22)) < days(Term(1, Unit.YEAR))


CONDITIONS = st.recursive(
    st.sampled_from([TABLES, UNASKED, IsNull(Field("a", Kind.TEXT)), IsNull(TABLES)]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda some: And(tuple(some))),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: Or(tuple(some))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_a_condition_is_read_back_as_it_was_written(condition: Node) -> None:
    """By its bare members an "or" would come back as an "and", and a licence be asked of the wrong people."""
    item = changed(
        materials=(material(ByUpload(), show_if=condition),),
        specials=(Special(kind="听证", basis=LAW),),
    )
    assert ServiceItem.model_validate_json(item.model_dump_json()) == item
    assert ServiceItem.model_validate(item.model_dump(mode="json")) == item
