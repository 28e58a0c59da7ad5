"""What an auditor follows of a submission: who delivered which file, into which batch; never a row of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuniu.exchange.declare import CHANNELS, State
from shuniu.exchange.models import Submission
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Traced:
    """A submission without its content: `digest` is the SHA-256 of the file as it was delivered, hex."""

    number: int
    resource: str
    agency: str
    digest: str
    size: int
    channel: str
    state: State
    batch: int | None
    person: str
    officer: str
    received_at: datetime
    finished_at: datetime | None


@verb("exchange.trace_submission", "追查报送")
def trace_submission(*, actor: Actor, number: int = 0, resource: str = "", batch: int = 0) -> Traced:
    """A submission by its number, or by the batch that it became. Raises Refused submission.unknown."""
    require()
    if number:
        found = Submission.objects.filter(pk=number).first()
    else:
        found = Submission.objects.filter(resource=resource, batch=batch, state=State.STORED.value).first()
    if found is None:
        named = f"第 {number} 号报送" if number else f"资源 {resource} 的第 {batch} 批"
        raise Refused("submission.unknown", f"没有{named}。", "请核对编号。")
    record(f"submission:{found.pk}", detail={"traced": True})
    return Traced(
        found.pk, found.resource, found.agency, found.digest, found.size, CHANNELS.get(found.channel, found.channel),
        State(found.state), found.batch, found.person, found.officer, found.received_at, found.finished_at,
    )  # fmt: skip
