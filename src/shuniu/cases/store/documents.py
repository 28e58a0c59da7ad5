"""Documents as they stand in the tables. Called by `api` alone."""

from __future__ import annotations

from django.db.models import Prefetch

from shuniu.cases.declare.document import DocumentNumber, DocumentState, DocumentView, Draft, Sent, Void
from shuniu.cases.models import Dispatch, DispatchReceipt, Document, GivenNumber
from shuniu.cases.rules.documents import opinions
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView
from shuniu.trust.declare import Refused


def locked(number: int) -> Document:
    """The document's row, locked. Raises Refused (documents.unknown)."""
    row = Document.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise unknown(number)
    return row


def unknown(number: int) -> Refused:
    """The refusal of a document that is not there."""
    return Refused("documents.unknown", f"没有第 {number} 号公文。", "请从公文列表重新进入。")


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
    return DocumentView(
        id=row.pk,
        agency=row.agency,
        state=_state(given, cases),
        versions=tuple(Draft.model_validate(one.draft) for one in versions),
        number=_number(given) if given else None,
        signed_on=given.signed_on if given else None,
        signers=tuple(given.signers) if given else (),
        opinions=tuple(
            opinion
            for case in reversed(cases)
            for opinion in opinions(
                {stage.key: stage.title for stage in case.procedure.stages}, procedures.history(case.id)
            )
        ),
        sent=tuple(sent(one) for one in row.dispatches.all()),
        void=_void(given) if given else None,
    )


def _number(given: GivenNumber) -> DocumentNumber:
    return DocumentNumber(given.series.code, given.series.year, given.serial)


def _void(given: GivenNumber) -> Void | None:
    void = getattr(given, "void", None)
    return Void(_number(given), void.reason, void.person_name, void.at) if void else None


def _state(given: GivenNumber | None, cases: tuple[CaseView, ...]) -> DocumentState:
    if given is not None:
        return DocumentState.VOID if _void(given) else DocumentState.SIGNED
    return DocumentState.REVIEW if any(not case.outcome for case in cases) else DocumentState.DRAFT


def sent(row: Dispatch) -> Sent:
    """A document on its way to one agency."""
    receipt: DispatchReceipt | None = getattr(row, "receipt", None)
    return Sent(
        row.pk, row.document_id, row.agency, row.sent_at, row.due, tuple(sorted(one.at for one in row.chases.all())),
        receipt.at if receipt else None, receipt.person_name if receipt else "", row.digest,
    )  # fmt: skip


def register(code: str, year: int) -> tuple[DocumentNumber, ...]:
    """Every number given under a code in a year, void ones too, in order."""
    rows = GivenNumber.objects.select_related("series").filter(series__code=code, series__year=year).order_by("serial")
    return tuple(_number(one) for one in rows)
