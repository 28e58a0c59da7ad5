"""Nouns of credit: who looks, for what purpose, the report's sections, and what the items of a class mean to a term."""

from __future__ import annotations

from importlib.resources import files

from shuniu.base.titled import Titled
from shuniu.cases.declare import ServiceItem
from shuniu.catalogue.declare import Resource
from shuniu.procedures.declare import Procedure, Stage


class Viewer(Titled):
    """As whom a file is looked at: that decides which classes and items are shown."""

    PUBLIC = "public", "公开版"
    SUBJECT = "subject", "本人查询版"
    DUTY = "duty", "依法履职查询版"


class Purpose(Titled):
    """What an authority may look for in duty: the closed list (山东省社会信用条例 art. 22)."""

    ADMINISTRATION = "administration", "行政许可、处罚、强制、给付等"
    RESOURCES = "resources", "政府采购、招标投标、资金支持、土地出让、资质审查、科研管理"
    APPOINTMENT = "appointment", "招录、任命、考核"
    COMMENDATION = "commendation", "表彰奖励"
    OTHER = "other", "法律、法规规定的其他履职事项"


SECTIONS = {
    "registration": "登记注册基本信息",
    "licence": "行政许可",
    "penalty": "行政处罚",
    "coercion": "行政强制",
    "inspection": "行政检查",
    "honour": "诚实守信荣誉",
    "serious": "严重失信主体名单",
    "abnormal": "经营（活动）异常名录",
    "promise": "信用承诺及履行",
    "judicial": "司法裁判及执行",
    "other": "其他信息",
}
"""The sections of a report in its order (公共信用信息报告标准，2022年版)."""

ADVERSE = frozenset({"处罚", "强制", "失信"})
RATING = "评价"
"""A source's own rating is catalogued as the source's and pointed at, never republished."""

_BY_NATURE = {"基础": "registration", "许可": "licence", "处罚": "penalty", "强制": "coercion", "奖励": "honour"}


def section_of(resource: Resource) -> str:
    """The section that a credit class belongs to, by its nature, its term and what it records."""
    terms, names = resource.credit, {item.name for item in resource.items}
    if terms is None or terms.nature == RATING:
        return "other"
    if terms.nature in _BY_NATURE:
        return _BY_NATURE[terms.nature]
    if terms.term_rule.endswith(".until_removed"):
        return "abnormal"
    if {"case_number", "court_name"} <= names:
        return "judicial"
    if terms.nature == "失信" and "listing_date" in names:
        return "serious"
    if "promise_date" in names:
        return "promise"
    return "inspection" if "check_date" in names else "other"


DOCUMENT_DATES = (
    "CF_JDRQ", "XK_JDRQ", "decision_date", "listing_date", "filing_date", "recognition_date", "check_date",
    "promise_date", "evaluation_date", "annual_report_date", "registration_date", "issue_date", "contract_date",
)  # fmt: skip
"""Items that carry the date of the document, in the order in which a class is asked for one."""
ENDS = ("removal_date", "release_date")
"""Items that say when what was found wrong came to its end."""
VALID_TO = ("XK_YXQZI", "valid_to")
STATED_END = "CF_GSJZQ"
"""公示截止期 as the source states it: never later than the law's, often earlier."""
IN_FORCE = {"record-state": "1", "certificate-state": "01"}
"""By code list of a state item: the code for 有效."""
FULFILLED = ("performance", "03")

REPAIR = Procedure(
    key="credit.repair",
    version=1,
    title="信用修复",
    stages=(Stage(key="source", title="认定单位审核", lane="credit.decide_repair"),),
    term_rule="credit.repair.decide.days",
)
"""信用修复 as it ran before it was a case: nothing is opened under it, what was opened goes on to its end."""

ITEM = ServiceItem.model_validate_json((files(__package__) / "repair.json").read_text(encoding="utf-8"))
"""信用修复 as a service item: asked of the agency whose fact it is, with a public commitment (its declared effect below)."""
EFFECT, FACT, COMMITMENT, FACTS = "credit.repair@1", "fact", "commitment", "credit/own-facts"
"""Its effect, the questions that say which fact and whether the commitment is given, and the list of one's own facts."""
REPAIR_CASE = Procedure(
    key="credit.repair_case",
    version=2,
    title="信用修复",
    stages=(
        Stage(key="accept", title="受理", lane="cases.accept", term="credit.repair.accept.days"),
        Stage(key="examine", title="审查", lane="cases.examine", needs=("accept",), term="credit.repair.decide.days"),
        Stage(key="decide", title="决定", lane="cases.decide", needs=("examine",), refusal="不予修复"),
    ),
)

ELSEWHERE = (
    ("43.pbc", "中国人民银行征信中心", "企业和个人信贷信用信息由征信中心依《征信业管理条例》管理，本平台不存储、不转载；"
     "请凭本人有效证件或者书面授权向征信中心查询。"),
)  # fmt: skip
"""What is pointed at and not held: 三库之一 stays where the law puts it."""
