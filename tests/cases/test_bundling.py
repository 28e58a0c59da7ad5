"""A life event is filed once; each agency handles its own item; the whole ends when all of them have, in whatever order."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.cases.api import bundling, drafts, filing, finding, handling, items
from shuniu.cases.declare.bundling import BranchView
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.declare.material import HandedIn
from shuniu.cases.models import BundleDraft, Case, CaseMaterial
from shuniu.cases.rules import bundling as rules
from shuniu.cases.store.drafts import AlreadyFiled
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.systems.life_events.declare import BUNDLES, CONSTRUCTION, FOUNDING
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.founding import (
    ALL,
    COMPANY,
    EVERY,
    FUND,
    INSURANCE,
    INVOICE,
    KEY,
    NO,
    SEAL,
    TAX,
    desk,
    drafted,
    filed,
    papers,
    parts,
    shipped,
)
from tests.cast import Cast, cast

__all__ = ["cast", "shipped"]
pytestmark = [pytest.mark.django_db]
needs_items = pytest.mark.usefixtures("shipped")


def whole_of(made: CaseView) -> Case:
    return Case.objects.get(pk=made.id)


def answer(cast: Cast, made: CaseView, item: str, granted: bool = True) -> CaseView:
    return desk(cast, item).answer(parts(made)[item].number, granted)


def seen(cast: Cast, made: CaseView) -> dict[str, BranchView]:
    return {one.item: one for one in bundling.branches(actor=cast.citizen, number=made.number)}


@needs_items
def test_one_draft_asks_each_element_once_and_one_list_leaves_out_what_an_earlier_item_gives(cast: Cast) -> None:
    draft = drafted(cast.citizen)
    found = drafts.view(actor=cast.citizen, draft=draft)
    asked = [one.name for one in found.form.form.questions]
    assert len(asked) == len(set(asked)) and asked.count("enterprise_name") == 1 and "uscc" not in asked
    assert found.ready and BundleDraft.objects.get(draft=draft).said == ALL
    wanted = {one.material.title: one.items for one in bundling.plan(actor=cast.citizen, draft=draft)}
    assert set(wanted) == {"居民身份证", "公司章程", "住所使用证明"}
    assert wanted["居民身份证"] == ("公司设立登记", "发票领用（票种核定）")


@needs_items
def test_filed_once_it_becomes_a_whole_and_a_case_of_each_agency_with_its_own_number_and_answers(cast: Cast) -> None:
    draft = drafted(cast.citizen)
    given_papers = papers(cast.citizen, draft)
    made = bundling.file(actor=cast.citizen, draft=draft, given=HandedIn(given_papers))
    with pytest.raises(AlreadyFiled) as again:
        bundling.file(actor=cast.citizen, draft=draft, given=HandedIn(given_papers))
    assert again.value.number == made.number and made.title == "开办企业"
    found = parts(made)
    assert set(found) == set(EVERY) and Case.objects.count() == 7
    assert len({one.number for one in found.values()} | {made.number}) == 7
    assert found[SEAL].answers["enterprise_name"] == found[COMPANY].answers["enterprise_name"]
    assert set(found[SEAL].answers) == {
        "enterprise_name", "representative", "address", "finance", "contract", "invoice_seal", "contact_person",
        "contact_phone",
    }  # fmt: skip
    assert "registered_capital" not in found[TAX].answers and "accounting" not in found[COMPANY].answers
    held = set(CaseMaterial.objects.filter(case=found[COMPANY]).values_list("key", flat=True))
    assert held == {"identity", "articles", "premises"}
    assert not CaseMaterial.objects.filter(case=found[SEAL]).exists(), "the licence is the registration's to give"
    entry = Entry.objects.get(verb="cases.file_bundle", object=f"case:{made.number}", outcome="done")
    assert entry.detail["bundle"] == KEY and set(entry.detail["cases"]) == set(EVERY)
    assert Notice.objects.filter(person=cast.citizen.person, object=f"case:{made.number}").count() == 1


@needs_items
def test_what_is_missing_is_named_by_item_and_nothing_is_filed(cast: Cast) -> None:
    draft = drafted(cast.citizen)
    with pytest.raises(Refused) as refusal:
        bundling.file(actor=cast.citizen, draft=draft)
    assert refusal.value.rule == "material.missing" and not Case.objects.exists()
    assert "公司设立登记" in refusal.value.message and "发票领用" in refusal.value.message
    assert drafts.view(actor=cast.citizen, draft=draft).ready


@needs_items
def test_the_questions_that_decide_must_be_answered_and_leave_out_what_does_not_apply(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        bundling.start(actor=cast.citizen, key=KEY, said={"hires": "true"})
    assert refusal.value.rule == "bundle.determinants"
    made = filed(cast.citizen, {"hires": "false", "invoices": "false"})
    assert set(parts(made)) == {COMPANY, SEAL, TAX}


@needs_items
def test_a_draft_keeps_the_versions_that_its_form_was_made_of(cast: Cast) -> None:
    draft = drafted(cast.citizen)
    old = items.published(SEAL)
    newer = old.item.model_copy(update={"title": "印章刻制备案（新）"})
    items.ship(actor=cast.installer, items=[newer])
    made = bundling.file(actor=cast.citizen, draft=draft, given=HandedIn(papers(cast.citizen, draft)))
    assert parts(made)[SEAL].version == old.version
    assert seen(cast, made)[SEAL].title == old.item.title


@needs_items
def test_an_item_that_rests_on_another_waits_and_is_handed_over_when_that_one_is_granted(cast: Cast) -> None:
    made = filed(cast.citizen)
    before = seen(cast, made)
    assert [one.stage for one in before[COMPANY].holders] == ["受理"] and before[COMPANY].holders[0].due is not None
    assert before[SEAL].holders == () and before[SEAL].waits_for == ("公司设立登记",)
    assert before[SEAL].gives == (("营业执照", "公司设立登记"),)
    number = parts(made)[SEAL].number
    with pytest.raises(Refused) as refusal:
        desk(cast, SEAL).accept(number)
    assert refusal.value.rule == "case.waiting"
    assert filing.read_case(actor=cast.citizen, number=number).state is CaseState.FILED
    answer(cast, made, COMPANY)
    after = seen(cast, made)
    assert after[SEAL].waits_for == () and after[SEAL].holders[0].agency == "省公安厅"
    assert after[INVOICE].waits_for == (after[TAX].title,) and after[INVOICE].holders == ()
    assert Entry.objects.filter(verb="cases.decide", object=f"case:{number}").count() == 1


@needs_items
def test_agencies_act_in_parallel_each_in_its_own_queue_one_refuses_and_the_others_go_on(cast: Cast) -> None:
    made = filed(cast.citizen)
    answer(cast, made, COMPANY)
    found = parts(made)
    for item in (SEAL, TAX, INSURANCE, FUND):
        own = desk(cast, item)
        assert own.accept(found[item].number).state is CaseState.ACCEPTED
        assert found[item].number in {one.number for one in finding.list_agency(actor=own.clerk).lines}
        assert {one.agency for one in finding.list_agency(actor=own.clerk).lines} == {item.partition("/")[0]}
    with pytest.raises(Refused):
        desk(cast, SEAL).grant(found[TAX].number)
    desk(cast, TAX).refuse(found[TAX].number)
    now = seen(cast, made)
    assert now[TAX].state is CaseState.REFUSED and now[INVOICE].state is CaseState.CUT
    assert now[INVOICE].why == (now[TAX].title,) and now[INVOICE].holders == ()
    assert whole_of(made).ended_at is None
    for item in (SEAL, FUND, INSURANCE):
        desk(cast, item).grant(found[item].number)
    assert whole_of(made).state == CaseState.PARTIAL and CaseState.PARTIAL.title == "部分准予"
    assert procedures.case_view(made.matter.id).outcome == "partial"
    told = Notice.objects.filter(person=cast.citizen.person, object=f"case:{made.number}")
    assert told.count() == 2, "that it was received, and what came of it"


@needs_items
def test_when_the_first_is_declined_nothing_that_rests_on_it_is_ever_handed_over(cast: Cast) -> None:
    made = filed(cast.citizen)
    handling.decline(actor=desk(cast, COMPANY).clerk, number=parts(made)[COMPANY].number, grounds=NO)
    found = seen(cast, made)
    assert {found[item].state for item in EVERY if item != COMPANY} == {CaseState.CUT}
    assert whole_of(made).state == CaseState.REFUSED
    assert Case.objects.filter(parent=made.id, matter=None).count() == 5


@needs_items
def test_the_whole_is_promised_by_its_longest_path_from_the_first_acceptance_and_its_clocks_stop_with_it(
    cast: Cast,
) -> None:
    made = filed(cast.citizen, {"hires": "true", "invoices": "false"})
    assert made.clocks == ()
    answer(cast, made, COMPANY)
    clocks = {one.kind.value: one for one in filing.read_case(actor=cast.citizen, number=made.number).clocks}
    promised = items.whole(KEY, {"hires": "true", "invoices": "false"}).promised
    assert clocks["promised"].term == promised and str(clocks["statutory"].term) == "45个工作日"
    assert whole_of(made).state == CaseState.ACCEPTED and clocks["promised"].ended is None
    for item in (SEAL, TAX, INSURANCE, FUND):
        answer(cast, made, item)
    done = filing.read_case(actor=cast.citizen, number=made.number)
    assert done.state is CaseState.GRANTED and all(one.ended == timezone.localdate() for one in done.clocks)


@needs_items
def test_one_withdrawal_takes_back_all_that_is_not_decided_and_no_item_is_taken_back_alone(cast: Cast) -> None:
    made = filed(cast.citizen)
    answer(cast, made, COMPANY)
    found = parts(made)
    with pytest.raises(Refused) as refusal:
        filing.withdraw(actor=cast.citizen, number=found[SEAL].number, reason="不刻了")
    assert refusal.value.rule == "case.part" and made.number in refusal.value.message
    filing.withdraw(actor=cast.citizen, number=made.number, reason="不开了")
    states = {one.item: one.state for one in parts(made).values()}
    assert states.pop(COMPANY) == CaseState.GRANTED and set(states.values()) == {CaseState.WITHDRAWN}
    assert whole_of(made).state == CaseState.WITHDRAWN
    with pytest.raises(Refused):
        desk(cast, SEAL).accept(found[SEAL].number)


@needs_items
def test_the_branches_are_for_the_applicant_and_the_agencies_that_take_part(cast: Cast) -> None:
    made = filed(cast.citizen, {"hires": "false", "invoices": "false"})
    number = parts(made)[SEAL].number
    assert len(bundling.branches(actor=desk(cast, TAX).clerk, number=made.number)) == 3
    assert len(bundling.branches(actor=cast.citizen, number=number)) == 3
    for other in (cast.firm, desk(cast, FUND).clerk):
        with pytest.raises(Refused) as refusal:
            bundling.branches(actor=other, number=made.number)
        assert refusal.value.rule == "case.unknown"
    with pytest.raises(Refused) as refusal:
        handling.accept(actor=desk(cast, COMPANY).clerk, number=made.number)
    assert refusal.value.rule == "case.whole"


@needs_items
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_in_whatever_order_the_agencies_answer_the_whole_ends_exactly_when_all_have(
    cast: Cast, data: st.DataObject
) -> None:
    with transaction.atomic():
        made = filed(cast.citizen)
        said: dict[str, bool] = {}
        while running := [one for one in parts(made).values() if one.ended_at is None]:
            assert whole_of(made).ended_at is None
            assert [one for one in running if one.matter is not None], "somebody can always act"
            item = data.draw(st.sampled_from(sorted(one.item for one in running if one.matter is not None)))
            said[item] = data.draw(st.booleans())
            answer(cast, made, item, said[item])
        whole = whole_of(made)
        granted = {key for key, yes in said.items() if yes}
        every = set(parts(made)) == granted
        assert whole.ended_at is not None
        assert whole.state == ("granted" if every else "partial" if granted else "refused")
        transaction.set_rollback(True)


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda one: one.key)
def test_of_every_life_event_some_item_can_act_until_all_have_ended_whatever_they_answer(bundle: object) -> None:
    event = next(one for one in BUNDLES if one is bundle)
    keys = [branch.item for branch in event.branches]
    after = rules.after_of(event, keys)
    for said in product((CaseState.GRANTED, CaseState.REFUSED), repeat=len(keys)):
        answers = dict(zip(keys, said, strict=True))
        states = dict.fromkeys(keys, CaseState.FILED)
        while any(state.running for state in states.values()):
            turn = rules.turn(after, states)
            able = [key for key in keys if key in turn.ready and states[key].running]
            assert able, "nothing waits for what never comes"
            states[able[0]] = answers[able[0]]
            states |= dict.fromkeys(rules.turn(after, states).cut, CaseState.CUT)
        for key in keys:
            rests = [states[one] for one in after[key]]
            assert (states[key] is CaseState.CUT) == any(one is not CaseState.GRANTED for one in rests)
            assert bool(rules.why_cut(after, states, key)) == (states[key] is CaseState.CUT)


def test_the_order_of_answers_changes_nothing_of_what_comes_of_it() -> None:
    keys = [branch.item for branch in FOUNDING.branches]
    after = rules.after_of(FOUNDING, keys)
    assert after[INVOICE] == (TAX,) and rules.after_of(CONSTRUCTION, ["43.housing/construction-permit"]) == {
        "43.housing/construction-permit": ()
    }
    for refused in keys:
        ends = set()
        for order in permutations(keys):
            states = dict.fromkeys(keys, CaseState.FILED)
            for key in order * len(keys):
                if states[key].running and key in rules.turn(after, states).ready:
                    states[key] = CaseState.REFUSED if key == refused else CaseState.GRANTED
                    states |= dict.fromkeys(rules.turn(after, states).cut, CaseState.CUT)
            ends.add(tuple(states.values()))
        assert len(ends) == 1
