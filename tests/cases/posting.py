"""A decided case of an item that posts its documents, and a courier that really answers, for the tests of handing over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from shuniu.cases.api import draft_facts, drafts, filing, handling, items, postal
from shuniu.cases.courier.sandbox import Sandbox
from shuniu.cases.declare.draft import Whom
from shuniu.cases.declare.postal import HandoverView, Way
from shuniu.directory import api as directory
from shuniu.trust.declare import Actor
from tests.cases import drafting
from tests.cases.filing import ANSWERS, FORM, officer
from tests.cast import Cast

SECRET = "a secret that is shared with the courier"
ITEM = drafting.service(FORM, key="43.market/posted").model_copy(update={"by_mail": True, "title": "食品经营许可"})
NAME, TELEPHONE, ADDRESS = "田小野", "13812345678", "湖南省长沙市芙蓉区五一大道 1 号 3 栋 402 室"
CONTENTS = "准予决定书 1 份、许可证 1 本"
DOOR = "/hall/postal/notice/"


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return officer(cast, "case_clerk", 901, "马丽")


@pytest.fixture
def published(cast: Cast) -> None:
    items.ship(actor=cast.installer, items=[ITEM])


def courier() -> Actor:
    return directory.system("courier")


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    """The courier at work, and this instance configured to use it."""
    books = Sandbox(SECRET).start()
    settings.COURIER_URL, settings.COURIER_SECRET = books.address, SECRET
    yield books
    books.stop()


def filed(actor: Actor) -> str:
    """The number of a case that was filed, not yet decided."""
    found = items.published(ITEM.key)
    draft = drafts.start(actor=actor, item=found.item, version=found.version)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=Whom(), seen=0)
    seen = drafts.view(actor=actor, draft=draft).version
    drafts.save_page(actor=actor, draft=draft, pages=[one.key for one in FORM.pages], posted=ANSWERS, seen=seen)
    return filing.file(actor=actor, draft=draft).number


def decide(cast: Cast, number: str) -> None:
    """Have a case granted by the market bureau."""
    handling.accept(actor=officer(cast, "case_clerk", 901, "马丽"), number=number)
    handling.examine(actor=officer(cast, "case_examiner", 902, "彭涛"), number=number, opinion="符合要求，建议准予。")
    handling.decide(actor=officer(cast, "case_decider", 903, "曾志"), number=number)


@pytest.fixture
def decided(cast: Cast, published: None) -> str:
    """The number of a case of the citizen's that was granted."""
    number = filed(cast.citizen)
    decide(cast, number)
    return number


def by_mail(actor: Actor, number: str, address: str = ADDRESS) -> HandoverView:
    return postal.choose(actor=actor, number=number, way=Way.MAIL, name=NAME, telephone=TELEPHONE, address=address)
