"""The front door of the catalogue."""

from __future__ import annotations

from shuniu.catalogue.api.drafts import draft, submit_for_review, take_back, withdraw
from shuniu.catalogue.api.imports import (
    Imported,
    OpenRecognition,
    confirm_recognitions,
    import_dictionary,
    open_recognitions,
    plan_import,
)
from shuniu.catalogue.api.reads import (
    STAMP,
    VersionView,
    code_list,
    code_lists,
    elements,
    faults_of,
    held,
    published,
    published_all,
    snapshot,
    to_mount,
    version,
    versions,
)
from shuniu.catalogue.api.reports import Conformance, conformance, export
from shuniu.catalogue.api.review import review
from shuniu.catalogue.api.ship import mark_mounted, ship
from shuniu.catalogue.rules import Collected, is_personal, sensitivity, share_of
from shuniu.catalogue.store import Snapshot

__all__ = [
    "STAMP",
    "Collected",
    "Conformance",
    "Imported",
    "OpenRecognition",
    "Snapshot",
    "VersionView",
    "code_list",
    "code_lists",
    "confirm_recognitions",
    "conformance",
    "draft",
    "elements",
    "export",
    "faults_of",
    "held",
    "import_dictionary",
    "is_personal",
    "mark_mounted",
    "open_recognitions",
    "plan_import",
    "published",
    "published_all",
    "review",
    "sensitivity",
    "share_of",
    "ship",
    "snapshot",
    "submit_for_review",
    "take_back",
    "to_mount",
    "version",
    "versions",
    "withdraw",
]
