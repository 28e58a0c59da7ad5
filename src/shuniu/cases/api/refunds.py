"""Refunds on their way: which are due, what came of each try, tried anew or no more; and where the day's books differ."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from pydantic import TypeAdapter

from shuniu.base.rules import RuleBook
from shuniu.cases.api.payments import own_differences
from shuniu.cases.declare.fee import Compared, Difference, Explained, RefundOrder, RefundWaiting
from shuniu.cases.models.bills import Bill, Reconciliation, RefundTry
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import bills as store
from shuniu.trust.api import OVERSEE, record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused

_DIFFERENCES = TypeAdapter(tuple[Difference, ...])
_SAID = 300
MOST = 500


def due_refunds() -> tuple[RefundOrder, ...]:
    """The refunds that the provider has not confirmed and that may be tried now, oldest bill first: what the job does."""
    waits = set(RefundTry.objects.filter(due__gt=timezone.now()).values_list("order", flat=True))
    ended = set(RefundTry.objects.filter(due=None).values_list("order", flat=True))
    found = (store.loaded(number) for number in store.with_refunds_to_do())
    orders = (order for bill in found for order in rules.to_refund(bill.row.number, bill.events))
    return tuple(order for order in orders if order.number not in waits | ended)


@verb("cases.note_refund", "记录退款未成")
def note_refund(*, actor: Actor, order: str, said: str) -> None:
    """Note that a try failed and when the next is due: each wait is twice the last; past the dated limit there is none.

    Raises Refused: fees.unknown (no such refund waits).
    """
    require()
    bill, _ = _waiting(order)
    row, _made = RefundTry.objects.select_for_update().get_or_create(
        order=order, defaults={"bill": bill.row, "due": timezone.now()}
    )
    now = timezone.now()
    row.tries, row.said, row.at = row.tries + 1, said[:_SAID], now
    most, first = _rule("fees.refund.retry.count"), _rule("fees.refund.retry.minutes")
    row.due = now + timedelta(minutes=first << (row.tries - 1)) if row.tries < most else None
    row.why = "" if row.due else f"已试 {row.tries} 次"
    row.save()
    record(f"bill:{bill.row.number}", detail={"refund": order, "tries": row.tries, "ended": row.due is None})


@verb("cases.list_refunds", "查看待退款项", reads=True)
def list_refunds(*, actor: Actor) -> list[RefundWaiting]:
    """Refunds of the actor's agency's bills that the provider has not confirmed, those that are tried no more first."""
    require()
    numbers = [one.number for one in store.listed(actor, "refunding", None, MOST)]
    tries = {one.order: one for one in RefundTry.objects.filter(bill__number__in=numbers)}
    found = [one for number in numbers for one in _of(store.loaded(number), tries)]
    record(f"agency:{actor.agency}", detail={"refunds": len(found)})
    return sorted(found, key=lambda one: (not one.why, one.since))


def _of(bill: store.Loaded, tries: dict[str, RefundTry]) -> list[RefundWaiting]:
    since = {one.seq: one.at for one in bill.events}
    found = []
    for order in rules.to_refund(bill.row.number, bill.events):
        row = tries.get(order.number)
        seq = int(order.number.rpartition("-R")[2])
        what = (row.tries, row.said, row.due, row.why) if row else (0, "", None, "")
        found.append(RefundWaiting(order, bill.row.number, bill.keeper, since[seq], *what))
    return found


@verb("cases.retry_refund", "重新退款")
def retry_refund(*, actor: Actor, order: str) -> None:
    """Begin the tries of a refund anew. Raises Refused: fees.unknown, right.*."""
    row = _held(actor, order)
    row.tries, row.due, row.why = 0, timezone.now(), ""
    row.save(update_fields=["tries", "due", "why"])
    record(f"bill:{row.bill.number}", detail={"refund": order, "retried": True})


@verb("cases.stop_refund", "停止自动退款")
def stop_refund(*, actor: Actor, order: str, reason: str) -> None:
    """Try a refund no more, because it is settled with the provider otherwise; it stays open until the provider confirms.

    Raises Refused: fees.unknown, fees.reason, right.*.
    """
    row = _held(actor, order)
    if not reason.strip():
        raise Refused("fees.reason", "没有写明停止的理由。", "请写明改用什么办法退款，例如“已与支付机构约定线下退回”。")
    row.due, row.why = None, reason.strip()[:_SAID]
    row.save(update_fields=["due", "why"])
    record(f"bill:{row.bill.number}", detail={"refund": order, "stopped": True})


def _held(actor: Actor, order: str) -> RefundTry:
    """The tries of a refund that waits, locked, for who handles its case. Raises Refused: fees.unknown, right.*."""
    bill, _ = _waiting(order)
    known = actor.agency if actor.agency in bill.agencies else bill.keeper
    require_or(_unknown(order), agency=known, region=bill.case.region)
    require(agency=bill.keeper)
    row, _made = RefundTry.objects.select_for_update(of=("self",)).get_or_create(
        order=order, defaults={"bill": bill.row, "due": timezone.now()}
    )
    return row


def _waiting(number: str) -> tuple[store.Loaded, RefundOrder]:
    """A refund that the provider has not confirmed, and its bill. Raises Refused fees.unknown."""
    if not Bill.objects.filter(number=rules.bill_of(number)).exists():
        raise _unknown(number)
    bill = store.loaded(rules.bill_of(number), lock=True)
    found = next((one for one in rules.to_refund(bill.row.number, bill.events) if one.number == number), None)
    if found is None:
        raise _unknown(number)
    return bill, found


def _unknown(number: str) -> Refused:
    return Refused("fees.unknown", f"没有待退的款项“{number}”，或者您不能办理它。", "可能已经退回，请刷新页面查看。")


def _rule(key: str) -> int:
    return RuleBook.load(settings.RULE_PACK).resolve(key, timezone.localdate()).integer()


@verb("cases.list_reconciliations", "查看对账记录", reads=True)
def list_reconciliations(*, actor: Actor, before: date | None = None, limit: int = 31) -> list[Compared]:
    """The newest comparison of each day, the newest day first, of the days before that one.

    Their differences are those that `read_reconciliation` shows.
    """
    require()
    rows = Reconciliation.objects.filter(day__lt=before) if before is not None else Reconciliation.objects.all()
    found = list(rows.order_by("-day", "-id").distinct("day")[:limit])
    record("payments", detail={"days": len(found)})
    seen = own_differences(actor, [_DIFFERENCES.validate_python(row.differences) for row in found])
    whole = actor.may(OVERSEE)
    return [
        Compared(row.day, row.made_at, row.here if whole else None, row.there if whole else None, own)
        for row, own in zip(found, seen, strict=True)
    ]


def explained(found: tuple[Difference, ...]) -> tuple[Explained, ...]:
    """Each difference with its bill and who handles that; called with what `read_reconciliation` gave."""
    numbers = {rules.bill_of(one.number) for one in found}
    agencies = dict(Bill.objects.filter(number__in=numbers).values_list("number", "case__agency"))
    meant = ((one, rules.bill_of(one.number)) for one in found)
    return tuple(Explained(one, bill if bill in agencies else "", agencies.get(bill, "")) for one, bill in meant)
