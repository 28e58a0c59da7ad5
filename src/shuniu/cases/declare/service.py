"""A service item (政务服务事项) as its implementation list (实施清单, GB/T 39046-2020 annex A) states it."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Literal, Self

from pydantic import Field

from shuniu.base.periods import Term
from shuniu.base.titled import Titled
from shuniu.cases.declare.fee import FeeLine
from shuniu.cases.declare.form import Form
from shuniu.cases.declare.material import Material
from shuniu.catalogue.declare import Frozen
from shuniu.procedures.declare import Procedure


class ServiceKind(Titled):
    """事项类型 (A.1), those that are applied for."""

    LICENSING = "01", "行政许可"
    PAYMENT = "05", "行政给付"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    RULING = "09", "行政裁决"
    OTHER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"


class Audience(Titled):
    """服务对象 (A.4)."""

    NATURAL = "1", "自然人"
    ENTERPRISE = "2", "企业法人"
    INSTITUTION = "3", "事业法人"
    SOCIAL = "4", "社会组织法人"
    AGENCY = "5", "行政机关"
    OTHER = "6", "其他组织"


class ServiceStage(IntEnum):
    """How far a service has come online: 发布 → 单向 → 双向 → 网上办理."""

    PUBLISHED = 1
    ONE_WAY = 2
    TWO_WAY = 3
    ONLINE = 4

    @property
    def title(self) -> str:
        return ("网上发布", "单向互动", "双向互动", "网上办理")[self - 1]


class PayBefore(Titled):
    """What waits for the payment of a bill: the decision to grant, or the handing out of what was granted."""

    DECISION = "decision", "作出决定以前"
    DELIVERY = "delivery", "领取结果以前"


class Reach(Titled):
    """通办范围: at whose counters an application may be handed in, wherever its agency is. Online it may be from anywhere."""

    OWN = "own", "本级"
    CITY = "city", "全市通办"
    PROVINCE = "province", "全省通办"
    NATION = "nation", "全国通办"


class Basis(Frozen):
    """A legal basis: the law, the article, and what it says, word for word or empty."""

    law: str
    article: str
    text: str = ""


class Special(Frozen):
    """A special procedure that stops the clock (检验 听证 公示 专家评审 …), with its own longest time."""

    kind: str
    basis: Basis
    longest: Term | None = None


class Result(Frozen):
    """One way in which an item can be decided, kept on the decision by its key.

    `state` is what it comes to for the applicant: granted, in part (partial) or refused. `articles` is what it rests on; all
    but granting states facts, articles and remedy. `review_first` is the key of a dated rule that says (yes or no) whether
    行政复议 must come before a suit (行政复议法 §23).
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    state: Literal["granted", "partial", "refused"]
    articles: str
    group: str = ""
    review_first: str = ""


class Step(Frozen):
    """One step of the guide's flow (办理流程): its name, what is done, and who does it (empty: the item's agency)."""

    title: str
    text: str
    agency: str = ""


class ServiceItem(Frozen):
    """What can be applied for: who, on what basis, in what time, with what, for how much, and what comes of it.

    Versions are kept by the engine: a case goes on under the version that it was filed under.
    """

    key: Annotated[str, Field(pattern=r"^[0-9]{2,6}\.[a-z0-9_]+/[a-z0-9-]+$")]  # agency/item
    title: str
    agency: str
    asked_of: bool = False  # each application names the agency that handles it; `agency` keeps the item (level 7)
    code: str  # 基本编码, 12 digits (GB/T 39554.1)
    kind: ServiceKind
    level: Annotated[str, Field(pattern=r"^[1-7]$")] = "2"  # 行使层级 (A.2)
    audiences: Annotated[tuple[Audience, ...], Field(min_length=1)]
    bases: Annotated[tuple[Basis, ...], Field(min_length=1)]
    conditions: Annotated[tuple[str, ...], Field(min_length=1)]  # 受理条件
    statutory: Term | None = None  # 法定办结时限
    promised: Term | None = None  # 承诺办结时限; of no days: on the spot (即办), which is on the same working day
    extension: Term | None = None  # once, with the head's approval
    from_receipt: bool = False  # terms run from receipt, of the application or of its correction, not from acceptance
    term_basis: Basis | None = None  # where a law sets another term than the general one (行政许可法 art. 42)
    specials: tuple[Special, ...] = ()
    procedure: str = "cases.simple"  # key of a registered procedure
    steps: tuple[Step, ...] = ()  # 办理流程 as the guide tells it
    lanes: tuple[tuple[str, tuple[str, ...]], ...] = ()  # stage → agencies that sit in it, where not the item's own
    form: Form
    materials: tuple[Material, ...] = ()
    fees: tuple[FeeLine, ...] = ()
    extra_fees: tuple[FeeLine, ...] = ()  # charged only where the agency decides so, counted by it
    pay_before: PayBefore = PayBefore.DELIVERY  # what waits until its fees are paid
    pay_term: Term | None = None  # from the bill, where the law sets one
    licences: tuple[str, ...] = ()  # keys of licence types that it issues
    result: str = ""  # name of the result: the licence, or whatever else is handed over
    results: tuple[Result, ...] = ()  # ways to decide, where granting and refusing do not say enough
    produces: tuple[str, ...] = ()  # resources that get a row about the applicant when it is granted
    effect: Annotated[str, Field(pattern=r"^([a-z_]+\.[a-z_]+@[1-9][0-9]*)?$")] = ""  # what else granting it does
    stage: ServiceStage = ServiceStage.ONLINE
    visits: int = 0  # 到现场次数
    visits_why: str = ""
    regions: Reach = Reach.PROVINCE
    by_mail: bool = False
    appointment: bool = False
    address: str = ""
    hours: str = ""
    telephone: str = ""
    complaints: str = ""  # 监督投诉方式; not the telephone
    topics: tuple[str, ...] = ()  # 主题 of persons or firms
    questions: tuple[tuple[str, str], ...] = ()  # FAQ

    @property
    def on_the_spot(self) -> bool:
        """Whether it is 即办; so is what was published without any term, as once could be."""
        return self.promised.amount == 0 if self.promised else self.statutory is None

    @property
    def term(self) -> Term | None:
        """The time that it has as a whole: as promised, or else as the law gives it."""
        return self.promised or self.statutory

    def at(self, agency: str) -> Self:
        """The item as this agency handles it, where applications name the agency; else as it is declared."""
        return self.model_copy(update={"agency": agency}) if self.asked_of else self


STAGES = {"accept": "cases.accept", "examine": "cases.examine", "decide": "cases.decide"}
"""What a procedure of applications has at least, each with the capability of who answers in it."""


def serves(procedure: Procedure) -> bool:
    """Whether applications can go by a procedure: they are accepted, examined and decided in it, by officers of cases."""
    lanes = {stage.key: stage.lane for stage in procedure.stages}
    return STAGES.keys() <= lanes.keys() and {*lanes.values()} <= {*STAGES.values()}
