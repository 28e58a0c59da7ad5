"""The review of a version as a declared procedure: its own agency first, then the platform's conformity check."""

from __future__ import annotations

from shuniu.procedures.declare import Procedure, Stage

DEPARTMENT, PLATFORM = "department", "platform"

REVIEW = Procedure(
    key="catalogue.review",
    version=1,
    title="资源目录审核",
    stages=(
        Stage(key=DEPARTMENT, title="部门审核", lane="catalogue.review"),
        Stage(key=PLATFORM, title="平台审核", lane="catalogue.review", needs=(DEPARTMENT,)),
    ),
    term_rule="catalogue.review.days",
)
"""国发〔2016〕51号: a department compiles and reviews, the platform's authority checks and publishes. Nobody who
proposed a version answers in it; one person gives both answers only where that person holds both rights."""
