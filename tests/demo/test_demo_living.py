"""What the demo has done: somebody at every desk, applications, letters and documents in different states, done once."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import settings

from shuniu import demo
from shuniu.cases.api import items
from shuniu.cases.api.letter_lists import public_letters
from shuniu.cases.models import BillEvent, Case, Dispatch, Document, Letter, Licence, Rating, Rectification
from shuniu.demo import dictionaries, staff
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.notices.models import Notice
from shuniu.procedures.api import PROCEDURES
from shuniu.project import setup
from shuniu.systems.credit.declare import ITEM as REPAIR
from shuniu.systems.disclosure.declare import ITEM as INFORMATION
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.systems.service_hall.declare import ITEMS
from shuniu.trust.models import Entry

IDLE = {"cataloguer", "repair_reviewer"}
"""Roles that nobody needs to hold: data officers catalogue too, and no repair is opened under the old procedure."""


def capable(agency: str) -> set[str]:
    """What those at an agency may do who can sign in."""
    able = [one for one in staff.officers(dictionaries.owners()) if one.password and one.agency == agency]
    return {name for one in able for role in one.roles for name in ROLES[role].capabilities}


def test_every_role_is_somebody_s_who_can_sign_in() -> None:
    held = {role for one in staff.officers(["43.market"]) if one.password for role in one.roles}
    assert ROLES.keys() - held - {staff.IDENTITY[2][0]} == IDLE


def test_every_item_has_somebody_for_each_of_its_stages_its_licences_and_its_fees() -> None:
    for item in ITEMS:
        may = capable(item.agency)
        lanes = {stage.lane for stage in PROCEDURES[item.procedure].stages if stage.lane}
        assert lanes | {"cases.rectify", "cases.call_back"} <= may, item.key
        assert "cases.issue_licence" in may or not item.licences, item.key
        cashiers = [one for one in staff.officers([]) if one.agency == item.agency and "fee_officer" in one.roles]
        assert len(cashiers) >= 2 or not item.fees, f"{item.key}: one asks for a refund, another decides"


def test_every_letter_goes_to_somebody_who_answers_and_another_who_reviews() -> None:
    for agency in {PETITIONS.centre, PETITIONS.above, *(one.agency for one in PETITIONS.routes)}:
        people = [one for one in staff.officers([]) if one.agency == agency]
        handlers = {one.login for one in people if "letter_handler" in one.roles}
        reviewers = {one.login for one in people if "letter_reviewer" in one.roles}
        assert handlers and reviewers and not handlers & reviewers, agency


@pytest.mark.django_db(transaction=True)
def test_the_demo_has_been_at_work_and_a_second_time_does_nothing() -> None:
    setup.declare()
    demo.load(lambda _: None, demo.Scale(0.02, ("43.market", "43.police")))
    install = directory.system("install")
    items.ship(actor=install, items=(*ITEMS, INFORMATION, REPAIR), bundles=BUNDLES)
    demo.fill(lambda _: None)

    states = Counter(Case.objects.exclude(item=REPAIR.key).values_list("state", flat=True))
    assert states["filed"] >= 3 and states["accepted"] >= 3 and states["granted"] >= 4
    assert states["refused"] >= 2 and states["correcting"] == 1
    assert [one.move for one in BillEvent.objects.all()] == ["paid"]
    assert Licence.objects.get().type == "identity-card", "what was paid for is issued"
    assert Notice.objects.filter(template="cases.charged").count() == 2
    assert sorted(Rating.objects.values_list("level", flat=True)) == [1, 2, 4] and Rectification.objects.count() == 1
    shown = public_letters(box=PETITIONS)
    assert len(shown) == 4 and sum(one.title != "" for one in shown) == 1, "a report is nobody's to see"
    assert Letter.objects.count() == 5 and Letter.objects.filter(sealed=True).count() == 1
    assert Document.objects.count() == 2 and Dispatch.objects.count() == 1
    looked = Entry.objects.filter(verb="credit.report", outcome="done", agency=f"{settings.PROVINCE}.development")
    assert looked.exists()

    entries = Entry.objects.count()
    demo.fill(lambda _: None)
    assert Entry.objects.count() == entries, "a second time does nothing at all"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_filed_where_an_earlier_version_left_desks_empty() -> None:
    setup.declare()
    staff.open_accounts([one for one in staff.hands() if one.login in ("policewindow", "policefees")])
    items.ship(actor=directory.system("install"), items=ITEMS)
    demo.fill(lambda _: None)
    assert not Case.objects.exists() and not Letter.objects.exists()


def test_the_list_of_accounts_is_short_and_names_everybody_who_can_sign_in(db: None) -> None:
    setup.declare()
    lines = demo.accounts()
    assert len(lines) <= 40 and max(len(line) for line in lines) <= 130
    words = {word for line in lines for word in line.replace("】", " ").split()}
    assert {one.login for one in staff.officers(dictionaries.owners()) if one.password} <= words
