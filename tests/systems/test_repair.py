"""信用修复: when it may be asked for, by whom it is decided, and what it does to the fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.directory.declare import FIRM as FIRM_RIGHTS
from shuniu.registries import api as registries
from shuniu.systems.credit.declare import Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import apply_repair, decide_repair
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor, Refused
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


def asked(firm: Actor, number: str, *, corrected: str = "已缴清罚款", commitment: str = COMMITMENT) -> int:
    row = fact(firm, number)
    case = apply_repair(
        actor=firm, resource=row.seen_as.resource.key, row=row.row, corrected=corrected, commitment=commitment
    )
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
    ("number", "corrected", "commitment", "rule"),
    [
        ("新", "已缴清", COMMITMENT, "repair.min_period"),
        ("旧", " ", COMMITMENT, "repair.corrected"),
        ("旧", "已缴清", "", "repair.commitment"),
    ],
)
def test_every_condition_is_asked_for(firm: Actor, number: str, corrected: str, commitment: str, rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        asked(firm, number, corrected=corrected, commitment=commitment)
    assert refusal.value.rule == rule


def test_only_the_subject_asks_and_only_the_source_decides(firm: Actor) -> None:
    row = fact(firm, "旧")
    other = replace(firm, subject=registries.find_subject("uscc", credit_province.OTHER))
    with pytest.raises(Refused) as refusal:
        apply_repair(actor=other, resource="43.market/penalty", row=row.row, corrected="a", commitment="b")
    assert refusal.value.rule == "repair.fact"
    case = asked(firm, "旧")
    with pytest.raises(Refused) as refusal:
        decide_repair(actor=replace(REVIEWER, agency="43.tax"), case=case, grant=True, reason="同意")
    assert refusal.value.rule == "right.agency"
    assert numbers() == ["新", "旧"]
