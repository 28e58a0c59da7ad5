"""The front door of the exchange."""

from __future__ import annotations

from shuniu.exchange.api.batches import (
    MAX_ATTEMPTS,
    commit_batch,
    hold_batch,
    process,
    recall,
    refuse_batch,
    release,
    sweep,
    to_sweep,
    turn_down,
)
from shuniu.exchange.api.delivering import (
    declare_nothing,
    deliver,
    enter_record,
    report_classified,
    submit,
)
from shuniu.exchange.api.forgetting import confirm_expunge, forget_expunged
from shuniu.exchange.api.grading import monthly_report, quality
from shuniu.exchange.api.mounting import mount_published
from shuniu.exchange.api.objecting import accept_objection, correct_objection, raise_objection, verify_objection
from shuniu.exchange.api.objections import ObjectionView, objection, objections
from shuniu.exchange.api.reads import export_rejects, receipt, rejects, submissions
from shuniu.exchange.api.reconciling import export_declaration, reconcile
from shuniu.exchange.api.sharing import Rows, disputed_rows, read, read_open, read_region, take_region_slice
from shuniu.exchange.api.timeliness import freshness, remind_overdue

__all__ = [
    "MAX_ATTEMPTS",
    "ObjectionView",
    "Rows",
    "accept_objection",
    "commit_batch",
    "confirm_expunge",
    "correct_objection",
    "declare_nothing",
    "deliver",
    "disputed_rows",
    "enter_record",
    "export_declaration",
    "export_rejects",
    "forget_expunged",
    "freshness",
    "hold_batch",
    "monthly_report",
    "mount_published",
    "objection",
    "objections",
    "process",
    "quality",
    "raise_objection",
    "read",
    "read_open",
    "read_region",
    "recall",
    "receipt",
    "reconcile",
    "refuse_batch",
    "rejects",
    "release",
    "remind_overdue",
    "report_classified",
    "submissions",
    "submit",
    "sweep",
    "take_region_slice",
    "to_sweep",
    "turn_down",
    "verify_objection",
]
