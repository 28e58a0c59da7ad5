"""Taking a delivery in: the one way for web upload, HTTP API, command line and drop folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Required, TypedDict, Unpack

from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.exchange import classified, jobs, receipts
from shuniu.exchange.api.sharing import below
from shuniu.exchange.api.telling import notify
from shuniu.exchange.declare import CHANNELS, NOTHING, ReceiptView, State
from shuniu.exchange.delivery import spool_blocks
from shuniu.exchange.entry import record_file
from shuniu.exchange.freshness import period_name, period_of
from shuniu.exchange.models import Submission
from shuniu.exchange.spool import Spooled, SpoolWriter
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def deliver(*, actor: Actor, writer: SpoolWriter, **delivery: Unpack[Delivery]) -> ReceiptView:
    """Hand in what a writer has spooled: the one way in for web, API, command and folder.

    Whatever is refused, for want of a right or for what the file holds, leaves no bytes behind.
    """
    spooled = writer.close()
    with _secrecy_told(actor, delivery["resource"], delivery["channel"]):
        try:
            return submit(actor=actor, spooled=spooled, digest=writer.digest, size=writer.size, **delivery)
        except BaseException:
            spooled.discard()
            raise


@contextmanager
def _secrecy_told(actor: Actor, resource: str, channel: str) -> Iterator[None]:
    """Around a verb that takes something in: a refusal for a mark is reported after the verb's rollback, or it were lost."""
    try:
        yield
    except Refused as refusal:
        if refusal.rule in classified.RULES and actor.may("exchange.report_classified"):
            report_classified(actor=actor, resource=resource, channel=channel, rule=refusal.rule)
        raise


@verb("exchange.report_classified", "报告涉密文件")
def report_classified(*, actor: Actor, resource: str, channel: str, rule: str) -> None:
    """Tell the secrecy officers that a marked file or record was refused: who, when, for what; never its name or content."""
    require()
    who = f"{actor.agency_name or actor.agency}{actor.name}"
    what = CHANNELS.get(channel, channel)
    text = f"{who}向“{resource}”报送的内容（{what}）带有密级标志，已整份拒收且未留存，请依规处置。"
    notify("secrecy", f"resource:{resource}", text)
    record(f"resource:{resource}", detail={"rule": rule, "channel": channel})


class Delivery(TypedDict, total=False):
    """What a delivery says of itself beside its bytes: see `submit`."""

    resource: Required[str]
    name: Required[str]
    mode: Required[Mode]
    channel: Required[str]
    department_batch: str
    region: str
    enqueue: bool


@verb("exchange.submit", "报送数据")
def submit(
    *,
    actor: Actor,
    resource: str,
    spooled: Spooled,
    name: str,
    digest: str,
    size: int,
    mode: Mode,
    channel: str,
    department_batch: str = "",
    region: str = "",
    enqueue: bool = True,
) -> ReceiptView:
    """Take a delivered file in: numbered, its bytes kept encrypted until the receipt. The same delivery gives its first receipt.

    The caller has spooled the bytes; they are discarded here when nothing is to be processed. Raises `Refused`:
    right.*, batch.number (this batch number was used for other content), catalogue.* (no such resource).
    """
    published = catalogue.published(resource)
    require_owner(actor, published, region)
    classified.refuse(spooled, name)
    earlier = _earlier(resource, region, department_batch, digest, mode)
    if earlier is not None:
        spooled.discard()
        record(f"submission:{earlier.pk}", detail={"repeated": True, "digest": digest})
        return receipts.view(earlier, published, repeated=True)
    submission = Submission.objects.create(
        resource=resource, agency=published.resource.agency, region=region, name=name, digest=digest, size=size,
        mode=mode.value, department_batch=department_batch, channel=channel, person=actor.person, officer=actor.name,
        spool_key=spooled.token(),
    )  # fmt: skip
    record(f"submission:{submission.pk}", detail={"resource": resource, "digest": digest, "size": size})
    if enqueue:  # a command that processes in its own process needs no job
        jobs.enqueue(submission.pk)
    return receipts.view(submission, published)


def require_owner(actor: Actor, published: Published, region: str) -> None:
    """Refuse unless the actor delivers for the owning agency, or for his own region in an agency below it.

    Raises `Refused` right.agency, right.region.
    """
    owner = published.resource.agency
    if region and published.resource.by_region and below(actor.agency, owner):
        require(region=region)
    else:
        require(agency=owner, region=region or None)


def _earlier(resource: str, region: str, department_batch: str, digest: str, mode: Mode) -> Submission | None:
    """The submission that this delivery repeats: same batch number, or without one the same content as the newest."""
    mine = Submission.objects.filter(resource=resource, region=region).exclude(
        state__in=[State.REFUSED.value, State.RECALLED.value]
    )
    if department_batch:
        same = mine.filter(department_batch=department_batch).first()
        if same is not None and same.digest != digest:
            raise Refused(
                "batch.number",
                f"批次号“{department_batch}”已用于第 {same.pk} 号报送，内容不同。",
                "更正内容请换一个新的批次号；要作废原批次请先撤回。",
            )
        return same
    newest = mine.order_by("-id").first()
    return newest if newest and newest.digest == digest and newest.mode == mode.value else None


def enter_record(*, actor: Actor, resource: str, values: Mapping[str, str], region: str = "") -> ReceiptView:
    """Deliver one record typed in online: a delta of one row on the same road, with the same checks and receipt.

    `values` by item name, as a person writes them. Raises `Refused`: right.*, entry.*, classified.*, catalogue.*.
    """
    with _secrecy_told(actor, resource, "entry"):
        return _enter(actor=actor, resource=resource, values=values, region=region)


@verb("exchange.enter_record", "在线录入")
def _enter(*, actor: Actor, resource: str, values: Mapping[str, str], region: str) -> ReceiptView:
    """One transaction of `enter_record`: what was typed goes in as the file that a department would have sent."""
    published = catalogue.published(resource)
    require_owner(actor, published, region)
    writer = spool_blocks([record_file(published.resource, values)])
    try:
        taken = submit(
            actor=actor, resource=resource, spooled=writer.close(), name="在线录入.csv", digest=writer.digest,
            size=writer.size, mode=Mode.DELTA, channel="entry", region=region,
        )  # fmt: skip
    except BaseException:
        writer.discard()
        raise
    record(f"submission:{taken.number}", detail={"resource": resource, "entry": True})
    return taken


@verb("exchange.declare_nothing", "零报告")
def declare_nothing(*, actor: Actor, resource: str, region: str = "") -> ReceiptView:
    """State that there is nothing to deliver for the present period of the resource's cycle: a receipt of no rows.

    It counts as a delivery in time and changes no row. Said again in the same period it gives its first receipt.
    Raises `Refused`: right.*, catalogue.*, batch.period (data were delivered in this period).
    """
    published = catalogue.published(resource)
    require_owner(actor, published, region)
    today = timezone.localdate()
    period = period_name(published.resource.cycle, today)
    earlier = Submission.objects.filter(resource=resource, region=region, period=period, state=State.STORED.value)
    if (said := earlier.first()) is not None:
        record(f"submission:{said.pk}", detail={"repeated": True, "period": period})
        return receipts.view(said, published, repeated=True)
    _refuse_delivered(published, region)
    held = registries.batches(published, limit=1)
    rows = held[0].counts.held_after if held else 0
    submission = Submission(
        resource=resource, agency=published.resource.agency, region=region, name="零报告", digest="", size=0,
        mode=Mode.DELTA.value, channel=NOTHING, period=period, person=actor.person, officer=actor.name,
        state=State.STORED.value, finished_at=timezone.now(), held_before=rows, held_after=rows,
    )  # fmt: skip
    submission.save()
    receipts.sign(submission)
    submission.save(update_fields=["signature", "key"])
    record(f"submission:{submission.pk}", detail={"resource": resource, "period": period, "nothing": True})
    return receipts.view(submission, published)


def _refuse_delivered(published: Published, region: str) -> None:
    span = period_of(published.resource.cycle, timezone.localdate())
    delivered = Submission.objects.filter(
        resource=published.resource.key,
        region=region,
        state__in=[State.STORED.value, State.HELD.value, State.RECEIVED.value],
    ).exclude(channel=NOTHING)
    found = delivered.filter(received_at__date__gte=span.start).first() if span else None
    if found is not None:
        raise Refused(
            "batch.period",
            f"本期（{period_name(published.resource.cycle, timezone.localdate())}）已有第 {found.pk} 号报送，不能再作零报告。",
            "要作废已报送的数据，请先撤回该批次。",
        )
