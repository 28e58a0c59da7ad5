"""A published item, its officers and a filed case, for the tests of filing and handling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.cases.api import draft_facts, drafts, filing, items
from shuniu.cases.declare.case import CaseView, Grounds
from shuniu.cases.declare.draft import Whom
from shuniu.cases.declare.form import Form
from shuniu.directory.declare import ROLES
from shuniu.trust.declare import Actor
from tests.cases import drafting
from tests.cast import Cast

FORM = Form(pages=drafting.FORM.pages[:3])
ITEM = drafting.service(FORM)
ANSWERS = {"shop": "湘味小馆", "sells_food": "是", "seats": "30"}
NO = Grounds(
    facts="现场核查发现经营场所与住宅相通，不具备独立的加工间。", articles="《食品安全法》第三十三条第一款第一项"
)


def officer(cast: Cast, role: str, number: int, name: str) -> Actor:
    """An officer of the market bureau who holds one role of handling cases."""
    capabilities = cast.stranger.capabilities | ROLES[role].capabilities
    return replace(cast.market_officer, person=f"officer:{number}", name=name, capabilities=capabilities)


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return officer(cast, "case_clerk", 901, "马丽")


@pytest.fixture
def examiner(cast: Cast) -> Actor:
    return officer(cast, "case_examiner", 902, "彭涛")


@pytest.fixture
def chief(cast: Cast) -> Actor:
    return officer(cast, "case_decider", 903, "曾志")


@pytest.fixture
def published(cast: Cast) -> None:
    items.ship(actor=cast.installer, items=[ITEM])


def drafted(actor: Actor, whom: Whom | None = None) -> int:
    """A draft in which all is answered."""
    found = items.published(ITEM.key)
    draft = drafts.start(actor=actor, item=found.item, version=found.version)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=whom or Whom(), seen=0)
    seen = drafts.view(actor=actor, draft=draft).version
    drafts.save_page(actor=actor, draft=draft, pages=[one.key for one in FORM.pages], posted=ANSWERS, seen=seen)
    return draft


def filed(actor: Actor) -> CaseView:
    return filing.file(actor=actor, draft=drafted(actor))
