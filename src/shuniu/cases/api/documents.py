"""Official documents: drafted, reviewed and signed by a declared procedure, numbered when signed.

The procedure has a stage `sign` (签发); with several agencies in it (联合行文) the last signer's day is the document's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import document_codes as codes
from shuniu.cases.api import document_files as files
from shuniu.cases.api import supervising
from shuniu.cases.api.marked import refuse_marked
from shuniu.cases.declare.document import Compared, DocumentNumber, DocumentState, DocumentView, Draft
from shuniu.cases.models import Document, DocumentVersion, GivenNumber, NumberSeries, Signing, VoidNumber
from shuniu.cases.red_head import pdf
from shuniu.cases.rules import documents as rules
from shuniu.cases.store import documents as store
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

SIGN, APPROVE = "sign", "approve"
"""The stages in which a document is signed (签发) and in which a supervised matter is taken up (立项)."""
SIGNED_IN = (SIGN, APPROVE, "adopt")
"""The stages that a leader answers in; 督查 is closed by `supervising.close_supervision`."""


def _listed(key: str, on: date) -> tuple[str, ...]:
    return RuleBook.load(settings.RULE_PACK).resolve(key, on, settings.PROVINCE).texts()


def draft_document(
    *, actor: Actor, draft: Draft, document: int | None = None, attached: Sequence[int] = ()
) -> DocumentView:
    """Write a new document of one's agency, or a new version of one that is not under review.

    What was signed is written anew only after an agency gave it back (修改后重发). `attached`: the uploads that go with
    this version, in their order: one's own, or those of an earlier version. A text with the mark of a state or work
    secret is kept nowhere, and told to who keeps secrecy (保密法, art. 31).
    Raises Refused: documents.unknown, documents.in_review, documents.signed, documents.code, documents.files,
    classified.*.
    """
    tasks = (one.what for one in draft.tasks)
    refuse_marked(actor, "\n".join((draft.title, *draft.body, *tasks, *draft.attachments, draft.note)), "公文起草")
    return _draft(actor=actor, draft=draft, document=document, attached=attached)


@verb("cases.draft_document", "起草公文")
def _draft(*, actor: Actor, draft: Draft, document: int | None, attached: Sequence[int]) -> DocumentView:
    """One transaction of `draft_document`."""
    now, numbered = timezone.now(), False
    if document is None:
        require(agency=actor.agency)
        row = Document.objects.create(
            agency=actor.agency, region=_region(actor), made_at=now, person=actor.person, sort=draft.sort
        )
    else:
        row = files.own(document)
        numbered = (it := store.view(row.pk)).number is not None
        _check_revised(it, draft)
    if draft.code and not numbered:
        codes.check(draft.code, row.agency)
    draft = draft.model_copy(update={"files": files.attached(actor, row, attached)})
    version = DocumentVersion.objects.create(
        document=row, number=row.versions.count() + 1, draft=draft.model_dump(mode="json"), made_at=now,
        person=actor.person, person_name=actor.name,
    )  # fmt: skip
    version.files.set(one.upload for one in draft.files)
    record(f"document:{row.pk}", detail={"version": version.number, "files": [one.digest for one in draft.files]})
    return store.view(row.pk)


def _check_revised(it: DocumentView, draft: Draft) -> None:
    """Refuse a further version where none may be written, or where it would be another document."""
    if not (it.state is DocumentState.SIGNED and it.returned):
        _check_open(it)
    if draft.sort != it.draft.sort:
        raise Refused("documents.sort", "公文、信息和督查事项不能互相改换。", "请另起一份。")
    if it.number is not None and draft.code != it.number.code:
        raise Refused(
            "documents.code",
            f"这份公文已经编为{it.number}，不能改机关代字。",
            "修改后重发沿用原文号；要换文号的另起一份。",
        )


def _region(actor: Actor) -> str:
    own = directory.agency(actor.agency)
    return own.region if own else settings.PROVINCE


def _check_open(it: DocumentView) -> None:
    if it.state is DocumentState.REVIEW:
        raise Refused("documents.in_review", "公文正在审签，不能修改。", "请等待审签意见；退回后再修改。")
    if it.state is not DocumentState.DRAFT:
        raise Refused(
            "documents.signed", "公文已经签发，不能修改。", "被退文的可以修改后重发；没有发出的，作废文号后重新起草。"
        )


@verb("cases.submit_document", "送审公文")
def submit_document(
    *, actor: Actor, document: int, procedure: str, lanes: Mapping[str, tuple[str, ...]] | None = None
) -> DocumentView:
    """Send the newest version into a procedure; `lanes` names the agencies that countersign or sign with us.

    Raises Refused: what `rules.documents.check` refuses, documents.unknown, documents.in_review, documents.signed.
    """
    row = files.own(document)
    it, today = store.view(document), timezone.localdate()
    _check_open(it)
    if row.sort == "outgoing":
        rules.check(
            it.draft, kinds=_listed("documents.kinds", today), upward=_listed("documents.upward", today),
            open_kinds=_listed("documents.open", today), below=_below(row.agency),
        )  # fmt: skip
        if it.number is None:
            codes.check(it.draft.code, row.agency)
    rules.check_plain(it.draft, today)
    files.check(it.draft)
    asked = dict(lanes or {})
    case = procedures.open_case(
        actor=actor,
        procedure=procedure,
        object=f"document:{document}",
        agency=it.keeper,
        region=row.region,
        lanes=asked,
    )
    if left_out := [stage.key for stage in case.procedure.stages if stage.optional and stage.key not in asked]:
        procedures.branch(actor=actor, case=case.id, left_out=left_out)
    row.matter = case.id
    row.save(update_fields=["matter"])
    record(
        f"document:{document}",
        detail={"version": len(it.versions), "kind": it.draft.kind, "files": [one.digest for one in it.draft.files]},
    )
    return store.view(document)


def _below(agency: str) -> frozenset[str]:
    """Every agency under this one, near or far."""
    parents = {one.key: one.parent for one in directory.agencies()}
    found, more = frozenset[str](), frozenset({agency})
    while more:
        more = frozenset(key for key, parent in parents.items() if parent in more) - found
        found |= more
    return found


@verb("cases.review_document", "审核公文")
def review_document(*, actor: Actor, document: int, stage: str, answer: str, opinion: str = "") -> DocumentView:
    """Answer 同意 or 不同意 in a stage before signing (审核, 会签); the opinion is kept as it was written.

    Raises Refused: documents.unknown, documents.stage, documents.not_in_review, and what `procedures.answer` refuses.
    """
    files.readable(actor, document)
    if stage in SIGNED_IN:
        raise Refused("documents.stage", "签发不在审核中办理。", "请由签发人签发。")
    _answer(actor, document, stage, answer, opinion)
    record(f"document:{document}", detail={"stage": stage, "answer": answer})
    return store.view(document)


@verb("cases.sign_document", "签发公文")
def sign_document(
    *, actor: Actor, document: int, answer: str, opinion: str = "", stage: str = SIGN, tasks: str = ""
) -> DocumentView:
    """Sign or not. With the last signature the document gets its number, and that day is its date (成文日期).

    What was given back and mended keeps its number, and gets a new date.

    `stage`: also 采用 of 信息, and 立项 of 督查, which hands each agency its task by the procedure `tasks`.
    Raises Refused: documents.unknown, documents.stage, documents.not_in_review, documents.signer, documents.code, and
    what `procedures.answer` refuses.
    """
    row = store.locked(document)
    files.readable(actor, document)
    if stage not in SIGNED_IN:
        raise Refused("documents.stage", "这个环节不由签发办理。", "请从公文页面重新进入。")
    if stage == APPROVE and answer == Move.AGREE:
        supervising.hand_out(actor, row, _running(document).id, tasks)
    done = _answer(actor, document, stage, answer, opinion)
    detail: dict[str, Json] = {"answer": answer, "number": None}
    if done.results.get(SIGN) == "yes":
        detail |= _signed(row, done)
    record(f"document:{document}", detail=detail)
    return store.view(document)


def _answer(actor: Actor, document: int, stage: str, answer: str, opinion: str) -> CaseView:
    return procedures.answer(actor=actor, case=_running(document).id, answer=answer, reason=opinion, stage=stage)


def _running(document: int) -> CaseView:
    running = [case for case in store.matters(document) if not case.outcome]
    if not running:
        raise Refused("documents.not_in_review", f"第 {document} 号公文不在审签中。", "请刷新页面查看公文的状态。")
    return running[0]


def _signed(row: Document, done: CaseView) -> dict[str, Json]:
    """Keep who signed which version in whose names, and give the number that it has not yet; what the journal says of it."""
    version, now = row.versions.order_by("-number")[0], timezone.now()
    today = timezone.localdate(now)
    draft = Draft.model_validate(version.draft)
    seats = [seat for seat in done.seats if seat.stage == SIGN and seat.answer == "yes"]
    kept = successions.keeper(row.agency)  # signs in the name of the document's own agency, whose number it bears
    signers = [seat.person_name for seat in seats]
    rules.check_signed(draft.kind, _listed("documents.upward", today), signers)
    files.check(draft)
    number = _number(row, draft, now)
    Signing.objects.create(
        document=row, version=version.number, signed_on=today, signers=signers, at=now,
        issuers=list(dict.fromkeys((row.agency, *(seat.agency for seat in seats if not seat.added_to and seat.agency != kept)))),
    )  # fmt: skip
    return {"number": str(number), "version": version.number, "files": [one.digest for one in draft.files]}


def _number(row: Document, draft: Draft, at: datetime) -> DocumentNumber:
    """The number that the document has, else the next of its code and year, under the lock of their row: with no gap."""
    given = GivenNumber.objects.select_related("series").filter(document=row).first()
    if given is not None:
        return store.number_of(given)
    year = timezone.localdate(at).year
    codes.check(draft.code, row.agency)
    NumberSeries.objects.get_or_create(code=draft.code, year=year, defaults={"agency": row.agency})
    series = NumberSeries.objects.select_for_update().get(code=draft.code, year=year)
    number = rules.next_number(draft.code, year, series.given.count())
    GivenNumber.objects.create(series=series, serial=number.serial, document=row, at=at)
    return number


@verb("cases.void_number", "作废文号")
def void_number(*, actor: Actor, document: int, reason: str) -> DocumentView:
    """Put a signed document out of use: its number stays in the register as void and is not given again.

    Raises Refused: documents.unknown, documents.not_signed, documents.sent, documents.reason.
    """
    row = files.own(document)
    it = store.view(document)
    if it.state is not DocumentState.SIGNED:
        raise Refused("documents.not_signed", "只有已签发、未作废的公文有文号可以作废。", "请核对公文的状态。")
    if it.sent:
        raise Refused("documents.sent", "公文已经发出，不能作废文号。", "请另行发文更正或者撤销。")
    if not reason.strip():
        raise Refused("documents.reason", "没有写明作废的理由。", "请写明理由，登记簿上会列出。")
    VoidNumber.objects.create(
        given=row.given, reason=reason.strip(), person=actor.person, person_name=actor.name, at=timezone.now()
    )
    record(f"document:{document}", detail={"number": str(it.number)})
    return store.view(document)


@verb("cases.read_document", "查看公文", reads=True)
def read_document(*, actor: Actor, document: int) -> DocumentView:
    """A document with its versions and opinions for its own agency and those asked about it (会签, 联合签发, 督查).

    As it was signed for those it was sent to.

    Raises Refused documents.unknown.
    """
    it = files.readable(actor, document)
    record(f"document:{document}")
    return it


def compare(old: Draft, new: Draft) -> tuple[Compared, ...]:
    """Two versions side by side, sentence by sentence; the caller has read both."""
    return rules.compare(old, new)


def printed(it: DocumentView) -> bytes:
    """A document as it was signed last, as PDF; the caller has read it. Raises Refused (documents.not_signed)."""
    return pdf(it.signed)
