"""What a receipt says and how it is countersigned."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from shuniu.catalogue.declare import Published
from shuniu.exchange.declare import ReceiptView, State
from shuniu.exchange.models import Submission
from shuniu.registries.declare import Counts, Mode
from shuniu.trust.api import countersign


def counts_of(submission: Submission) -> Counts:
    return Counts(**{name: getattr(submission, name) for name in Counts.__dataclass_fields__})


MAX_NOTES = 20
"""So many of the reader's notes are kept with a receipt; behind them is said how many more there were."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def kept(notes: Sequence[str]) -> list[str]:
    """The reader's notes as a receipt keeps them: the first of them, and headings without characters that show nothing.

    The database holds no NUL, and a heading that turns the direction of writing would make a note say something else.
    """
    shown = [_UNSEEN.sub("\ufffd", note) for note in notes[:MAX_NOTES]]
    more = len(notes) - len(shown)
    return [*shown, f"另有 {more} 条。"] if more else shown


def signed_bytes(submission: Submission) -> bytes:
    """What the platform's signature on a receipt covers: number, resource, file digest, state, batch, every count, notes.

    A receipt without notes is signed as before there were any, so that older signatures are verified as they stand.
    """
    said = {
        "number": submission.pk,
        "resource": submission.resource,
        "digest": submission.digest,
        "mode": submission.mode,
        "period": submission.period,
        "state": submission.state,
        "batch": submission.batch,
        "rule": submission.rule,
        **vars(counts_of(submission)),
        **({"notes": submission.notes} if submission.notes else {}),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sign(submission: Submission) -> None:
    signed = countersign(signed_bytes(submission))
    submission.signature, submission.key = signed.signature, signed.key


def view(submission: Submission, published: Published, *, repeated: bool = False) -> ReceiptView:
    return ReceiptView(
        number=submission.pk,
        resource=submission.resource,
        resource_title=published.resource.title,
        agency=submission.agency,
        name=submission.name,
        digest=submission.digest,
        size=submission.size,
        mode=Mode(submission.mode),
        department_batch=submission.department_batch,
        state=State(submission.state),
        reason=submission.reason,
        remedy=submission.remedy,
        counts=counts_of(submission),
        batch=submission.batch,
        received_at=submission.received_at,
        finished_at=submission.finished_at,
        officer=submission.officer,
        signature=submission.signature,
        key=submission.key,
        period=submission.period,
        notes=tuple(submission.notes),
        repeated=repeated,
    )
