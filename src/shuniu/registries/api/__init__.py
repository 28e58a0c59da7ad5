"""The front door of the registries."""

from __future__ import annotations

from shuniu.registries.api.expunging import confirm_expunge, propose_expunge
from shuniu.registries.api.golden import golden
from shuniu.registries.api.loading import Chunks, Held, Incoming, load, mount, mount_published, recall
from shuniu.registries.api.lookup import look_up
from shuniu.registries.api.matching import export_matches, merge, resolve, undo_merge
from shuniu.registries.api.reading import (
    batch_on,
    batches,
    find_subject,
    members,
    placed,
    rows,
    rows_of,
    search_subjects,
    subject,
    subject_rows_of,
    where_rows,
)
from shuniu.registries.api.review import doubt, doubts, review_match, undo_review

__all__ = [
    "Chunks",
    "Held",
    "Incoming",
    "batch_on",
    "batches",
    "confirm_expunge",
    "doubt",
    "doubts",
    "export_matches",
    "find_subject",
    "golden",
    "load",
    "look_up",
    "members",
    "merge",
    "mount",
    "mount_published",
    "placed",
    "propose_expunge",
    "recall",
    "resolve",
    "review_match",
    "rows",
    "rows_of",
    "search_subjects",
    "subject",
    "subject_rows_of",
    "undo_merge",
    "undo_review",
    "where_rows",
]
