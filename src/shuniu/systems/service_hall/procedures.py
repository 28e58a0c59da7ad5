"""Procedures of licensing items that several agencies look at: at the same time, or by a majority (行政许可法 art. 26 para. 2).

Whoever is asked beside has the days of a rule; the agency's own people have their shares of what the item promises
(`cases.procedure`).
"""

from __future__ import annotations

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

_ACCEPT = Stage(key="accept", title="受理", lane="cases.accept", term="licensing.accept.days")

CONSULTED = procedures.register(
    Procedure(
        key="service_hall.consulted",
        version=2,
        title="审查与部门会签并行",
        stages=(
            _ACCEPT,
            Stage(key="examine", title="审查", lane="cases.examine", needs=("accept",), share=70),
            Stage(key="consult", title="部门会签", lane="cases.examine", needs=("accept",), term="cases.consult.days"),
            Stage(key="decide", title="决定", lane="cases.decide", needs=("examine", "consult"), share=30),
        ),
    )
)
"""Every agency that an item names for 会签 says what it has to say while the agency's own people examine."""

CONFERRED = procedures.register(
    Procedure(
        key="service_hall.conferred",
        version=2,
        title="审查后部门会商",
        stages=(
            _ACCEPT,
            Stage(key="examine", title="审查", lane="cases.examine", needs=("accept",), share=50),
            Stage(
                key="confer", title="部门会商", lane="cases.examine", needs=("examine",), rule="quorum", quorum=2,
                term="cases.consult.days",
            ),
            Stage(key="decide", title="决定", lane="cases.decide", needs=("confer",), share=30),
        ),
    )
)  # fmt: skip
"""Two of the agencies that an item names for 会商 are enough."""
