"""开办企业 as it ships, filed by a citizen, and officers of every agency that takes part, for the tests of life events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from django.conf import settings

from shuniu.cases.api import bundling, draft_facts, drafts, handling, items
from shuniu.cases.declare.case import CaseView, Grounds
from shuniu.cases.declare.draft import Whom
from shuniu.cases.declare.form import Question
from shuniu.cases.declare.material import HandedIn
from shuniu.cases.models import Case
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ItemType
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES, Agency
from shuniu.project import province
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.service_hall.declare import ITEMS
from shuniu.trust.declare import Actor
from tests.cases.papers import PDF, uploaded
from tests.cast import Cast

KEY = "found-a-company"
ALL = {"hires": "true", "invoices": "true"}
COMPANY, SEAL, TAX, INVOICE, INSURANCE, FUND = (
    "43.market/company-registration", "43.police/seal-filing", "43.tax/taxpayer-information", "43.tax/invoice",
    "43.labour/employer-insurance", "43.housing/fund-account",
)  # fmt: skip
EVERY = (COMPANY, SEAL, TAX, INVOICE, INSURANCE, FUND)
NO = Grounds(facts="核查发现所填的住所不存在，无法联系。", articles="《中华人民共和国市场主体登记管理条例》第十九条")

TYPED = {
    "person_name": "田野", "resident_id": "430102199003070012", "home_address": "长沙市芙蓉区文艺路 1 号",
    "mobile": "13800138000", "enterprise_name": "长沙新芽科技有限公司", "registered_capital": "100",
    "business_scope": "软件开发", "address": "长沙市芙蓉区五一大道 1 号", "rented": "是", "shareholder_name": "田野",
    "subscribed_amount": "100", "legal_representative": "田野", "hired": "3", "contact_person": "田野",
    "contact_phone": "13800138000", "finance": "是", "contract": "否", "invoice_seal": "是", "accounting": "企业会计准则",
    "employees": "3", "general": "否", "invoice_kind": "增值税普通发票", "invoice_count": "25", "insured_number": "3",
    "insurance_from": "2026-12-01", "depositors": "3", "ratio": "5",
}  # fmt: skip
"""Sound answers by the name of the question in the one form; a question with a code list takes the first code."""


@pytest.fixture
def shipped(cast: Cast) -> None:
    """The shipped items and life events, the elements and code lists that they use, the agencies that take part."""
    others = [("43.police", "省公安厅"), ("43.labour", "省人社厅"), ("43.housing", "省住建厅")]
    directory.load_agencies(actor=cast.installer, rows=[Agency(key, name, name, 1, "430000") for key, name in others])
    folder = settings.PROVINCE_FOLDER
    catalogue.ship(actor=cast.installer, elements=province.elements(folder), code_lists=province.code_lists(folder))
    items.ship(actor=cast.installer, items=ITEMS, bundles=BUNDLES)


@dataclass(frozen=True)
class Desk:
    """The three officers of one agency through whose hands an item goes."""

    clerk: Actor
    examiner: Actor
    chief: Actor

    def accept(self, number: str) -> CaseView:
        return handling.accept(actor=self.clerk, number=number)

    def grant(self, number: str) -> CaseView:
        handling.examine(actor=self.examiner, number=number, opinion="材料齐全，符合条件，建议准予。")
        return handling.decide(actor=self.chief, number=number)

    def refuse(self, number: str) -> CaseView:
        handling.examine(actor=self.examiner, number=number, opinion="不符合条件，建议不予许可。")
        return handling.decide(actor=self.chief, number=number, grounds=NO)

    def answer(self, number: str, granted: bool) -> CaseView:
        """Accept and decide at once."""
        self.accept(number)
        return self.grant(number) if granted else self.refuse(number)


def desk(cast: Cast, item: str) -> Desk:
    """The officers of an item's agency."""
    agency = item.partition("/")[0]
    base = 1000 + 10 * EVERY.index(item)

    def officer(role: str, number: int, name: str) -> Actor:
        capabilities = cast.stranger.capabilities | ROLES[role].capabilities
        return replace(
            cast.market_officer, person=f"officer:{number}", name=name, agency=agency, capabilities=capabilities
        )

    return Desk(
        officer("case_clerk", base, "马丽"), officer("case_examiner", base + 1, "彭涛"),
        officer("case_decider", base + 2, "曾志"),
    )  # fmt: skip


def typed(draft: int, actor: Actor) -> dict[str, str]:
    """An answer to every question of a draft's form."""
    form = drafts.view(actor=actor, draft=draft).form
    return {one.name: _text(one, form.codes) for one in form.form.questions}


def _text(question: Question, codes: Mapping[str, Mapping[str, str]]) -> str:
    if question.code_list:
        return next(iter(codes[question.code_list]))
    return TYPED.get(question.name, "是" if question.type is ItemType.BOOLEAN else "1")


def drafted(actor: Actor, said: Mapping[str, str] = ALL) -> int:
    """A draft of the life event in which all is answered."""
    draft = bundling.start(actor=actor, key=KEY, said=said)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=Whom(), seen=0)
    found = drafts.view(actor=actor, draft=draft)
    pages = [one.key for one in found.form.form.pages]
    drafts.save_page(actor=actor, draft=draft, pages=pages, posted=typed(draft, actor), seen=found.version)
    return draft


def papers(actor: Actor, draft: int) -> dict[str, list[int]]:
    """An upload for every material of the whole that is still missing."""
    lacking = [one for one in bundling.plan(actor=actor, draft=draft) if not one.planned.settled]
    return {
        one.material.key: [uploaded(actor, PDF + str(at).encode(), f"{one.material.title}.pdf").id]
        for at, one in enumerate(lacking)
    }


def filed(actor: Actor, said: Mapping[str, str] = ALL) -> CaseView:
    draft = drafted(actor, said)
    return bundling.file(actor=actor, draft=draft, given=HandedIn(papers(actor, draft)))


def parts(whole: CaseView) -> dict[str, Case]:
    return {one.item: one for one in Case.objects.filter(parent_id=whole.id)}
