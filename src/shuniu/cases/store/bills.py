"""Bills as they stand in the tables, and the adding of events to them. Called by `api` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from shuniu.base.masking import mask_name
from shuniu.cases.declare.fee import (
    BillEvent,
    BillLine,
    BillMove,
    BillRow,
    BillState,
    BillView,
    Counted,
    Trade,
    Which,
)
from shuniu.cases.models import Case
from shuniu.cases.models.bills import Bill
from shuniu.cases.models.bills import BillEvent as EventRow
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import successions
from shuniu.trust.declare import Actor, Refused


@dataclass
class Loaded:
    """A bill with what is charged and what happened, locked where it is to be added to."""

    row: Bill
    lines: tuple[BillLine, ...]
    events: list[BillEvent]

    @property
    def case(self) -> Case:
        return self.row.case

    @property
    def keeper(self) -> str:
        """The agency that looks after the bill's case."""
        return successions.keeper(self.case.agency)

    @property
    def agencies(self) -> frozenset[str]:
        """Whose bill it is: who handles the case, and who gets a line."""
        return frozenset({self.keeper, *(line.agency for line in self.lines)})

    def add(
        self,
        move: BillMove,
        amount: int,
        actor: Actor,
        *,
        line: str = "",
        reason: str = "",
        answers: int = 0,
        trade: Trade | None = None,
    ) -> BillEvent:
        """Write one more event."""
        event = BillEvent(
            len(self.events) + 1, move, amount, timezone.now(), actor.person, actor.name, line, reason, answers,
            trade.trade if trade else "", trade.number if trade else "", trade.at if trade else None,
        )  # fmt: skip
        EventRow.objects.create(bill=self.row, **vars(event))
        self.events.append(event)
        return event

    def view(self) -> BillView:
        """The bill as others see it."""
        events = tuple(self.events)
        return BillView(
            number=self.row.number,
            case=self.case.pk,
            account=self.case.account,
            agency=self.keeper,
            region=self.case.region,
            issued_at=self.row.issued_at,
            lines=self.lines,
            events=events,
            state=rules.state(self.lines, events),
            total=sum(line.amount for line in self.lines),
            due=rules.due(self.lines, events),
            kept=rules.kept(self.lines, events),
        )


def loaded(number: str, *, lock: bool = False) -> Loaded:
    """The bill of that number. Raises Refused (fees.unknown)."""
    rows = Bill.objects.filter(number=number)
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.select_related("case").first()
    if row is None:
        raise unknown(number)
    lines = tuple(
        BillLine(one.key, one.title, one.basis, one.agency, one.rule, one.unit, one.count)
        for one in row.lines.order_by("pk")
    )
    return Loaded(row, lines, [event(one) for one in row.events.order_by("seq")])


def unknown(number: str) -> Refused:
    """The refusal of a bill that is not there, or that its reader may not know of."""
    return Refused(
        "fees.unknown", f"没有编号为“{number}”的缴费单，或者您不能查看它。", "请核对缴费通知书上的缴费单号。"
    )


def event(row: EventRow) -> BillEvent:
    """A row of the log as what it says."""
    return BillEvent(
        row.seq, BillMove(row.move), row.amount, row.at, row.person, row.person_name, row.line, row.reason, row.answers,
        row.trade, row.order, row.happened,
    )  # fmt: skip


def moved(start: datetime, end: datetime) -> tuple[Trade, ...]:
    """Every payment and refund by the provider that our books have for a span of its time, its end excluded."""
    rows = EventRow.objects.filter(happened__gte=start, happened__lt=end).exclude(order="").order_by("happened", "pk")
    return tuple(
        Trade("refunded" if row.move == BillMove.REFUNDED else "paid", row.order, row.trade, row.amount, row.happened)
        for row in rows
        if row.happened is not None
    )


def counted(agency: str, start: datetime, end: datetime) -> tuple[Counted, ...]:
    """What an agency's window took and gave back in a span of time, its end excluded."""
    rows = EventRow.objects.filter(
        happened__gte=start, happened__lt=end, order="", trade__startswith=f"{agency}:"
    ).select_related("bill")
    return tuple(
        Counted(
            row.at, row.bill.number, "refunded" if row.move == BillMove.REFUNDED else "paid", event(row).slip,
            row.amount, row.person_name,
        )
        for row in rows.order_by("happened", "pk")
    )  # fmt: skip


def with_refunds_to_do() -> tuple[str, ...]:
    """Numbers of the bills that have a refund which the provider has not confirmed."""
    moves = [BillMove.UNSETTLED.value, BillMove.REFUND_AGREED.value]
    done = EventRow.objects.filter(bill=OuterRef("bill"), answers=OuterRef("seq"))
    asked = EventRow.objects.filter(~Exists(done), move__in=moves)
    return tuple(dict.fromkeys(asked.order_by("pk").values_list("bill__number", flat=True)))


_LISTED = """
select b.id, b.number, c.number, c.applicant_name, c.applicant_kind, b.issued_at, l.total, e.waived, e.paid, e.given,
       e.asked, e.going, c.region
  from cases_bill b join cases_case c on c.id = b.case_id
  cross join lateral (select sum(unit * count) total from cases_billline where bill_id = b.id) l
  cross join lateral (
    select coalesce(sum(amount) filter (where move = 'waived'), 0) waived,
           coalesce(sum(amount) filter (where move = 'paid'), 0) paid,
           coalesce(sum(amount) filter (where move = 'refund_agreed'), 0) given,
           count(*) filter (where move in ('waiver_asked', 'refund_asked') and not answered) asked,
           coalesce(sum(amount) filter (where move in ('unsettled', 'refund_agreed') and not answered), 0) going
      from (select move, amount, exists (select 1 from cases_billevent a where a.bill_id = b.id and a.answers = o.seq)
                   answered from cases_billevent o where o.bill_id = b.id) x) e
 where (c.agency = any(%(estate)s) or exists (select 1 from cases_billline m where m.bill_id = b.id and m.agency = %(agency)s))
   and (%(before)s::bigint is null or b.id < %(before)s)
   and (%(which)s = 'all' or %(which)s = 'asked' and e.asked > 0 or %(which)s = 'refunding' and e.going > 0
        or %(which)s = 'owed' and e.paid = 0 and l.total > e.waived)
 order by b.id desc limit %(limit)s"""


def listed(actor: Actor, which: Which, before: int | None, limit: int) -> list[BillRow]:
    """Bills of the actor's agency within reach, the newest first, with what their events come to."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, {
            "agency": actor.agency, "estate": successions.estate(actor.agency), "which": which, "before": before,
            "limit": limit,
        })  # fmt: skip
        rows = cursor.fetchall()
    return [_row(*row[:-1]) for row in rows if actor.reaches(row[-1])]


def _row(
    number_: int, number: str, case: str, name: str, kind: str, at: datetime, total: int, waived: int, paid: int,
    given: int, asked: int, going: int,
) -> BillRow:  # fmt: skip
    total, due = int(total), 0 if paid else int(total - waived)
    kept = int(paid - given)
    if not paid:
        state = BillState.OWED if due else BillState.WAIVED
    else:
        state = BillState.PAID if not given else BillState.PART_REFUNDED if kept else BillState.REFUNDED
    who = name if kind == "legal" else mask_name(name)
    return BillRow(number_, number, case, who, at, state, total, kept, due, int(asked), int(going))
