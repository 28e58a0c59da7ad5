"""Reading submissions: receipts, rejected rows, lists; for the agency that delivered and the provincial office."""

from __future__ import annotations

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.exchange import exports, receipts
from shuniu.exchange.api.sharing import below
from shuniu.exchange.declare import ReceiptView, RejectedRow, State
from shuniu.exchange.models import Reject, Submission
from shuniu.registries.declare import Fault
from shuniu.registries.rules import explain
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused


@verb("exchange.read_receipt", "查看回执", reads=True)
def receipt(*, actor: Actor, number: int) -> ReceiptView:
    """A submission's receipt, for its agency and the provincial office."""
    submission, published = _seen(actor, number)
    record(f"submission:{number}")
    return receipts.view(submission, published)


@verb("exchange.read_rejects", "查看退回清单", reads=True)
def rejects(*, actor: Actor, number: int, rule: str = "", limit: int = 1000, after: int = 0) -> list[RejectedRow]:
    """The refused rows of a submission by source line, each with its reasons (of one rule: those that broke it)."""
    submission, published = _seen(actor, number)
    broken = Reject.objects.filter(submission=submission, line__gt=after).order_by("line")
    found = (broken.filter(faults__list__contains=[{"rule": rule}]) if rule else broken)[:limit]
    record(f"submission:{number}", detail={"rejects": len(found)})
    return [_rejected(reject, published) for reject in found]


@verb("exchange.export_rejects", "导出退回清单", reads=True)
def export_rejects(*, actor: Actor, number: int) -> exports.Written:
    """All refused rows of a submission as a file in the department's own columns, each with its reasons."""
    submission, published = _seen(actor, number)
    found = Reject.objects.filter(submission=submission).order_by("line").iterator(chunk_size=5000)
    written = exports.rejects_file(published.resource, (_rejected(reject, published) for reject in found))
    record(f"submission:{number}", detail={"exported": written.rows})
    return written


def _rejected(reject: Reject, published: Published) -> RejectedRow:
    faults = [
        Fault(reject.line, fault["item"], fault["rule"], reject.cells.get(fault["item"]) or "")
        for fault in reject.faults["list"]
    ]
    return RejectedRow(reject.line, reject.cells, tuple(explain(fault, published.resource) for fault in faults))


def require_seen(actor: Actor, submission: Submission) -> None:
    """Refuse unless the submission is of the actor's agency, or a slice of the actor's own region in an agency below it.

    As one that is not there: that another's is there is told to nobody. Raises Refused submission.unknown.
    """
    if submission.region and below(actor.agency, submission.agency):
        require_or(unknown(submission.pk), region=submission.region)
    else:
        require_or(unknown(submission.pk), agency=submission.agency)


def unknown(number: int) -> Refused:
    """The refusal of a submission that is not there, or that its reader may not know of."""
    return Refused("submission.unknown", f"没有第 {number} 号报送，或者您不能查看它。", "请核对回执编号。")


def _seen(actor: Actor, number: int) -> tuple[Submission, Published]:
    submission = Submission.objects.filter(pk=number).first()
    if submission is None:
        raise unknown(number)
    require_seen(actor, submission)
    return submission, catalogue.published(submission.resource)


@verb("exchange.list_submissions", "查看报送记录", reads=True)
def submissions(
    *, actor: Actor, agency: str = "", resource: str = "", state: State | None = None, limit: int = 50, before: int = 0
) -> list[ReceiptView]:
    """The newest submissions of an agency (default: the actor's own), newest first."""
    require(agency=agency or actor.agency)
    found = Submission.objects.order_by("-id")
    if agency or actor.agency:
        found = found.filter(agency=agency or actor.agency)
    if resource:
        found = found.filter(resource=resource)
    if state is not None:
        found = found.filter(state=state.value)
    if before:
        found = found.filter(pk__lt=before)
    listed = list(found[:limit])
    record("submissions", detail={"agency": agency or actor.agency, "rows": len(listed)})
    known = {published.resource.key: published for published in catalogue.published_all()}
    return [receipts.view(submission, known[submission.resource]) for submission in listed]
