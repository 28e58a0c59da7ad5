"""What writers and agencies are told of letters. Called inside verbs.

Who wrote a report (举报) is told nothing: a notice would stand under the account or the telephone beside the report's
number. Nobody accused is told anything, and no notice to an agency says what a letter is about: all its officers read it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from shuniu.cases.declare.letters import LetterBox
from shuniu.cases.models import Letter, LetterPart
from shuniu.cases.rules import letters as rules
from shuniu.cases.store import letters as store
from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Recipient, Template, Words

_FOLLOW = "登录后写的，在“我的来信”查看；没有登录写的，凭编号和查询码在“民声通道”查询。"
_FOLLOW_EN = "Follow it under My letters, or, if you had not signed in, with its number and code."
RECEIVED, TAKEN, ANSWERED, REOPENED, DECLINED, LATE = (
    notices.register(
        Template(f"cases.letter_{key}", title, text, ("number", *more), (INBOX.key, EMAIL.key, SMS.key))
    ).key
    for key, title, text, more in (
        (
            "received",
            Words("来信已收到", "Your letter was received"),
            Words(f"您的来信 {{number}} 已收到。{_FOLLOW}", f"Your letter {{number}} was received. {_FOLLOW_EN}"),
            (),
        ),
        (
            "taken",
            Words("来信已由单位签收", "Your letter is being handled"),
            Words(f"您的来信 {{number}} 已由{{agency}}签收办理，最迟 {{due}} 前答复。{_FOLLOW}",
                  f"Your letter {{number}} is handled by {{agency}}; an answer is due by {{due}}. {_FOLLOW_EN}"),
            ("agency", "due"),
        ),
        (
            "answered",
            Words("来信已答复", "Your letter was answered"),
            Words(f"您的来信 {{number}} 已答复，请查看并评价；不满意的可以重新办理一次。{_FOLLOW}",
                  f"Your letter {{number}} was answered. Please read and rate the answer. {_FOLLOW_EN}"),
            (),
        ),
        (
            "reopened",
            Words("来信重新办理", "Your letter was reopened"),
            Words(f"您对来信 {{number}} 的答复不满意，已重新办理。{_FOLLOW}",
                  f"Your letter {{number}} was reopened. {_FOLLOW_EN}"),
            (),
        ),
        (
            "declined",
            Words("来信不予受理", "Your letter was not accepted"),
            Words("您的来信 {number} 不予受理：{why}", "Your letter {number} was not accepted: {why}"),
            ("why",),
        ),
        (
            "late",
            Words("来信超期未答复", "The answer to your letter is late"),
            Words("您的来信 {number} 应于 {due} 前由{agency}答复，现已超期，平台已催办。",
                  "The answer of {agency} to your letter {number} was due by {due}. It has been reminded."),
            ("agency", "due"),
        ),
    )
)  # fmt: skip
TO_WRITERS = frozenset((RECEIVED, TAKEN, ANSWERED, REOPENED, DECLINED, LATE))
"""The templates by which writers are told: what they speak of is a letter of one's own."""
ASSIGNED, RETURNED, KEPT, OVERDUE, UNFIT = (
    notices.register(Template(f"cases.letter_{key}", title, text, ("number", *more))).key
    for key, title, text, more in (
        (
            "assigned",
            Words("来信待签收", "A letter to sign for"),
            Words("来信 {number} 交由本单位办理，请于 {by} 前签收。", "Letter {number} was assigned to you; sign for it by {by}."),
            ("by",),
        ),
        (
            "returned",
            Words("来信退单待审定", "A return to decide"),
            Words("{unit}申请退回来信 {number}，请审定。", "{unit} asks to return letter {number}; please decide."),
            ("unit",),
        ),
        (
            "kept",
            Words("退单未同意", "Your return was turned down"),
            Words("来信 {number} 的退单申请未获同意，请继续办理。", "The return of letter {number} was turned down; please go on."),
            (),
        ),
        (
            "overdue",
            Words("来信超期", "A letter is overdue"),
            Words("来信 {number} 应于 {due} 前答复，现已超期，请即办理。", "Letter {number} was due by {due}; please answer now."),
            ("due",),
        ),
        (
            "unfit",
            Words("来信须另行指定办理单位", "A letter to be given to another agency"),
            Words("来信 {number} 的办理单位因机构合并须回避，请另行指定办理单位。",
                  "After a merger of agencies, letter {number} must be handled by another one; please name it."),
            (),
        ),
    )
)  # fmt: skip


def tell_writer(row: Letter, template: str, *, once: str = "", **values: str) -> None:
    """Tell who wrote: the account's inbox and contacts, and the telephone or mailbox left with the letter.

    Who left neither, and who wrote a report, is told nothing.
    """
    if row.sealed:
        return
    writer = store.unseal(row)
    addresses = rules.reachable(writer.contact)
    if not writer.account and not addresses:
        return
    notices.tell(
        template=template, to=Recipient(person=writer.account or row.object, addresses=addresses),
        object=f"letter:{row.number}", values={"number": row.number, **values}, once=once,
    )  # fmt: skip


def tell_agency(row: Letter, agency: str, template: str, *, once: str = "", **values: str) -> None:
    """Tell the officers of an agency, unless it is accused or below the accused."""
    if row.sealed and agency in store.with_below(store.accused(row)):
        return
    notices.tell(
        template=template, to=Recipient(agency=agency), object=f"letter:{row.number}",
        values={"number": row.number, **values}, once=once, owner=agency,
    )  # fmt: skip


def tell_assigned(row: Letter, parts: Iterable[LetterPart]) -> None:
    """Tell each agency that a part has come to it, and by when it is to be signed for."""
    for one in parts:
        tell_agency(row, one.agency, ASSIGNED, by=f"{timezone.localtime(one.sign_by):%Y-%m-%d %H:%M}")


def tell_taken(row: Letter, part: LetterPart) -> None:
    """Tell who wrote which agency has signed for the letter, and by when it answers."""
    clock = store.clocks([part.matter]).get(part.matter)
    due = clock.due.isoformat() if clock and clock.due else "规定期限"
    tell_writer(row, TAKEN, agency=directory.agency_name(part.agency), due=due)


def tell_return(box: LetterBox, row: Letter, agency: str) -> None:
    """Tell who leads the letter that an agency asks to give it back."""
    tell_agency(row, leader(box, row), RETURNED, unit=directory.agency_name(agency))


def leader(box: LetterBox, row: Letter) -> str:
    """Who leads a letter: the centre, and what accuses the centre, the one above it."""
    return box.above if box.centre in store.with_below(store.accused(row)) else box.centre
