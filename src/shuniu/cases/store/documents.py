"""Documents as they stand in the tables. Called by `api` alone."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils import timezone

from shuniu.cases.declare.document import (
    Answered,
    DocumentNumber,
    DocumentState,
    DocumentView,
    Draft,
    Opinion,
    Sent,
    Signed,
    Void,
    Written,
)
from shuniu.cases.models import Dispatch, DispatchReceipt, Document, GivenNumber
from shuniu.cases.rules.documents import opinions
from shuniu.cases.store import successions
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView
from shuniu.trust.declare import Refused

TASK_ANSWER = "handle"
"""The stage of a task's procedure in which its agency answers."""


def locked(number: int) -> Document:
    """The document's row, locked. Raises Refused (documents.unknown)."""
    row = Document.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise unknown(number)
    return row


def unknown(number: int) -> Refused:
    """The refusal of a document that is not there, or that its reader may not know of."""
    return Refused("documents.unknown", f"没有第 {number} 号公文，或者您不能查看它。", "请从公文列表重新进入。")


def matters(number: int) -> tuple[CaseView, ...]:
    """The procedure's cases about a document, newest first."""
    return procedures.cases_on(f"document:{number}")


def view(number: int) -> DocumentView:
    """A document as it stands. Raises Refused (documents.unknown)."""
    dispatches = Prefetch(
        "dispatches", Dispatch.objects.select_related("receipt").prefetch_related("chases").order_by("pk")
    )
    row = Document.objects.prefetch_related("versions", dispatches).filter(pk=number).first()
    if row is None:
        raise unknown(number)
    given = GivenNumber.objects.select_related("series", "void").filter(document=row).first()
    cases = matters(number)
    versions = sorted(row.versions.all(), key=lambda one: one.number)
    signings = tuple(
        Signed(one.version, one.signed_on, tuple(one.signers), tuple(one.issuers))
        for one in row.signings.order_by("version")
    )
    last = signings[-1] if signings else None
    return DocumentView(
        id=row.pk,
        agency=row.agency,
        state=state_of(given, cases, revised=bool(last and last.version < len(versions))),
        versions=tuple(Draft.model_validate(one.draft) for one in versions),
        number=number_of(given) if given else None,
        signed_on=last.signed_on if last else None,
        signers=last.signers if last else (),
        opinions=tuple(opinion for case in reversed(cases) for opinion in said(case)),
        sent=tuple(sent(one) for one in row.dispatches.all()),
        void=_void(given) if given else None,
        matter=cases[0] if cases else None,
        written=tuple(Written(one.person_name, one.made_at) for one in versions),
        tasks=_tasks(row, Draft.model_validate(versions[-1].draft), cases[0] if cases else None),
        issuers=last.issuers if last else (),
        signings=signings,
        keeper=successions.keeper(row.agency),
    )


def said(case: CaseView) -> tuple[Opinion, ...]:
    """The opinion boxes of a procedure's case."""
    titles = {stage.key: stage.title for stage in case.procedure.stages}
    return opinions(titles, procedures.history(case.id), {seat.number: seat.agency for seat in case.seats})


def _tasks(row: Document, draft: Draft, whole: CaseView | None) -> tuple[Answered, ...]:
    """督查: each agency's task with its answer and its evaluation."""
    if not draft.tasks:
        return ()
    numbers = [part.case for part in whole.state.parts] if whole else []  # in the order of the tasks
    parts = procedures.case_views(numbers)
    matters = {task.agency: parts[one] for task, one in zip(draft.tasks, numbers, strict=False)}
    grades = {one.agency: one for one in row.grades.all()}
    found = []
    for task in draft.tasks:
        matter, grade = matters.get(task.agency), grades.get(task.agency)
        answers = [one for one in said(matter) if one.stage == TASK_ANSWER] if matter else []
        last = answers[-1] if answers else None
        answered_at = timezone.localtime(last.at) if last else None
        given, words = (grade.grade, grade.words) if grade else ("", "")
        found.append(Answered(task, matter, last.words if last else "", answered_at, given, words))
    return tuple(found)


def number_of(given: GivenNumber) -> DocumentNumber:
    return DocumentNumber(given.series.code, given.series.year, given.serial)


def _void(given: GivenNumber) -> Void | None:
    void = getattr(given, "void", None)
    return Void(number_of(given), void.reason, void.person_name, void.at) if void else None


def state_of(given: GivenNumber | None, cases: tuple[CaseView, ...], *, revised: bool) -> DocumentState:
    """How far a document is; `revised`: what was signed was given back, and a further version is written."""
    if given is not None and _void(given):
        return DocumentState.VOID
    if given is not None and not revised:
        return DocumentState.SIGNED
    if given is None and cases and cases[0].outcome in ("granted", "partial"):
        return DocumentState.DONE
    return DocumentState.REVIEW if any(not case.outcome for case in cases) else DocumentState.DRAFT


def sent(row: Dispatch) -> Sent:
    """A document on its way to one agency."""
    receipt: DispatchReceipt | None = getattr(row, "receipt", None)
    return Sent(
        row.pk, row.document_id, row.agency, row.sent_at, row.due, tuple(sorted(one.at for one in row.chases.all())),
        receipt.at if receipt else None, receipt.person_name if receipt else "", row.digest,
        receipt.returned if receipt else "", row.matter, row.version,
    )  # fmt: skip
