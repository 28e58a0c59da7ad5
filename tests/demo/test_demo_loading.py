"""Loading two departments into a database: whole, twice, after being killed, and never into a production instance."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone
from pytest_django import Settings

from shuniu import demo
from shuniu.cases.api import filing, materials
from shuniu.demo import repairs, staff
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import ReceiptView
from shuniu.procedures import api as procedures
from shuniu.project import setup
from shuniu.systems.credit.declare import REPAIR_CASE, Viewer
from shuniu.systems.credit.repair import standings, terms
from shuniu.systems.credit.report import report
from shuniu.trust.models import Entry
from tests.refusals import rule_of

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = demo.Scale(0.02, ("43.civil", "43.staffing"))


class KilledError(Exception):
    """Stands for a kill in the middle of loading."""


def receipts() -> list[ReceiptView]:
    found: list[ReceiptView] = []
    for agency in SMALL.agencies:
        actor = staff.actor(agency, "data_officer")
        found += exchange.submissions(actor=actor, agency=agency, limit=1000)
    return sorted(found, key=lambda one: one.number)


def summary() -> list[tuple[str, str, str, int]]:
    return sorted((one.resource, one.department_batch, one.state.value, one.counts.held_after) for one in receipts())


def test_a_load_that_is_killed_again_and_again_ends_as_one_that_is_not() -> None:
    setup.declare()
    said: list[str] = []

    def dying(line: str) -> None:
        said.append(line)
        if "报送" in line or ("数据字典" in line and len(said) < 4):
            raise KilledError

    for _ in range(2):
        with pytest.raises(KilledError):
            demo.load(dying, SMALL)
    assert not staff.complete()
    demo.load(said.append, SMALL)
    assert staff.complete()

    found = receipts()
    batches = Counter((one.resource, one.department_batch) for one in found)
    assert set(batches.values()) == {1}, "what was delivered before the kill is not delivered again"
    states = Counter(one.state.value for one in found)
    assert states["stored"] >= 5
    assert all(one.counts.adds_up for one in found)
    assert not [one for one in found if one.state.value == "received"]

    before, entries = summary(), Entry.objects.count()
    demo.load(said.append, SMALL)
    assert Entry.objects.count() == entries, "a second load does nothing at all"
    assert summary() == before

    login = directory.sign_in(actor=directory.anonymous(), login="civil", password=staff.PASSWORD)
    assert login.account is not None
    lines = demo.accounts()
    assert any("civil 民政" in line for line in lines) and sum(staff.PASSWORD in line for line in lines) == 1
    assert len(lines) <= 40


def test_a_production_instance_refuses_demo_data_and_names_no_accounts(settings: Settings) -> None:
    settings.SHUNIU_DEMO = False
    for act in (lambda: demo.load(lambda _: None, SMALL), demo.accounts):
        assert rule_of(act) == "demo.production"
    assert directory.agencies() == ()


def test_the_demo_firm_has_a_repair_under_way_and_another_to_ask_for() -> None:
    """What a visitor walks: the firm's own page, the agency's queue, the decision; all of it made by the public verbs."""
    setup.declare()
    demo.load(lambda _: None, demo.Scale(0.02, ("43.market",)))
    clerk = staff.actor("43.market", "case_clerk")
    (waiting,) = procedures.tasks(clerk, procedure=REPAIR_CASE.key)
    signed = directory.sign_in(actor=directory.anonymous(), login="firm", password=staff.PASSWORD)
    assert signed.account is not None
    firm = directory.actor_of(signed.account)
    asked = filing.read_case(actor=firm, number=waiting.object.removeprefix("case:"))
    assert asked.own and "演示" in asked.answers["corrected"]
    handed = materials.case_materials(actor=clerk, case=asked.id)
    assert [one.material for one in handed] == ["correction", "proof-agent"]
    open_today = repairs.repairable(firm)
    assert len(standings(open_today)) == 1 < len(open_today), "one is left for the visitor"
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    early = [
        one for one in facts if (found := terms(one, timezone.localdate())) and not found.open(timezone.localdate())
    ]
    assert early, "and one that is too early"
    assert Entry.objects.filter(verb="cases.file", outcome="done", person=firm.person).exists()
    lines = demo.accounts()
    assert sum("credit 信用查询员" in line for line in lines) == 1
