"""The appeal against a card as a declared procedure: the agency asks, another person of the provincial office decides."""

from __future__ import annotations

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

DECIDE = "decide"

APPEAL = procedures.register(
    Procedure(
        key="assessment.appeal",
        version=1,
        title="监察牌申诉",
        stages=(Stage(key=DECIDE, title="复核", lane="assessment.decide_appeal", term="supervision.appeal.days"),),
    )
)
"""A yes cancels the card (撤销), a no upholds it (维持); either says why."""
