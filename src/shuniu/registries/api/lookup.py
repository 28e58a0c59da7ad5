"""Looking one subject up with its rows: the read that must be as cheap as a read can be."""

from __future__ import annotations

from collections.abc import Mapping

from shuniu.base.expressions.sql import Sql
from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Found
from shuniu.registries.store import lookup


def look_up(
    published: Published,
    subject: int | tuple[str, str],
    *,
    beside: Mapping[str, Sql] | None = None,
    limit: int = 200,
) -> Found | None:
    """A subject with its current rows in a resource, in one statement; None: nobody, or several contend for the number.

    `subject` is any of its ids, or an identifier: an `IdentifierKind` and its canonical value. `beside` adds columns by
    name, each an SQL expression over the row's alias `t`, for what the engine above must know of every row. The engine
    above has required the right, and records the reading.
    """
    return lookup.look_up(published, subject, beside or {}, limit)
