"""SQL of the lists of documents: a page in a fixed number of statements, however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from shuniu.cases.declare.document import DocumentLine, IncomingLine
from shuniu.cases.models import Dispatch, Document, DocumentVersion, Signing
from shuniu.cases.rules import documents as rules
from shuniu.cases.rules import numbering
from shuniu.cases.store import documents as store
from shuniu.cases.store import successions
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView
from shuniu.trust.declare import Refused


def of(agency: str, sort: str) -> QuerySet[Document]:
    """The documents of a sort that an agency looks after; of 信息 and 督查 also those before it, once they were submitted."""
    estate = successions.estate(agency)
    own, asked = Q(agency__in=estate), Q(pk__in=[])
    versions = DocumentVersion.objects.filter(document=OuterRef("pk"))
    if sort == "information":
        for one in estate:
            asked |= Q(draft__to__contains=[one])
    if sort == "supervision":
        for one in estate:
            asked |= Q(draft__tasks__contains=[{"agency": one}])
    if sort != "outgoing":
        own |= Q(Exists(versions.filter(asked)), matter__isnull=False)
    return Document.objects.filter(own, sort=sort).order_by("-pk")


def narrowed(rows: QuerySet[Document], state: str, words: str) -> QuerySet[Document]:
    """By whether it is signed or void, by a word of its title, by its number or the code of it."""
    if state in ("unsigned", "signed", "void"):
        rows = rows.filter(given__isnull=state == "unsigned")
        rows = rows if state == "unsigned" else rows.filter(given__void__isnull=state == "signed")
    return rows.filter(_said(words, "")) if words else rows


def _said(words: str, prefix: str) -> Q:
    """A document by what was typed: a whole number, or a part of its title or code."""
    try:
        number = numbering.read(words)
    except Refused:
        versions = DocumentVersion.objects.filter(document=OuterRef(f"{prefix}pk"), draft__title__icontains=words)
        return Q(Exists(versions)) | Q(**{f"{prefix}given__series__code__contains": words})
    found = {"series__code": number.code, "series__year": number.year, "serial": number.serial}
    return Q(**{f"{prefix}given__{key}": value for key, value in found.items()})


def _newest(column: str = "draft") -> Subquery:
    versions = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number")
    return Subquery(versions.values(column)[:1])


def _signed() -> Subquery:
    signings = Signing.objects.filter(document=OuterRef("pk")).order_by("-version")
    return Subquery(signings.values("version")[:1])


def _matters(numbers: Iterable[int | None]) -> dict[int, CaseView]:
    return procedures.case_views([one for one in numbers if one])


def lines(rows: QuerySet[Document]) -> tuple[DocumentLine, ...]:
    out = Q(dispatches__version=F("signed"))
    counted = rows.select_related("given__series", "given__void").annotate(
        newest=_newest(), written=_newest("number"), signed=_signed(), sent=Count("dispatches", filter=out),
        received=Count("dispatches", filter=out & Q(dispatches__receipt__returned="")),
    )  # fmt: skip
    found = list(counted)
    matters = _matters(one.matter for one in found)
    return tuple(_line(one, matters.get(one.matter or 0)) for one in found)


def _line(row: Document, matter: CaseView | None) -> DocumentLine:
    given = getattr(row, "given", None)
    found = vars(row)  # its annotations, which the type of the row does not know
    revised = found["signed"] is not None and found["signed"] < found["written"]
    state = store.state_of(given, (matter,) if matter else (), revised=revised)
    draft = found["newest"]
    return DocumentLine(
        row.pk, draft["title"], draft["kind"], draft.get("urgency", ""), row.agency,
        str(store.number_of(given)) if given else "", state, row.made_at,
        found["sent"], found["received"],
    )  # fmt: skip


def came(agency: str, state: str, words: str) -> QuerySet[Dispatch]:
    """What came to an agency, or to one whose place it took, by how far it is with it."""
    rows = Dispatch.objects.filter(agency__in=successions.estate(agency)).order_by("-pk")
    if state in ("sent", "late"):
        rows = rows.filter(receipt__isnull=True)
    if state == "late":
        rows = rows.filter(due__lt=timezone.localdate())
    if state == "received":
        rows = rows.filter(receipt__returned="")
    if state == "returned":
        rows = rows.filter(receipt__isnull=False).exclude(receipt__returned="")
    return rows.filter(_said(words, "document__")) if words else rows


def incoming_lines(rows: QuerySet[Dispatch]) -> tuple[IncomingLine, ...]:
    related = rows.select_related("receipt", "document__given__series").prefetch_related("chases")
    sent = DocumentVersion.objects.filter(document=OuterRef("document"), number=OuterRef("version"))
    found = list(related.annotate(draft=Subquery(sent.values("draft"))))
    matters = _matters(one.matter for one in found)
    return tuple(_incoming(one, matters.get(one.matter or 0)) for one in found)


def _incoming(row: Dispatch, matter: CaseView | None) -> IncomingLine:
    draft, sent = vars(row)["draft"], store.sent(row)
    return IncomingLine(
        row.pk, draft["title"], draft["kind"], draft.get("urgency", ""), row.document.agency,
        str(store.number_of(row.document.given)), row.sent_at, row.due, rules.incoming_state(sent, matter),
    )  # fmt: skip


def titles(objects: Iterable[str]) -> dict[str, str]:
    """The newest titles of documents and of what came, by the objects that procedures know them by."""
    asked = [(one, *one.partition(":")[::2]) for one in objects]
    came = {int(key) for _, kind, key in asked if kind == "dispatch"}
    documents = dict(Dispatch.objects.filter(pk__in=came).values_list("pk", "document"))
    wanted = {int(key) for _, kind, key in asked if kind in ("document", "document_task")} | set(documents.values())
    drafts = Document.objects.filter(pk__in=wanted).annotate(newest=_newest()).values_list("pk", "newest")
    known = {number: str(draft["title"]) for number, draft in drafts}
    by = {whole: documents.get(int(key), 0) if kind == "dispatch" else int(key) for whole, kind, key in asked}
    return {whole: known[number] for whole, number in by.items() if number in known}
