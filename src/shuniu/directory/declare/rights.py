"""Nouns of rights explained, of posts held for somebody else, and of the yearly review; which acts are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shuniu.base.titled import Titled
from shuniu.directory.declare.nouns import Person, Post
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Separation:
    """Two kinds of act that one person may not do on one matter: who did one of `made` is refused `checked` there.

    `rule` is the refusal's, where the engine decides it by the person; here it is only explained, and keeps posts apart.
    """

    made: frozenset[str]
    checked: frozenset[str]
    rule: str
    says: str


def _apart(made: str, checked: str, rule: str, says: str) -> Separation:
    return Separation(frozenset(made.split()), frozenset(checked.split()), rule, says)


SEPARATIONS = (
    _apart("exchange.submit exchange.enter_record", "exchange.release", "batch.second_officer", "报送人不能放行自己的批次"),
    _apart("exchange.request_share", "exchange.decide_share", "procedures.own_approval", "申请共享的人不能审核这次申请"),
    _apart("exchange.decide_share", "exchange.query", "grant.own", "批准共享协议的人不能使用这份协议"),
    _apart(
        "catalogue.draft catalogue.submit_for_review", "catalogue.review", "catalogue.own_approval",
        "编制资源的人不能审核这个资源",
    ),
    _apart("cases.draft_item cases.submit_item", "cases.publish_item", "items.own", "编制事项的人不能发布这个事项"),
    _apart("cases.ask_extension", "cases.answer_extension", "case.second", "提出延期的人不能批准这次延期"),
    _apart("cases.ask_fee_change", "cases.decide_fee_change", "fees.second_person", "提出减免退费的人不能复核这次申请"),
    _apart("cases.take_at_counter", "cases.decide_fee_change", "fees.taker", "在窗口收款的人不能复核这笔款的退费"),
    _apart("cases.decide_fee_change", "cases.give_back_at_counter", "fees.second_person", "同意退费的人不能付出这笔退款"),
    _apart("cases.answer_letter", "cases.review_letter", "letters.own_answer", "写答复的人不能审核这份答复"),
    _apart("cases.rectify", "cases.call_back", "rating.same", "办理整改的人不能回访"),
    _apart("cases.ask_rating_aside", "cases.decide_rating_aside", "rating.second", "申请不计入的人不能复核这次申请"),
    _apart(
        "registries.propose_expunge", "registries.confirm_expunge", "expunge.second_person",
        "提请销毁的人不能核准这次销毁",
    ),
    _apart(
        "assessment.propose_covert", "assessment.confirm_covert", "covert.second_person",
        "提出依法不告知的人不能决定这次申请",
    ),
    _apart(
        "exchange.query exchange.read credit.look_on_duty cases.read_case cases.read_materials cases.read_licence",
        "assessment.watch_readings assessment.close_flag", "flag.second_person", "查阅数据的人不能监督自己的查阅",
    ),
    _apart("trust.ask_release", "trust.approve_release", "trust.own_request", "申请取出私钥的人不能批准这次申请"),
    _apart(
        "directory.appoint", "directory.end_appointment directory.create_account", "directory.own_account",
        "任免岗位、管理账号的人不能变更自己的账号和岗位",
    ),
)  # fmt: skip
"""不相容职责: who made it may not approve it, who grants may not use. The person counts, whatever post he holds."""


@dataclass(frozen=True)
class Origin:
    """A post that somebody holds on the day, and who appointed him; nobody where the journal does not know."""

    post: Post
    by: str = ""
    by_agency: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Right:
    """One capability, what it lets do, the posts that give it (none: every account has it), and what limits it."""

    capability: str
    title: str
    posts: tuple[Post, ...]
    limits: tuple[Separation, ...]


@dataclass(frozen=True)
class Explained:
    """Everything that somebody may do on a day, and where each right comes from."""

    person: Person
    day: date
    actor: Actor
    origins: tuple[Origin, ...]
    rights: tuple[Right, ...]


@dataclass(frozen=True)
class Reason:
    """One link of the chain: what was looked at, and whether it speaks for the right."""

    holds: bool
    says: str


@dataclass(frozen=True)
class Answer:
    """Whether somebody may, link by link, as far as the first that breaks; `refused` is what the platform would say."""

    reasons: tuple[Reason, ...]
    refused: Refused | None
    limits: tuple[Separation, ...] = ()

    @property
    def may(self) -> bool:
        return self.refused is None


class SubstitutionState(Titled):
    """How a substitution stands on a day; it gives rights while it runs, and at no other time."""

    AHEAD = "ahead", "未开始"
    RUNNING = "running", "代理中"
    OVER = "over", "已到期"
    ENDED = "ended", "已终止"


@dataclass(frozen=True)
class SubstitutionView:
    """One substitution: whose post, who holds it for him, from `since` until `last`, both held; why, by whose arrangement."""

    number: int
    post: Post
    holder: str
    holder_name: str
    substitute: str
    substitute_name: str
    since: date
    last: date
    reason: str
    arranged_by: str
    arranged: datetime
    ended: datetime | None
    ended_by: str
    state: SubstitutionState
    may_end: bool


@dataclass(frozen=True)
class SubstitutionDesk:
    """What somebody sees of substitutions: those that concern him, and what he may arrange: whose posts, with whom."""

    listed: tuple[SubstitutionView, ...]
    posts: tuple[tuple[Post, str], ...]
    colleagues: Mapping[int, str]


RIGHT_KINDS: Mapping[str, str] = {
    "post": "岗位", "substitution": "代理岗位", "token": "接口令牌", "certificate": "证书",
}  # fmt: skip
"""What a review's lines are of."""


@dataclass(frozen=True)
class ReviewView:
    """One agency's yearly review: opened when, due until when (that day included), how many lines wait for a decision."""

    number: int
    agency: str
    agency_name: str
    opened: date
    due: date
    finished: datetime | None
    lines: int
    undecided: int
    overdue: bool


@dataclass(frozen=True)
class ReviewedRight:
    """One right as it stood when the review was opened; `decision` is empty, `kept` or `ended`, and by whom, when.

    `own`: it is the reader's, who may not decide it himself. `last_used` is None where the journal knows of no use.
    `conflicts`: the roles in the list that the same person must not hold beside it, and why.
    """

    id: int
    kind: str
    number: int
    account: int | None
    holder: str
    title: str
    role: str
    regions: tuple[str, ...]
    since: date | None
    until: date | None
    last_used: datetime | None
    decision: str
    decided_by: str
    decided: datetime | None
    own: bool
    conflicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReviewPage:
    """One review with all its lines."""

    view: ReviewView
    lines: tuple[ReviewedRight, ...]
