"""The demo firm asks for one repair, by the verbs that its pages call, and leaves another fact for the visitor to ask for."""

from __future__ import annotations

import typst
from django.utils import timezone

from shuniu.cases.api import draft_facts, drafts, filing, items, uploads
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.cases.declare.material import HandedIn
from shuniu.directory import api as directory
from shuniu.exchange.delivery import spool_blocks
from shuniu.systems.credit.declare import ITEM, Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import begin, terms
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor
from shuniu.web.typeface import FAMILIES, fonts

CLERK = "case_clerk"
SAID = {"corrected": "罚款已经缴清，违法行为已经停止，整改情况经检查合格（演示）。", "commitment": "true"}
AGENT = "经演办"


def ask(firm: Actor) -> None:
    """Apply for the first fact that may be repaired today and whose agency has somebody to accept; nothing without one."""
    found = next(iter(repairable(firm)), None)
    if found is None:
        return
    items.ship(actor=directory.system("install"), items=[ITEM])
    draft = begin(actor=firm, fact=found)
    whom = Whom(ground=Ground.AGENT, kind="legal", by=AGENT)
    seen = drafts.view(actor=firm, draft=draft).version
    seen = draft_facts.name_applicant(actor=firm, draft=draft, whom=whom, seen=seen).version
    said = {**SAID, "corrected_on": timezone.localdate().isoformat()}
    drafts.save_page(actor=firm, draft=draft, pages=["corrected", "commitment"], posted=said, seen=seen)
    chosen = {
        "correction": _paper(firm, "非税收入缴款书（演示）"),
        "proof-agent": _paper(firm, f"授权委托书（演示）：{AGENT}"),
    }
    filing.file(actor=firm, draft=draft, given=HandedIn({key: [number] for key, number in chosen.items()}))


def _paper(firm: Actor, title: str) -> int:
    """A page with a title and nothing more, uploaded; the upload's number."""
    text = f'#set text(font: {FAMILIES[0]!r}, lang: "zh")\n= {title}\n演示数据，不是真实文件。'.replace("'", '"')
    made = bytes(typst.compile(text.encode(), format="pdf", font_paths=fonts()))
    return uploads.receive(actor=firm, writer=spool_blocks([made]), name=f"{title}.pdf").id


def repairable(firm: Actor) -> list[Fact]:
    """The firm's facts that may be repaired today, at agencies where somebody takes applications in."""
    today = timezone.localdate()
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    open_today = [one for one in facts if (asked := terms(one, today)) is not None and asked.open(today)]
    taking = {agency: bool(directory.holders(agency, CLERK)) for agency in {_agency(one) for one in open_today}}
    return [one for one in open_today if taking[_agency(one)]]


def _agency(fact: Fact) -> str:
    return fact.seen_as.resource.agency
