"""The rules of a case, pure: a state and an event give the next state; what is open, and who may take it, is derived.

No event is applied that the procedure does not allow, so a log that can be folded is a log that was lawful.
"""

from __future__ import annotations

from shuniu.procedures.rules.applying import apply, check_parts, fold
from shuniu.procedures.rules.choosing import (
    check_added,
    check_opener,
    check_receiver,
    choose,
    chosen_for,
    rank,
    targets,
)
from shuniu.procedures.rules.seated import ADDING
from shuniu.procedures.rules.standing import (
    FOR_OPENER,
    FOR_PARTS,
    barred,
    open_seats,
    outcome,
    ready,
    results,
    unanswered,
    unseated,
    waits_for,
)

__all__ = [
    "ADDING",
    "FOR_OPENER",
    "FOR_PARTS",
    "apply",
    "barred",
    "check_added",
    "check_opener",
    "check_parts",
    "check_receiver",
    "choose",
    "chosen_for",
    "fold",
    "open_seats",
    "outcome",
    "rank",
    "ready",
    "results",
    "targets",
    "unanswered",
    "unseated",
    "waits_for",
]
