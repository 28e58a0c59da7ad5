"""Nouns of procedures: what is declared (stages), what happened (events), what stands (seats, answers), what waits."""

from __future__ import annotations

from shuniu.procedures.declare.log import (
    ANSWERS,
    CORRECTION,
    OUTCOME_TITLES,
    Event,
    Move,
    Outcome,
    Part,
    Reader,
    Result,
    Seat,
    State,
    Supervisor,
    Suspension,
)
from shuniu.procedures.declare.procedure import OPENER, Procedure, Stage
from shuniu.procedures.declare.views import CaseView, DoneView, Load, Opening, TaskView, WatchView

__all__ = [
    "ANSWERS",
    "CORRECTION",
    "OPENER",
    "OUTCOME_TITLES",
    "CaseView",
    "DoneView",
    "Event",
    "Load",
    "Move",
    "Opening",
    "Outcome",
    "Part",
    "Procedure",
    "Reader",
    "Result",
    "Seat",
    "Stage",
    "State",
    "Supervisor",
    "Suspension",
    "TaskView",
    "WatchView",
]
