"""Reading and writing of cases, always as sets: one case is a set of one. Called by `api` alone."""

from __future__ import annotations

from shuniu.procedures.store.listing import (
    concerning,
    done_by,
    done_view,
    held_by,
    in_hand,
    loads,
    narrowed,
    running_by_due,
    task_view,
    waiting_for,
    watch_view,
    watched,
    with_tasks,
)
from shuniu.procedures.store.loading import Loaded, declaration, declared, family, fold, locked, unknown
from shuniu.procedures.store.projecting import view
from shuniu.procedures.store.writing import create, differs, rebuild, reseat, save

__all__ = [
    "Loaded",
    "concerning",
    "create",
    "declaration",
    "declared",
    "differs",
    "done_by",
    "done_view",
    "family",
    "fold",
    "held_by",
    "in_hand",
    "loads",
    "locked",
    "narrowed",
    "rebuild",
    "reseat",
    "running_by_due",
    "save",
    "task_view",
    "unknown",
    "view",
    "waiting_for",
    "watch_view",
    "watched",
    "with_tasks",
]
