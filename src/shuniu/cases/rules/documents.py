"""What a document must be before it goes on (党政机关公文处理工作条例, 2012), and how two versions differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shuniu.cases.declare.document import Compared, DocumentNumber, Draft, IncomingState, Opinion, Sent
from shuniu.procedures.declare import CaseView, Event, Move
from shuniu.trust.declare import Refused

REQUEST, REPORT = "请示", "报告"
_ASKS = re.compile(
    r"(妥否|当否|可否|是否妥当|以上请示)[^。]{0,8}请[^。]{0,6}(批示|批复|审批|指示)|请予(批复|批准|审批)|特此请示"
)
"""The words with which a request closes; a report must not carry them (art. 15)."""
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”』）]?")


def check(
    draft: Draft, *, kinds: Sequence[str], upward: Sequence[str], open_kinds: Sequence[str], below: frozenset[str]
) -> None:
    """Refuse a draft that may not be submitted for review, naming the rule and how to mend it.

    `kinds`, `upward` (上行文) and `open_kinds` (no recipient is named) are the day's rules; `below` are agencies under
    the issuer. Raises Refused: documents.kind, title, to, one_recipient, copy_below, carries_request, one_matter.
    """
    if not draft.code:
        raise Refused("documents.code", "没有写机关代字。", "请填写本单位的机关代字，如“湘市监发”。")
    if draft.kind not in kinds:
        raise Refused("documents.kind", f"“{draft.kind}”不是公文的文种。", f"请从{'、'.join(kinds)}中选择。")
    if not draft.title.endswith(tuple(draft.kind.rstrip("）").split("（"))):  # 命令（令）: either
        raise Refused(
            "documents.title",
            "标题应当由发文机关名称、事由和文种组成。",
            f"请以“……关于……的{draft.kind}”为题。",
        )
    if not draft.to and draft.kind not in open_kinds:
        raise Refused("documents.to", f"“{draft.kind}”没有写主送机关。", "请选择主送机关。")
    asks = sum(len(_ASKS.findall(paragraph)) for paragraph in draft.body)
    if draft.kind in upward:
        _check_upward(draft, asks, below)


def _check_upward(draft: Draft, asks: int, below: frozenset[str]) -> None:
    if len(draft.to) != 1:
        raise Refused(
            "documents.one_recipient",
            f"{draft.kind}原则上只主送一个上级机关。",
            "请只保留一个主送机关，其他上级机关用抄送。",
        )
    if named := sorted(below & {*draft.to, *draft.copies}):
        raise Refused(
            "documents.copy_below",
            f"{draft.kind}不得主送、抄送下级机关（{'、'.join(named)}）。",
            "请删去下级机关；需要下级知道的，待答复后另行发文。",
        )
    if draft.kind == REPORT and asks:
        raise Refused("documents.carries_request", "报告不得夹带请示事项。", "请删去请求批示的文字，另外起草一份请示。")
    if draft.kind == REQUEST and asks > 1:
        raise Refused(
            "documents.one_matter", "请示应当一文一事，正文中有多处请求批示。", "请把不同的事项分成几份请示。"
        )


def check_signed(kind: str, upward: Sequence[str], signers: Sequence[str]) -> None:
    """Refuse an upward document without 签发人 (art. 9). Raises Refused (documents.signer)."""
    if kind in upward and not signers:
        raise Refused("documents.signer", f"{kind}是上行文，应当标注签发人。", "请由本机关负责人签发后再编号。")


def check_plain(draft: Draft, today: date) -> None:
    """Refuse 信息 without whom it is for, 督查 without tasks, with two for one agency or with a day that is over.

    Raises Refused: documents.to, documents.tasks, documents.task_due.
    """
    if draft.sort == "information" and not draft.to:
        raise Refused("documents.to", "信息没有写报送单位。", "请选择报送给哪个单位。")
    if draft.sort != "supervision":
        return
    asked = [one.agency for one in draft.tasks]
    if not asked or len(set(asked)) < len(asked):
        raise Refused("documents.tasks", "没有承办单位，或者同一单位写了两项。", "请给每个承办单位写一项任务。")
    if late := [one for one in draft.tasks if one.due < today]:
        raise Refused("documents.task_due", f"反馈期限 {late[0].due} 已经过去。", "请写今天或以后的日期。")


def opinions(
    titles: Mapping[str, str], events: Iterable[Event], agencies: Mapping[int, str] | None = None
) -> tuple[Opinion, ...]:
    """The opinion boxes: who answered what at which stage, in order, with what words; `agencies` by seat."""
    seats = agencies or {}
    return tuple(
        Opinion(
            one.stage,
            titles.get(one.stage, one.stage),
            one.person_name,
            one.move.value,
            one.reason,
            one.at,
            seats.get(one.seat, ""),
        )
        for one in events
        if one.move in (Move.AGREE, Move.DISAGREE, Move.RETURN)
    )


def incoming_state(sent: Sent, matter: CaseView | None) -> IncomingState:
    """How far the receiving agency is with a document."""
    if sent.received_at is None:
        return IncomingState.SENT
    if sent.returned:
        return IncomingState.RETURNED
    return IncomingState.DONE if matter and matter.outcome else IncomingState.HANDLING


def sentences(draft: Draft) -> tuple[str, ...]:
    """All that a draft says, sentence by sentence, its title first."""
    found = [draft.title]
    tasks = [f"{one.agency} {one.due}：{one.what}" for one in draft.tasks]
    for text in (*draft.body, *tasks, *draft.attachments, draft.note):
        found += [one.strip() for one in _SENTENCE.findall(text) if one.strip()]
    found += [f"附件文件 {one.name}（摘要 {one.digest[:12]}）" for one in draft.files]
    return tuple(found)


def compare(old: Draft, new: Draft) -> tuple[Compared, ...]:
    """Two versions side by side: read down one side, it is that version, whole."""
    ours, theirs = sentences(old), sentences(new)
    rows: list[Compared] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Compared("same", one, one) for one in ours[a:b]]
            continue
        both = min(b - a, d - c)
        rows += [Compared("changed", ours[a + at], theirs[c + at]) for at in range(both)]
        rows += [Compared("removed", one, "") for one in ours[a + both : b]]
        rows += [Compared("added", "", one) for one in theirs[c + both : d]]
    return tuple(rows)


def next_number(code: str, year: int, last: int) -> DocumentNumber:
    """The number after the last one that was given. Raises Refused (documents.number_full) past five digits."""
    if last >= 99999:
        raise Refused("documents.number_full", f"{code}〔{year}〕的序号已经用完。", "请改用其他机关代字。")
    return DocumentNumber(code, year, last + 1)
