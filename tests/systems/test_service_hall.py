"""The shipped items and life events: published whole, by their rules, on law that exists, in few lines."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from shuniu.base.rules import PACKS, RuleBook
from shuniu.cases.api import items as api
from shuniu.cases.declare import Basis, ServiceItem, ServiceStage
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.project import province
from shuniu.systems import life_events, service_hall
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.service_hall.declare import ITEMS

ROOT = Path(__file__).parents[2]
LAWS = ROOT.parent / "shared/data/laws.tar.xz"
DAY = date(2026, 11, 21)


def bases(item: ServiceItem) -> Iterator[Basis]:
    yield from item.bases
    yield from (special.basis for special in item.specials)
    if item.term_basis:
        yield item.term_basis


@pytest.fixture
def shipped(db: None) -> None:
    install = directory.system("install")
    catalogue.ship(actor=install, elements=province.elements(settings.PROVINCE_FOLDER))
    api.ship(actor=install, items=ITEMS, bundles=BUNDLES)


def test_thirty_items_and_more_of_eight_agencies_and_more_that_the_province_has() -> None:
    agencies = {item.agency for item in ITEMS}
    assert len(ITEMS) >= 30 and len(agencies) >= 8
    assert agencies <= {agency.key for agency in province.agencies(settings.PROVINCE_FOLDER)}
    assert len({item.code for item in ITEMS}) == len(ITEMS)
    assert all(re.fullmatch(r"\d{12}", item.code) for item in ITEMS)


def test_they_are_published_by_every_rule_and_shipped_once(shipped: None) -> None:
    assert len(api.published_all()) == len(ITEMS)
    assert [fault for item in ITEMS for fault in api.faults(item) if fault.blocks] == []
    assert api.ship(actor=directory.system("install"), items=ITEMS, bundles=BUNDLES) == ()


def test_every_fee_has_a_rule_in_force_today_and_is_charged_by_nobody_without(shipped: None) -> None:
    lines = [line for item in ITEMS for line in item.fees]
    assert lines and all(price for item in ITEMS for price in api.prices(item).values())
    for line in lines:
        assert RuleBook.load("current-2026").resolve(line.rule, DAY).unit == "fen"


def test_the_terms_of_licensing_stand_in_both_rule_packs() -> None:
    for pack in PACKS:
        book = RuleBook.load(pack)
        found = [book.resolve(f"licensing.{key}.days", date(2010, 1, 4) if pack == "period-2010" else DAY)
                 for key in ("decide", "extend", "joint", "joint_extend")]  # fmt: skip
        assert [rule.integer() for rule in found] == [20, 10, 45, 15]


def test_each_stage_but_the_first_has_items_and_most_are_wholly_online() -> None:
    stages = [item.stage for item in ITEMS]
    assert {ServiceStage.ONE_WAY, ServiceStage.TWO_WAY, ServiceStage.ONLINE} <= set(stages)
    assert stages.count(ServiceStage.ONLINE) * 2 > len(stages)


@pytest.mark.parametrize("event", BUNDLES, ids=lambda one: one.key)
def test_a_life_event_asks_less_than_its_items_apart_and_stays_within_the_law(shipped: None, event: object) -> None:
    bundle = next(one for one in BUNDLES if one is event)
    whole = api.whole(bundle.key, dict.fromkeys((one.name for one in bundle.determinants), "true"))
    by_key = {item.key: item for item in ITEMS}
    apart = sum(len(by_key[key].form.questions) for key in whole.items)
    assert whole.form is not None and len(whole.form.questions) < apart
    assert len(whole.asked) < sum(len(by_key[key].materials) for key in whole.items)
    assert len({by_key[key].agency for key in whole.items}) >= 3
    assert whole.promised.amount <= whole.longest.amount


def test_a_founder_is_never_asked_for_the_licence_that_the_bundle_gives(shipped: None) -> None:
    whole = api.whole("found-a-company", {"hires": "true", "invoices": "false"})
    assert len({key.partition("/")[0] for key in whole.items}) == 5
    assert "营业执照" in {one.material.title for one in whole.given}
    assert "营业执照" not in {one.material.title for one in whole.asked}
    assert ("43.police/seal-filing", "uscc") in whole.filled, "the code is the registration's to give"
    alone = api.whole("found-a-company", {"hires": "false", "invoices": "false"})
    assert len(alone.items) == 3


def test_a_system_is_a_folder_of_at_most_two_hundred_lines() -> None:
    for system in (service_hall, life_events):
        folder = Path(system.__path__[0])
        assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder.glob("*.py")) <= 200


@pytest.mark.skipif(not LAWS.exists(), reason="the archive of laws does not lie beside the checkout")
def test_every_law_article_and_word_that_an_item_rests_on_exists() -> None:
    laws = _laws()
    cited = {(basis.law, basis.article, basis.text) for item in ITEMS for basis in bases(item)}
    wrong = []
    for law, article, text in sorted(cited):
        found = re.search(rf"^{article}[ \u3000]+(.+)$", laws.get(law, ""), re.MULTILINE)
        if found is None or (text and found[1].strip() != text):
            wrong.append(f"{law}{article}")
    assert wrong == []


def _laws() -> dict[str, str]:
    """The newest text of each law in the archive by its title."""
    found: dict[str, tuple[str, str]] = {}
    with tarfile.open(LAWS, "r:xz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(".md") else None
            text = stream.read().decode("utf-8") if stream else ""
            if title := re.search(r"^# (.+)$", text, re.MULTILINE):
                dated = re.search(r"\((\d{4}-\d\d-\d\d)\)", Path(member.name).name)
                day = dated[1] if dated else ""
                if day >= found.get(title[1].strip(), ("",))[0]:
                    found[title[1].strip()] = (day, text)
    return {name: text for name, (_, text) in found.items()}
