"""Applications of the demo's citizens and its firm, filled in and filed by the verbs that their pages call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import typst
from django.utils import timezone

from shuniu.cases.api import bundling, draft_facts, drafts, filing, items, uploads
from shuniu.cases.api.materials import Asked, plan_materials
from shuniu.cases.declare.draft import Acting, DraftView, Ground, Whom
from shuniu.cases.declare.form import Question
from shuniu.cases.declare.material import HandedIn
from shuniu.catalogue.declare import ItemType
from shuniu.exchange.delivery import spool_blocks
from shuniu.trust.declare import Actor
from shuniu.web.typeface import FAMILIES, fonts

AGENT = "经演办"
BY_AGENT = Whom(ground=Ground.AGENT, kind="legal", by=AGENT)
"""How the firm applies: by somebody whom it has sent."""
TYPED: Mapping[str, str] = {
    "person_name": "秦演溪", "resident_id": "430102199003070012", "home_address": "演示市演示路 1 号",
    "mobile": "13900000000", "enterprise_name": "演示新芽科技有限公司", "registered_capital": "100",
    "business_scope": "软件开发（演示）", "address": "演示市演示路 1 号", "business_address": "演示市演示路 1 号",
    "premises": "演示市演示路 1 号", "shareholder_name": "秦演溪", "subscribed_amount": "100",
    "legal_representative": "秦演溪", "contact_person": "秦演溪", "contact_phone": "13900000000",
    "invoice_kind": "增值税普通发票", "accounting": "企业会计准则", "ratio": "5", "industry": "I", "area": "80", "capital": "300",
}  # fmt: skip
"""What is typed where a register knows nothing, by the question's name."""


def applied(actor: Actor, key: str, said: Mapping[str, str], *, whom: Whom | None = None, agency: str = "") -> str:
    """Fill in an item's form (from registers, where they know), hand in what is missing, and file it: the case's number."""
    found = items.published(key)
    draft = drafts.start(actor=actor, item=found.item, version=found.version, agency=agency)
    view = _filled(actor, draft, said, whom or Whom())
    item = items.version(view.item, view.item_version).item.at(view.agency)
    acting = view.acting or Acting()
    shown = {name: text for name, text in view.answers.items() if name in view.shown}
    subject = view.applicant.subject if view.applicant else None
    asked = Asked(shown, subject, True, acting.ground.value)
    planned = plan_materials(actor=actor, item=filing.with_proof(item, acting), asked=asked)
    given = {one.material: [paper(actor)] for one in planned if not one.settled}
    return filing.file(actor=actor, draft=draft, given=HandedIn(given, consent=True)).number


def founded(actor: Actor, key: str, decided: Mapping[str, str]) -> str:
    """File a life event for these answers to what decides its items: the whole's number."""
    draft = bundling.start(actor=actor, key=key, said=decided)
    _filled(actor, draft, {}, Whom())
    planned = bundling.plan(actor=actor, draft=draft, given=HandedIn(consent=True))
    given = {one.material.key: [paper(actor)] for one in planned if not one.planned.settled}
    return bundling.file(actor=actor, draft=draft, given=HandedIn(given, consent=True)).number


def _filled(actor: Actor, draft: int, said: Mapping[str, str], whom: Whom) -> DraftView:
    seen = drafts.view(actor=actor, draft=draft).version
    view = draft_facts.name_applicant(actor=actor, draft=draft, whom=whom, seen=seen)
    if view.offers and actor.subject is not None:
        view = draft_facts.prefill(actor=actor, draft=draft, consent=True, seen=view.version)
    known = {one.question for one in view.prefilled}
    form = view.form
    typed = {one.name: _text(one, said, form.codes) for one in form.form.questions if one.name not in known}
    pages = [one.key for one in form.form.pages]
    saved = drafts.save_page(actor=actor, draft=draft, pages=pages, posted=typed, seen=view.version)
    if saved.faults:
        raise ValueError(f"demo answers to {view.item}: {saved.faults}")
    return saved.view


def _text(question: Question, said: Mapping[str, str], codes: Mapping[str, Mapping[str, str]]) -> str:
    if question.name in said:
        return said[question.name]
    if question.code_list:
        return TYPED.get(question.name) or next(iter(codes[question.code_list]))
    if question.type is ItemType.DATE:
        return timezone.localdate().isoformat()
    other = {ItemType.BOOLEAN: "否", ItemType.INTEGER: "3", ItemType.DECIMAL: "3"}
    return TYPED.get(question.name, other.get(question.type or ItemType.TEXT, "演示"))


def paper(actor: Actor, title: str = "申请材料（演示）") -> int:
    """A page with a title and nothing more, uploaded; the upload's number."""
    return uploads.receive(actor=actor, writer=spool_blocks([_page(title)]), name=f"{title}.pdf").id


@cache
def _page(title: str) -> bytes:
    text = f'#set text(font: "{FAMILIES[0]}", lang: "zh")\n= {title}\n演示数据，不是真实文件。'
    return bytes(typst.compile(text.encode(), format="pdf", font_paths=fonts()))
