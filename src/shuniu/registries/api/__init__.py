"""The front door of the registries."""

from __future__ import annotations

from shuniu.registries.api.expunging import confirm_expunge, lift_bars, propose_expunge
from shuniu.registries.api.golden import golden
from shuniu.registries.api.identities import Identity, find_identity, read_identity
from shuniu.registries.api.loading import Held, Incoming, load, mount, mount_new, mount_published, recall
from shuniu.registries.api.lookup import look_up
from shuniu.registries.api.matching import export_matches, merge, resolve, undo_merge
from shuniu.registries.api.reading import (
    batch_on,
    batches,
    find_named,
    find_subject,
    members,
    placed,
    rows,
    rows_of,
    search_subjects,
    subject,
    subject_rows_of,
)
from shuniu.registries.api.review import doubt, doubts, release_review, review_match, reviews, take_review, undo_review
from shuniu.registries.store.arriving import AGAIN
from shuniu.registries.store.bars import RULE as BARRED
from shuniu.registries.store.bars import among as barred_among
from shuniu.registries.store.bars import bar_marks, barred, barred_resources
from shuniu.registries.store.own import own_connection

__all__ = [
    "AGAIN",
    "BARRED",
    "Held",
    "Identity",
    "Incoming",
    "bar_marks",
    "barred",
    "barred_among",
    "barred_resources",
    "batch_on",
    "batches",
    "confirm_expunge",
    "doubt",
    "doubts",
    "export_matches",
    "find_identity",
    "find_named",
    "find_subject",
    "golden",
    "lift_bars",
    "load",
    "look_up",
    "members",
    "merge",
    "mount",
    "mount_new",
    "mount_published",
    "own_connection",
    "placed",
    "propose_expunge",
    "read_identity",
    "recall",
    "release_review",
    "resolve",
    "review_match",
    "reviews",
    "rows",
    "rows_of",
    "search_subjects",
    "subject",
    "subject_rows_of",
    "take_review",
    "undo_merge",
    "undo_review",
]
