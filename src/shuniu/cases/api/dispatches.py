"""Documents between agencies: sent, signed for (签收), and chased while nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import document_files as files
from shuniu.cases.api import incoming
from shuniu.cases.declare.document import DocumentState, Sent
from shuniu.cases.models import Dispatch, DispatchChase, DispatchReceipt, Document
from shuniu.cases.store import documents as store
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.procedures.calendars import api as calendars
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("cases.send_document", "发出公文")
def send_document(*, actor: Actor, document: int, to: Sequence[str] = ()) -> tuple[Sent, ...]:
    """Send a document as it was signed last: to these agencies, or to all that it names; where it was sent, nothing is done.

    Of what went out before and was not signed for, the new version takes the place.

    Raises Refused: documents.unknown, documents.not_signed, documents.no_agency.
    """
    row = files.own(document)
    it = store.view(document)
    if it.state is not DocumentState.SIGNED:
        raise Refused("documents.not_signed", "公文没有签发，或者文号已经作废，不能发出。", "请先签发。")
    wanted = tuple(to) or (*it.draft.to, *it.draft.copies)
    known = {one.key for one in directory.agencies()}
    if not wanted or not set(wanted) <= known:
        unknown = "、".join(sorted(set(wanted) - known))
        raise Refused("documents.no_agency", f"没有可以发往的单位{unknown}。", "请选择平台上的收文单位。")
    now = timezone.now()
    term = RuleBook.load(settings.RULE_PACK).resolve("documents.receipt.days", timezone.localdate(now)).term()
    due = calendars.due(timezone.localdate(now), term).date
    files.check(it.draft)
    digest, version = files.sealed(it), it.signings[-1].version
    have = {one.agency for one in it.sent if one.version == version}
    fresh = [one for one in dict.fromkeys(wanted) if one not in have]
    _replaced(actor, row, fresh)
    Dispatch.objects.bulk_create(
        Dispatch(
            document=row, version=version, agency=one, sent_at=now, person=actor.person, due=due, digest=digest
        )
        for one in fresh
    )  # fmt: skip
    again = "（修改后重发）" if version > it.signings[0].version else ""
    now_at = successions.keepers(fresh)
    for one in fresh:
        said = f"收到公文 {it.number}《{it.draft.title}》{again}，请于 {due} 前签收。"
        notify("document", f"document:{document}", said, agency=now_at[one])
    record(f"document:{document}", detail={"to": list(fresh), "digest": digest})
    return store.view(document).sent


def _replaced(actor: Actor, row: Document, agencies: Sequence[str]) -> None:
    """Take back what these agencies have not signed for: a mended version comes to them."""
    DispatchReceipt.objects.bulk_create(
        DispatchReceipt(
            dispatch=one, person=actor.person, person_name=actor.name, at=timezone.now(), digest=one.digest,
            returned="发文单位修改后重发，本稿收回",
        )
        for one in Dispatch.objects.filter(document=row, agency__in=agencies, receipt=None)
    )  # fmt: skip


@verb("cases.receive_document", "签收公文")
def receive_document(*, actor: Actor, dispatch: int, digest: str, procedure: str = "") -> Sent:
    """Sign for a document that came, by the digest of what came; `procedure` puts it before the agency's own people.

    Raises Refused: documents.unknown, documents.received, documents.altered.
    """
    row = incoming.own(dispatch, lock=True)
    if DispatchReceipt.objects.filter(dispatch=row).exists():
        raise Refused("documents.received", "这份来文已经签收。", "签收人和时间见来文登记。")
    if digest != row.digest:
        raise Refused(
            "documents.altered", "收到的文件与发出的不是同一份。", "请重新下载原件；仍不一致的，联系发文单位。"
        )
    DispatchReceipt.objects.create(
        dispatch=row, person=actor.person, person_name=actor.name, at=timezone.now(), digest=digest
    )
    if procedure:
        incoming.received(actor, row, procedure)
    said = f"{actor.agency_name}的{actor.name}已签收第 {row.document_id} 号公文。"
    notify("document", f"document:{row.document_id}", said, agency=successions.keeper(row.document.agency))
    record(f"dispatch:{dispatch}", detail={"document": row.document_id})
    return store.sent(Dispatch.objects.select_related("receipt").get(pk=dispatch))


@verb("cases.chase_document", "催收一份公文")
def chase_document(*, actor: Actor, document: int) -> int:
    """Remind every agency that has not signed for one's document, once a day at most. How many were reminded.

    Raises Refused: documents.unknown, documents.not_sent.
    """
    row = files.own(document)
    waiting = Dispatch.objects.filter(document=row, receipt=None)
    if not waiting.exists():
        raise Refused("documents.not_sent", "没有尚未签收的收文单位。", "不需要催收。")
    now = timezone.now()
    day, it = timezone.localdate(now), store.view(document)
    asked = list(waiting.exclude(chases__on=day).order_by("pk"))
    DispatchChase.objects.bulk_create(DispatchChase(dispatch=one, on=day, at=now) for one in asked)
    now_at = successions.keepers(one.agency for one in asked)
    for one in asked:
        said = f"{actor.agency_name}催收公文 {it.number}《{it.draft.title}》，应于 {one.due} 前签收，请即办理。"
        notify("document", f"document:{document}", said, agency=now_at[one.agency])
    record(f"document:{document}", detail={"chased": [one.agency for one in asked]})
    return len(asked)


@verb("cases.chase_receipts", "催收公文回执")
def chase_receipts(*, actor: Actor, today: date | None = None) -> int:
    """Remind every agency that has not signed for a document by its day, and tell its sender: once a day. How many."""
    require()
    now = timezone.now()
    day = today or timezone.localdate(now)
    late = list(
        Dispatch.objects.filter(receipt=None, due__lt=day)
        .exclude(chases__on=day)
        .select_related("document")
        .order_by("pk")
    )
    DispatchChase.objects.bulk_create(DispatchChase(dispatch=one, on=day, at=now) for one in late)
    now_at = successions.keepers(agency for one in late for agency in (one.agency, one.document.agency))
    for one in late:
        about = f"document:{one.document_id}"
        notify(
            "document",
            about,
            f"第 {one.document_id} 号公文应于 {one.due} 前签收，至今没有签收，请即办理。",
            agency=now_at[one.agency],
        )
        notify(
            "document",
            about,
            f"第 {one.document_id} 号公文发往 {one.agency}，逾期没有签收，已催。",
            agency=now_at[one.document.agency],
        )
    record("documents", detail={"chased": len(late)})
    return len(late)
