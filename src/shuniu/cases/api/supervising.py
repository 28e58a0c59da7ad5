"""督查: each agency answers its task, who asked checks the answers, and the matter is closed with an evaluation of each.

Source: 政府督查工作条例 (2021): a matter is taken up, answered within its term, checked, evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from shuniu.cases.api import document_files as files
from shuniu.cases.declare.document import GRADES, DocumentView
from shuniu.cases.models import Document, TaskGrade
from shuniu.cases.store import documents as store
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move, Opening
from shuniu.trust.api import record, verb
from shuniu.trust.declare import Actor, Refused

CLOSE = "close"
"""The stage of a supervised matter's procedure in which it is closed."""


def hand_out(actor: Actor, row: Document, case: int, procedure: str) -> None:
    """Open each agency's task in its own region, to be checked by us, watched by who takes the matter up; in that verb."""
    it = store.view(row.pk)
    wanted = []
    for task in it.draft.tasks:
        found = directory.agency(task.agency)
        lanes = {"check": (row.agency,)}
        region = found.region if found else row.region
        wanted.append((procedure, Opening(f"document_task:{row.pk}", task.agency, region, lanes)))
        said = f"{actor.agency_name}交办督查事项《{it.draft.title}》，请于 {task.due} 前反馈。"
        notify("document", f"document:{row.pk}", said, agency=task.agency)
    whole = procedures.split(actor=actor, case=case, parts=wanted)
    for part, task in zip(whole.state.parts, it.draft.tasks, strict=True):
        procedures.supervise(actor=actor, case=part.case, due=task.due)


@verb("cases.answer_task", "办理督查任务")
def answer_task(
    *, actor: Actor, document: int, agency: str, stage: str, answer: str = Move.AGREE, opinion: str = ""
) -> DocumentView:
    """Answer a task (`stage` handle: the words are the answer), or check what was answered (check; no sends it back).

    Raises Refused: documents.unknown, documents.no_task, documents.no_answer, and what `procedures.answer` refuses.
    """
    store.locked(document)
    files.readable(actor, document)
    task = next((one for one in store.view(document).tasks if one.task.agency == agency), None)
    if task is None or task.matter is None:
        raise Refused("documents.no_task", "没有这项督查任务，或者还没有立项。", "请从公文列表重新进入。")
    if stage == store.TASK_ANSWER and not opinion.strip():
        raise Refused(
            "documents.no_answer", "没有写办理情况。", "请写明办了什么、结果如何；未完成的写明原因和完成时间。"
        )
    procedures.answer(actor=actor, case=task.matter.id, answer=answer, reason=opinion.strip(), stage=stage)
    record(f"document:{document}", detail={"task": agency, "stage": stage, "answer": answer})
    return store.view(document)


@verb("cases.close_supervision", "办结督查")
def close_supervision(
    *, actor: Actor, document: int, grades: Mapping[str, tuple[str, str]], opinion: str = ""
) -> DocumentView:
    """Close a matter once every answer has passed, with a grade (`GRADES`) and words for each agency.

    Raises Refused: documents.unknown, documents.grades, documents.not_in_review, and what `procedures.answer` refuses.
    """
    row: Document = store.locked(document)
    files.readable(actor, document)
    it = store.view(document)
    asked = {one.task.agency for one in it.tasks}
    if set(grades) != asked or any(grade not in GRADES for grade, _words in grades.values()):
        raise Refused("documents.grades", "没有给每个承办单位评价。", f"请对每个单位选择{'、'.join(GRADES)}之一。")
    if it.matter is None or it.matter.outcome:
        raise Refused("documents.not_in_review", f"第 {document} 号督查事项不在办理中。", "请刷新页面查看状态。")
    procedures.answer(actor=actor, case=it.matter.id, answer=Move.AGREE, reason=opinion.strip(), stage=CLOSE)
    now = timezone.now()
    TaskGrade.objects.bulk_create(
        TaskGrade(document=row, agency=agency, grade=grade, words=words.strip(), person_name=actor.name, at=now)
        for agency, (grade, words) in sorted(grades.items())
    )
    record(f"document:{document}", detail={"grades": {agency: grade for agency, (grade, _) in grades.items()}})
    return store.view(document)
