"""A request for data as a declared procedure: its owner decides within the rule's working days."""

from __future__ import annotations

from shuniu.procedures.api import register
from shuniu.procedures.declare import Procedure, Stage

DECIDE = "decide"

GRANT = register(
    Procedure(
        key="exchange.grant",
        version=1,
        title="数据共享申请",
        stages=(Stage(key=DECIDE, title="提供单位审核", lane="exchange.decide_share"),),
        term_rule="share.answer.days",
    )
)
"""国发〔2016〕51号: the provider answers a 有条件共享 request within 10 working days; 无条件共享 needs no case."""
