"""A letter box of the test's own agencies, letters that fall into it, and the people who handle them."""

from __future__ import annotations

from dataclasses import replace

from shuniu.cases.api.letter_desk import answer_letter, review_letter, sign_letter
from shuniu.cases.api.letters import register, send_letter
from shuniu.cases.declare.letters import LetterBox, LetterIn, LetterView, Route, Sent
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.trust.declare import Actor
from tests.refusals import refused

__all__ = ["refused"]

BOX: LetterBox = register(
    PETITIONS.model_copy(
        update={
            "key": "test-box",
            "above": "43.tax",
            "routes": (
                Route(key="market", title="市场秩序", agency="43.market", words=("超市", "退货", "食品")),
                Route(key="furong", title="芙蓉区市场", agency="430102.market", words=("摊位",), regions=("430102",)),
                Route(key="tax", title="发票", agency="43.tax", words=("发票",)),
            ),
        }
    )
)
_CLERK, _HANDLER = ROLES["letter_clerk"].capabilities, ROLES["letter_handler"].capabilities
_REVIEWER, _KEEPER = ROLES["letter_reviewer"].capabilities, ROLES["report_keeper"].capabilities
CLERK = Actor("officer:1", "陈岚", "43.office", "省政务信息化办公室", ("43",), _CLERK)
MARKET = Actor("officer:2", "王敏", "43.market", "省市场监督管理局", ("43",), _HANDLER)
MARKET_CHIEF = replace(MARKET, person="officer:3", name="罗毅", capabilities=_REVIEWER)
TAX = Actor("officer:4", "李娜", "43.tax", "省税务局", ("43",), _HANDLER)
TAX_CHIEF = replace(TAX, person="officer:5", name="钟华", capabilities=_REVIEWER)
COUNTY = Actor("officer:6", "黄蕾", "430102.market", "芙蓉区市场监管局", ("430102",), _HANDLER)
KEEPER = replace(CLERK, person="officer:7", name="严谨", capabilities=_KEEPER)
CHIEFS = {"43.market": (MARKET, MARKET_CHIEF), "43.tax": (TAX, TAX_CHIEF)}

COMPLAINT = LetterIn(
    category="complaint", region="430102", title="超市不给退货", consent=True, name="田野", contact="13873100001",
    text="我叫田野，在家门口的超市买了一台电风扇，坏了不给退货，也不给开发票，电话13873100001。",
)  # fmt: skip
REPORT = LetterIn(
    category="report", region="430102", title="举报检查走过场", name="林川", contact="13973100002", accused="43.market",
    text="有人提前通知商家食品抽检的时间，检查走过场。",
)  # fmt: skip


def sent(letter: LetterIn = COMPLAINT) -> Sent:
    return send_letter(actor=directory.anonymous(), box=BOX, letter=letter)


def answered(
    part: int, handler: Actor = MARKET, chief: Actor = MARKET_CHIEF, answer: str = "已责令退货。"
) -> LetterView:
    """A part signed for, answered and let out."""
    sign_letter(actor=handler, part=part)
    answer_letter(actor=handler, part=part, answer=answer)
    return review_letter(actor=chief, part=part, good=True)
