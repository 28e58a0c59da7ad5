"""Applications for government information: the item, its results, the lines of the yearly report, what much asking costs.

Sources: 政府信息公开条例 (2019); 政府信息公开工作年度报告格式 (国办公开办函〔2021〕30号); 政府信息公开信息处理费管理办法
(国办函〔2020〕109号). Results are the report's own lines, so that no table between the two can go wrong.
"""

from __future__ import annotations

from shuniu.base.periods import Term, Unit
from shuniu.cases.api import effects
from shuniu.cases.declare import (
    Audience,
    Basis,
    ByFact,
    ByUpload,
    FeeLine,
    Form,
    Material,
    Page,
    PayBefore,
    Question,
    Result,
    ServiceItem,
    ServiceKind,
    Special,
    Step,
)
from shuniu.cases.declare.draft import Applicant
from shuniu.cases.declare.effect import Application, Codes, Effect
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage
from shuniu.trust.declare import Actor

LAW = "中华人民共和国政府信息公开条例"
DAYS_20, DAYS_15, DAYS_30 = Term(20, Unit.WORKING_DAY), Term(15, Unit.WORKING_DAY), Term(30, Unit.DAY)
KINDS = {"natural": "自然人", "firm": "商业企业", "research": "科研机构", "welfare": "社会公益组织",
         "legal_service": "法律服务机构", "other": "其他"}  # fmt: skip
"""Columns of the yearly report."""
WAYS = {"electronic": "电子数据（在办件页面提供）", "paper": "纸质件（邮寄或者自取）", "inspect": "当面查阅、抄录"}

REQUEST = procedures.register(
    Procedure(
        key="disclosure.request",
        version=1,
        title="依申请公开",
        stages=(
            Stage(key="accept", title="登记", lane="cases.accept", term="disclosure.correct.days"),
            Stage(key="examine", title="检索和审查", lane="cases.examine", needs=("accept",)),
            Stage(key="decide", title="答复", lane="cases.decide", needs=("examine",)),
        ),
    )
)


def _given(_actor: Actor, _agency: str, _applicant: Applicant | None) -> Codes:
    return {"disclosure.kinds": KINDS, "disclosure.ways": WAYS}


def _nothing(_actor: Actor, _application: Application) -> None:
    """Nobody is turned away at the door: what is not dealt with is answered, with its article."""


EFFECT = effects.register(
    Effect("disclosure.request@1", "依申请公开", frozenset({"kind", "what", "way"}), _nothing, _nothing, _given)
)

OPEN, PARTIAL, CLOSED, UNABLE, UNHANDLED = "予以公开", "部分公开", "不予公开", "无法提供", "不予处理"

_LINES = (
    (OPEN, "open", "", "第三十六条第二项"),
    (OPEN, "published", "已主动公开，告知获取途径", "第三十六条第一项"),
    (PARTIAL, "partial", "", "第三十七条"),
    (CLOSED, "secret", "属于国家秘密", "第十四条"),
    (CLOSED, "forbidden", "其他法律、行政法规禁止公开", "第十四条"),
    (CLOSED, "danger", "危及国家安全、公共安全、经济安全、社会稳定", "第十四条"),
    (CLOSED, "third_party", "保护第三方合法权益", "第十五条、第三十二条"),
    (CLOSED, "internal", "属于内部事务信息", "第十六条第一款"),
    (CLOSED, "process", "属于过程性信息", "第十六条第二款"),
    (CLOSED, "case_file", "属于行政执法案卷", "第十六条第二款"),
    (CLOSED, "inquiry", "属于行政查询事项", "第三十六条第七项"),
    (UNABLE, "not_held", "本机关不掌握相关政府信息", "第三十六条第四项、第五项"),
    (UNABLE, "not_made", "没有现成信息，需要另行制作", "第三十八条"),
    (UNABLE, "unclear", "补正后申请内容仍不明确", "第三十条"),
    (UNHANDLED, "petition", "信访、投诉、举报类申请", "第三十九条第一款"),
    (UNHANDLED, "repeated", "重复申请", "第三十六条第六项"),
    (UNHANDLED, "publication", "要求提供公开出版物", "第三十九条第二款"),
    (UNHANDLED, "excessive", "无正当理由大量反复申请", "第三十五条"),
    (UNHANDLED, "confirmation", "要求确认或者重新出具已获取的信息", "第三十六条第六项"),
)


def _result(group: str, key: str, title: str, article: str) -> Result:
    """A line of the report as a result; where information is kept back, 行政复议 comes before a suit."""
    return Result(
        key=key, title=f"{group}：{title}" if title else group, articles=f"《{LAW}》{article}", group=group,
        state="granted" if group == OPEN else "partial" if group == PARTIAL else "refused",
        review_first="remedy.review_first.disclosure" if group in (PARTIAL, CLOSED) else "",
    )  # fmt: skip


def _article(number: str, text: str = "") -> Basis:
    return Basis(law=LAW, article=number, text=text)


_IDENTITY = (ByFact(resource="43.police/household"), ByFact(resource="43.market/registration"), ByUpload())
FORM = Form(
    pages=(
        Page(
            key="what",
            title="要什么信息",
            questions=(
                Question(
                    name="what", title="政府信息的名称、文号或者特征", length=2000,
                    hint="写到能找到它的程度，例如文件名、文号、时间、事项。不必说明用途。",
                ),
            ),
        ),
        Page(
            key="way",
            title="怎样提供",
            questions=(
                Question(name="way", title="希望怎样获取", code_list="disclosure.ways"),
                Question(name="place", title="邮寄地址或者电子邮箱", required=False, length=200, hint="在办件页面查看的不填。"),
            ),
        ),
        Page(
            key="applicant",
            title="类别和联系方式",
            questions=(
                Question(name="kind", title="申请人类别", code_list="disclosure.kinds", hint="只用于年度报告的统计。"),
                Question(name="mobile", element="mobile", hint="补正和答复的通知发到这个号码。"),
            ),
        ),
    )
)  # fmt: skip

_FEE = "政府信息公开信息处理费管理办法（国办函〔2020〕109号）"
PAGES = tuple(
    FeeLine(
        key=f"page-{first}", title=f"信息处理费（第 {first} 页起）", rule=f"fees.disclosure.page.{first}",
        basis=f"{_FEE}第五条", per=f"page_{first}",
    )
    for first in (31, 101, 201)
)  # fmt: skip
PIECES = (
    FeeLine(key="piece", title="信息处理费（按件）", rule="fees.disclosure.piece", basis=f"{_FEE}第四条", per="pieces"),
)

ITEM = ServiceItem(
    key="43.office/information", title="政府信息公开申请", agency="43.office", asked_of=True, code="432010001000",
    kind=ServiceKind.PUBLIC_SERVICE, level="7",
    audiences=(Audience.NATURAL, Audience.ENTERPRISE, Audience.INSTITUTION, Audience.SOCIAL, Audience.OTHER),
    bases=(
        _article("第二十七条"), _article("第二十九条"),
        _article("第三十条", "政府信息公开申请内容不明确的，行政机关应当给予指导和释明，并自收到申请之日起7个工作日内一次性告知"
                 "申请人作出补正，说明需要补正的事项和合理的补正期限。答复期限自行政机关收到补正的申请之日起计算。"
                 "申请人无正当理由逾期不补正的，视为放弃申请，行政机关不再处理该政府信息公开申请。"),
        _article("第三十六条", "对政府信息公开申请，行政机关根据下列情况分别作出答复："),
    ),
    conditions=("写明要获取的政府信息和获取的方式", "有身份证明和联系方式"),
    statutory=DAYS_20, promised=DAYS_20, extension=DAYS_20, term_basis=_article("第三十三条"), from_receipt=True,
    specials=(
        Special(kind="征求第三方意见", basis=_article("第三十二条"), longest=DAYS_15),
        Special(kind="征求相关机关意见", basis=_article("第三十四条"), longest=DAYS_15),
    ),
    procedure=REQUEST.key, effect=EFFECT.key, form=FORM,
    results=tuple(_result(*line) for line in _LINES), extra_fees=(*PAGES, *PIECES), pay_before=PayBefore.DECISION,
    pay_term=DAYS_30, result="政府信息公开申请答复书",
    steps=(
        Step(title="提交", text="选定机关，在线提交；当场给出编号。期限从收到之日起算，当日不计。"),
        Step(title="登记", text="内容不明确的，7 个工作日内一次告知补正；收到补正后期限重新起算。"),
        Step(title="检索和审查", text="涉及第三方的书面征求意见，所需时间不计入期限。"),
        Step(title="答复", text="20 个工作日内答复；确需延长的，最多再延长 20 个工作日并告知。"),
    ),
    materials=(Material(key="identity", title="申请人身份证明", satisfied_by=_IDENTITY),),
    by_mail=True, address="各机关政府信息公开工作机构", hours="工作日 9:00–12:00、13:00–17:00",
    telephone="0731-0000-1099", complaints="0731-0000-2345", topics=("政府信息公开",),
    questions=(
        ("要说明用途吗？", "不用。申请数量、频次明显超过合理范围的，机关才可以要求说明理由。"),
        ("收费吗？", "不收费。数量、频次明显超过合理范围的，按国务院办公厅规定的标准收取信息处理费。"),
        ("逾期不答复怎么办？", "可以向上一级行政机关或者政府信息公开工作主管部门投诉，也可以依法申请行政复议。"),
    ),
)  # fmt: skip


def by_pages(pages: int) -> dict[str, str]:
    """Of so many pages, those that each tier charges: none up to 30."""
    return {
        "page_31": str(min(max(pages - 30, 0), 70)),
        "page_101": str(min(max(pages - 100, 0), 100)),
        "page_201": str(max(pages - 200, 0)),
    }


def by_pieces(nth: int) -> dict[str, str]:
    """What the applicant's nth request of a month is charged, in units: none up to 10, one up to 30, then one more every ten."""
    return {"pieces": str(0 if nth <= 10 else 1 if nth <= 30 else (nth - 31) // 10 + 2)}
