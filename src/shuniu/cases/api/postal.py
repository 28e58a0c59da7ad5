"""Documents after the decision (送达): the applicant's choice, what the courier says of a parcel, and the evidence."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.masking import mask_free_text
from shuniu.base.rules import RuleBook
from shuniu.cases import courier, postal_telling, telling
from shuniu.cases.api import delivering, items, views, whose
from shuniu.cases.api.whose import is_own
from shuniu.cases.courier import Message
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.postal import Addressee, HandoverState, HandoverView, Told, Way, Word
from shuniu.cases.models import Case, Handover, HandoverEvent
from shuniu.cases.rules import postal as rules
from shuniu.cases.store import cases as case_store
from shuniu.cases.store import postal as store
from shuniu.cases.store.cases import subjects
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

NOTHING_TO_HAND_OVER = (CaseState.WITHDRAWN, CaseState.CUT)


@verb("cases.choose_delivery", "选择领取方式")
def choose(
    *, actor: Actor, number: str, way: Way, name: str = "", telephone: str = "", address: str = ""
) -> HandoverView:
    """Say how one wants the documents of one's own case: by post to an address, or fetched; again until they are sent.

    Raises Refused: case.unknown (another's too), postal.no_mail, postal.sent, postal.nothing, postal.name,
    postal.telephone, postal.address.
    """
    require()
    case = _own(actor, number)
    if CaseState(case.state) in NOTHING_TO_HAND_OVER:
        raise Refused("postal.nothing", "申请已经撤回或者终止，没有要送达的文书。", "需要办理的，请重新申请。")
    if way is Way.MAIL and not by_mail(case):
        raise Refused("postal.no_mail", "这个事项不提供邮寄。", "请选择自取。")
    to = rules.addressee(name, telephone, address) if way is Way.MAIL else None
    row = Handover.objects.select_for_update().filter(case=case).first() or Handover(case=case)
    if row.pk and not _changeable(row):
        raise Refused("postal.sent", "文书已经交寄或者领取，不能再改。", "被退回后可以改；有急事请联系办理单位。")
    shown = rules.masked(to, person=case.applicant_kind == "natural") if to else Addressee("", "", "")
    row.way, row.chosen_at = way, timezone.now()
    row.sealed = store.seal(to) if to else None
    row.name, row.telephone, row.address = shown.name, shown.telephone, shown.address
    row.save()
    store.happened(row, "chosen", actor, row.chosen_at, row.chosen_at, said=way.title)
    record(f"case:{number}", subjects=subjects(case), detail={"way": way})
    return seen(row)


def _own(actor: Actor, number: str) -> Case:
    return whose.locked(actor, number, "receive", "cases.choose_delivery")


def by_mail(case: Case) -> bool:
    """Whether the item posts its documents, under the version that the case was filed under; a life event has none."""
    return "/" in case.item and items.version(case.item, case.version).item.by_mail


def _changeable(row: Handover) -> bool:
    state = HandoverState(row.state)
    return state is HandoverState.RETURNED or (state is HandoverState.WAITING and row.order is None)


@verb("cases.read_delivery", "查看送达情况", reads=True)
def read(*, actor: Actor, number: str) -> HandoverView | None:
    """How a case's documents stand, for its applicant and its agency, the address masked; None: nothing was chosen yet.

    Raises Refused: case.unknown, right.region.
    """
    require()
    case = Case.objects.filter(number=number).first()
    if case is None or not (is_own(actor, case) or actor.agency == case.agency):
        raise case_store.unknown(number)
    if not is_own(actor, case):
        require(region=case.region)
    row = Handover.objects.select_related("case").filter(case=case).first()
    record(f"case:{number}", subjects=subjects(case), detail={"delivery": row.state if row else ""})
    return seen(row) if row else None


def offered(number: str) -> bool:
    """Whether a case's documents can be posted; the caller has found that its reader may know of the case."""
    case = Case.objects.filter(number=number).first()
    return case is not None and by_mail(case)


def seen(row: Handover) -> HandoverView:
    """The documents of a case for a reader who has the right."""
    return HandoverView(
        row.case.number, views.title_of(row.case), row.case.agency, Way(row.way), HandoverState(row.state),
        by_mail(row.case), row.name, row.telephone, row.address, row.waybill, row.contents, row.chosen_at,
        row.consigned_at, late(row), store.events(row),
    )  # fmt: skip


def late(row: Handover) -> bool:
    """Whether a parcel has been on its way for longer than is waited for: the window is to ask after it."""
    if row.consigned_at is None or not HandoverState(row.state).on_the_way:
        return False
    now = timezone.now()
    rule = RuleBook.load(settings.RULE_PACK).resolve("postal.late.days", timezone.localdate(now), settings.PROVINCE)
    return row.consigned_at + timedelta(days=rule.integer()) < now


def under_way() -> list[str]:
    """The orders that the courier was given and that have not ended: what the job asks for."""
    return store.on_the_way()


@verb("cases.take_courier_word", "收取寄递通知")
def take_word(*, actor: Actor, body: bytes, signature: str) -> HandoverState:
    """Note what the courier says, once, in whatever order it comes; the applicant is told what matters.

    A word that was taken before, or that comes late, changes nothing. Raises Refused: postal.no_courier,
    postal.signature, postal.form, postal.unknown_order, postal.conflict.
    """
    require()
    word = courier.courier().read(Message(body, signature))
    row = store.of_order(word.order)
    known = HandoverEvent.objects.filter(event=word.event).first()
    if known is None:
        _take(actor, row, word)
    elif (known.order, known.move, known.at, known.handover_id) != (word.order, word.state, word.at, row.pk):
        raise _conflict()
    record(
        f"case:{row.case.number}", subjects=subjects(row.case),
        detail={"order": word.order, "said": word.state, "repeated": known is not None},
    )  # fmt: skip
    return HandoverState(row.state)


def _conflict() -> Refused:
    return Refused("postal.conflict", "寄递通知与此前的内容矛盾。", "请寄递企业与窗口核对后处理。")


def _take(actor: Actor, row: Handover, word: Word) -> None:
    if word.order != row.order or (row.waybill and word.waybill != row.waybill):
        raise _conflict()
    if word.state == "signed" and not word.signer.strip():
        raise Refused("postal.form", "签收通知没有写明签收人。", "请寄递企业补充签收人后重新通知。")
    said = mask_free_text(word.said.strip())[:200]
    told = Told(word.at, word.signer.strip()[:60], said, word.event)
    advance(actor, row, HandoverState(word.state), told, waybill=rules.waybill(word.waybill))


def advance(actor: Actor, row: Handover, state: HandoverState, told: Told, *, waybill: str = "") -> None:
    """Add to the evidence what happened to a parcel, and where that brings it; tell the applicant. Inside the open verb."""
    now = timezone.now()
    following = rules.moved(HandoverState(row.state), state)
    store.happened(
        row, state, actor, told.at, now, order=row.order or "", signer=told.signer, said=told.said, event=told.event
    )
    if following is None:
        return
    if row.consigned_at is None:
        row.consigned_at, row.waybill = now, waybill
        tell(row, postal_telling.MAILED, waybill=waybill)
    row.state = following
    if following is HandoverState.SIGNED:
        row.ended_at, row.sealed = now, None
        tell(row, postal_telling.SIGNED, signer=told.signer)
    elif following is HandoverState.RETURNED:
        tell(row, postal_telling.RETURNED, said=told.said or "寄递企业没有说明原因")
    row.save()
    delivering.done(row.case)


def tell(row: Handover, template: str, **values: str) -> None:
    """Tell whoever filed the case."""
    telling.tell(row.case, template, views.title_of(row.case), **values)
