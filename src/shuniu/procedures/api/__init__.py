"""The front door of procedures.

Everything that writes here is called inside the verb of an engine above (`catalogue.review` calls `answer`), in that
verb's transaction: it locks the case, requires the region and the seat's lane, applies the rules and records. It
returns the case as it then stands, so that the engine above acts on `outcome` in the same transaction. When a part of a
case ends, the whole (`CaseView.parent`) may end with it.
"""

from __future__ import annotations

from shuniu.procedures.api.answering import (
    add_signer,
    answer,
    answer_all,
    ask_correction,
    delegate,
    drop_signer,
    release,
    resume,
    return_,
    suspend,
    take,
    transfer,
    withdraw,
)
from shuniu.procedures.api.migrating import Migrated, in_use, migrate
from shuniu.procedures.api.opening import PROCEDURES, end_cases, open_case, open_cases, register, split
from shuniu.procedures.api.placing import read_place
from shuniu.procedures.api.reading import (
    FIRST,
    case_and_history,
    case_view,
    case_views,
    cases_on,
    count_tasks,
    done,
    history,
    holds,
    loads,
    outcomes,
    queues,
    rebuild,
    running_by_due,
    tasks,
    watched,
    with_tasks,
)
from shuniu.procedures.api.whole import (
    branch,
    circulate,
    concerning,
    correct,
    read,
    release_person,
    resubmit,
    succeed,
    supervise,
    unsupervise,
    urge,
    withdraw_case,
)
from shuniu.procedures.hiding import hide
from shuniu.procedures.migrating import Migration
from shuniu.procedures.terms import stage_terms

__all__ = [
    "FIRST",
    "PROCEDURES",
    "Migrated",
    "Migration",
    "add_signer",
    "answer",
    "answer_all",
    "ask_correction",
    "branch",
    "case_and_history",
    "case_view",
    "case_views",
    "cases_on",
    "circulate",
    "concerning",
    "correct",
    "count_tasks",
    "delegate",
    "done",
    "drop_signer",
    "end_cases",
    "hide",
    "history",
    "holds",
    "in_use",
    "loads",
    "migrate",
    "open_case",
    "open_cases",
    "outcomes",
    "queues",
    "read",
    "read_place",
    "rebuild",
    "register",
    "release",
    "release_person",
    "resubmit",
    "resume",
    "return_",
    "running_by_due",
    "split",
    "stage_terms",
    "succeed",
    "supervise",
    "suspend",
    "take",
    "tasks",
    "transfer",
    "unsupervise",
    "urge",
    "watched",
    "with_tasks",
    "withdraw",
    "withdraw_case",
]
