"""What officers do with letters: sign for them, answer, review; and the centre: split, decide returns, decline, publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.utils import timezone

from shuniu.cases import letter_telling as telling
from shuniu.cases.api import letters
from shuniu.cases.api.marked import refuse_marked
from shuniu.cases.declare.letters import (
    LetterBox,
    LetterLine,
    LetterState,
    LetterView,
    PartState,
    Writer,
)
from shuniu.cases.models import Letter, LetterPart
from shuniu.cases.rules import letters as rules
from shuniu.cases.store import letters as store
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

SIGN, HANDLE, REVIEW = "sign", "handle", "review"
"""The stages of a part's procedure."""
_WORDS = "详见来信办理记录"
"""The reason that procedures keep: the words themselves stand with the letter, where the accused never comes."""
_HIDDEN_NAME = "［姓名已隐去］"
PAGE = 50


@verb("cases.list_letters", "来信列表", reads=True)
def list_letters(
    *, actor: Actor, box: LetterBox, state: str = "", words: str = "", before: str = "", most: int = PAGE
) -> tuple[LetterLine, ...]:
    """The letters that this officer may know of, newest first, `most` of them behind the letter numbered `before`.

    `state` is a LetterState, `overdue` or `returning`; `words` of the text, or a number.
    """
    require()
    rows = visible = store.visible(actor, box)
    if last := visible.filter(number=before).values_list("pk", flat=True).first() if before else None:
        rows = rows.filter(pk__lt=last)
    if words:
        rows = rows.filter(Q(title__contains=words) | Q(text__contains=words) | Q(number=words))
    rows = store.narrowed(rows, state).order_by("-pk")
    found = [store.line(*one) for one in store.with_parts(rows[:most])]
    record(f"letters:{box.key}", detail={"rows": len(found)})
    return tuple(found)


@verb("cases.read_letter", "查看来信", reads=True)
def read_letter(*, actor: Actor, box: LetterBox, number: str) -> LetterView:
    """A letter, with those like it that this officer may know of. Raises Refused letters.unknown."""
    require()
    row = store.one(actor, box, number)
    text, others = f"{row.title} {row.text}", store.visible(actor, box).exclude(pk=row.pk)
    similar = store.similar(others, row.region, text, letters.similar_within())
    record(f"letter:{number}")
    return letters.view(row, tuple(similar))


@verb("cases.read_writer", "查看来信人", reads=True)
def read_writer(*, actor: Actor, box: LetterBox, number: str) -> Writer:
    """Who wrote a letter that is no report. Raises Refused letters.unknown, letters.sealed."""
    require()
    row = store.one(actor, box, number)
    if row.sealed:
        raise Refused("letters.sealed", "举报人的身份已密封。", "确需核实的，由持有“启封举报人”权限的人员查看。")
    record(f"letter:{number}", detail={"writer": True})
    return store.unseal(row)


@verb("cases.read_reporter", "启封举报人", reads=True)
def read_reporter(*, actor: Actor, box: LetterBox, number: str, reason: str) -> Writer:
    """Who wrote a letter, reports too; each reading is journalled. Raises Refused letters.unknown, letters.reason."""
    require()
    row = store.one(actor, box, number)
    if not reason.strip():
        raise Refused("letters.reason", "没有写明查看举报人的理由。", "请写明为何需要；查看会留痕。")
    record(f"letter:{number}", detail={"reporter": True})
    return store.unseal(row)


def _part(actor: Actor, part: int) -> LetterPart:
    """A running part of the actor's agency under the lock of its letter. Raises Refused letters.unknown, letters.not_open."""
    found = LetterPart.objects.select_related("letter").filter(pk=part).first()
    if found is None:
        raise store.unknown(str(part))
    row = store.one(actor, letters.BOXES[found.letter.box], found.letter.number, lock=True)
    found.refresh_from_db()
    require(agency=found.agency)
    if not PartState(found.state).running:
        raise Refused("letters.not_open", "本件已经办结或者改派。", "请刷新后查看办理过程。")
    found.letter = row
    return found


def _answer(actor: Actor, part: LetterPart, stage: str, answer: Move, state: PartState) -> CaseView:
    case = procedures.answer(actor=actor, case=part.matter, answer=answer, reason=_WORDS, stage=stage)
    part.state = state
    part.save()
    record(f"letter:{part.letter.number}", detail={"part": part.pk, "state": state})
    return case


@verb("cases.sign_letter", "签收来信")
def sign_letter(*, actor: Actor, part: int) -> LetterView:
    """Sign for a part. Raises Refused letters.*, procedures.*."""
    row = _part(actor, part)
    telling.tell_taken(row.letter, row)
    _answer(actor, row, SIGN, Move.AGREE, PartState.SIGNED)
    return letters.view(row.letter)


@verb("cases.return_letter", "申请退单")
def return_letter(*, actor: Actor, part: int, reason: str) -> LetterView:
    """Ask the centre to take a part back as another's duty, within the days of the rule; its clock runs on.

    Raises Refused letters.return_reason, designated, not_open, return_late.
    """
    row = _part(actor, part)
    (seen,) = [one for one in letters.view(row.letter).parts if one.id == part]
    rules.check_returnable(seen, letters.last_day_to_return(row.sent_at), timezone.localdate(), reason)
    row.return_reason = reason.strip()
    row.save(update_fields=["return_reason"])
    telling.tell_return(letters.BOXES[row.letter.box], row.letter, row.agency)
    record(f"letter:{row.letter.number}", detail={"part": part, "return": True})
    return letters.view(row.letter)


def answer_letter(*, actor: Actor, part: int, answer: str) -> LetterView:
    """Put the answer of a part before its reviewer. Raises Refused letters.*, procedures.*, classified.*."""
    refuse_marked(actor, answer, letters.WHERE)
    return _answer_letter(actor=actor, part=part, answer=answer)


@verb("cases.answer_letter", "答复来信")
def _answer_letter(*, actor: Actor, part: int, answer: str) -> LetterView:
    """One transaction of `answer_letter`."""
    row = _part(actor, part)
    if not answer.strip():
        raise Refused("letters.answer", "没有写答复。", "请写明办理结果；不能解决的写明理由和计划。")
    if row.return_reason:
        raise Refused("letters.returning", "本件已申请退单，等待受理中心决定。", "请等决定后再答复。")
    row.answer, row.answered_by = answer.strip(), actor.person
    _answer(actor, row, HANDLE, Move.AGREE, PartState.REVIEW)
    return letters.view(row.letter)


@verb("cases.review_letter", "审核来信答复")
def review_letter(*, actor: Actor, part: int, good: bool) -> LetterView:
    """Let an answer go out, or back to who wrote it. With the last part the letter is answered.

    Raises Refused letters.own_answer, letters.*, procedures.*.
    """
    row = _part(actor, part)
    if row.answered_by == actor.person:
        raise Refused("letters.own_answer", "本人写的答复不能由本人审核。", "请由本单位另一位审核人审核。")
    if not good:
        row.answer = ""
        _answer(actor, row, REVIEW, Move.DISAGREE, PartState.SIGNED)
        return letters.view(row.letter)
    row.answered_at = timezone.now()
    _answer(actor, row, REVIEW, Move.AGREE, PartState.DONE)
    if procedures.case_view(row.letter.matter or 0).outcome:
        row.letter.state = LetterState.ANSWERED
        row.letter.save(update_fields=["state"])
        telling.tell_writer(row.letter, telling.ANSWERED)
    return letters.view(row.letter)


def _led(actor: Actor, box: LetterBox, number: str) -> Letter:
    """A running letter that the actor's agency leads: the centre, and what accuses the centre, the one above it."""
    row = store.one(actor, box, number, lock=True)
    require(agency=telling.leader(box, row))
    if row.state != LetterState.HANDLING:
        raise Refused("letters.not_open", f"来信 {number} 已经办结。", "请刷新后查看办理结果。")
    return row


def _redistribute(
    actor: Actor, box: LetterBox, row: Letter, asked: Mapping[str, str], leaving: Sequence[LetterPart]
) -> None:
    """Open parts for these agencies, then take the leaving ones back: the whole never ends in between."""
    rules.check_split(list(asked), barred := store.accused(row), store.with_below(barred))
    if unknown := set(asked) - {one.key for one in directory.agencies()}:
        raise Refused("letters.parts", f"没有单位 {'、'.join(sorted(unknown))}。", "请从单位列表中选择。")
    for one in leaving:
        one.state = PartState.MOVED
        one.save(update_fields=["state"])
    if asked:
        wanted = [(box.part_procedure, letters.opening(row, agency)) for agency in asked]
        case = procedures.split(actor=actor, case=row.matter or 0, parts=wanted, reason=_WORDS)
        opened = [one.case for one in case.state.parts][-len(asked) :]
        letters.add_parts(box, row, asked, opened, designated=True)
    procedures.end_cases(actor=actor, cases=[one.matter for one in leaving], reason=_WORDS)


@verb("cases.split_letter", "分办来信")
def split_letter(*, actor: Actor, box: LetterBox, number: str, parts: Mapping[str, str]) -> LetterView:
    """直接指定: from now on these agencies handle a letter, each its part (`parts`: agency to what it is asked).

    Who is named keeps a part that it has; other agencies' unanswered parts are taken back. Named ones cannot return it.
    Raises Refused letters.unknown, not_open, parts, accused; right.agency.
    """
    row = _led(actor, box, number)
    rules.check_split(list(parts), barred := store.accused(row), store.with_below(barred))
    own = list(row.parts.filter(round=row.round).exclude(state=PartState.MOVED))
    kept = {one.agency for one in own if one.agency in parts}
    leaving = [one for one in own if one.agency not in parts and one.state in (PartState.SENT, PartState.SIGNED)]
    if fresh := {agency: task for agency, task in parts.items() if agency not in kept}:
        _redistribute(actor, box, row, fresh, leaving)
    row.parts.filter(agency__in=kept, round=row.round).update(designated=True, return_reason="")
    record(f"letter:{number}", detail={"parts": [*sorted(parts)]})
    return letters.view(row)


@verb("cases.decide_return", "审定退单")
def decide_return(*, actor: Actor, box: LetterBox, number: str, part: int, to: str = "") -> LetterView:
    """Decide an asked return: 改派 to another agency, or (`to` empty) 驳回, after which it cannot be returned again.

    Raises Refused letters.unknown, not_open, parts, accused; right.agency.
    """
    row = _led(actor, box, number)
    asked = row.parts.filter(pk=part).exclude(return_reason="").exclude(state=PartState.MOVED).first()
    if asked is None or row.parts.filter(agency=to, round=row.round).exclude(state=PartState.MOVED).exists():
        raise Refused("letters.parts", "本件没有待审定的退单，或者该单位已在办理。", "请刷新后重新选择办理单位。")
    if to:
        _redistribute(actor, box, row, {to: asked.task}, [asked])
    else:
        asked.designated, asked.return_reason = True, ""
        asked.save(update_fields=["designated", "return_reason"])
        telling.tell_agency(row, asked.agency, telling.KEPT)
    record(f"letter:{number}", detail={"part": part, "to": to})
    return letters.view(row)


@verb("cases.decline_letter", "不予受理来信")
def decline_letter(*, actor: Actor, box: LetterBox, number: str, ground: str, note: str = "") -> LetterView:
    """Not accept a letter on a declared ground; its writer is told the ground and the right channel.

    Raises Refused letters.unknown, not_open, ground; right.agency.
    """
    row = _led(actor, box, number)
    found = next((one for one in box.unaccepted if one.key == ground), None)
    if found is None or row.round > 1:
        raise Refused("letters.ground", "没有选择不予受理的情形，或者来信已经受理。", "请从规定的情形中选择。")
    running = [one for one in row.parts.all() if PartState(one.state).running]
    for one in running:
        one.state = PartState.MOVED
        one.save(update_fields=["state"])
    procedures.end_cases(actor=actor, cases=[one.matter for one in running], reason=_WORDS)
    row.state = LetterState.DECLINED
    row.declined = "；".join(one for one in (f"{found.title}。{found.channel}", note.strip()) if one)
    row.save(update_fields=["state", "declined"])
    telling.tell_writer(row, telling.DECLINED, why=row.declined)
    record(f"letter:{number}", detail={"ground": ground})
    return letters.view(row)


def masked(it: LetterView) -> str:
    """The text as it could be made public, for an officer who has read the letter. Raises Refused letters.private."""
    return rules.publishable(it.text, consent=it.consent, sealed=it.sealed, minor=it.minor)


@verb("cases.publish_letter", "公开来信")
def publish_letter(*, actor: Actor, box: LetterBox, number: str, title: str, text: str) -> LetterView:
    """Make a letter's text public as the officer confirms it: masked once more, and without its writer's name.

    Raises Refused letters.unknown, letters.private, letters.text; right.agency.
    """
    row = store.one(actor, box, number, lock=True)
    require(agency=box.centre)
    flags = {"consent": row.consent, "sealed": row.sealed, "minor": row.minor}
    name = store.unseal(row).name.strip()
    title, text = (
        rules.publishable(one.replace(name, _HIDDEN_NAME) if name else one, **flags).strip() for one in (title, text)
    )
    if not (title and text):
        raise Refused("letters.text", "没有要公开的标题或正文。", "请填写遮盖后的标题和正文。")
    row.published, row.published_title = text, title
    row.save(update_fields=["published", "published_title"])
    record(f"letter:{number}", detail={"published": True})
    return letters.view(row)
