"""The voice of the public (民声通道): categories, routing table, what is not accepted, the procedures of a letter.

Source: GB/T 33358-2016; 潍坊市 12345 热线条例 (2021) for categories and what is not accepted; 信访工作条例 (2022).
"""

from __future__ import annotations

from shuniu.cases.api import letters
from shuniu.cases.declare.letters import LetterBox, LetterCategory, Route, Unaccepted
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

LETTER = procedures.register(
    Procedure(
        key="petitions.letter",
        version=1,
        title="来信",
        stages=(Stage(key="parts", title="各单位办理", children="each"),),
    )
)
PART = procedures.register(
    Procedure(
        key="petitions.part",
        version=2,
        title="来信承办",
        stages=(
            Stage(key="sign", title="签收", lane="cases.sign_letter", term="letters.sign.days"),
            Stage(key="handle", title="办理答复", lane="cases.answer_letter", needs=("sign",)),
            Stage(key="review", title="审核答复", lane="cases.review_letter", needs=("handle",), on_no="return:handle"),
        ),
    )
)
_DAYS, _REPORT = "letters.answer.days", "letters.report.days"

PETITIONS = letters.register(
    LetterBox(
        key="petitions",
        title="民声通道",
        centre="43.office",
        above="43.justice",
        procedure=LETTER.key,
        part_procedure=PART.key,
        categories=(
            LetterCategory(key="consult", title="咨询", term=_DAYS),
            LetterCategory(key="help", title="求助", term=_DAYS),
            LetterCategory(key="advice", title="意见建议", term=_DAYS),
            LetterCategory(key="complaint", title="投诉", term=_DAYS),
            LetterCategory(key="report", title="举报", term=_REPORT, sealed=True),
            LetterCategory(key="praise", title="表扬", term=_DAYS),
        ),
        routes=(
            Route(
                key="tax", title="税费和发票", agency="43.tax", words=("纳税", "个税", "发票", "税务", "社保费缴纳")
            ),
            Route(
                key="market", title="消费维权和市场秩序", agency="43.market",
                words=("营业执照", "消费", "商家", "退货", "假冒", "价格欺诈", "食品", "缺斤少两", "超市", "饭店"),
            ),
            Route(
                key="hrss", title="就业、工资和社保", agency="43.labour",
                words=("拖欠工资", "工资", "工伤", "养老保险", "失业", "劳动合同"),
            ),
            Route(key="housing", title="住房和物业", agency="43.housing", words=("物业", "公积金", "房产证", "施工", "路灯")),
            Route(
                key="traffic", title="治安、户籍和交通", agency="43.police",
                words=("户口", "身份证", "违章", "红绿灯", "噪音扰民"),
            ),
            Route(key="health", title="医疗卫生", agency="43.health", words=("医院", "就诊", "疫苗", "卫生院")),
            Route(key="school", title="教育", agency="43.education", words=("学校", "老师", "入学", "学费", "幼儿园")),
            Route(key="environment", title="生态环境", agency="43.ecology", words=("污水", "废气", "烟尘", "垃圾", "噪声")),
        ),
        unaccepted=(
            Unaccepted(
                key="court", title="已经或者依法应当通过诉讼、仲裁解决", channel="请向人民法院起诉或者向仲裁机构申请",
                words=("已起诉", "法院判决", "仲裁裁决", "开庭"),
            ),
            Unaccepted(
                key="review", title="依法应当申请行政复议", channel="请向行政复议机关申请，期限见处理决定",
                words=("行政复议", "复议决定"),
            ),
            Unaccepted(
                key="petition", title="信访已经受理或者已经复核终结", channel="请向原信访受理机关查询",
                words=("信访已受理", "信访复核", "复核意见"),
            ),
            Unaccepted(
                key="discipline", title="属于纪检监察机关职责", channel="请拨打 12388 或者向纪检监察机关反映",
                words=("受贿", "贪污", "行贿"),
            ),
            Unaccepted(
                key="disclosure", title="属于政府信息公开申请", channel="请按依申请公开的办法提出", words=("信息公开申请",)
            ),
            Unaccepted(key="secret", title="涉及国家秘密、商业秘密、个人隐私", channel="请向主管机关当面反映，不要在网上传输"),
            Unaccepted(key="concluded", title="已经依法办结，没有新的事实和理由", channel="不服的可以依法申请复查、复核"),
        ),
        minors=("未成年", "小学生", "中学生", "幼儿园", "幼童", "婴儿", "留守儿童"),
    )
)  # fmt: skip
