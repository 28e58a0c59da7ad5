"""How a letter stands, in the words of its writer's pages: by its code, and among one's own."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from shuniu.cases.declare.letters import LetterPart, LetterState, LetterView, PartState
from shuniu.directory.api import agency_names
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.web.declare import State, StateKind, Value

STATES: Mapping[LetterState, StateKind] = {
    LetterState.HANDLING: "waiting",
    LetterState.DECLINED: "stopped",
    LetterState.ANSWERED: "done",
}
TITLES = {one.key: one.title for one in PETITIONS.categories}


def standing(state: LetterState, overdue: bool) -> State:
    """How a letter stands, in a word with its shape."""
    if overdue and state is LetterState.HANDLING:
        return State(_("办理中，已超期"), "stopped")
    return State(_(state.title), STATES[state])


def may_rate(it: LetterView) -> bool:
    """Whether its last answer waits for a rating."""
    return it.line.state is LetterState.ANSWERED and len(it.ratings) < max(one.round for one in it.parts)


def facts_of(it: LetterView) -> dict[str, object]:
    """What its page shows of the letter and of each agency's part."""
    facts: list[tuple[str, Value]] = [
        (_("状态"), standing(it.line.state, it.line.overdue)), (_("类别"), _(TITLES[it.line.category])),
        (_("来信时间"), it.line.received_at), *([(_("不予受理"), it.declined)] if it.declined else []),
    ]  # fmt: skip
    return {"facts": facts, "parts_": [(one, _part(one)) for one in it.parts if one.state is not PartState.MOVED]}


def _part(part: LetterPart) -> list[tuple[str, Value]]:
    return [
        (_("办理单位"), agency_names().get(part.agency, part.agency)),
        (_("状态"), State(_(part.state.title), "done" if part.state is PartState.DONE else "waiting")),
        (_("应答复"), part.due), (_("答复时间"), part.answered_at),
        (_("答复"), part.answer if part.state is PartState.DONE else None),
    ]  # fmt: skip
