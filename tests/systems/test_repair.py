"""信用修复 as a case: when it may be asked for, by whom it is decided, and what its grant does to the fact."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings

from shuniu.base.periods import add_months
from shuniu.base.rules import RuleBook
from shuniu.cases.api import drafts, filing, handling, items
from shuniu.cases.declare.case import CaseState
from shuniu.cases.models import Case, Draft
from shuniu.directory import api as directory
from shuniu.notices.api import read_inbox
from shuniu.procedures.calendars.declare import Kind
from shuniu.registries import api as registries
from shuniu.registries.models import RowMark
from shuniu.systems.credit.before import decide_repair, read_repair
from shuniu.systems.credit.declare import ITEM, Viewer
from shuniu.systems.credit.repair import begin, commitments, standings, terms
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, NAME, OTHER, deliver
from tests.systems.credit_province import Case as Penalty
from tests.systems.repairs import (
    CLERK,
    NO,
    SAID,
    answered,
    asked,
    before,
    day,
    decided,
    fact,
    filed,
    firm,
    firm_of,
    officer,
)

__all__ = ["firm"]
REVIEWER = Actor("officer:9", "周审", "43.market", "省市场监管局", ("43",), frozenset({"credit.decide_repair"}))


def numbers() -> list[str]:
    made = report(actor=directory.anonymous(), code=FIRM)
    return sorted(dict(one.items)["行政处罚决定书文号"] for one in made.facts)


def test_a_granted_repair_hides_the_fact_and_keeps_the_row(firm: Actor) -> None:
    assert numbers() == ["新", "旧"]
    done = decided(asked(firm, "旧"))
    assert done.state is CaseState.GRANTED and done.agency == "43.market"
    assert numbers() == ["新"]
    mark = RowMark.objects.get()
    assert mark.case == done.matter.id and done.number in mark.reason
    assert mark.rule == "c26.credit.disclosure.general.min.2026"
    deliver(credit_province.PENALTY, Penalty("旧", day(-150).isoformat(), note="补充备注").row)
    assert numbers() == ["新"], "a redelivery does not bring it back"


def test_a_refusal_states_its_grounds_changes_nothing_and_the_repair_may_be_asked_again(firm: Actor) -> None:
    number = asked(firm, "旧")
    done = decided(number, NO)
    assert done.state is CaseState.REFUSED and done.decision is not None and "行政复议" in done.decision.remedy
    assert done.decision.words == "不予修复", "in the words of its procedure, not those of a licence"
    (line,) = (one for one in filing.list_own(actor=firm) if one.number == number)
    assert line.result == "不予修复"
    assert any("不予修复" in one.text for one in read_inbox(actor=firm))
    assert numbers() == ["新", "旧"]
    again = asked(firm, "旧")
    assert again != number
    (known,) = standings([fact(firm, "旧")]).values()
    assert known.number == again and known.state.running


def test_a_fact_is_asked_for_once_at_a_time_whichever_draft_was_begun_first(firm: Actor) -> None:
    first, second = (answered(firm, begin(actor=firm, fact=fact(firm, "旧"))) for _ in range(2))
    assert first != second
    filed(firm, second)
    with pytest.raises(Refused) as refusal:
        filed(firm, first)
    assert refusal.value.rule == "repair.open"
    with pytest.raises(Refused) as refusal:
        begin(actor=firm, fact=fact(firm, "旧"))
    assert refusal.value.rule == "repair.none"


def test_what_may_not_be_asked_yet_is_not_even_offered(firm: Actor) -> None:
    last = next(back for back in range(80, 100) if add_months(day(-back), 3) == day(0))
    deliver(credit_province.PENALTY, Penalty("今日届满", day(-last).isoformat()).row)
    found = terms(fact(firm, "今日届满"), day(0))
    assert found is not None and found.opens == day(1)
    assert not found.open(day(0)) and found.open(day(1))
    draft = begin(actor=firm, fact=fact(firm, "今日届满"))
    with pytest.raises(Refused) as refusal:
        filed(firm, answered(firm, draft))
    assert refusal.value.rule == "draft.not_ready" and "申请修复的信息" in refusal.value.message


def test_without_the_commitment_nothing_is_filed(firm: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        asked(firm, "旧", {**SAID, "commitment": "否"})
    assert refusal.value.rule == "repair.commitment"
    with pytest.raises(Refused) as refusal:
        filing.file(actor=firm, draft=answered(firm, begin(actor=firm, fact=fact(firm, "旧"))))
    assert refusal.value.rule == "material.missing" and "履行义务的证明" in refusal.value.message


def test_what_has_become_untrue_since_the_draft_began_is_refused_at_filing(firm: Actor) -> None:
    draft = answered(firm, begin(actor=firm, fact=fact(firm, "旧")))
    deliver(credit_province.PENALTY, Penalty("旧", day(-30).isoformat()).row)
    with pytest.raises(Refused) as refusal:
        filed(firm, draft)
    assert refusal.value.rule == "repair.min_period"


def test_another_ones_fact_is_neither_offered_nor_taken(firm: Actor) -> None:
    other = firm_of(OTHER, "firm:2")
    with pytest.raises(Refused) as refusal:
        begin(actor=other, fact=fact(firm, "旧"))
    assert refusal.value.rule == "repair.none"
    draft = answered(firm, begin(actor=firm, fact=fact(firm, "旧")))
    with pytest.raises(Refused) as refusal:
        filed(replace(firm, subject=other.subject), draft)
    assert refusal.value.rule in ("repair.fact", "material.subject")


def test_the_agency_whose_fact_it_is_handles_the_case_and_no_other(firm: Actor) -> None:
    deliver(credit_province.SERIOUS, f"税失1,{NAME},{FIRM},偷税,{day(-500)},")
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    serious = next(one for one in facts if one.seen_as.resource.agency == "43.tax")
    made = filed(firm, answered(firm, begin(actor=firm, fact=serious)))
    assert made.agency == "43.tax" and ITEM.agency == "43.development"
    with pytest.raises(Refused):
        handling.accept(actor=officer(*CLERK), number=made.number)
    assert handling.accept(actor=officer("case_clerk", 911, "43.tax"), number=made.number).state is CaseState.ACCEPTED


def test_a_draft_that_asks_another_agency_offers_and_takes_nothing_of_this_ones(firm: Actor) -> None:
    it = items.published(ITEM.key)
    with pytest.raises(Refused) as refusal:
        drafts.start(actor=firm, item=it.item, version=it.version, agency="43.tax")
    assert refusal.value.rule == "repair.none"
    draft = answered(firm, begin(actor=firm, fact=fact(firm, "旧")))
    Draft.objects.filter(pk=draft).update(agency="43.tax")
    with pytest.raises(Refused) as refusal:
        filed(firm, draft)
    assert refusal.value.rule == "repair.agency"


def test_its_clocks_follow_the_dated_rules(firm: Actor) -> None:
    number = asked(firm, "旧")
    book, today = RuleBook.load(settings.RULE_PACK), day(0)
    made = filing.read_case(actor=firm, number=number)
    (seat,) = made.matter.open
    assert (seat.stage, seat.rule) == ("accept", book.resolve("credit.repair.accept.days", today).id)
    done = handling.accept(actor=officer(*CLERK), number=number)
    (seat,) = done.matter.open
    rule = book.resolve("credit.repair.decide.days", today)
    assert (seat.stage, seat.rule) == ("examine", rule.id)
    assert ITEM.statutory == rule.term(), "the guide says what the rule says"
    whole = {one.due for one in done.clocks if one.kind in (Kind.STATUTORY, Kind.PROMISED)}
    assert whole == {done.matter.dues["examine"].date}


def test_an_application_of_before_a_merge_is_found_after_it(firm: Actor) -> None:
    asked(firm, "旧")
    other = registries.find_subject("uscc", OTHER)
    assert firm.subject is not None and other is not None
    merger = Actor("officer:7", "复核员", "43.office", "办公厅", ("43",), frozenset({"registries.merge"}))
    registries.merge(actor=merger, one=other, other=firm.subject, why="同一主体")
    merged = replace(firm, subject=other)
    (known,) = standings([fact(merged, "旧")]).values()
    assert known.state.running
    with pytest.raises(Refused) as refusal:
        begin(actor=merged, fact=fact(merged, "旧"))
    assert refusal.value.rule == "repair.none"


def test_the_commitment_of_a_firm_is_published_once_its_application_is_accepted(firm: Actor) -> None:
    anybody = directory.anonymous()
    number = asked(firm, "旧")
    assert commitments(actor=anybody, limit=10) == (0, ())
    handling.accept(actor=officer(*CLERK), number=number)
    total, (given,) = commitments(actor=anybody, limit=10)
    assert (total, given.name, given.code, given.day) == (1, NAME, FIRM, day(0))
    assert "诚实守信" in given.text and "旧" not in given.text, "which fact it was for is not published anew"
    filing.withdraw(actor=firm, number=number, reason="不申请了")
    assert commitments(actor=anybody, limit=10) == (0, ())


def test_of_natural_persons_no_commitment_is_published(firm: Actor) -> None:
    number = asked(firm, "旧")
    handling.accept(actor=officer(*CLERK), number=number)
    Case.objects.update(applicant_kind="natural", applicant_name="张三")
    assert commitments(actor=directory.anonymous(), limit=10) == (0, ())


# --- repairs of before they were cases ----------------------------------------------------------------------------------


def test_a_repair_of_before_is_seen_and_blocks_another_until_it_is_decided(firm: Actor) -> None:
    case = before(firm, "旧")
    (known,) = standings([fact(firm, "旧")]).values()
    assert (known.matter, known.number, known.state.running) == (case, "", True)
    with pytest.raises(Refused) as refusal:
        begin(actor=firm, fact=fact(firm, "旧"))
    assert refusal.value.rule == "repair.none"
    with pytest.raises(Refused) as refusal:
        decide_repair(actor=REVIEWER, case=case, grant=True, reason=" ")
    assert refusal.value.rule == "repair.reason"
    decide_repair(actor=REVIEWER, case=case, grant=False, reason="罚款没有缴清")
    told = read_inbox(actor=firm)
    assert "不予修复" in told[0].text and "罚款没有缴清" in told[0].text
    assert asked(firm, "旧")


def test_a_repair_of_before_is_granted_by_its_agency_alone(firm: Actor) -> None:
    case = before(firm, "旧")
    with pytest.raises(Refused) as refusal:
        decide_repair(actor=replace(REVIEWER, agency="43.tax"), case=case, grant=True, reason="同意")
    assert refusal.value.rule == "repair.unknown" and numbers() == ["新", "旧"]
    assert decide_repair(actor=REVIEWER, case=case, grant=True, reason="经核查已纠正").outcome == "granted"
    assert numbers() == ["新"]


def test_a_repair_of_before_is_read_by_its_subject_and_by_the_source_alone_and_each_reading_is_on_record(
    firm: Actor,
) -> None:
    case = before(firm, "旧")
    reviewer = replace(REVIEWER, capabilities=REVIEWER.capabilities | {"credit.read_repair"})
    for reader in (firm, reviewer):
        read = read_repair(actor=reader, case=case)
        assert read.fact is not None and read.resource.key == "43.market/penalty"
        assert "证明材料：缴款书" in read.events[0].reason
        entry = Entry.objects.filter(verb="credit.read_repair", outcome="done").latest("id")
        assert (entry.person, entry.object) == (reader.person, f"case:{case}")
    other = replace(firm, subject=registries.find_subject("uscc", OTHER))
    said = set()
    for reader, number in ((other, case), (replace(reviewer, agency="43.tax"), case), (reviewer, 0)):
        with pytest.raises(Refused) as refusal:
            read_repair(actor=reader, case=number)
        said.add((refusal.value.rule, refusal.value.message.replace(str(number), "")))
    assert len(said) == 1, "who may not know of it is told the same as where there is none"


@pytest.mark.parametrize("code", [
    "from shuniu.project.wsgi import application",
    "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'shuniu.project.settings'; django.setup()",
])  # fmt: skip
def test_every_process_knows_every_procedure_and_effect_from_its_start(code: str) -> None:
    ask = (
        "from shuniu.procedures.api import PROCEDURES; from shuniu.cases.api.effects import EFFECTS; "
        "print(*sorted(PROCEDURES), *EFFECTS)"
    )
    said = subprocess.run([sys.executable, "-c", f"{code}; {ask}"], capture_output=True, text=True, check=True)
    assert {
        "catalogue.review",
        "credit.repair",
        "credit.repair_case",
        "credit.repair@1",
        "registries.match_review",
    } <= {*said.stdout.split()}
