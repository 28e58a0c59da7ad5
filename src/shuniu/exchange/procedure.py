"""An objection to a row as a declared procedure: 受理, 核实, 更正; every stage in the agency that owns the row."""

from __future__ import annotations

from shuniu.procedures.api import register
from shuniu.procedures.declare import Procedure, Stage

ACCEPT, VERIFY, CORRECT = "accept", "verify", "correct"

OBJECTION = register(
    Procedure(
        key="exchange.objection",
        version=2,
        title="数据异议",
        stages=(
            Stage(key=ACCEPT, title="受理", lane="exchange.accept_objection", term="exchange.objection.accept.days"),
            Stage(
                key=VERIFY, title="核实", lane="exchange.verify_objection", needs=(ACCEPT,),
                term="exchange.objection.verify.days",
            ),
            Stage(
                key=CORRECT, title="更正", lane="exchange.correct_objection", needs=(VERIFY,),
                term="exchange.objection.correct.days",
            ),
        ),
        term_rule="credit.objection.other.days",
    )
)  # fmt: skip
"""A no at 受理 is 不予受理, a no at 核实 is 驳回; 更正 is agreed to when the row has changed. 通知 follows each by itself.

The term of the whole is the law's for the answer (答复) to an objection that another agency than the platform's checks:
征信业管理条例 art. 25, 山东省社会信用条例 art. 39. 受理 and 核实 share it; 更正 has its own, after the answer.
"""
