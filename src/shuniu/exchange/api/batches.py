"""From a received submission to its receipt: processing, holding for a second officer, refusing, recalling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.exchange import jobs, receipts, road, spool, store
from shuniu.exchange.api.mounting import mount_published
from shuniu.exchange.api.reads import require_seen, unknown
from shuniu.exchange.api.telling import notify
from shuniu.exchange.declare import ReceiptView, State
from shuniu.exchange.models import Submission
from shuniu.exchange.rules import limits_on
from shuniu.exchange.spool import opened
from shuniu.registries import api as registries
from shuniu.registries.conform import ISSUED
from shuniu.registries.declare import Counts, Mode
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

MAX_ATTEMPTS = 3
"""How often processing a submission is tried before it is refused with its reason and shown to its owner."""

_DONE = "batch.done"
_GONE = Refused("file.gone", "原文件已不在平台（例如从备份恢复之后），本批未入库。", "请重新报送同一文件。")


def process(*, actor: Actor, number: int) -> ReceiptView:
    """Process a received submission to its receipt. Safe to call again, after any kill, and by two workers at once.

    One verb reads the file and stores its rows together with the receipt: all of it, or nothing.
    """
    submission = Submission.objects.get(pk=number)
    published = catalogue.published(submission.resource)
    if submission.state != State.RECEIVED.value or submission.spool_key is None:
        return receipts.view(submission, published)
    if not _may_try(submission):
        refusal = Refused(
            "batch.failed", "平台多次处理未成功，本批未入库。", "请联系省级平台运维人员，处理后重新报送。"
        )
        refuse_batch(actor=actor, number=number, refusal=refusal)
        submission.refresh_from_db()
        return receipts.view(submission, published)
    mount_published()  # what was published a moment ago may be delivered before the next look
    delivered = _road(submission, published)
    try:
        commit_batch(actor=actor, number=number, delivered=delivered)
    except Refused as refusal:
        _settle(actor, number, refusal, delivered)
    except FileNotFoundError:
        # The bytes go with the receipt: another worker may have written it while this one was reading.
        if Submission.objects.get(pk=number).state == State.RECEIVED.value:
            _settle(actor, number, _GONE, delivered)
    store.clear_progress(number)
    submission.refresh_from_db()
    if submission.state == State.STORED.value and submission.batch and actor.may("registries.resolve"):
        # After the receipt: whom an unknown row is about is no part of taking it in, and may be found at any later time.
        registries.resolve(actor=actor, resource=submission.resource, batch=submission.batch)
    return receipts.view(submission, published)


def _road(submission: Submission, published: Published) -> road.Road:
    return road.Road(
        opened(bytes(submission.spool_key or b"")), submission.name, published, codes_of(published),
        store.progress_of(submission.pk), aliases=aliases_of(published), region=submission.region,
        limit=limits_on(date.today(), submission.region or None).reject,
    )  # fmt: skip


def _settle(actor: Actor, number: int, refusal: Refused, delivered: road.Road) -> None:
    """Hold or refuse the batch, unless another worker was first: then its receipt stands."""
    try:
        if isinstance(refusal, registries.Held):
            hold_batch(actor=actor, number=number, held=refusal, notes=delivered.notes)
        elif refusal.rule == road.REJECT_LIMIT:
            refuse_batch(actor=actor, number=number, refusal=refusal, delivered=delivered)
        elif refusal.rule != _DONE:
            refuse_batch(actor=actor, number=number, refusal=refusal)
    except Refused as late:
        if late.rule != _DONE:
            raise


def _may_try(submission: Submission) -> bool:
    """Count an attempt, on its own, before anything can kill it: a file that kills its worker is not tried for ever."""
    Submission.objects.filter(pk=submission.pk).update(attempts=F("attempts") + 1)
    return submission.attempts < MAX_ATTEMPTS


@verb("exchange.sweep", "清理中断的处理")
def sweep(*, actor: Actor) -> int:
    """Enqueue received submissions that no job waits for, and remove spool files that no submission names."""
    require()
    waiting = store.waiting_numbers()
    for number in waiting:
        jobs.enqueue(number)
    removed = spool.sweep(_open_files())
    record("submissions", detail={"enqueued": len(waiting), "removed": removed})
    return len(waiting)


def to_sweep() -> bool:
    """Whether `sweep` would find anything to do: the job that looks every minute is journalled only then."""
    return bool(store.waiting_numbers() or spool.orphans(_open_files()))


def _open_files() -> set[str]:
    open_keys = Submission.objects.exclude(spool_key=None).values_list("spool_key", flat=True)
    return {opened(bytes(key)).name for key in open_keys if key is not None}


def aliases_of(published: Published) -> dict[str, tuple[str, ...]]:
    """Further headings by which an item's column may come: the names of its element."""
    elements = catalogue.elements()
    return {
        item.name: (elements[item.element].title, *elements[item.element].aliases)
        for item in published.resource.items
        if item.element in elements
    }


def codes_of(published: Published) -> dict[str, dict[str, str]]:
    """The code lists that a resource's items name, as valid today; and the region codes, where an item is checked for one."""
    keys = {item.code_list for item in published.resource.items if item.code_list}
    codes = {key: catalogue.code_list(key, date.today()) for key in keys}
    if any(item.check == "region" for item in published.resource.items):
        codes[ISSUED] = directory.issued_codes()
    return codes


def _open_submission(number: int) -> Submission:
    """Lock a submission that is still to be processed. Raises `Refused` batch.done when another worker was first."""
    submission = Submission.objects.select_for_update().get(pk=number)
    if submission.state != State.RECEIVED.value:
        raise Refused(_DONE, f"第 {number} 号报送已处理完毕。")
    return submission


@verb("exchange.process", "处理报送")
def commit_batch(*, actor: Actor, number: int, delivered: road.Road) -> None:
    """Take a delivered file's rows in: rows, receipt and journal entry in one transaction."""
    submission = _open_submission(number)
    published = catalogue.published(submission.resource)
    require()
    loaded = registries.load(
        published, delivered.incoming, mode=Mode(submission.mode), source=f"submission:{number}",
        limits=limits_on(date.today(), submission.region or None), released=bool(submission.released_by),
        region=submission.region,
    )  # fmt: skip
    store.save_rejects(number, delivered.rejects)
    _finish(submission, published, State.STORED, loaded.counts, batch=loaded.batch, notes=delivered.notes)


@verb("exchange.refuse_batch", "整批拒收")
def refuse_batch(*, actor: Actor, number: int, refusal: Refused, delivered: road.Road | None = None) -> None:
    """Give a submission that cannot be read or stored its receipt: refused whole, with the rule and the remedy.

    `delivered` is the file that was read to its end and had too many faults: its rows are all handed back.
    """
    submission = _open_submission(number)
    require()
    published, counts = catalogue.published(submission.resource), Counts()
    notes: tuple[str, ...] = ()
    if delivered is not None:
        store.save_rejects(number, delivered.rejects)
        received = delivered.incoming.received
        counts, notes = Counts(received=received, rejected=received), delivered.notes
    _finish(submission, published, State.REFUSED, counts, refusal=refusal, notes=notes)


@verb("exchange.hold_batch", "转第二人复核")
def hold_batch(*, actor: Actor, number: int, held: registries.Held, notes: Sequence[str] = ()) -> None:
    """Set a submission aside for a second officer, with what it would do and samples of it."""
    submission = _open_submission(number)
    require()
    submission.state = State.HELD.value
    submission.rule, submission.reason, submission.remedy = held.rule, held.message, held.remedy
    submission.sample_withdrawn = list(held.preview.sample_withdrawn)
    submission.sample_changed = list(held.preview.sample_changed)
    submission.notes = receipts.kept(notes)
    submission.save()
    title = catalogue.published(submission.resource).resource.title
    text = f"第 {number} 号报送（{title}）：{held.message}{held.remedy}"
    _tell(submission, "held", text)
    record(f"submission:{number}", detail={"rule": held.rule, "withdrawn": held.preview.counts.withdrawn})


@verb("exchange.release", "放行待复核批次")
def release(*, actor: Actor, number: int) -> None:
    """Let a held batch go on. By another officer of the same agency than the one who delivered it."""
    submission, _published = _held(actor, number)
    if submission.person == actor.person:
        raise Refused("batch.second_officer", "报送人不能放行自己的批次。", "请由本单位另一位复核人办理。")
    submission.state, submission.released_by = State.RECEIVED.value, actor.person
    submission.save()
    record(f"submission:{number}", detail={"released": True})
    jobs.enqueue(number)


@verb("exchange.turn_down", "退回待复核批次")
def turn_down(*, actor: Actor, number: int, reason: str) -> ReceiptView:
    """Refuse a held batch for a stated reason: nothing of it is stored."""
    submission, published = _held(actor, number)
    refusal = Refused("batch.turned_down", f"复核人退回：{reason}", "请核对后重新报送。")
    _finish(submission, published, State.REFUSED, Counts(), refusal=refusal)
    return receipts.view(submission, published)


def _held(actor: Actor, number: int) -> tuple[Submission, Published]:
    submission, published = _own(actor, number)
    if submission.state != State.HELD.value:
        raise Refused("batch.not_held", f"第 {number} 号报送不在待复核状态。", "现在的状态见回执。")
    return submission, published


def _own(actor: Actor, number: int) -> tuple[Submission, Published]:
    """A submission of the actor's agency, locked. Raises Refused submission.unknown; right.agency to who may see it alone."""
    submission = Submission.objects.select_for_update().filter(pk=number).first()
    if submission is None:
        raise unknown(number)
    require_seen(actor, submission)
    published = catalogue.published(submission.resource)
    require(agency=published.resource.agency)
    return submission, published


@verb("exchange.recall", "批次撤回")
def recall(*, actor: Actor, number: int, reason: str) -> ReceiptView:
    """Take a stored batch back whole (批次撤回): rows as they were before it, with a receipt of its own in the history."""
    submission, published = _own(actor, number)
    if submission.state != State.STORED.value or submission.batch is None:
        raise Refused("batch.not_stored", f"第 {number} 号报送没有已入库的批次可撤回。")
    if not reason.strip():
        raise Refused("batch.reason", "撤回批次要写明理由。", "请填写撤回理由。")
    undone = registries.recall(published, submission.batch, source=f"recall:{number}")
    submission.state, submission.reason = State.RECALLED.value, f"批次撤回：{reason}"
    receipts.sign(submission)
    submission.save()
    text = f"第 {number} 号报送（{published.resource.title}）已由{actor.name}撤回：{reason}"
    _tell(submission, "recalled", text)
    record(f"submission:{number}", detail={"batch": submission.batch, "recall": undone.batch, "reason": reason})
    return receipts.view(submission, published)


def _finish(
    submission: Submission,
    published: Published,
    state: State,
    counts: Counts,
    *,
    batch: int | None = None,
    refusal: Refused | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Write the receipt, sign it, and make the delivered bytes unreadable once the transaction has committed."""
    for name, value in vars(counts).items():
        setattr(submission, name, value)
    submission.state, submission.batch, submission.finished_at = state.value, batch, timezone.now()
    submission.notes = receipts.kept(notes)
    if refusal is not None:
        submission.rule, submission.reason, submission.remedy = refusal.rule, refusal.message, refusal.remedy
    else:
        submission.rule = submission.reason = submission.remedy = ""
    spooled = opened(bytes(submission.spool_key)) if submission.spool_key else None
    submission.spool_key = None
    receipts.sign(submission)
    submission.save()
    if state is State.REFUSED:
        text = (
            f"第 {submission.pk} 号报送（{published.resource.title}）整批拒收：{submission.reason}{submission.remedy}"
        )
        _tell(submission, "refused", text)
    record(
        f"submission:{submission.pk}",
        detail={"resource": published.resource.key, "state": state.value, "batch": batch, **vars(counts)},
    )
    if spooled is not None:
        transaction.on_commit(spooled.discard)


def _tell(submission: Submission, kind: str, text: str) -> None:
    """Tell the owning agency; and of a region's slice also who delivered it, who may sit in another agency."""
    target = f"submission:{submission.pk}"
    notify(kind, target, text, agency=submission.agency)
    if submission.region:
        notify(kind, target, text, person=submission.person)
