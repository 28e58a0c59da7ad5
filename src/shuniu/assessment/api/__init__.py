"""The front door of supervision."""

from __future__ import annotations

from shuniu.assessment.api.answering import appeal, decide_appeal, explain
from shuniu.assessment.api.cards import HEAD, list_cards, public_cards, read_card, recompute
from shuniu.assessment.api.scanning import RULES, register, scan
from shuniu.assessment.api.scoring import read_agencies, read_officers, read_regions

__all__ = [
    "HEAD",
    "RULES",
    "appeal",
    "decide_appeal",
    "explain",
    "list_cards",
    "public_cards",
    "read_agencies",
    "read_card",
    "read_officers",
    "read_regions",
    "recompute",
    "register",
    "scan",
]
