"""The front door of who looked."""

from __future__ import annotations

from shuniu.assessment.looked.api.asking import answer_question, ask, list_questions, question_figures
from shuniu.assessment.looked.api.covert import confirm_covert, grounds, list_coverts, propose_covert
from shuniu.assessment.looked.api.explaining import close_flag, explain_flag, flag_figures, list_flags
from shuniu.assessment.looked.api.flagging import flag_readings, to_flag
from shuniu.assessment.looked.api.looking import read_readings
from shuniu.assessment.looked.api.watching import officers, watch_readings

__all__ = [
    "answer_question",
    "ask",
    "close_flag",
    "confirm_covert",
    "explain_flag",
    "flag_figures",
    "flag_readings",
    "grounds",
    "list_coverts",
    "list_flags",
    "list_questions",
    "officers",
    "propose_covert",
    "question_figures",
    "read_readings",
    "to_flag",
    "watch_readings",
]
