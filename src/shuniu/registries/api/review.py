"""The reviewer's desk for doubtful matches: see a pair masked, decide it with a reason, take the decision back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q
from django.utils import timezone

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.registries import portraits
from shuniu.registries.api.matching import ask_again, join, part, settle
from shuniu.registries.declare import Answer, DoubtView, Portrait
from shuniu.registries.models import Doubt
from shuniu.registries.store import subjects
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused


@verb("registries.list_doubts", "查看待复核主体", reads=True)
def doubts(*, actor: Actor, state: str = "open", limit: int = 50, after: int = 0) -> list[DoubtView]:
    """Doubtful pairs in a state (open · same · different · unclear · settled), the oldest first, personal data masked."""
    require()
    found = list(Doubt.objects.filter(state=state, pk__gt=after).order_by("pk")[:limit])
    seen = {one for doubt in found for one in (doubt.subject_id, doubt.candidate_id)}
    record("doubts", subjects=sorted(seen), detail={"state": state, "rows": len(found)})
    return [_view(doubt) for doubt in found]


@verb("registries.read_doubt", "查看待复核主体详情", reads=True)
def doubt(*, actor: Actor, number: int) -> DoubtView:
    """One doubtful pair. Raises Refused (match.no_doubt)."""
    require()
    found = _doubt(number)
    seen = _view(found)
    shown: dict[str, Json] = {"items": ["名称", *_titles(seen)]}
    record(f"doubt:{number}", subjects=(found.subject_id, found.candidate_id), detail=shown)
    return seen


def _titles(seen: DoubtView) -> list[Json]:
    """What of either side the reviewer saw beside its names."""
    sides = (seen.subject, seen.candidate)
    return list(dict.fromkeys(title for side in sides for title, _value in (*side.identifiers, *side.details)))


@verb("registries.review_match", "复核主体归并")
def review_match(*, actor: Actor, doubt: int, answer: Answer, reason: str) -> DoubtView:
    """Decide a doubtful pair: the same (they are merged), different (kept apart for good) or unclear (kept apart for now).

    Raises Refused: match.no_doubt, match.decided, match.reason, and what `procedures.answer` refuses.
    """
    require()
    if answer is Answer.SAME:
        subjects.lock()  # before the doubt, as matching does: two who wait for each other would both be refused
    found, case = _open_doubt(doubt)
    if not reason.strip():
        raise Refused("match.reason", "复核结论须写明理由。", "请填写理由后再提交。")
    said = Move.AGREE if answer is Answer.SAME else Move.DISAGREE
    procedures.answer(actor=actor, case=case, answer=said, reason=reason)
    detail: dict[str, Json] = {"answer": answer.value}
    if answer is Answer.SAME:
        found.merge = join(actor, found.subject_id, found.candidate_id, reason, rung="review")
        detail["merge"] = found.merge.pk
    found.state, found.reason = answer.value, reason.strip()
    found.by, found.decided_at = actor.person, timezone.now()
    found.save()
    if found.merge_id is not None:
        detail["settled"] = settle(actor)
    record(f"doubt:{doubt}", subjects=(found.subject_id, found.candidate_id), detail=detail)
    return _view(found)


@verb("registries.undo_review", "撤销复核结论")
def undo_review(*, actor: Actor, doubt: int, reason: str) -> DoubtView:
    """Take a decision back: a merge is undone, and the pair is asked about again, in a new case.

    Why is kept in the new case's log. Raises Refused: match.no_doubt, match.undecided, match.reason.
    """
    require()
    subjects.lock()
    found = _doubt(doubt)
    if found.state not in {answer.value for answer in Answer}:
        raise Refused("match.undecided", f"第 {doubt} 号疑似主体还没有结论。", "无需撤销。")
    if not reason.strip():
        raise Refused("match.reason", "撤销结论须写明理由。", "请填写理由后再提交。")
    if found.merge_id is not None:
        part(actor, found.merge_id, reason)
    record(f"doubt:{doubt}", subjects=(found.subject_id, found.candidate_id), detail={"undone": found.state})
    ask_again(actor, found, reason.strip())
    return _view(found)


@verb("registries.take_review", "领办主体复核")
def take_review(*, actor: Actor, doubt: int) -> DoubtView:
    """Take a doubtful pair: this reviewer alone decides it from now on, and may read the rows of both sides, masked.

    Raises Refused: match.no_doubt, match.decided, and what `procedures.take` refuses.
    """
    require()
    found, case = _open_doubt(doubt)
    procedures.take(actor=actor, case=case)
    record(f"doubt:{doubt}", subjects=(found.subject_id, found.candidate_id))
    return _view(found)


@verb("registries.release_review", "退回领办的主体复核")
def release_review(*, actor: Actor, doubt: int, reason: str) -> DoubtView:
    """Give a doubtful pair that was taken back to all reviewers, with a reason; oversight may for who has it.

    Raises Refused: match.no_doubt, match.decided, and what `procedures.release` refuses.
    """
    require()
    found, case = _open_doubt(doubt)
    procedures.release(actor=actor, case=case, reason=reason)
    record(f"doubt:{doubt}", subjects=(found.subject_id, found.candidate_id))
    return _view(found)


def reviews(actor: Actor, subject: int) -> bool:
    """Whether this person has taken an open review that concerns a subject: for verbs of the engine above."""
    sides = subjects.members(subject)
    about = Doubt.objects.filter(Q(subject__in=sides) | Q(candidate__in=sides), state="open", case__isnull=False)
    return procedures.holds(actor, [case for case in about.values_list("case", flat=True) if case is not None])


def _open_doubt(number: int) -> tuple[Doubt, int]:
    found = _doubt(number)
    if found.state != "open" or found.case is None:
        raise Refused("match.decided", f"第 {number} 号疑似主体已有结论。", "要改变结论，请先撤销原结论。")
    return found, found.case


def _doubt(number: int) -> Doubt:
    found = Doubt.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise Refused("match.no_doubt", f"没有编号为 {number} 的疑似主体。", "请从复核列表重新进入。")
    return found


def _view(doubt: Doubt) -> DoubtView:
    said: Mapping[str, str | int] = doubt.parts
    subject = _portrait(doubt.subject_id)
    return DoubtView(
        id=doubt.pk,
        subject=subject,
        candidate=_portrait(doubt.candidate_id),
        rung=doubt.rung,
        score=doubt.score,
        why=portraits.reasons(doubt.rung, said, natural=subject.kind == "natural"),
        state=doubt.state,
        case=doubt.case,
        merge=doubt.merge_id,
        reason=doubt.reason,
        raised_at=doubt.raised_at,
        decided_at=doubt.decided_at,
    )


def _portrait(subject: int) -> Portrait:
    """The subject by itself, not with what it has been merged with: that is what the question is about."""
    kind, _, known, _ = subjects.display([subject])[subject]
    return portraits.portrait(subject, kind, known, subjects.identifiers([subject]), subjects.descriptions([subject]))
