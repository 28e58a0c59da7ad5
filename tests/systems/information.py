"""Somebody who asks the market bureau for information, and the officers who answer, for the tests of 依申请公开."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings

from shuniu.cases.api import draft_facts, drafts, filing, handling, items
from shuniu.cases.declare.case import CaseView, Grounds, Reply
from shuniu.cases.declare.draft import Whom
from shuniu.cases.declare.material import HandedIn
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.project import province
from shuniu.systems.disclosure.declare import FORM, ITEM
from shuniu.trust.declare import Actor
from tests.cases.filing import officer
from tests.cases.papers import uploaded
from tests.cast import Cast

WHAT = "2025 年度食品抽检不合格名单（湘市监〔2026〕3 号）"
PARTLY = Grounds(facts="名单中两家企业的配方属于商业秘密，企业书面答复不同意公开，理由成立。", articles="")


@pytest.fixture
def shipped(db: None) -> None:
    install = directory.system("install")
    catalogue.ship(actor=install, elements=province.elements(settings.PROVINCE_FOLDER))
    items.ship(actor=install, items=[ITEM])


def asked(actor: Actor, what: str = WHAT, agency: str = "43.market", kind: str = "natural") -> CaseView:
    """A filed request for information."""
    found = items.published(ITEM.key)
    draft = drafts.start(actor=actor, item=found.item, version=found.version, agency=agency)
    whom = Whom.model_validate({"ground": "representative", "by": "田野"} if actor.person.startswith("firm") else {})
    draft_facts.name_applicant(actor=actor, draft=draft, whom=whom, seen=0)
    posted = {"what": what, "way": "electronic", "kind": kind, "mobile": "13900000000"}
    seen = drafts.view(actor=actor, draft=draft).version
    drafts.save_page(actor=actor, draft=draft, pages=[one.key for one in FORM.pages], posted=posted, seen=seen)
    paper = uploaded(actor, name=f"证明-{draft}.pdf").id
    proof = drafts.view(actor=actor, draft=draft).acting
    needed = {"identity": [paper], **({proof.proof: [paper]} if proof is not None and proof.proof else {})}
    return filing.file(actor=actor, draft=draft, given=HandedIn(needed))


def handled(cast: Cast, number: str) -> Actor:
    """Bring a request to who answers it: registered, searched. The one who answers."""
    clerk, examiner = (officer(cast, f"case_{role}", at, role) for role, at in (("clerk", 901), ("examiner", 902)))
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="检索到一份，其中两家企业的配方须征求意见。")
    return officer(cast, "case_decider", 903, "曾志")


def answered(cast: Cast, number: str, result: str, text: str = "", grounds: Grounds | None = None) -> CaseView:
    chief = handled(cast, number)
    return handling.decide(actor=chief, number=number, grounds=grounds, reply=Reply(result=result, text=text))


def at(actor: Actor, agency: str, region: str) -> Actor:
    return replace(actor, agency=agency, regions=(region,))
