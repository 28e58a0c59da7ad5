"""A licence that a citizen applies for, its officers, and one verb of an upper engine by which they do whatever they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from shuniu.procedures import api, store
from shuniu.procedures.calendars.api import next_dues
from shuniu.procedures.declare import CaseView, Opening, Procedure, Stage
from shuniu.procedures.models import Case
from shuniu.trust.api import OVERSEE, VERBS, require, verb
from shuniu.trust.declare import Actor

T = TypeVar("T")
LICENCE = Procedure(
    key="test.licence",
    version=1,
    title="许可",
    stages=(
        Stage(key="accept", title="受理", lane="test.accept"),
        Stage(key="inspect", title="勘验", lane="test.check", needs=("accept",), optional=True),
        Stage(key="check", title="审查", lane="test.check", needs=("accept", "inspect"), on_no="return:@opener"),
        Stage(key="vote", title="会商", lane="test.check", needs=("check",), rule="quorum", quorum=2),
        Stage(key="decide", title="决定", lane="test.decide", needs=("vote",)),
    ),
)
BUSINESS = Procedure(
    key="test.business",
    version=1,
    title="一件事",
    stages=(
        Stage(key="parts", title="分项", children="each"),
        Stage(key="close", title="办结", lane="test.decide", needs=("parts",)),
    ),
)
TOGETHER = Procedure(
    key="test.together", version=1, title="全部", stages=(Stage(key="parts", title="分项", children="all"),)
)
ALL = (LICENCE, BUSINESS, TOGETHER)
LANES = {"vote": ("43.market", "43.fire", "43.health")}


def officer(name: str, *capabilities: str, agency: str = "43.market") -> Actor:
    return Actor(f"officer:{name}", name, agency, agency, ("43",), frozenset({"test.do", *capabilities}))


CITIZEN = Actor("citizen:1", "王敏", "", "", (), frozenset({"test.do", "test.check"}))
WINDOW = officer("窗口", "test.accept")
FIRST, SECOND, THIRD = (officer(name, "test.check") for name in ("甲", "乙", "丙"))
FIRE, HEALTH = officer("消防", "test.check", agency="43.fire"), officer("卫生", "test.check", agency="43.health")
CHIEF = officer("局长", "test.decide")
OFFICE = officer("省办", "test.accept", "test.check", "test.decide", OVERSEE, agency="43.office")


@verb("test.do", "办理")
def _do(*, actor: Actor, act: Callable[[], T]) -> T:
    require()
    return act()


del VERBS["test.do"]  # it is these tests', not the platform's


def do(act: Callable[..., T], actor: Actor, *args: int, **said: object) -> T:
    """Let an actor do something, in a case where one is named."""
    return _do(actor=actor, act=lambda: act(actor=actor, **({"case": args[0]} if args else {}), **said))


def agree(actor: Actor, case: int) -> CaseView:
    return do(api.answer, actor, case, answer="同意")


def apply_(procedure: str = "test.licence", *, left_out: tuple[str, ...] = (), parts: tuple[str, ...] = ()) -> int:
    """A citizen's application, with as many parts as procedures are named."""
    under = tuple((key, Opening(f"item:{n}", "43.market", "43", LANES)) for n, key in enumerate(parts))
    opening = Opening("item:licence", "43.market", "43", LANES if procedure == "test.licence" else {}, left_out, under)
    return do(api.open_cases, CITIZEN, procedure=procedure, openings=[opening])[0]


def at_check() -> int:
    """An application that waits at the third stage, without inspection."""
    case = apply_(left_out=("inspect",))
    agree(WINDOW, case)
    return case


def waits(case: int) -> list[tuple[str, str]]:
    """Stage and person of every seat that can be answered now."""
    return [(seat.stage, seat.person_name) for seat in api.case_view(case).open]


def wrong() -> list[int]:
    """The cases whose projections are not what their log, or the day next due not what their clocks come to."""
    rows = list(Case.objects.all())
    dues = next_dues([row.pk for row in rows])
    late = [row.pk for row in rows if row.next_due != dues.get(row.pk)]
    return late or [case.row.pk for case in store.fold(rows) if store.differs(case)]
