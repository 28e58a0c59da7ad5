"""Five life events. Only the order and the questions that decide are written; all else is the union of the items."""

from __future__ import annotations

from shuniu.base.expressions import Compare, Field, Kind, Node, value
from shuniu.cases.declare import Audience, Branch, Bundle, Need, Question
from shuniu.catalogue.declare import ItemType

REGISTRATION = "43.market/registration"  # the resource that a granted registration writes a row to


def _ask(name: str, title: str, hint: str = "") -> Question:
    return Question(name=name, title=title, hint=hint, type=ItemType.BOOLEAN)


def _if(name: str, said: bool = True) -> Node:
    return Compare("=", Field(name, Kind.BOOLEAN), value(said))


def _branch(item: str, *after: tuple[str, str], show_if: Node | None = None) -> Branch:
    return Branch(item=item, after=tuple(Need(item=one, gives=gives) for one, gives in after), show_if=show_if)


COMPANY = ("43.market/company-registration", REGISTRATION)
SHOP = ("43.market/individual-registration", REGISTRATION)

FOUNDING = Bundle(
    key="found-a-company",
    title="开办企业",
    summary="登记、刻章、税务、社会保险、住房公积金，一张表一次办完。",
    agency="43.market",
    audience=Audience.ENTERPRISE,
    telephone="0731-0000-3001",
    determinants=(
        _ask("hires", "开业时就雇用职工吗", "雇用的，同时办理社会保险和住房公积金登记。"),
        _ask("invoices", "马上要开发票吗"),
    ),
    branches=(
        _branch("43.market/company-registration"),
        _branch("43.police/seal-filing", COMPANY),
        _branch("43.tax/taxpayer-information", COMPANY),
        _branch("43.tax/invoice", ("43.tax/taxpayer-information", "43.tax/registration"), show_if=_if("invoices")),
        _branch("43.labour/employer-insurance", COMPANY, show_if=_if("hires")),
        _branch("43.housing/fund-account", COMPANY, show_if=_if("hires")),
    ),
)

NEWBORN = Bundle(
    key="newborn",
    title="新生儿出生",
    summary="出生医学证明、落户、参保、接种证、社会保障卡，父母填一次。",
    agency="43.health",
    audience=Audience.NATURAL,
    telephone="0731-0000-3002",
    determinants=(
        _ask("born_here", "孩子在本省的医院出生吗", "在外省出生的，出生医学证明由当地医院签发。"),
        _ask("insure", "参加城乡居民社会保险吗"),
    ),
    branches=(
        _branch("43.health/birth-certificate", show_if=_if("born_here")),
        _branch("43.police/birth-registration", ("43.health/birth-certificate", "birth-certificate")),
        _branch("43.health/vaccination", ("43.health/birth-certificate", "birth-certificate")),
        _branch(
            "43.labour/resident-insurance",
            ("43.health/birth-certificate", "birth-certificate"),
            ("43.police/birth-registration", "43.police/household"),
            show_if=_if("insure"),
        ),
        _branch("43.labour/social-card", ("43.police/birth-registration", "43.police/household")),
    ),
)

RESTAURANT = Bundle(
    key="open-a-restaurant",
    title="开餐馆",
    summary="登记、食品经营许可、消防检查、排水许可和税务，按店面大小算出要办哪些。",
    agency="43.market",
    audience=Audience.ENTERPRISE,
    telephone="0731-0000-3003",
    determinants=(
        _ask("company", "以公司名义开吗", "不以公司名义的，登记为个体工商户。"),
        _ask("gathering", "是供公众聚集的餐饮场所吗", "界限见当地消防救援机构公布的标准。"),
        _ask("sewer", "污水排入市政管网吗"),
    ),
    branches=(
        _branch("43.market/company-registration", show_if=_if("company")),
        _branch("43.market/individual-registration", show_if=_if("company", False)),
        _branch("43.market/food-licence", COMPANY, SHOP),
        _branch("43.emergency/fire-check", COMPANY, SHOP, show_if=_if("gathering")),
        _branch("43.housing/drainage-permit", COMPANY, SHOP, show_if=_if("sewer")),
        _branch("43.tax/taxpayer-information", COMPANY, SHOP),
    ),
)

RETIREMENT = Bundle(
    key="retirement",
    title="职工退休",
    summary="养老金、住房公积金、优待证，退休前一次申请。",
    agency="43.labour",
    audience=Audience.NATURAL,
    telephone="0731-0000-3004",
    determinants=(
        _ask("fund", "缴存过住房公积金吗"),
        _ask("elder", "年满六十周岁了吗"),
        _ask("card", "要换新的社会保障卡吗"),
    ),
    branches=(
        _branch("43.labour/pension"),
        _branch("43.housing/fund-withdrawal", ("43.labour/pension", ""), show_if=_if("fund")),
        _branch("43.civil/elder-card", show_if=_if("elder")),
        _branch("43.labour/social-card", show_if=_if("card")),
    ),
)

CONSTRUCTION = Bundle(
    key="construction-project",
    title="工程建设项目",
    summary="从项目备案到竣工验收，各部门并联审批，前一步的批文后一步不再要。",
    agency="43.housing",
    audience=Audience.ENTERPRISE,
    telephone="0731-0000-3005",
    determinants=(
        _ask("eia", "要编制环境影响报告表吗", "按建设项目环境影响评价分类管理名录。"),
        _ask("soil", "在可能造成水土流失的地方建设吗"),
    ),
    branches=(
        _branch("43.development/project-filing"),
        _branch("43.ecology/eia", ("43.development/project-filing", "project-filing"), show_if=_if("eia")),
        _branch("43.water/soil-plan", ("43.development/project-filing", "project-filing"), show_if=_if("soil")),
        _branch("43.resources/land-planning", ("43.development/project-filing", "project-filing")),
        _branch("43.resources/construction-planning", ("43.resources/land-planning", "land-planning-permit")),
        _branch(
            "43.housing/construction-permit",
            ("43.resources/construction-planning", "construction-planning-permit"),
            ("43.ecology/eia", "eia-approval"),
            ("43.water/soil-plan", "soil-approval"),
        ),
        _branch("43.housing/completion-filing", ("43.housing/construction-permit", "construction-permit")),
    ),
)

BUNDLES = (FOUNDING, NEWBORN, RESTAURANT, RETIREMENT, CONSTRUCTION)
