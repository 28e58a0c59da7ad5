"""What an auditor follows of a submission and of a call: who, by whose decision, from which batches; never a row of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuniu.catalogue import api as catalogue
from shuniu.exchange.declare import CHANNELS, State
from shuniu.exchange.gateway.proving import call_of
from shuniu.exchange.gateway.store import calls
from shuniu.exchange.grants.models import AgreementVersion
from shuniu.exchange.models import Submission
from shuniu.registries import api as registries
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


@dataclass(frozen=True)
class TracedCall:
    """A question through the gateway without its content: under which agreement, decided by whom, answered from what.

    `batches` are those that the subjects' rows had come with, as the resource stood at the moment of the call; empty
    where a provider's live interface answered (`live`) or nothing was held.
    """

    number: int
    at: datetime
    person: str
    officer: str
    resource: str
    purpose: str
    agreement: int
    version: int
    request: int
    asked_by: str
    asked_name: str
    asked_at: datetime
    granted_by: str  # empty: the platform, by rule
    granted_name: str
    granted_at: datetime
    subjects: int
    live: bool
    batches: tuple[int, ...]


MOST = 1_000
"""Rows whose batches are named: more than a question can be answered with."""


@verb("exchange.trace_call", "追查查询")
def trace_call(*, actor: Actor, number: int) -> TracedCall:
    """A call of the gateway by its number. Raises Refused gateway.unknown."""
    require()
    found = call_of(number)
    kept = found.kept
    terms = AgreementVersion.objects.select_related("request").get(agreement_id=kept.agreement, number=kept.version)
    subjects = calls.subjects(number, found.at)
    live, batches = "live" in found.said, tuple[int, ...]()
    if subjects and not live:
        published = catalogue.published(found.resource)
        whole = sorted({each for one in subjects for each in registries.members(one)})
        rows = registries.rows(published, subjects=whole, as_of=registries.batch_on(published, found.at), limit=MOST)
        batches = tuple(sorted({row.batch for row in rows}))
    record(f"call:{number}", detail={"traced": True})
    asked = terms.request
    return TracedCall(
        number, found.at, found.person, found.name, found.resource, str(found.said["purpose"]), kept.agreement, kept.version,
        asked.pk, asked.person, asked.person_name, asked.asked_at, terms.granted_by, terms.granted_name, terms.made_at,
        len(subjects), live, batches,
    )  # fmt: skip
