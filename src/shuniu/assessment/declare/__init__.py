"""Nouns of supervision: what a rule is, the facts it is judged by, what it finds, a card and its score."""

from __future__ import annotations

from shuniu.assessment.declare.cards import CardEvent, CardLine, CardState, CardView, Change, Recomputed, Step
from shuniu.assessment.declare.facts import Charge, Clocked, Facts, Finding, Halt, Moved, Warned
from shuniu.assessment.declare.rules import CardRule, Check, Level, Limit
from shuniu.assessment.declare.scores import Counted, Score, Weights

__all__ = [
    "CardEvent",
    "CardLine",
    "CardRule",
    "CardState",
    "CardView",
    "Change",
    "Charge",
    "Check",
    "Clocked",
    "Counted",
    "Facts",
    "Finding",
    "Halt",
    "Level",
    "Limit",
    "Moved",
    "Recomputed",
    "Score",
    "Step",
    "Warned",
    "Weights",
]
