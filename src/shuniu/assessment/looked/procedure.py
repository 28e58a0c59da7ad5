"""A subject's question about a reading as a declared procedure: the agency that read answers within its term."""

from __future__ import annotations

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

ANSWER = "answer"

QUESTION = procedures.register(
    Procedure(
        key="assessment.reading_question",
        version=1,
        title="查阅询问",
        stages=(Stage(key=ANSWER, title="答复", lane="assessment.answer_question", term="reading.question.days"),),
        term_rule="reading.question.days",
    )
)
"""中华人民共和国个人信息保护法 art. 44, 45, 50: the right to know, and handlers' duty to answer; the number of days is ours."""
