"""The procedures of official documents (党政机关公文处理工作条例, 2012, chapters 5 and 6; 政府督查工作条例, 2021).

发文: 起草 is the opening, then 审核 and, where others are concerned, 会签, then 签发, which gives the number; 复核 follows.
收文: 签收 and 登记 are the opening. A no to a document going out ends its review: its author
mends it and hands in the new version, and the opinions of both rounds stay in its boxes.
"""

from __future__ import annotations

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

REVIEW, SIGN = "cases.review_document", "cases.sign_document"

OUTGOING = Procedure(
    key="documents.outgoing",
    version=1,
    title="发文",
    stages=(
        Stage(key="review", title="审核", lane=REVIEW, term="documents.review.days"),
        Stage(
            key="countersign", title="会签", lane=REVIEW, needs=("review",), optional=True, term="documents.review.days"
        ),
        Stage(key="sign", title="签发", lane=SIGN, needs=("review", "countersign"), term="documents.review.days"),
    ),
)
INCOMING = Procedure(
    key="documents.incoming",
    version=1,
    title="收文",
    own_approval=True,  # who signs for what came is not who asks for something
    stages=(
        Stage(key="propose", title="拟办", lane=REVIEW),
        Stage(key="instruct", title="批示", lane=SIGN, needs=("propose",)),
        Stage(key="handle", title="承办", lane=REVIEW, needs=("instruct",), on_no="return:instruct"),
        Stage(key="file", title="办结归档", lane=REVIEW, needs=("handle",), on_no="return:handle"),
    ),
)
INFORMATION = Procedure(
    key="documents.information",
    version=1,
    title="信息报送",
    stages=(
        Stage(key="check", title="审核", lane=REVIEW),
        Stage(key="adopt", title="采用", lane=SIGN, needs=("check",)),
    ),
)
SUPERVISION = Procedure(
    key="documents.supervision",
    version=2,
    title="督查",
    stages=(
        Stage(key="approve", title="立项", lane=SIGN),
        Stage(key="tasks", title="各单位承办", needs=("approve",), children="each"),
        Stage(key="close", title="办结评价", lane=SIGN, needs=("tasks",)),
    ),
)
TASK = Procedure(
    key="documents.supervision_task",
    version=1,
    title="督查承办",
    own_approval=True,
    stages=(
        Stage(key="handle", title="承办反馈", lane=REVIEW),
        Stage(key="check", title="审核反馈", lane=REVIEW, needs=("handle",), on_no="return:handle"),
    ),
)
PROCEDURES = tuple(procedures.register(one) for one in (OUTGOING, INCOMING, INFORMATION, SUPERVISION, TASK))
