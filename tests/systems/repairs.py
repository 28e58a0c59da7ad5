"""A firm with facts, the officers of the agency whose facts they are, and an application by every step of the hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import draft_facts, drafts, filing, handling, items, uploads
from shuniu.cases.declare.case import CaseView, Grounds
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.cases.declare.material import HandedIn
from shuniu.directory import api as directory
from shuniu.directory.declare import FIRM as FIRM_RIGHTS
from shuniu.directory.declare import ROLES, SIGNED_IN
from shuniu.exchange.delivery import spool_blocks
from shuniu.procedures import api as procedures
from shuniu.registries import api as registries
from shuniu.systems.credit.declare import ITEM, REPAIR, Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import begin
from shuniu.systems.credit.report import report
from shuniu.trust.api import VERBS, require, verb
from shuniu.trust.declare import Actor
from tests.cases.papers import PDF
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, Case, deliver

SAID = {"corrected": "罚款五万元已经缴清", "corrected_on": "2026-07-01", "commitment": "是"}
NO = Grounds(facts="核查缴款书发现罚款只缴了一半，另一半没有缴纳。", articles="《信用修复管理办法》第八条")


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def firm_of(code: str, person: str) -> Actor:
    """The account of the firm with that code."""
    anybody = directory.anonymous()
    subject = registries.find_subject("uscc", code)
    rights = anybody.capabilities | FIRM_RIGHTS | SIGNED_IN
    return replace(anybody, person=person, name=credit_province.NAME, capabilities=rights, subject=subject)


def officer(role: str, number: int, agency: str = "43.market") -> Actor:
    rights = directory.anonymous().capabilities | ROLES[role].capabilities
    return Actor(f"officer:{number}", f"办事员{number}", agency, agency, ("43",), rights)


CLERK, EXAMINER, CHIEF = (
    (role, number) for role, number in (("case_clerk", 901), ("case_examiner", 902), ("case_decider", 903))
)


@pytest.fixture
def firm(province: None) -> Actor:
    """The firm's own account, with one fact past the least time and one not; the item is published."""
    items.ship(actor=directory.system("install"), items=[ITEM])
    deliver(credit_province.PENALTY, Case("旧", day(-150).isoformat()).row, Case("新", day(-20).isoformat()).row)
    return firm_of(FIRM, "firm:1")


def fact(firm: Actor, number: str) -> Fact:
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    return next(one for one in facts if dict(one.items).get("行政处罚决定书文号") == number)


def answered(firm: Actor, draft: int, said: Mapping[str, str] = SAID) -> int:
    """The rest of a draft that began with its fact: in whose name, how it was mended, the commitment."""
    whom = Whom(ground=Ground.REPRESENTATIVE, kind="legal", by="李四")
    seen = drafts.view(actor=firm, draft=draft).version
    draft_facts.name_applicant(actor=firm, draft=draft, whom=whom, seen=seen)
    seen = drafts.view(actor=firm, draft=draft).version
    drafts.save_page(actor=firm, draft=draft, pages=["corrected", "commitment"], posted=said, seen=seen)
    return draft


def filed(firm: Actor, draft: int) -> CaseView:
    proof = uploads.receive(actor=firm, writer=spool_blocks([PDF]), name="缴款书.pdf").id
    chosen = {"correction": [proof], "proof-representative": [proof]}
    return filing.file(actor=firm, draft=draft, given=HandedIn(chosen))


def asked(firm: Actor, number: str, said: Mapping[str, str] = SAID) -> str:
    """The number of the case in which a repair of that fact is asked for."""
    return filed(firm, answered(firm, begin(actor=firm, fact=fact(firm, number)), said)).number


def decided(number: str, grounds: Grounds | None = None) -> CaseView:
    """The case gone through the agency's hands to its decision."""
    handling.accept(actor=officer(*CLERK), number=number)
    handling.examine(actor=officer(*EXAMINER), number=number, opinion="缴款书属实，整改合格。")
    return handling.decide(actor=officer(*CHIEF), number=number, grounds=grounds)


@verb("tests.ask_before", "旧版申请")
def ask_before(*, actor: Actor, fact: Fact) -> int:
    """A repair as it was asked for before it was a case."""
    require()
    table, key = fact.place
    case = procedures.open_case(
        actor=actor, procedure=REPAIR.key, object=f"repair:{fact.header.subject}:{table}:{key}",
        agency=fact.seen_as.resource.agency, region="430000",
        reason="纠正情况：已缴清罚款\n证明材料：缴款书\n信用承诺：今后守法",
    )  # fmt: skip
    return case.id


VERBS.pop("tests.ask_before")  # of the tests, not of the platform


def before(firm: Actor, number: str) -> int:
    rights = firm.capabilities | {"tests.ask_before"}
    return ask_before(actor=replace(firm, capabilities=rights), fact=fact(firm, number))
