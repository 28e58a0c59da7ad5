"""A market supervision office with its drafter, checkers and publisher, and an upper engine's verbs for them to use."""

from __future__ import annotations

from shuniu.procedures import api
from shuniu.procedures.declare import CaseView, Opening, Procedure, Stage
from shuniu.trust.api import OVERSEE, VERBS, require, verb
from shuniu.trust.declare import Actor

REVIEW = Procedure(
    key="test.review",
    version=1,
    title="目录审核",
    term_rule="catalogue.review.days",
    stages=(
        Stage(key="check", title="初审", lane="test.check"),
        Stage(key="publish", title="发布", lane="test.publish", needs=("check",), on_no="return:check"),
    ),
)
JOINT = Procedure(
    key="test.joint",
    version=1,
    title="会签",
    stages=(Stage(key="sign", title="会签", lane="test.check"),),
)
RESOURCE = "resource:43.market/registration"


def officer(name: str, *capabilities: str, agency: str = "43.market", regions: tuple[str, ...] = ("43",)) -> Actor:
    held = frozenset(
        {"test.ask", "test.many", "test.decide", "test.decide_many", "test.hand_on", "test.send_back", *capabilities}
    )
    return Actor(f"officer:{name}", name, agency, f"单位{agency}", regions, held)


DRAFTER = officer("起草", "test.check", "test.publish")
CHECKER = officer("初审", "test.check")
SECOND = officer("复核", "test.check")
PUBLISHER = officer("发布", "test.publish")
FOREIGN = officer("外单位", "test.check", "test.publish", agency="43.tax")
OVERSEER = officer("省办", "test.check", "test.publish", OVERSEE, agency="43.office")


@verb("test.ask", "提出")
def ask(*, actor: Actor, procedure: str = "test.review", region: str = "43", **lanes: tuple[str, ...]) -> CaseView:
    require()
    return api.open_case(
        actor=actor, procedure=procedure, object=RESOURCE, agency="43.market", region=region, lanes=lanes, reason="请审"
    )


@verb("test.decide", "办理")
def decide(*, actor: Actor, case: int, said: str = "同意", reason: str = "", seat: int = 0) -> CaseView:
    return api.answer(actor=actor, case=case, answer=said, reason=reason, seat=seat)


@verb("test.hand_on", "转办")
def hand_on(*, actor: Actor, case: int, to: Actor, reason: str = "出差") -> CaseView:
    return api.transfer(actor=actor, case=case, to=to, reason=reason)


@verb("test.send_back", "退回")
def send_back(*, actor: Actor, case: int, to_stage: str, reason: str = "缺依据") -> CaseView:
    return api.return_(actor=actor, case=case, to_stage=to_stage, reason=reason)


@verb("test.many", "批量")
def ask_many(*, actor: Actor, count: int) -> tuple[int, ...]:
    require()
    openings = [Opening(f"resource:43.market/r{number}", "43.market", "43") for number in range(count)]
    return api.open_cases(actor=actor, procedure="test.review", openings=openings)


@verb("test.decide_many", "批量办理")
def decide_many(*, actor: Actor, cases: tuple[int, ...]) -> tuple[CaseView, ...]:
    return api.answer_all(actor=actor, cases=cases, answer="同意")


for name in ("test.ask", "test.decide", "test.hand_on", "test.send_back", "test.many", "test.decide_many"):
    del VERBS[name]  # they are these tests', not the platform's: whoever walks the platform's verbs must not meet them
