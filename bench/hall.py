"""A province's service items for the benches of cases: agencies, items with a small form, officers and applicants as actors."""

from __future__ import annotations

from datetime import date

from django.core.management import call_command

from shuniu.base.periods import Term, Unit
from shuniu.cases import procedure as procedure  # registers the procedure that the items name
from shuniu.cases.api import draft_facts, drafts, items
from shuniu.cases.declare.draft import Whom
from shuniu.cases.declare.form import Form, Page, Question
from shuniu.cases.declare.service import Audience, Basis, ServiceItem, ServiceKind
from shuniu.catalogue.declare import ItemType
from shuniu.directory import api as directory
from shuniu.directory.declare import CITIZEN, PUBLIC, ROLES, SIGNED_IN, Agency, Region
from shuniu.trust import api as trust
from shuniu.trust.declare import Actor

REGION, DAY = "430000", date(2005, 1, 1)
AGENCIES = 50
ANSWERS = {"shop": "湘味小馆", "seats": "30"}
FORM = Form(
    pages=(
        Page(key="shop", title="店名", questions=(Question(name="shop", title="店名", length=30),)),
        Page(key="seats", title="座位", questions=(Question(name="seats", title="座位数", type=ItemType.INTEGER),)),
    )
)


def agency_of(item: int) -> str:
    return f"43.bench{item % AGENCIES}"


def key_of(item: int) -> str:
    return f"{agency_of(item)}/item-{item}"


def service(item: int) -> ServiceItem:
    """One of the item types."""
    return ServiceItem(
        key=key_of(item), title=f"第{item}号事项", agency=agency_of(item), code=f"{item:012d}",
        kind=ServiceKind.PUBLIC_SERVICE, audiences=(Audience.NATURAL,),
        bases=(Basis(law="中华人民共和国食品安全法", article="第三十五条"),), conditions=("有固定的经营场所",), form=FORM,
        result="许可证", statutory=Term(20, Unit.WORKING_DAY), promised=Term(10, Unit.WORKING_DAY),
        address="芙蓉中路 1 号", hours="工作日 9:00-17:00", telephone="0731-12345678", complaints="0731-87654321",
        questions=(("多久能办好？", "十个工作日内。"),),
    )  # fmt: skip


def prepare(types: int) -> None:
    """Migrate, and have so many item types published by their agencies."""
    call_command("migrate", interactive=False, verbosity=0)
    trust.prepare()
    install = directory.system("install")
    directory.load_regions(actor=install, rows=[Region(REGION, "演示省", 1, None, DAY)])
    agencies = [Agency(agency_of(n), f"演示单位{n}", f"单位{n}", 1, REGION) for n in range(AGENCIES)]
    directory.load_agencies(actor=install, rows=agencies)
    items.ship(actor=install, items=[service(number) for number in range(types)])


def citizen(number: int) -> Actor:
    return Actor(f"citizen:{number}", f"申请人{number}", capabilities=PUBLIC | SIGNED_IN | CITIZEN, subject=number)


def officer(agency: str, role: str) -> Actor:
    """Who holds one role of handling cases in an agency; the number says neither is the other."""
    number = 1 + [*ROLES].index(role)
    capabilities = PUBLIC | SIGNED_IN | ROLES[role].capabilities
    return Actor(f"officer:{number}", f"经办{number}", agency, agency, (REGION,), capabilities)


def drafted(actor: Actor, item: int) -> int:
    """A draft in which all is answered, made by the verbs."""
    found = items.published(key_of(item))
    draft = drafts.start(actor=actor, item=found.item, version=found.version)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=Whom(), seen=0)
    seen = drafts.view(actor=actor, draft=draft).version
    saved = drafts.save_page(actor=actor, draft=draft, pages=[one.key for one in FORM.pages], posted=ANSWERS, seen=seen)
    assert not saved.faults, saved.faults
    return draft
