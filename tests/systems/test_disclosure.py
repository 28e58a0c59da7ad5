"""Who may see a credit fact and until when: by class, viewer, day and pack of rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.expressions import Raw, fields_of, holds
from shuniu.base.rules import PACKS, RuleBook
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
from shuniu.systems.credit.disclosure import Disclosed, disclosed, earliest_repair, is_public

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
def test_a_row_that_says_its_party_is_a_person_is_for_that_person_alone(viewer: Viewer) -> None:
    penalty = credit_class("CF_JDRQ", CF_XDR_LB="party-type")
    assert not shown(seen(penalty, viewer), CF_JDRQ=DAY, CF_XDR_LB="01")
    assert shown(seen(penalty, viewer), CF_JDRQ=DAY, CF_XDR_LB="02")
    assert shown(seen(penalty, Viewer.SUBJECT), CF_JDRQ=DAY, CF_XDR_LB="01")


def test_a_rating_is_never_republished() -> None:
    rating = credit_class("evaluation_date", nature=RATING, term="none")
    assert all(disclosed(rating, viewer, NOW, DAY, "43") is None for viewer in Viewer)


def test_repair_opens_after_the_least_time() -> None:
    penalty = credit_class("CF_JDRQ", term="serious")
    assert earliest_repair(penalty, date(2026, 1, 31), NOW, DAY, "43") == (
        date(2027, 1, 31),
        "c26.credit.disclosure.serious.min.2026",
    )
    assert earliest_repair(penalty, date(2026, 1, 31), THEN, DAY, "43")[0] == date(2026, 1, 31)


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
