"""What a document must be before it goes on (党政机关公文处理工作条例, 2012), and how two versions differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from shuniu.cases.declare.document import Compared, DocumentNumber, Draft, Opinion
from shuniu.procedures.declare import Event, Move
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


def opinions(titles: Mapping[str, str], events: Iterable[Event]) -> tuple[Opinion, ...]:
    """The opinion boxes: who answered what at which stage, in order, with what words."""
    return tuple(
        Opinion(one.stage, titles.get(one.stage, one.stage), one.person_name, one.move.value, one.reason, one.at)
        for one in events
        if one.move in (Move.AGREE, Move.DISAGREE, Move.RETURN)
    )


def sentences(draft: Draft) -> tuple[str, ...]:
    """All that a draft says, sentence by sentence, its title first."""
    found = [draft.title]
    for text in (*draft.body, *draft.attachments, draft.note):
        found += [one.strip() for one in _SENTENCE.findall(text) if one.strip()]
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
