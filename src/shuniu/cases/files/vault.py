"""Where uploads lie for as long as they are kept: the exchange's ciphertext, in a folder that its sweep does not visit.

The key is in the upload's row alone. A file whose row was never committed, or whose key was destroyed, can be read by
nobody; the next sweep removes it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings

from shuniu.exchange.spool import Spooled

ORPHAN_SECONDS = 3600.0
"""A file that no row names is left alone so long: its request may still be running."""


def folder() -> Path:
    path = Path(settings.VAR) / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class Kept(Spooled):
    """A kept upload's bytes."""

    @property
    def path(self) -> Path:
        return folder() / self.name


def keep(spooled: Spooled) -> Kept:
    """Move spooled bytes to where they stay; on return the disk has them. Raises OSError."""
    kept = Kept(spooled.key, spooled.name)
    with spooled.path.open("rb") as file:
        os.fsync(file.fileno())
    spooled.path.replace(kept.path)
    directory = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return kept


def orphans(named: set[str], older_than: float = ORPHAN_SECONDS) -> list[Path]:
    """The files that no row names, but for the newest, which somebody may be writing still."""
    then = time.time() - older_than
    return [one for one in folder().iterdir() if one.name not in named and one.stat().st_mtime < then]


def sweep(named: set[str], older_than: float = ORPHAN_SECONDS) -> int:
    """Remove the `orphans`. Returns how many."""
    found = orphans(named, older_than)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
