"""The statement by which another department's machine reads rows of subjects: only granted items, only granted regions.

For the gateway, which sends it together with what it decides by: so it is text, made once and kept prepared.
"""

from __future__ import annotations

from functools import lru_cache

from shuniu.base.expressions.sql import Sql
from shuniu.base.identifiers import IdentifierKind
from shuniu.catalogue.declare import Published
from shuniu.registries.store.tables import name_of, quoted

_ONE = (
    "select 1 as place, s.root from registries_identifier i join registries_subject s on s.id = i.subject_id"
    " where i.kind = '{kind}' and i.value = %s and i.answers"
)
_MANY = (
    "select w.place::int as place, s.root from unnest(%s::text[], %s::text[]) with ordinality w(kind, value, place)"
    " join registries_identifier i on i.kind = w.kind and i.value = w.value and i.answers"
    " join registries_subject s on s.id = i.subject_id"
)
_HIDDEN = (
    'not exists (select from registries_rowmark h where h.key = t._key and h."table" = {table:d}'
    " and h.mark in ('repaired', 'revoked') and h.ends_id is null"
    " and not exists (select from registries_rowmark e where e.ends_id = h.id))"
)
"""What a repair or a revocation hides stays out of every reading that is not its owner's."""
_STATEMENT = """
select who.place, who.root, t._row, {disputed}{columns}
from ({subject}) who join registries_subject m on m.root = who.root
left join {table} t on t._subject = m.id and t._until is null and {hidden}{region}
order by 1, 3 limit {limit:d}
"""


def statement(
    published: Published, items: tuple[str, ...], *, kind: str, regional: bool, disputed: Sql, limit: int
) -> bytes:
    """A row for each subject found and each of its rows: place in the question, root, `_row`, disputed, the items as text.

    `_row` is null where there is nothing to see. Values: the identifier of that `kind` (or, for "", two arrays of kinds
    and values), then the granted regions as patterns where it is `regional`.
    """
    return _statement(
        published.table, published.resource.by_region if regional else "", items, kind, disputed.text, limit
    )


@lru_cache(maxsize=4096)
def _statement(table: int, region: str, items: tuple[str, ...], kind: str, disputed: str, limit: int) -> bytes:
    subject = _ONE.format(kind=IdentifierKind(kind).value) if kind else _MANY
    return _STATEMENT.format(
        subject=subject, disputed=disputed, columns="".join(f", t.{quoted(name)}::text" for name in items),
        table=name_of(table), hidden=_HIDDEN.format(table=table), limit=limit,
        region=f" and t.{quoted(region)} like any(%s::text[])" if region else "",
    ).encode()  # fmt: skip


def root_of(subject: bytes) -> bytes:
    """The root of the subject that a statement gives; null where it gives null, no row where it gives none."""
    return b"select s.root from (" + subject + b") w(subject) left join registries_subject s on s.id = w.subject"
