"""信用修复: when it may be asked for, by whom it is decided, and what it does to the fact."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuniu.base.periods import add_months
from shuniu.directory import api as directory
from shuniu.directory.declare import FIRM as FIRM_RIGHTS
from shuniu.notices.api import read_inbox
from shuniu.registries import api as registries
from shuniu.systems.credit.declare import Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import apply_repair, decide_repair, read_repair, terms
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, Case, deliver

REVIEWER = Actor("officer:9", "周审", "43.market", "省市场监管局", ("43",), frozenset({"credit.decide_repair"}))
COMMITMENT = "本企业承诺今后依法经营，愿意公开本承诺。"


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def firm(province: None) -> Actor:
    """The firm's own account, with one fact past the least time and one not."""
    deliver(credit_province.PENALTY, Case("旧", day(-150).isoformat()).row, Case("新", day(-20).isoformat()).row)
    subject = registries.find_subject("uscc", FIRM)
    anybody = directory.anonymous()
    return replace(anybody, person="firm:1", capabilities=anybody.capabilities | FIRM_RIGHTS, subject=subject)


def fact(firm: Actor, number: str) -> Fact:
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    return next(one for one in facts if dict(one.items).get("行政处罚决定书文号") == number)


def asked(
    firm: Actor, number: str, *, corrected: str = "已缴清罚款", material: str = "缴款书", commitment: str = COMMITMENT
) -> int:
    row = fact(firm, number)
    case = apply_repair(
        actor=firm, resource=row.seen_as.resource.key, row=row.row, corrected=corrected, material=material,
        commitment=commitment,
    )  # fmt: skip
    return case.id


def numbers() -> list[str]:
    made = report(actor=directory.anonymous(), code=FIRM)
    return sorted(dict(one.items)["行政处罚决定书文号"] for one in made.facts)


def test_a_granted_repair_hides_the_fact_and_keeps_the_row(firm: Actor) -> None:
    assert numbers() == ["新", "旧"]
    done = decide_repair(actor=REVIEWER, case=asked(firm, "旧"), grant=True, reason="经核查已纠正")
    assert done.outcome == "granted"
    assert numbers() == ["新"]
    deliver(credit_province.PENALTY, Case("旧", day(-150).isoformat(), note="补充备注").row)
    assert numbers() == ["新"], "a redelivery does not bring it back"


def test_a_refused_repair_changes_nothing_and_may_be_asked_again(firm: Actor) -> None:
    case = asked(firm, "旧")
    with pytest.raises(Refused) as refusal:
        asked(firm, "旧")
    assert refusal.value.rule == "repair.open"
    assert decide_repair(actor=REVIEWER, case=case, grant=False, reason="罚款未缴清").outcome == "refused"
    assert numbers() == ["新", "旧"]
    assert asked(firm, "旧") != case


@pytest.mark.parametrize(
    ("number", "said", "rule"),
    [
        ("新", {}, "repair.min_period"),
        ("旧", {"corrected": " "}, "repair.corrected"),
        ("旧", {"material": ""}, "repair.material"),
        ("旧", {"commitment": ""}, "repair.commitment"),
    ],
)
def test_every_condition_is_asked_for(firm: Actor, number: str, said: dict[str, str], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        asked(firm, number, **said)
    assert refusal.value.rule == rule
    assert numbers() == ["新", "旧"]


def test_the_first_day_of_repair_is_the_day_after_the_least_time(firm: Actor, province: None) -> None:
    last = next(back for back in range(80, 100) if add_months(day(-back), 3) == day(0))
    deliver(credit_province.PENALTY, Case("今日届满", day(-last).isoformat()).row)
    found = terms(fact(firm, "今日届满"), day(0))
    assert found is not None and found.opens == day(1)
    assert not found.open(day(0)) and found.open(day(1))
    with pytest.raises(Refused) as refusal:
        asked(firm, "今日届满")
    assert refusal.value.rule == "repair.min_period" and str(day(1)) in refusal.value.message


def test_the_applicant_and_the_source_are_told_of_acceptance_and_outcome(firm: Actor) -> None:
    case = asked(firm, "旧")
    officer = replace(REVIEWER, capabilities=REVIEWER.capabilities | {"notices.read_inbox"})
    assert [one.object for one in read_inbox(actor=officer)] == [f"repair:{case}"]
    assert "已受理" in read_inbox(actor=firm)[0].text
    with pytest.raises(Refused) as refusal:
        decide_repair(actor=REVIEWER, case=case, grant=True, reason=" ")
    assert refusal.value.rule == "repair.reason"
    decide_repair(actor=REVIEWER, case=case, grant=False, reason="罚款没有缴清")
    told = read_inbox(actor=firm)
    assert len(told) == 2 and "不予修复" in told[0].text and "罚款没有缴清" in told[0].text


def test_an_application_is_read_by_its_subject_and_by_the_source_alone_and_the_reading_is_journalled(
    firm: Actor,
) -> None:
    case = asked(firm, "旧")
    reviewer = replace(REVIEWER, capabilities=REVIEWER.capabilities | {"credit.read_repair"})
    for reader in (firm, reviewer):
        read = read_repair(actor=reader, case=case)
        assert read.fact is not None and read.resource.key == "43.market/penalty"
        assert "证明材料：缴款书" in read.events[0].reason
        entry = Entry.objects.filter(verb="credit.read_repair", outcome="done").latest("id")
        assert (entry.person, entry.object) == (reader.person, f"case:{case}")
    other = replace(firm, subject=registries.find_subject("uscc", credit_province.OTHER))
    for reader in (other, replace(reviewer, agency="43.tax")):
        with pytest.raises(Refused) as refusal:
            read_repair(actor=reader, case=case)
        assert refusal.value.rule == "right.agency"


@pytest.mark.parametrize("code", [
    "from shuniu.project.wsgi import application",
    "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'shuniu.project.settings'; django.setup()",
])  # fmt: skip
def test_every_process_knows_every_procedure_from_its_start(code: str) -> None:
    ask = "from shuniu.procedures.api import PROCEDURES; print(*sorted(PROCEDURES))"
    said = subprocess.run([sys.executable, "-c", f"{code}; {ask}"], capture_output=True, text=True, check=True)
    assert {"catalogue.review", "credit.repair", "exchange.objection", "registries.match_review"} <= {
        *said.stdout.split()
    }


def test_only_the_subject_asks_and_only_the_source_decides(firm: Actor) -> None:
    row = fact(firm, "旧")
    other = replace(firm, subject=registries.find_subject("uscc", credit_province.OTHER))
    with pytest.raises(Refused) as refusal:
        apply_repair(
            actor=other, resource="43.market/penalty", row=row.row, corrected="a", material="b", commitment="c"
        )
    assert refusal.value.rule == "repair.fact"
    case = asked(firm, "旧")
    with pytest.raises(Refused) as refusal:
        decide_repair(actor=replace(REVIEWER, agency="43.tax"), case=case, grant=True, reason="同意")
    assert refusal.value.rule == "right.agency"
    assert numbers() == ["新", "旧"]
