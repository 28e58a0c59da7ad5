"""The front door of supervision."""

from __future__ import annotations

from shuniu.assessment.api.answering import appeal, decide_appeal, explain
from shuniu.assessment.api.beginning import began, begin
from shuniu.assessment.api.cards import HEAD, list_cards, public_cards, read_card, recompute
from shuniu.assessment.api.judging import RULES, Explained, explained, register
from shuniu.assessment.api.scanning import scan, to_scan
from shuniu.assessment.api.scoring import published, read_agencies, read_officers, read_regions, weighing

__all__ = [
    "HEAD",
    "RULES",
    "Explained",
    "appeal",
    "began",
    "begin",
    "decide_appeal",
    "explain",
    "explained",
    "list_cards",
    "public_cards",
    "published",
    "read_agencies",
    "read_card",
    "read_officers",
    "read_regions",
    "recompute",
    "register",
    "scan",
    "to_scan",
    "weighing",
]
