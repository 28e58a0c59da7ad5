"""What subjects, agencies and officers are told of questions and flags."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.assessment.looked.declare import Kind
from shuniu.assessment.looked.models import ReadingFlag, ReadingQuestion
from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Letter, Recipient, Template, Words
from shuniu.trust.api import of_machine

_CHANNELS = (INBOX.key, EMAIL.key, SMS.key)
_ASKED = notices.register(
    Template(
        "assessment.reading_asked",
        Words("有人询问为什么被查阅", "Somebody asks why you read their data"),
        Words("第 {number} 号查阅询问待本单位答复，期限 {due}。请写明事由和法律依据。",
              "Question no. {number} about a reading waits for your agency's answer, due {due}. State reason and law."),
        ("number", "due"),
        _CHANNELS,
    )
)  # fmt: skip
_ANSWERED = notices.register(
    Template(
        "assessment.reading_answered",
        Words("“为什么查我”有了答复", "Your question about a reading is answered"),
        Words("{agency}答复了您的第 {number} 号查阅询问。请到“我的询问”查看。",
              "{agency} answered your question no. {number} about a reading. See “My questions”."),
        ("number", "agency"),
        _CHANNELS,
    )
)  # fmt: skip
_TAKEN = notices.register(
    Template(
        "assessment.reading_taken",
        Words("您的询问已转交", "Your question was passed on"),
        Words("您的第 {number} 号查阅询问已转交{agency}，答复期限 {due}。",
              "Your question no. {number} was passed on to {agency}, which answers by {due}."),
        ("number", "agency", "due"),
    )
)  # fmt: skip
_FLAGGED = notices.register(
    Template(
        "assessment.reading_flagged",
        Words("请说明一次查阅情况", "Please explain some readings"),
        Words("{day} 的查阅：{kind}（{said}）。请于 {due} 前说明；这是询问，不是扣分或处分。",
              "Readings of {day}: {kind} ({said}). Please explain by {due}; this is a question, no score and no penalty."),
        ("day", "kind", "said", "due"),
        _CHANNELS,
    )
)  # fmt: skip


def asked(row: ReadingQuestion) -> None:
    """Tell the agency that it is asked, and the subject that its question was passed on."""
    object, due = f"question:{row.pk}", row.due.isoformat() if row.due else ""
    number, agency = str(row.pk), directory.keeper(row.agency)
    notices.tell(template=_ASKED.key, to=Recipient(agency=agency), object=object, owner=agency,
                 values={"number": number, "due": due})  # fmt: skip
    notices.tell(template=_TAKEN.key, to=Recipient(person=row.asked_by), object=object,
                 values={"number": number, "agency": row.agency_name, "due": due})  # fmt: skip


def answered(row: ReadingQuestion) -> None:
    """Tell the subject that there is an answer; what it says stands on the page."""
    values = {"number": str(row.pk), "agency": row.agency_name}
    notices.tell(
        template=_ANSWERED.key, to=Recipient(person=row.asked_by), object=f"question:{row.pk}", values=values,
        owner=row.agency,
    )  # fmt: skip


def flagged(rows: Sequence[ReadingFlag]) -> None:
    """Ask the officers to explain; about its machine, the agency."""
    letters = [
        Letter(
            Recipient(agency=row.agency) if of_machine(row.person) else Recipient(person=row.person), f"flag:{row.pk}",
            {
                "day": row.day.isoformat(), "kind": Kind(row.kind).title, "due": row.due.isoformat(),
                "said": f"{row.person_name}：{row.said}" if of_machine(row.person) else row.said,
            },
        )
        for row in rows
    ]  # fmt: skip
    if letters:
        notices.tell_many(template=_FLAGGED.key, letters=letters)
