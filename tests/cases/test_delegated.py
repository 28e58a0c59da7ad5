"""Acting under a delegation in cases: it is the proof, checked in the act itself, and its end is the end of it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from shuniu.cases.api import draft_facts, drafts, filing, materials
from shuniu.cases.api.whose import claim, is_own
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.draft import Acting, Ground, Whom
from shuniu.cases.models import Case
from shuniu.directory import api as directory
from shuniu.directory.models import Account, Delegation
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import ITEM, drafted, published
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, cast, number
from tests.directory.delegating.people import citizen, given, in_days

__all__ = ["cast", "published"]
pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def helper(cast: Cast) -> Actor:
    return citizen("tangqiao", "唐巧", 7_000_003)


def under(made: int) -> Whom:
    return Whom(ground=Ground.DELEGATE, delegation=made)


def filed(helper: Actor, made: int) -> CaseView:
    return filing.file(actor=helper, draft=drafted(helper, under(made)))


def rule(call: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as caught:
        call(**kwargs)  # type: ignore[operator]  # a verb
    return caught.value.rule


def test_an_employee_files_for_the_firm_without_a_paper_and_the_case_says_under_what(cast: Cast, helper: Actor) -> None:
    made = given(cast.firm, helper, items=[ITEM.key])
    found = filed(helper, made)
    assert (found.applicant, found.acting) == ("星沙演示有限公司", f"由 唐巧 代办（第 {made} 号委托）")
    row = Case.objects.get(number=found.number)
    assert (row.applicant, row.applicant_kind, row.delegation, row.account) == (
        FIRM_SUBJECT, "legal", made, helper.person,
    )  # fmt: skip
    entry = Entry.objects.filter(verb="cases.file", object=f"case:{found.number}").latest("id")
    assert (entry.person, entry.detail["delegation"], entry.detail["giver"]) == (helper.person, made, cast.firm.person)
    assert materials.case_materials(actor=helper, case=found.id) == []
    page = directory.read_delegation(actor=cast.firm, number=made)
    assert [(one.verb, one.object) for one in page.done][-1:] == [("cases.file", f"case:{found.number}")]
    assert {one.person for one in Notice.objects.filter(object=f"case:{found.number}")} == {
        helper.person, cast.firm.person,
    }  # fmt: skip


def test_whose_matter_it_is_sees_it_corrects_it_and_takes_it_back(cast: Cast, helper: Actor) -> None:
    found = filed(helper, given(cast.citizen, helper))
    assert filing.read_case(actor=cast.citizen, number=found.number).own
    assert [one.number for one in filing.list_own(actor=cast.citizen)] == [found.number]
    assert filing.withdraw(actor=cast.citizen, number=found.number, reason="不办了").own


def test_a_revocation_ends_what_the_helper_may_with_the_case_at_once(cast: Cast, helper: Actor) -> None:
    made = given(cast.citizen, helper)
    found = filed(helper, made)
    assert filing.read_case(actor=helper, number=found.number).own
    assert [one.number for one in filing.list_own(actor=helper)] == [found.number]
    directory.end_delegation(actor=cast.citizen, number=made)
    assert rule(filing.read_case, actor=helper, number=found.number) == "case.unknown"
    assert rule(filing.withdraw, actor=helper, number=found.number, reason="x") == "case.unknown"
    assert rule(materials.case_materials, actor=helper, case=found.id) == "material.case"
    assert filing.list_own(actor=helper) == ()
    assert filing.read_case(actor=cast.citizen, number=found.number).own


@pytest.mark.parametrize("end", ["revoked", "expired", "closed"])
def test_a_delegation_that_ended_while_the_form_was_filled_in_files_nothing(
    cast: Cast, helper: Actor, end: str
) -> None:
    made = given(cast.citizen, helper)
    draft = drafted(helper, under(made))
    if end == "revoked":
        directory.end_delegation(actor=cast.citizen, number=made)
    elif end == "expired":
        Delegation.objects.filter(pk=made).update(since=in_days(-2), until=in_days(-1))
    else:
        Account.objects.filter(pk=number(helper)).update(is_active=False)
    said = {"revoked": "delegation.ended", "expired": "delegation.expired", "closed": "delegation.closed"}[end]
    assert rule(filing.file, actor=helper, draft=draft) == said
    seen = drafts.view(actor=helper, draft=draft)
    assert (seen.applicant, seen.acting, seen.ready) == (None, None, False), "it is asked again in whose name"
    assert not Case.objects.exists()


def test_only_what_was_delegated_can_be_named(cast: Cast, helper: Actor) -> None:
    seeing = given(cast.citizen, helper, "see")
    elsewhere = given(cast.citizen, helper, "file", items=["43.market/other"])
    waiting = given(cast.citizen, helper, "pay", "file", accepted=False)
    other = citizen("liuyuan", "柳原", 7_000_004)
    onward = given(helper, other)
    for who, made, said in (
        (helper, seeing, "delegation.scope"), (helper, elsewhere, "delegation.scope"),
        (helper, waiting, "delegation.not_accepted"), (other, seeing, "delegation.unknown"),
        (helper, onward, "delegation.unknown"), (helper, 0, "acting.ground"),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            drafted(who, under(made))
        assert caught.value.rule == said
    with pytest.raises(Refused) as caught:
        drafted(helper, Whom(ground=Ground.AGENT, name="田野", delegation=given(cast.citizen, helper)))
    assert caught.value.rule == "acting.ground", "a delegation is no ground for saying another name"
    assert draft_facts.delegations(helper, "43.market/restaurant")[0].subject == CITIZEN_SUBJECT


def test_seeing_is_no_filing_and_what_a_helper_files_is_not_his_helpers(cast: Cast, helper: Actor) -> None:
    own = filing.file(actor=cast.citizen, draft=drafted(cast.citizen))
    seeing = given(cast.citizen, helper, "see")
    assert filing.read_case(actor=helper, number=own.number).own
    assert rule(filing.withdraw, actor=helper, number=own.number, reason="x") == "case.unknown"
    assert rule(filing.read_case, actor=cast.firm, number=own.number) == "case.unknown"
    filing_for = given(cast.citizen, helper)
    found = filed(helper, filing_for)
    other = citizen("liuyuan", "柳原", 7_000_004)
    given(helper, other)
    assert rule(filing.read_case, actor=other, number=found.number) == "case.unknown"
    assert filing.list_own(actor=other) == ()
    page = directory.read_delegation(actor=cast.citizen, number=seeing)
    assert [one.verb for one in page.done] == ["cases.read_case"]


def test_paying_is_for_who_may_pay(cast: Cast, helper: Actor) -> None:
    case = Case.objects.get(number=filing.file(actor=cast.citizen, draft=drafted(cast.citizen)).number)
    made = given(cast.citizen, helper, "pay")
    assert is_own(helper, case, "pay") and not is_own(helper, case, "receive") and not is_own(helper, case)
    assert claim(helper, case, "pay", "cases.start_payment")
    assert not claim(helper, case, "file", "cases.correct")
    done = directory.read_delegation(actor=cast.citizen, number=made).done
    assert [one.verb for one in done] == ["cases.start_payment"]


def test_the_database_keeps_who_acted_beside_the_delegation(cast: Cast) -> None:
    made = filing.file(actor=cast.citizen, draft=drafted(cast.citizen))
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(number=made.number).update(delegation=5)


def test_the_ground_needs_no_material(cast: Cast, helper: Actor) -> None:
    assert (Ground.DELEGATE.proof, Ground.DELEGATE.proof_title) == ("", "")
    made = given(cast.firm, helper)
    draft = drafted(helper, under(made))
    assert drafts.view(actor=helper, draft=draft).acting == Acting(
        ground=Ground.DELEGATE, name="唐巧", delegation=made
    )  # fmt: skip
