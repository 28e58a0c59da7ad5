"""收文: what an agency does with a document that came: 拟办, 批办, 承办, 传阅, 办结; or gives it back (退文)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from shuniu.cases.declare.document import Incoming
from shuniu.cases.models import Dispatch, DispatchReceipt
from shuniu.cases.rules import documents as rules
from shuniu.cases.store import documents as store
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.procedures import api as procedures
from shuniu.trust.api import record, require_or, verb
from shuniu.trust.declare import Actor, Refused

ROLES = ("document_clerk", "document_signer")
"""Who may be asked to read a document."""


def _row(dispatch: int, *, lock: bool = False) -> Dispatch:
    rows = Dispatch.objects.select_for_update() if lock else Dispatch.objects.select_related("receipt")
    row = rows.filter(pk=dispatch).first()
    if row is None:
        raise _unknown(dispatch)
    return row


def _unknown(dispatch: int) -> Refused:
    return Refused("documents.unknown", f"没有第 {dispatch} 号来文，或者您不能查看它。", "请从来文列表重新进入。")


def own(dispatch: int, *, lock: bool = False) -> Dispatch:
    """What came to the actor's agency, or to one whose place it took; requires the right of the open verb. Raises Refused."""
    row = _row(dispatch, lock=lock)
    require_or(_unknown(dispatch), agency=successions.keeper(row.agency))
    return row


def view(dispatch: int) -> Incoming:
    """A document that came, as it stands; the caller has checked who looks."""
    row = _row(dispatch)
    sent = store.sent(row)
    matter = procedures.case_view(row.matter) if row.matter else None
    state = rules.incoming_state(sent, matter)
    document = store.view(row.document_id).sent_to(row.agency, row.version)
    newest = document.sent[-1].id
    opinions = store.said(matter) if matter else ()
    return Incoming(document, sent, state, matter, opinions, newest if newest != dispatch else None)


@verb("cases.read_incoming", "查看来文", reads=True)
def read_incoming(*, actor: Actor, dispatch: int) -> Incoming:
    """A document that came to one's agency: as it was signed, and one's own opinion boxes.

    Raises Refused documents.unknown.
    """
    own(dispatch)
    record(f"dispatch:{dispatch}")
    return view(dispatch)


def received(actor: Actor, row: Dispatch, procedure: str) -> None:
    """登记: put a document that was signed for before the agency's own people, inside the open verb."""
    keeper = successions.keeper(row.agency)
    own = directory.agency(keeper)
    region = own.region if own else row.document.region
    case = procedures.open_case(
        actor=actor, procedure=procedure, object=f"dispatch:{row.pk}", agency=keeper, region=region
    )
    row.matter = case.id
    row.save(update_fields=["matter"])


@verb("cases.return_document", "退文")
def return_document(*, actor: Actor, dispatch: int, reason: str) -> Incoming:
    """Give back what came by mistake or does not keep the rules; its sender is told why.

    Raises Refused: documents.unknown, documents.received, documents.reason.
    """
    row = own(dispatch, lock=True)
    if DispatchReceipt.objects.filter(dispatch=row).exists():
        raise Refused("documents.received", "这份来文已经签收或者退回。", "签收人和时间见来文登记。")
    if not reason.strip():
        raise Refused("documents.reason", "没有写明退文的理由。", "请写明为何退回，发文单位会看到。")
    DispatchReceipt.objects.create(
        dispatch=row, person=actor.person, person_name=actor.name, at=timezone.now(), digest=row.digest,
        returned=reason.strip(),
    )  # fmt: skip
    why = reason.strip().rstrip("。")
    said = f"{actor.agency_name}退回第 {row.document_id} 号公文：{why}。可以修改后重发。"
    notify("document", f"document:{row.document_id}", said, agency=successions.keeper(row.document.agency))
    record(f"dispatch:{dispatch}", detail={"document": row.document_id, "returned": True})
    return view(dispatch)


def _matter(actor: Actor, dispatch: int) -> int:
    """The procedure's case of a document that is being handled; locked. Raises Refused."""
    row = own(dispatch, lock=True)
    if row.matter is None:
        raise Refused("documents.not_received", "来文还没有签收登记。", "请先签收。")
    return row.matter


@verb("cases.handle_incoming", "办理来文")
def handle_incoming(*, actor: Actor, dispatch: int, stage: str, answer: str, opinion: str = "") -> Incoming:
    """Write one's opinion in a stage: 拟办, 批示, 承办, 办结归档. No sends 承办 and 归档 back to the stage before.

    Raises Refused: documents.unknown, documents.not_received, and what `procedures.answer` refuses.
    """
    matter = _matter(actor, dispatch)
    procedures.answer(actor=actor, case=matter, answer=answer, reason=opinion.strip(), stage=stage)
    record(f"dispatch:{dispatch}", detail={"stage": stage, "answer": answer})
    return view(dispatch)


@verb("cases.circulate_incoming", "传阅来文")
def circulate_incoming(*, actor: Actor, dispatch: int, to: Sequence[str], note: str = "") -> Incoming:
    """传阅: let these people of one's agency read it. Raises Refused: documents.readers, and as `handle_incoming` does."""
    matter = _matter(actor, dispatch)
    known = dict(readers(actor.agency))
    if not to or not set(to) <= set(known):
        raise Refused("documents.readers", "没有选择传阅给谁，或者不是本单位的公文人员。", "请从名单中选择。")
    procedures.circulate(actor=actor, case=matter, to=[(one, known[one]) for one in to], note=note.strip())
    record(f"dispatch:{dispatch}", detail={"readers": len(to)})
    return view(dispatch)


@verb("cases.note_reading", "传阅已阅")
def note_reading(*, actor: Actor, dispatch: int, note: str = "") -> Incoming:
    """已阅: whom it was circulated to has read it. Raises Refused (procedures.readers), and as `handle_incoming` does."""
    procedures.read(actor=actor, case=_matter(actor, dispatch), note=note.strip())
    record(f"dispatch:{dispatch}", detail={"read": True})
    return view(dispatch)


def readers(agency: str) -> tuple[tuple[str, str], ...]:
    """The people of an agency who deal with documents: id and name."""
    found = (one for role in ROLES for one in directory.holders(agency, role))
    return tuple(dict.fromkeys((one.person, one.name) for one in found))
