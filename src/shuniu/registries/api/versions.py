"""Rows over their versions, and the digests of all that stand: what reconciling, objections and marks ask.

For verbs of the engine above, which has required the right and records.
"""

from __future__ import annotations

from shuniu.registries.store.digests import ROW, digests, rows_numbered
from shuniu.registries.store.versions import current, keys_of, version

__all__ = ["ROW", "current", "digests", "keys_of", "rows_numbered", "version"]
