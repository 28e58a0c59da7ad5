"""What the exchange still holds of rows that were destroyed: refused rows as delivered, and samples of waiting batches."""

from __future__ import annotations

import polars as pl

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.exchange.api.batches import codes_of
from shuniu.exchange.declare import State
from shuniu.exchange.models import Reject, Submission
from shuniu.registries import api as registries
from shuniu.registries.conform import KEY, LINE, CodeLists, keys
from shuniu.registries.declare import Expunged
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

_ROWS = 20_000


def confirm_expunge(*, actor: Actor, number: int) -> Expunged:
    """Destroy what another person proposed (`registries.confirm_expunge`), and then what the exchange holds of it."""
    done = registries.confirm_expunge(actor=actor, number=number)
    forget_expunged(actor=directory.system("worker"))
    return done


@verb("exchange.forget_expunged", "清除已销毁数据的退回记录")
def forget_expunged(*, actor: Actor) -> int:
    """Delete the kept rejects whose business key is barred, and settled batches' samples, of every resource with bars.

    Found by key, not by where the destroyed row came from: the same row may have been refused in any other delivery.
    Safe to repeat; done after each expunge and every night. Returns how many rejects were deleted.
    """
    require()
    deleted = 0
    for resource, version in registries.barred_resources().items():
        published = catalogue.version(resource, version)
        own = Submission.objects.filter(resource=resource)
        codes = codes_of(published)
        holding = Reject.objects.filter(submission__resource=resource).values_list("submission", flat=True).distinct()
        deleted += sum(_forget(published, codes, number) for number in list(holding))
        settled = own.exclude(state=State.HELD.value).exclude(sample_withdrawn=[], sample_changed=[])
        settled.update(sample_withdrawn=[], sample_changed=[])
    record("rejects", detail={"deleted": deleted})
    return deleted


def _forget(published: Published, codes: CodeLists, number: int) -> int:
    """Delete one submission's rejects of barred rows; how many there were."""
    deleted, after = 0, -1
    names = [item.name for item in published.resource.key_items]
    while True:
        kept = Reject.objects.filter(submission=number, line__gt=after).order_by("line")
        portion = list(kept.values_list("line", "cells")[:_ROWS])
        if not portion:
            return deleted
        after = portion[-1][0]
        columns = {name: [cells.get(name) for _, cells in portion] for name in names}
        frame = pl.DataFrame(
            {LINE: [line for line, _ in portion], **columns}, schema_overrides=dict.fromkeys(names, pl.String)
        )
        found = frame.select(LINE).with_columns(keys(frame, published.resource, codes).alias(KEY))
        gone = registries.barred(published, found.get_column(KEY))
        lines = found.filter(pl.col(KEY).is_in(gone.implode())).get_column(LINE).to_list()
        deleted += Reject.objects.filter(submission=number, line__in=lines).delete()[0] if lines else 0
