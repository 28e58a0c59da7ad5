"""The window's side of handing documents over: the list, consigning to a courier or by hand, in person, mail that came back."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from shuniu.base.masking import mask_free_text
from shuniu.cases import courier, postal_telling
from shuniu.cases.api import delivering, owing, postal, views
from shuniu.cases.declare.postal import PROOFS, Addressee, HandoverLine, HandoverState, HandoverView, Parcel, Told, Way
from shuniu.cases.models import Case, Decision, Handover
from shuniu.cases.rules import postal as rules
from shuniu.cases.store import cases as case_store
from shuniu.cases.store import postal as store
from shuniu.cases.store import successions
from shuniu.cases.store.cases import subjects
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused

PAGE = 50
TO_DO = (HandoverState.RETURNED, HandoverState.WAITING)
GOING = (HandoverState.CONSIGNED, HandoverState.TRANSIT)
DONE = (HandoverState.SIGNED, HandoverState.TAKEN)


def by_courier() -> bool:
    """Whether parcels are ordered from a courier here; without one the window posts them and notes the waybill."""
    return courier.configured()


@verb("cases.list_deliveries", "查看本单位送达", reads=True)
def list_deliveries(
    *, actor: Actor, states: tuple[HandoverState, ...] = TO_DO, after: str = "", most: int = PAGE
) -> tuple[HandoverLine, ...]:
    """The decided cases of the actor's agency, within reach, whose documents stand so; the oldest first, ended ones newest.

    `most` of them, behind the case numbered `after`.
    """
    require()
    every = store.listed(actor.agency).filter(case_store.within(actor, "case__region"))
    rows, newest = every.filter(state__in=states), states == DONE
    if last := every.filter(case__number=after).values_list("pk", flat=True).first() if after else None:
        rows = rows.filter(pk__lt=last) if newest else rows.filter(pk__gt=last)
    found = list(rows.order_by("-id" if newest else "id")[:most])
    record(f"agency:{actor.agency}", detail={"deliveries": len(found)})
    return tuple(
        HandoverLine(
            row.case.number, views.title_of(row.case), Way(row.way), HandoverState(row.state), row.waybill,
            row.ended_at or row.consigned_at or max(row.chosen_at, row.case.decision.at), postal.late(row),
        )
        for row in found
    )  # fmt: skip


def _decided(actor: Actor, number: str) -> Case:
    """A decided case of the actor's agency, locked. Raises Refused: case.unknown, postal.undecided, right.region."""
    case = case_store.locked(number)
    require_or(case_store.unknown(number), agency=successions.keeper(case.agency), region=case.region)
    if not Decision.objects.filter(case=case).exists():
        raise Refused("postal.undecided", f"办件 {number} 还没有决定。", "作出决定后再送达文书。")
    return case


def _mail(case: Case) -> Handover:
    """The documents of a case that are to be posted, locked. Raises Refused: postal.not_mail."""
    row = Handover.objects.select_for_update().filter(case=case).first()
    if row is None or row.way != Way.MAIL:
        raise Refused("postal.not_mail", f"办件 {case.number} 没有选择邮寄。", "请申请人选择邮寄，或者当面领取。")
    row.case = case
    return row


@verb("cases.read_address", "查看收件地址", reads=True)
def read_address(*, actor: Actor, number: str) -> Addressee:
    """The address in clear, to write it on a parcel; each look is in the journal, and there is none after the arrival.

    Raises Refused: case.unknown, postal.undecided, postal.not_mail, postal.no_address, right.region.
    """
    case = _decided(actor, number)
    found = store.unseal(_mail(case))
    record(f"case:{number}", subjects=subjects(case), detail={"address": True})
    return found


def consign(*, actor: Actor, number: str, contents: str, waybill: str = "") -> HandoverView:
    """Post the documents: noted by hand with its waybill, or ordered from the courier, which is asked outside of every act.

    Asked again after the courier could not be reached, the same order is given again. Raises Refused: `order_parcel`'s,
    postal.unreachable.
    """
    parcel = order_parcel(actor=actor, number=number, contents=contents, waybill=waybill)
    if not waybill:
        notify = f"{settings.PUBLIC_URL.rstrip('/')}/hall/postal/notice/"
        try:
            waybill = courier.courier().order(parcel, notify=notify)
        except OSError as error:
            raise Refused(
                "postal.unreachable",
                "寄递企业暂时连接不上，没有下单。",
                "请过几分钟再交寄，或者到网点交寄后填写运单号。",
            ) from error
    return note_waybill(actor=actor, order=parcel.order, waybill=waybill)


@verb("cases.order_parcel", "交寄文书")
def order_parcel(*, actor: Actor, number: str, contents: str, waybill: str = "") -> Parcel:
    """Make out the order of a parcel: once for each attempt, the same one again until it has a waybill.

    `waybill`: it is checked here, before anything is noted. Raises Refused: case.unknown, postal.undecided,
    postal.not_mail, postal.sent, postal.contents, postal.no_courier, postal.waybill, fees.unpaid, right.region.
    """
    case = _decided(actor, number)
    row = _mail(case)
    owing.check_delivery(case)
    if not contents.strip():
        raise Refused("postal.contents", "没有写明寄了什么。", "请写明文书和证照的名称、份数。")
    if HandoverState(row.state) not in TO_DO:
        raise Refused("postal.sent", f"办件 {number} 的文书已经交寄或者送达。", "进展见送达情况。")
    if waybill:
        rules.waybill(waybill)
    else:
        courier.courier()
    if row.order is None or row.state == HandoverState.RETURNED:
        row.attempt += 1
        row.order, row.waybill, row.consigned_at = f"{number}-P{row.attempt}", "", None
        row.state = HandoverState.WAITING
    row.contents = contents.strip()[:200]
    row.save()
    now = timezone.now()
    store.happened(row, "ordered", actor, now, now, said=row.contents, order=row.order)
    record(f"case:{number}", subjects=subjects(case), detail={"order": row.order})
    return Parcel(row.order, row.contents, store.unseal(row))


@verb("cases.note_waybill", "登记运单号")
def note_waybill(*, actor: Actor, order: str, waybill: str) -> HandoverView:
    """Note under which waybill an order goes, and tell the applicant; what the courier has told already stays.

    Raises Refused: postal.unknown_order, postal.conflict, postal.waybill, right.region.
    """
    row = store.of_order(order)
    require_or(store.unknown(order), agency=successions.keeper(row.case.agency), region=row.case.region)
    found = rules.waybill(waybill)
    if row.order != order or row.waybill not in ("", found):
        raise Refused("postal.conflict", f"交寄 {order} 已有另一个运单号。", "请核对运单。")
    if not row.waybill:
        postal.advance(actor, row, HandoverState.CONSIGNED, Told(timezone.now()), waybill=found)
    record(f"case:{row.case.number}", subjects=subjects(row.case), detail={"order": order, "waybill": found})
    return postal.seen(row)


@verb("cases.note_mail", "登记邮件结果")
def note_mail(*, actor: Actor, number: str, signer: str = "", returned: str = "") -> HandoverView:
    """Note by hand how a parcel ended: who signed for it (by the courier's paper receipt), or why it came back.

    Raises Refused: case.unknown, postal.undecided, postal.not_mail, postal.not_sent, postal.result, right.region.
    """
    case = _decided(actor, number)
    row = _mail(case)
    signer, returned = mask_free_text(signer.strip()), mask_free_text(returned.strip())
    if not HandoverState(row.state).on_the_way:
        raise Refused("postal.not_sent", f"办件 {number} 的文书不在途中。", "交寄后再登记结果。")
    if bool(signer) == bool(returned):
        raise Refused("postal.result", "没有写明结果，或者写了两种结果。", "请写签收人，或者写退回的原因。")
    state = HandoverState.SIGNED if signer else HandoverState.RETURNED
    postal.advance(actor, row, state, Told(timezone.now(), signer[:60], returned[:200]))
    record(f"case:{number}", subjects=subjects(case), detail={"state": state})
    return postal.seen(row)


@verb("cases.hand_over", "当面送达")
def hand_over(*, actor: Actor, number: str, taker: str, proof: str, contents: str) -> HandoverView:
    """Hand the documents to who came for them: who that was and what document proved it are kept as evidence.

    Whoever has chosen nothing, or waits for mail that has not left or came back, can come too. Raises Refused:
    case.unknown, postal.undecided, postal.sent, postal.taker, postal.proof, postal.contents, fees.unpaid, right.region.
    """
    case = _decided(actor, number)
    owing.check_delivery(case)
    taker, contents = mask_free_text(taker.strip())[:60], contents.strip()
    if not taker:
        raise Refused("postal.taker", "没有写领取人。", "请写领取人姓名。")
    if proof not in PROOFS:
        raise Refused("postal.proof", "没有选择核对了什么证件。", f"请选择：{'、'.join(PROOFS.values())}。")
    if not contents:
        raise Refused("postal.contents", "没有写明领取了什么。", "请写明文书和证照的名称、份数。")
    now = timezone.now()
    row = Handover.objects.select_for_update().filter(case=case).first()
    row = row or Handover(case=case, way=Way.PICKUP, chosen_at=now)
    if row.pk and HandoverState(row.state) not in TO_DO:
        raise Refused("postal.sent", f"办件 {number} 的文书已经交寄或者送达。", "被退回后才能当面领取。")
    row.case, row.state, row.ended_at, row.sealed = case, HandoverState.TAKEN, now, None
    row.contents = contents[:200]
    row.save()
    delivering.done(case)
    store.happened(row, "taken", actor, now, now, signer=taker, proof=proof, said=row.contents)
    postal.tell(row, postal_telling.TAKEN, signer=taker)
    record(f"case:{number}", subjects=subjects(case), detail={"taken": True, "proof": proof})
    return postal.seen(row)
