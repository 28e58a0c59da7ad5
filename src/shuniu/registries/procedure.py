"""The review of a doubtful match as a declared procedure: one answer by somebody who did not raise it."""

from __future__ import annotations

from shuniu.procedures.declare import Procedure, Stage

MATCH_REVIEW = Procedure(
    key="registries.match_review",
    version=2,
    title="主体归并复核",
    stages=(Stage(key="decide", title="复核", lane="registries.review_match"),),
    term_rule="registries.match_review.days",
)
"""The matching ladder asks, a reviewer answers 同意 (one subject) or 不同意 (two, or it cannot be told)."""
