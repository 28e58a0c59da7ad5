"""Who may see a credit fact and until when: by class, viewer, day and pack of rules."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.expressions import Raw, fields_of, holds
from shuniu.base.rules import PACKS, NoRule, RuleBook
from shuniu.catalogue.declare import (
    CreditTerms,
    Disclosure,
    Item,
    ItemType,
    Resource,
    ShareType,
    SubjectType,
)
from shuniu.catalogue.dictionary import read
from shuniu.catalogue.importing import plan
from shuniu.catalogue.recognition import Index
from shuniu.systems.credit.declare import RATING, SECTIONS, Viewer, section_of
from shuniu.systems.credit.disclosure import Disclosed, disclosed, earliest_repair, is_public, least

NOW = RuleBook.load("current-2026")
THEN = RuleBook.load("period-2010")
DAY = date(2026, 11, 21)
FOLDER = Path(__file__).parents[2] / "src/shuniu/project/provinces/43/classes"
Row = dict[str, Raw | None]


def credit_class(
    *dates: str, nature: str = "处罚", term: str = "general", subject: SubjectType = SubjectType.LEGAL, **more: str
) -> Resource:
    items = [Item(name="number", title="文号", key=True), Item(name="who", title="证件号码", identifies="resident_id")]
    items += [Item(name=name, title=name, type=ItemType.DATE) for name in dates]
    items += [Item(name=name, title=name, code_list=codes) for name, codes in more.items()]
    return Resource(
        key="43.market/penalty", title="行政处罚", agency="43.market", items=tuple(items), subject=subject,
        share=ShareType.UNCONDITIONAL,
        credit=CreditTerms(nature=nature, disclosure=Disclosure.PUBLIC, term_rule=f"credit.disclosure.{term}"),
    )  # fmt: skip


def shown(seen: Disclosed | None, day: date = DAY, **row: Raw | None) -> bool:
    assert seen is not None
    cells: Row = dict.fromkeys(field.name for field in fields_of(seen.where))
    return holds(seen.where, cells | row, day)


def seen(resource: Resource, viewer: Viewer = Viewer.PUBLIC, book: RuleBook = NOW, day: date = DAY) -> Disclosed:
    found = disclosed(resource, viewer, book, day, "430000")
    assert found is not None
    return found


def test_the_same_penalty_is_gone_after_a_year_today_and_stood_five_years_then() -> None:
    penalty = credit_class("CF_JDRQ")
    decided = date(2025, 10, 1)
    today, then = seen(penalty), seen(penalty, book=THEN)
    assert not shown(today, CF_JDRQ=decided)
    assert shown(then, CF_JDRQ=decided)
    assert today.until(decided) == date(2026, 10, 1)
    assert then.until(decided) == date(2030, 10, 1)
    assert "c26.credit.disclosure.general.max.2026" in today.rules
    assert "p10.credit.disclosure.general.max.2013" in then.rules


def test_a_serious_one_stands_three_years_and_the_last_day_counts() -> None:
    penalty = credit_class("CF_JDRQ", term="serious")
    on = date(2026, 11, 21)
    assert shown(seen(penalty), CF_JDRQ=date(2023, 11, 21))
    assert not shown(seen(penalty), CF_JDRQ=date(2023, 11, 20))
    assert not shown(seen(penalty, day=on), CF_JDRQ=None), "what has no date is not shown"


def test_a_minor_one_is_not_published_today_and_was_then() -> None:
    minor = credit_class("CF_JDRQ", term="minor")
    assert disclosed(minor, Viewer.PUBLIC, NOW, DAY, "43") is None
    assert shown(seen(minor, Viewer.DUTY), CF_JDRQ=DAY)
    assert shown(seen(minor, book=THEN), CF_JDRQ=date(2025, 1, 1))


def test_the_rule_of_the_day_of_looking_decides() -> None:
    penalty = credit_class("CF_JDRQ")
    decided = date(2025, 1, 1)
    before, after = date(2026, 3, 31), date(2026, 4, 1)
    assert shown(seen(penalty, day=before), before, CF_JDRQ=decided)
    assert not shown(seen(penalty, day=after), after, CF_JDRQ=decided)


def test_a_listing_ends_with_its_removal_today_and_counted_from_it_then() -> None:
    listing = credit_class("listing_date", "removal_date", nature="失信", term="serious")
    removed = {"listing_date": date(2025, 1, 1), "removal_date": date(2026, 1, 1)}
    assert not shown(seen(listing), **removed)
    assert shown(seen(listing, book=THEN), **removed)
    assert shown(seen(listing), listing_date=date(2025, 1, 1), removal_date=None)
    assert section_of(listing) == "serious"


def test_an_abnormal_operation_is_shown_until_it_is_removed() -> None:
    listing = credit_class("listing_date", "removal_date", nature="失信", term="until_removed")
    assert shown(seen(listing), listing_date=date(2010, 1, 1), removal_date=None)
    assert not shown(seen(listing), listing_date=date(2010, 1, 1), removal_date=DAY)
    assert section_of(listing) == "abnormal"


def test_a_fulfilled_judgement_is_shown_no_more() -> None:
    judgement = credit_class("filing_date", nature="失信", term="serious", performance="performance-state")
    assert shown(seen(judgement), filing_date=date(2026, 1, 1), performance="01")
    assert not shown(seen(judgement), filing_date=date(2026, 1, 1), performance="03")


def test_a_licence_is_shown_while_it_is_valid() -> None:
    licence = credit_class("XK_JDRQ", "XK_YXQZI", nature="许可", term="while_valid", XK_ZT="record-state")
    assert shown(seen(licence), XK_YXQZI=DAY, XK_ZT="1")
    assert not shown(seen(licence), XK_YXQZI=date(2026, 11, 20), XK_ZT="1")
    assert not shown(seen(licence), XK_YXQZI=None, XK_ZT="2")
    assert shown(seen(licence))


def test_the_source_may_end_publication_earlier_and_never_later() -> None:
    penalty = credit_class("CF_JDRQ", "CF_GSJZQ")
    assert not shown(seen(penalty), CF_JDRQ=date(2026, 9, 1), CF_GSJZQ=date(2026, 11, 1))
    assert not shown(seen(penalty), CF_JDRQ=date(2025, 9, 1), CF_GSJZQ=date(2030, 1, 1))


@pytest.mark.parametrize("viewer", [Viewer.PUBLIC, Viewer.DUTY])
@pytest.mark.parametrize(
    ("party", "number", "shows"),
    [
        ("01", None, False),
        ("01", "990102199001010010", False),
        (None, "990102199001010010", False),  # not said, but a person's number is given
        (None, None, True),
        ("02", "990102199001010010", True),  # the representative's, in the wrong column
        ("03", None, True),
        ("04", "990102199001010010", True),  # 个体工商户: a subject of its own, its owner's number never shown
    ],
)
def test_a_row_whose_party_is_a_person_is_for_that_person_alone(
    viewer: Viewer, party: str | None, number: str | None, shows: bool
) -> None:
    penalty = credit_class("CF_JDRQ", CF_XDR_LB="party-type")
    assert shown(seen(penalty, viewer), CF_JDRQ=DAY, CF_XDR_LB=party, who=number) is shows
    assert shown(seen(penalty, Viewer.SUBJECT), CF_JDRQ=DAY, CF_XDR_LB=party, who=number)
    assert "who" not in {item.name for item in seen(penalty).items}


def test_a_rating_is_never_republished() -> None:
    rating = credit_class("evaluation_date", nature=RATING, term="none")
    assert all(disclosed(rating, viewer, NOW, DAY, "43") is None for viewer in Viewer)


def test_repair_opens_on_the_day_after_the_least_time() -> None:
    penalty = credit_class("CF_JDRQ", term="serious")
    now, then = (least(penalty, book, DAY, "43") for book in (NOW, THEN))
    assert now.id == "c26.credit.disclosure.serious.min.2026"
    assert earliest_repair(date(2026, 1, 31), now) == date(2027, 2, 1)
    assert earliest_repair(date(2026, 1, 31), then) == date(2026, 1, 31), "no least time: at once"


@given(
    st.sampled_from(["general", "serious", "minor"]),
    st.sampled_from(PACKS),
    st.dates(date(2004, 1, 1), DAY),
    st.sampled_from(Viewer),
)
def test_what_is_past_its_last_day_is_shown_to_nobody(term: str, pack: str, decided: date, viewer: Viewer) -> None:
    found = disclosed(credit_class("CF_JDRQ", term=term), viewer, RuleBook.load(pack), DAY, "430102")
    if found is not None:
        until = found.until(decided)
        assert until is not None
        assert shown(found, CF_JDRQ=decided) == (until >= DAY)


def provincial_classes() -> list[Resource]:
    """The 734 classes as their departments deliver them, without recognition of elements."""
    index = Index({})
    found: list[Resource] = []
    for path in sorted(FOLDER.glob("*.csv")):
        table = read(path.read_bytes(), path.name)
        found += [one.resource for one in plan(table, path.name, path.stem, index).resources]
    return found


@pytest.fixture(scope="module")
def classes() -> list[Resource]:
    return provincial_classes()


@pytest.mark.parametrize("pack", PACKS)
def test_no_class_about_natural_persons_is_public_and_every_other_has_its_place(
    classes: list[Resource], pack: str
) -> None:
    book = RuleBook.load(pack)
    public = 0
    for one in classes:
        found = disclosed(one, Viewer.PUBLIC, book, DAY, "430000")
        assert section_of(one) in SECTIONS
        if one.subject is not SubjectType.LEGAL:
            assert found is None, one.key
        if found is not None:
            public += 1
            hidden = {item.name for item in one.items} - {item.name for item in found.items}
            assert not {item.name for item in found.items if "身份" in item.title or "证件号码" in item.title}, one.key
            assert hidden >= {item.name for item in one.items if not is_public(item, one)}
            kinds = {item.name: item.type for item in one.items}
            assert all(kinds[field.name].sql == field.kind.value for field in fields_of(found.where)), one.key
    assert len(classes) == 734
    assert public > 600


def test_adverse_facts_always_have_a_last_day(classes: list[Resource]) -> None:
    for one in classes:
        found = disclosed(one, Viewer.SUBJECT, NOW, DAY, "430000")
        if found is not None and one.credit is not None and one.credit.nature in ("处罚", "强制"):
            assert found.months and found.document, one.key


@pytest.mark.parametrize(
    ("pack", "day"),
    [
        ("period-2010", date(2010, 6, 1)), ("period-2010", date(2014, 6, 1)),
        ("current-2026", date(2017, 6, 1)), ("current-2026", date(2024, 6, 1)), ("current-2026", DAY),
    ],
)  # fmt: skip
def test_every_class_finds_its_disclosure_term_and_repair_rules(classes: list[Resource], pack: str, day: date) -> None:
    """For each of the 734, and whoever looks: which rules decide is known by id, and they are in force on that day."""
    book, terms = RuleBook.load(pack), set()
    for one in classes:
        assert one.credit is not None
        terms.add(one.credit.term_rule)
        for viewer in Viewer:
            found = disclosed(one, viewer, book, day, "430000")
            if found is None:
                continue
            assert found.rules, one.key
            assert all(book.by_id(rule).applies(day, "43") for rule in found.rules), one.key
            if found.months:
                assert least(one, book, day, "430000").integer() <= found.months, "repair opens before the end"
            else:
                assert one.credit.term_rule in {book.by_id(rule).key for rule in found.rules}, one.key
        level = one.credit.term_rule
        keys = (
            [f"{level}.max", f"{level}.min"] if level.rpartition(".")[2] in ("general", "serious", "minor") else [level]
        )
        for key in (*keys, "credit.repair.conditions", "credit.repair.decide.days", "credit.disclosure.natural_person"):
            assert book.resolve(key, day, "430000").legal_basis
    assert {term.rpartition(".")[2] for term in terms} == {
        "general", "serious", "while_valid", "until_removed", "none", "natural_person"
    }  # fmt: skip


def test_a_term_that_no_pack_knows_is_an_error_and_not_a_disclosure_without_end() -> None:
    with pytest.raises(NoRule):
        disclosed(credit_class("XK_JDRQ", nature="许可", term="for_ever"), Viewer.PUBLIC, NOW, DAY, "430000")


def test_no_public_item_of_any_class_names_a_person(classes: list[Resource]) -> None:
    """Every class for firms tells by a code what its party is, and no column with a person's name, number or call is public."""
    person = re.compile(r"姓名|身份证|证件号码|联系方式|(电话|手机|电话号码|手机号|人|人员|者|代表|股东|矿长|校长)$")
    for one in classes:
        parties = [item for item in one.items if "相对人类别" in item.title]
        assert all(item.code_list == "party-type" for item in parties), one.key
        if one.subject is SubjectType.LEGAL:
            told = [
                item.title
                for item in one.items
                if is_public(item, one) and person.search(item.title) and item.type is ItemType.TEXT
            ]
            assert told == [], f"{one.key}: {told}"
