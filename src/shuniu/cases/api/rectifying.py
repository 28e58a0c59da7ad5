"""What officers do with ratings: put right, call back, look at texts, set a malicious one aside. The grade stays as given."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from shuniu.cases.api import rating_links
from shuniu.cases.api import rating_views as views
from shuniu.cases.api.rectification import CALL_BACK, RECTIFY, tell_done
from shuniu.cases.declare.rating import RatedStage, Rater, RatingView
from shuniu.cases.models import Rating, RatingAside, RatingText, Rectification
from shuniu.cases.rules import ratings as rules
from shuniu.cases.store import ratings as store
from shuniu.cases.store import successions
from shuniu.cases.store.cases import subjects
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.trust.api import record, require_or, verb
from shuniu.trust.declare import Actor, Refused


def _taken(actor: Actor, rating: int) -> Rating:
    """A rating of the actor's agency and reach, locked. Raises Refused: rating.unknown, right.region."""
    row = store.locked(rating)
    require_or(store.unknown(), agency=successions.keeper(row.agency), region=row.region)
    return row


def _apart(actor: Actor, row: Rating) -> None:
    """Refuse whoever worked on the rated case: the rated never learn who rated, nor judge it."""
    if any(event.person == actor.person for event in procedures.history(row.case.matter or 0)):
        raise Refused("rating.rated", "您办理过被评价的办件。", "评价人的身份不向被评价人公开，请由其他人员办理。")


def _rectification(row: Rating) -> Rectification:
    found = views.rectification(row)
    if found is None:
        raise Refused("rating.no_rectification", "这条评价没有整改事项。", "只有不满意和非常不满意的评价须整改。")
    return found


def _seen(actor: Actor, row: Rating) -> RatingView:
    return views.seen([Rating.objects.select_related("case").get(pk=row.pk)], actor)[0]


@verb("cases.rectify", "整改差评")
def rectify(*, actor: Actor, rating: int, measures: str) -> RatingView:
    """Say what was put right. Raises Refused: rating.unknown, rating.reason, rating.no_rectification, procedures.*, right.*."""
    row = _taken(actor, rating)
    led_to, said = _rectification(row), rules.reason_given(measures, "整改措施")
    procedures.answer(actor=actor, case=led_to.matter, answer=Move.AGREE, reason="", stage=RECTIFY)
    led_to.measures = said
    led_to.save(update_fields=["measures"])
    record(f"rating:{rating}")
    return _seen(actor, row)


@verb("cases.read_rater", "查看须回访的评价人", reads=True)
def read_rater(*, actor: Actor, rating: int) -> Rater:
    """Whom to call back while the call-back is due: for who holds it and had no part in the case.

    Raises Refused: rating.unknown, rating.rated, rating.not_now, right.region.
    """
    row = _taken(actor, rating)
    _apart(actor, row)
    matter = procedures.case_view(_rectification(row).matter)
    if not any(seat.stage == CALL_BACK for seat in matter.open):
        raise Refused("rating.not_now", "现在不需要回访。", "整改完成后再回访。")
    record(f"rating:{rating}", subjects=subjects(row.case))
    acting = " ".join(filter(None, (row.case.acting, row.case.acting_name)))
    return Rater(row.case.number, row.case.applicant_name, acting, rating_links.phones_of(row.case))


@verb("cases.call_back", "回访评价人")
def call_back(*, actor: Actor, rating: int, accepted: bool, said: str) -> RatingView:
    """Record the call-back: accepted, the rectification is done and can be rated; not accepted, it goes back (同一时限).

    Raises Refused: rating.unknown, rating.rated, rating.same, rating.reason, procedures.*, right.region.
    """
    row = _taken(actor, rating)
    _apart(actor, row)
    led_to, words = _rectification(row), rules.reason_given(said, "回访情况")
    if any(one.person == actor.person and one.move is Move.AGREE for one in procedures.history(led_to.matter)):
        raise Refused("rating.same", "您办理了这次整改。", "整改和回访须由不同的人员办理。")
    # What was said may name who said it, and the rated read the log: it stays with the rectification, masked when shown.
    answer, reason = (Move.AGREE, "") if accepted else (Move.DISAGREE, "评价人不认可整改")
    procedures.answer(actor=actor, case=led_to.matter, answer=answer, reason=reason, stage=CALL_BACK)
    led_to.call_back, led_to.called_at = words, timezone.now()
    if accepted:
        led_to.done_at = led_to.called_at
        tell_done(row, views.title_of(row), rules.masked(led_to.measures, ()))
    led_to.save(update_fields=["call_back", "called_at", "done_at"])
    if accepted:
        stage = next(one for one in RatedStage if one.rectified == row.stage)
        rating_links.ask(row.case, stage, views.title_of(row))
    record(f"rating:{rating}", subjects=subjects(row.case), detail={"accepted": accepted})
    return _seen(actor, row)


@verb("cases.look_at_rating_text", "审看评价意见")
def look_at_text(*, actor: Actor, rating: int, show: bool, hide: Sequence[str] = (), reason: str = "") -> RatingView:
    """Let a text be shown (masked, and without the words in `hide`), or hold it back with the reason. Done anew, it counts anew.

    Raises Refused: rating.unknown, rating.rated, rating.no_text, rating.hide, rating.reason, right.region.
    """
    row = _taken(actor, rating)
    _apart(actor, row)
    if not row.text:
        raise Refused("rating.no_text", "这条评价没有写意见。", "不需要审看。")
    text = rules.hide(rules.masked(row.text, views.names(row.case)), hide) if show else ""
    why = "" if show else rules.reason_given(reason, "不公开的理由")
    RatingText.objects.update_or_create(
        rating=row, defaults={"text": text, "reason": why, "by": actor.person, "at": timezone.now()}
    )
    record(f"rating:{rating}", detail={"shown": show, "hidden": len(hide)})
    return _seen(actor, row)


@verb("cases.ask_rating_aside", "申请不计入评价")
def ask_aside(*, actor: Actor, rating: int, reason: str) -> RatingView:
    """Ask that a malicious rating be not counted. Once; a second person decides.

    Raises Refused: rating.unknown, rating.rated, rating.asked, rating.reason, right.region.
    """
    row = _taken(actor, rating)
    _apart(actor, row)
    if RatingAside.objects.filter(rating=row).exists():
        raise Refused("rating.asked", "这条评价已经申请过不计入。", "请等待复核，或查看复核结果。")
    RatingAside.objects.create(
        rating=row, asked_by=actor.person, reason=rules.reason_given(reason, "理由"), asked_at=timezone.now()
    )
    record(f"rating:{rating}")
    return _seen(actor, row)


@verb("cases.decide_rating_aside", "复核不计入评价")
def decide_aside(*, actor: Actor, rating: int, agreed: bool, answer: str) -> RatingView:
    """Decide whether a rating counts. It stays, with its grade; a running rectification ends where it does not count.

    Raises Refused: rating.unknown, rating.rated, rating.not_asked, rating.second, rating.reason, right.region.
    """
    row = _taken(actor, rating)
    _apart(actor, row)
    asked = RatingAside.objects.filter(rating=row).first()
    if asked is None or asked.agreed is not None:
        raise Refused("rating.not_asked", "没有等待复核的不计入申请。", "请刷新后查看。")
    if asked.asked_by == actor.person:
        raise Refused("rating.second", "申请和复核不能是同一人。", "请由另一位复核人员办理。")
    asked.agreed, asked.answer = agreed, rules.reason_given(answer, "复核意见")
    asked.decided_by, asked.decided_at = actor.person, timezone.now()
    asked.save()
    led_to = views.rectification(row)
    if agreed and led_to:
        procedures.end_cases(actor=actor, cases=[led_to.matter], reason="评价经复核不计入")
    record(f"rating:{rating}", detail={"agreed": agreed})
    return _seen(actor, row)
