"""The demo firm asks for one repair, by the verbs that its pages call, and leaves another fact for the visitor to ask for."""

from __future__ import annotations

from django.utils import timezone

from shuniu.cases.api import draft_facts, drafts, filing, items
from shuniu.cases.declare.material import HandedIn
from shuniu.demo.applying import AGENT, BY_AGENT, paper
from shuniu.directory import api as directory
from shuniu.systems.credit.declare import ITEM, Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import begin, terms
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor

CLERK = "case_clerk"
SAID = {"corrected": "罚款已经缴清，违法行为已经停止，整改情况经检查合格（演示）。", "commitment": "true"}


def ask(firm: Actor) -> None:
    """Apply for the first fact that may be repaired today and whose agency has somebody to accept; nothing without one."""
    found = next(iter(repairable(firm)), None)
    if found is None:
        return
    items.ship(actor=directory.system("install"), items=[ITEM])
    draft = begin(actor=firm, fact=found)
    seen = drafts.view(actor=firm, draft=draft).version
    seen = draft_facts.name_applicant(actor=firm, draft=draft, whom=BY_AGENT, seen=seen).version
    said = {**SAID, "corrected_on": timezone.localdate().isoformat()}
    drafts.save_page(actor=firm, draft=draft, pages=["corrected", "commitment"], posted=said, seen=seen)
    chosen = {
        "correction": paper(firm, "非税收入缴款书（演示）"),
        "proof-agent": paper(firm, f"授权委托书（演示）：{AGENT}"),
    }
    filing.file(actor=firm, draft=draft, given=HandedIn({key: [number] for key, number in chosen.items()}))


def repairable(firm: Actor) -> list[Fact]:
    """The firm's facts that may be repaired today, at agencies where somebody takes applications in."""
    today = timezone.localdate()
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    open_today = [one for one in facts if (asked := terms(one, today)) is not None and asked.open(today)]
    taking = {agency: bool(directory.holders(agency, CLERK)) for agency in {_agency(one) for one in open_today}}
    return [one for one in open_today if taking[_agency(one)]]


def _agency(fact: Fact) -> str:
    return fact.seen_as.resource.agency
