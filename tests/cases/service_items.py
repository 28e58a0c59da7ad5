"""A small service item that keeps every rule, for tests to break one thing at a time."""

from __future__ import annotations

from shuniu.base.periods import Term, Unit
from shuniu.cases.declare import (
    Audience,
    Basis,
    ByFact,
    ByUpload,
    FeeLine,
    Form,
    Material,
    Page,
    Prefill,
    Question,
    ServiceItem,
    ServiceKind,
    Special,
    Step,
)
from shuniu.cases.procedure import SIMPLE
from shuniu.cases.rules.items import Known, Limits
from shuniu.catalogue.declare import Element, Item, ItemType, Resource
from shuniu.systems.service_hall.procedures import CONFERRED, CONSULTED

LAW = Basis(law="中华人民共和国行政许可法", article="第三十四条")
REGISTER = "43.market/registration"


def working(days: int) -> Term:
    return Term(days, Unit.WORKING_DAY)


LIMITS = Limits(working(20), working(10), working(45), working(15))
RESOURCE = Resource(
    key=REGISTER,
    title="市场主体登记信息",
    agency="43.market",
    items=(Item(name="uscc", title="统一社会信用代码", key=True), Item(name="enterprise_name", title="企业名称")),
)
KNOWN = Known(
    elements={key: Element(key=key, title=key) for key in ("uscc", "enterprise_name", "phone", "address")},
    resources={REGISTER: RESOURCE},
    fetched={},
    limits=LIMITS,
    licences={"food_business"},
    effects={"test.noted@1": {"tables"}},
    unmanned={},
    procedures={one.key: one for one in (SIMPLE, CONSULTED, CONFERRED)},
)
BY_REGISTER = ByFact(resource=REGISTER)


def question(name: str, **more: object) -> Question:
    return Question.model_validate({"name": name, "title": name, **more})


def form(*questions: Question) -> Form:
    return Form(pages=(Page(key="p", title="一页", questions=questions),))


ITEM = ServiceItem(
    key="43.market/food",
    title="食品经营许可",
    agency="43.market",
    code="430190001000",
    kind=ServiceKind.LICENSING,
    audiences=(Audience.ENTERPRISE,),
    bases=(LAW,),
    conditions=("有营业执照",),
    statutory=working(20),
    promised=working(7),
    extension=working(10),
    specials=(Special(kind="现场核查", basis=LAW, longest=working(5)),),
    form=form(
        question("uscc", element="uscc", prefill=Prefill(resource=REGISTER, item="uscc")),
        question("tables", type=ItemType.INTEGER),
    ),
    materials=(
        Material(key="licence", title="营业执照", satisfied_by=(BY_REGISTER, ByUpload())),
        Material(key="plan", title="布局图", satisfied_by=(ByUpload(),)),
    ),
    fees=(FeeLine(key="book", title="工本费", rule="fees.passport", basis="某法第一条", per="tables"),),
    licences=("food_business",),
    steps=tuple(Step(title=title, text=title) for title in ("收件", "受理", "审查", "决定", "送达")),
    by_mail=True,
    telephone="0731-1",
    complaints="0731-2",
    questions=(("要多久？", "七个工作日。"),),
)


def changed(item: ServiceItem = ITEM, **more: object) -> ServiceItem:
    """The item with other values, not checked again."""
    return item.model_copy(update=more)
