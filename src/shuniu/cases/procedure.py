"""The procedure of an ordinary service item: 受理 → 审查 → 决定 (行政许可法 art. 32, 34, 38).

A law gives acceptance its days (art. 32) and the whole its own (art. 42); how the whole is shared between who examines and who
decides no law says, so each has a part of what the item promises: the platform's default.
"""

from __future__ import annotations

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

ACCEPT, EXAMINE, DECIDE = "accept", "examine", "decide"

SIMPLE = procedures.register(
    Procedure(
        key="cases.simple",
        version=2,
        title="依申请办理",
        stages=(
            Stage(key=ACCEPT, title="受理", lane="cases.accept", term="licensing.accept.days"),
            Stage(key=EXAMINE, title="审查", lane="cases.examine", needs=(ACCEPT,), share=70),
            Stage(key=DECIDE, title="决定", lane="cases.decide", needs=(EXAMINE,), share=30),
        ),
    )
)
"""Who examines finds facts and proposes; who decides answers for it. Only a decision says no."""
