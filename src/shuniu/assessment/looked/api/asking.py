"""为什么查我: a subject asks about a reading, the agency that read answers with its legal ground, in time."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shuniu.assessment.looked import store, telling
from shuniu.assessment.looked.api.looking import purpose, resource_titles, subjects_of, what, who
from shuniu.assessment.looked.declare import AgencyQuestions, QuestionView
from shuniu.assessment.looked.models import ReadingQuestion
from shuniu.assessment.looked.procedure import ANSWER, QUESTION
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.trust.api import OVERSEE, Reading, reading, record, require, verb
from shuniu.trust.declare import Actor, Refused

ANSWERS = "assessment.answer_question"


@verb("assessment.ask_about_reading", "询问为什么查我")
def ask(*, actor: Actor, entry: int, text: str) -> QuestionView:
    """Ask the agency of a reading of one's own records why it read; a case of that agency begins. Once for a reading.

    Raises Refused: reading.subject, reading.unknown (not one's own, or kept back for now), reading.no_agency,
    reading.asked, reading.text.
    """
    require()
    mine = subjects_of(actor)
    found = reading(entry, mine, store.veils(list(store.covert(mine)), timezone.localdate()))
    if found is None:
        raise Refused("reading.unknown", "没有这条查阅记录。", "请从“谁查过我的数据”进入。")
    agency = directory.agency(directory.keeper(found.agency)) if found.agency else None
    if agency is None or found.person == actor.person:
        raise Refused("reading.no_agency", "这次不是单位查阅的。", "只有单位的查阅可以询问。")
    if not text.strip():
        raise Refused("reading.text", "没有写要问什么。", "请写明您想知道的。")
    if ReadingQuestion.objects.filter(entry=entry, asked_by=actor.person).exists():
        raise Refused("reading.asked", "您已经问过这一次查阅。", "请在“我的询问”中查看进展。")
    case = procedures.open_case(
        actor=actor, procedure=QUESTION.key, object=f"reading:{entry}", agency=agency.key, region=agency.region
    )
    at = timezone.localdate(found.at)
    post = store.posts({(found.person, found.agency, found.verb, at)})
    row = ReadingQuestion.objects.create(
        entry=entry, subject=actor.subject or 0, asked_by=actor.person, text=text.strip(), asked_at=timezone.now(),
        read_at=found.at, person=found.person, person_name=_name(found), agency=found.agency,
        agency_name=found.agency_name, post=who(found, actor, next(iter(post.values()), "")), verb=found.verb,
        object=found.object, purpose=purpose(found), case=case.id,
        due=case.due,
    )  # fmt: skip
    telling.asked(row)
    record(f"reading:{entry}", detail={"question": row.pk, "case": case.id})
    return _views([row], actor)[0]


def _name(found: Reading) -> str:
    return directory.names([found.person]).get(found.person, "")


def _in_sight(actor: Actor) -> QuerySet[ReadingQuestion]:
    """Those that the actor asked; those put to the agency, for who answers there; all, for the provincial office."""
    if actor.may(OVERSEE):
        return ReadingQuestion.objects.all()
    if actor.agency and actor.may(ANSWERS):
        return ReadingQuestion.objects.filter(agency__in=directory.estate(actor.agency))
    return ReadingQuestion.objects.filter(asked_by=actor.person)


@verb("assessment.list_questions", "查看查阅询问", reads=True)
def list_questions(
    *, actor: Actor, number: int = 0, open_only: bool = False, limit: int = 50, before: int = 0
) -> tuple[QuestionView, ...]:
    """Questions about readings in the actor's sight, newest first; one alone by its `number`.

    Raises Refused (reading.no_question).
    """
    require()
    rows = _in_sight(actor).order_by("-pk")
    rows = rows.filter(pk=number) if number else rows
    rows = rows.filter(answered_at=None) if open_only else rows
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows[:limit])
    if number and not found:
        raise Refused("reading.no_question", f"您没有第 {number} 号询问。", "请从列表进入。")
    others = [row.subject for row in found if row.asked_by != actor.person]
    record(f"question:{number}" if number else "questions", subjects=others, detail={"rows": len(found)})
    return _views(found, actor)


@verb(ANSWERS, "答复查阅询问")
def answer_question(*, actor: Actor, number: int, answer: str, law: str) -> QuestionView:
    """Answer for the agency that read, or whose place one's own took: what it was needed for, and the law that allows it.

    Never the reader himself.

    Raises Refused: reading.no_question, reading.answered, reading.own, reading.answer; procedures.*.
    """
    estate = directory.estate(actor.agency)
    row = ReadingQuestion.objects.select_for_update().filter(pk=number, agency__in=estate).first()
    if row is None:
        raise Refused("reading.no_question", f"本单位没有第 {number} 号询问。", "请从列表进入。")
    require(agency=directory.keeper(row.agency))
    if row.answered_at is not None:
        raise Refused("reading.answered", "已经答复过了。", "请刷新后查看。")
    if row.person == actor.person:
        raise Refused("reading.own", "查阅人不能自己答复。", "请由本单位另一名有此权限的人员答复。")
    if not (answer.strip() and law.strip()):
        raise Refused("reading.answer", "答复须写明事由和法律依据。", "请写明为办理什么事项，依据哪部法律的哪一条。")
    procedures.answer(actor=actor, case=row.case, answer=Move.AGREE, reason=answer.strip(), stage=ANSWER)
    row.answer, row.law, row.answered_by, row.answered_at = answer.strip(), law.strip(), actor.person, timezone.now()
    row.save(update_fields=["answer", "law", "answered_by", "answered_at"])
    telling.answered(row)
    record(f"question:{number}", subjects=[row.subject], detail={"answered": True})
    return _views([row], actor)[0]


@verb("assessment.question_figures", "查看查阅询问情况", reads=True)
def question_figures(*, actor: Actor) -> tuple[AgencyQuestions, ...]:
    """How every agency stands with the questions put to it, the latest first: for the provincial office."""
    require(capability=OVERSEE)
    late = Q(answered_at=None, due__lt=timezone.localdate())
    rows = ReadingQuestion.objects.values("agency").annotate(
        asked=Count("pk"), answered=Count("answered_at"), late=Count("pk", filter=late)
    )
    record("questions", detail={"agencies": len(rows)})
    return tuple(AgencyQuestions(**row) for row in rows.order_by("-late", "agency"))


def _views(rows: Sequence[ReadingQuestion], actor: Actor) -> tuple[QuestionView, ...]:
    read, estate = [_reading(row) for row in rows], directory.estate(actor.agency) if actor.agency else ()
    titles = resource_titles(row.object for row in rows)
    return tuple(
        QuestionView(
            row.pk, row.entry, row.read_at, row.agency, row.agency_name, row.post,
            "" if row.asked_by == actor.person or row.agency not in estate else row.person_name, what(one),
            titles.get(row.object, ("", {}))[0], row.purpose, row.text, row.asked_at, row.due, row.answer, row.law,
            row.answered_at,
        )
        for row, one in zip(rows, read, strict=True)
    )  # fmt: skip


def _reading(row: ReadingQuestion) -> Reading:
    return Reading(row.entry, row.read_at, row.person, row.agency, row.agency_name, row.verb, row.object, {})
