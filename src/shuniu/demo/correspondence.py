"""Letters and documents of the demo: written, answered, signed and received by the verbs that their pages call."""

from __future__ import annotations

from shuniu.cases.api import letter_desk
from shuniu.cases.api import letters as api
from shuniu.cases.api.dispatches import receive_document, send_document
from shuniu.cases.api.document_codes import give_code
from shuniu.cases.api.documents import draft_document, review_document, sign_document, submit_document
from shuniu.cases.api.incoming import handle_incoming
from shuniu.cases.declare.document import Draft
from shuniu.cases.declare.letters import LetterIn, Sent
from shuniu.demo import staff
from shuniu.demo.firms import FIRST_PLACE
from shuniu.directory import api as directory
from shuniu.systems.documents.declare import INCOMING, OUTGOING
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.trust.declare import Actor


def letters() -> None:
    """One answered, published and rated, one in hand, three that wait: a plea, a report of an agency, one for the centre."""
    asked = _sent(
        "consult", "个体户怎么领电子发票", "我开了一家小店，想问纳税申报以后怎么领取电子发票，要不要去大厅。（演示）"
    )
    part = _signed("tax", asked.number)
    answer = "不用到大厅。完成税务登记后，在电子税务局申请票种核定，核定通过即可开具数电发票。（演示）"
    letter_desk.answer_letter(actor=_who("tax", "letter_handler"), part=part, answer=answer)
    letter_desk.review_letter(actor=_who("tax", "letter_reviewer"), part=part, good=True)
    hotline = _who("office", "letter_clerk")
    read = letter_desk.read_letter(actor=hotline, box=PETITIONS, number=asked.number)
    letter_desk.publish_letter(actor=hotline, box=PETITIONS, number=asked.number, title=read.line.title, text=read.text)
    api.rate_letter(
        actor=directory.anonymous(), number=asked.number, code=asked.code, satisfied=True, words="说得很明白。（演示）"
    )
    taken = _sent("complaint", "超市不给退货", "在超市买的电风扇坏了，商家不给退货，也不给说法。（演示）")
    _signed("market", taken.number)
    _sent("help", "工地拖欠工资", "工地拖欠工资两个月，找了几次都没有结果。（演示）")
    _sent(
        "report",
        "反映检查走过场",
        "有人提前通知商家检查时间，检查走过场。（演示）",
        accused=staff.agency("market"),
    )
    _sent("advice", "希望大厅延长服务时间", "建议政务大厅周六上午也开门，方便上班的人办事。（演示）")


def _sent(category: str, title: str, text: str, accused: str = "") -> Sent:
    letter = LetterIn(
        category=category, region=FIRST_PLACE, title=title, text=text, name="演示市民", contact="13900000001",
        accused=accused, consent=category != "report",
    )  # fmt: skip
    return api.send_letter(actor=directory.anonymous(), box=PETITIONS, letter=letter)


def _signed(department: str, number: str) -> int:
    """The part of a letter at a department, signed for."""
    handler = _who(department, "letter_handler")
    read = letter_desk.read_letter(actor=handler, box=PETITIONS, number=number)
    (part,) = [one.id for one in read.parts if one.agency == handler.agency]
    letter_desk.sign_letter(actor=handler, part=part)
    return part


def documents() -> None:
    """A request that was signed, sent and received, whose handling is proposed; a notice that waits for its signature."""
    office = staff.office()
    _codes()
    request = _reviewed(
        Draft(
            kind="请示", title="关于建立企业登记信息共享机制的请示", code="演市监", to=(office,),
            body=("为了减少企业重复提交材料，我局拟与省税务局共享企业登记信息。（演示）", "妥否，请批示。"),
        )
    )  # fmt: skip
    sign_document(actor=_who("market", "document_signer"), document=request, answer="同意", opinion="请印发。（演示）")
    (sent,) = send_document(actor=_who("market", "document_clerk"), document=request)
    clerk = _who("office", "document_clerk")
    receive_document(actor=clerk, dispatch=sent.id, digest=sent.digest, procedure=INCOMING.key)
    handle_incoming(
        actor=clerk, dispatch=sent.id, stage="propose", answer="同意", opinion="建议由数据共享处研究答复。（演示）"
    )
    _reviewed(
        Draft(
            kind="通知", title="关于做好年度报告公示工作的通知", code="演市监发", to=(staff.agency("tax"),),
            copies=(office,), body=("现就有关事项通知如下。（演示）", "一、按时公示。", "二、依法抽查。"),
        )
    )  # fmt: skip


def _codes() -> None:
    """Every agency's 机关代字: 演 for what is made up, the place below the province, the department, 发; departments' own too."""
    who, places = staff.actor(staff.office(), "office"), directory.region_names()
    for one in directory.agencies():
        place = "" if one.level == 1 else places.get(one.region, "").rstrip("市县区")
        code = f"演{place}{one.short}"
        for words in (code, f"{code}发") if one.level == 1 else (f"{code}发",):
            give_code(actor=who, agency=one.key, code=words)


def _reviewed(draft: Draft) -> int:
    """A document that one clerk wrote and another reviewed."""
    author, second = (
        directory.actor_of(one.account) for one in directory.holders(staff.agency("market"), "document_clerk")[:2]
    )
    made = draft_document(actor=author, draft=draft)
    submit_document(actor=author, document=made.id, procedure=OUTGOING.key)
    review_document(actor=second, document=made.id, stage="review", answer="同意", opinion="情况属实。（演示）")
    return made.id


def _who(department: str, role: str) -> Actor:
    return staff.actor(staff.agency(department), role)
