"""Who a row is about: the identity columns of a resource's rows, and giving each row its subject, set-based.

The exact rungs of the ladder are climbed inside the loading transaction: strong identifier, then second identifier. A row
that they do not place gets a provisional subject at once (待认领); names and corroboration are weighed later
(`matching`), as merges of subjects, so that rows are never rewritten.
"""

from __future__ import annotations

import io

import polars as pl
from django.db import connection

from shuniu.base import columns
from shuniu.catalogue.declare import Published, Resource, SubjectType

COLUMNS = ("legal_id", "person_id", "second_kind", "second", "name", "hint")
SECOND_KINDS = (
    "organisation_code",
    "registration_number",
    "tax_number",
    "institution_number",
    "social_organisation_number",
    "passport",
)
FOUND = "shuniu_found"
SUBJECTS = "shuniu_subjects"


def identity_columns(resource: Resource) -> list[pl.Expr]:
    """Expressions that take a canonical row to its identity columns, null where the resource does not say."""
    by_kind = {item.identifies: pl.col(item.name) for item in resource.items if item.identifies}
    none = pl.lit(None, pl.String)
    seconds = [kind for kind in SECOND_KINDS if kind in by_kind]
    kind = pl.coalesce([pl.when(by_kind[k].is_not_null()).then(pl.lit(k)) for k in seconds] or [none])
    names = [by_kind[k] for k in ("legal_name", "person_name") if k in by_kind]
    hints = [by_kind[k] for k in ("representative", "birth_date") if k in by_kind]
    return [
        by_kind.get("uscc", none).alias("legal_id"),
        by_kind.get("resident_id", none).alias("person_id"),
        kind.alias("second_kind"),
        pl.coalesce([by_kind[k] for k in seconds] or [none]).alias("second"),
        pl.coalesce(names or [none]).alias("name"),
        pl.coalesce(hints or [none]).alias("hint"),
    ]


def identify(published: Published, incoming: str) -> int:
    """Give every new or changed row its subject, in table `shuniu_subjects(line, subject)`. Returns rows awaiting one.

    Expects `shuniu_state` (from `store.diff`) and the incoming table. Rows that say nothing of whom they are about get
    no subject; those that say it, but are placed by no identifier, get a provisional one.
    """
    founds = published.resource.register_for is not SubjectType.NONE
    with connection.cursor() as cursor:
        cursor.execute(
            f"create temp table {SUBJECTS} on commit drop as"
            " select i.line, coalesce(a.subject_id, b.subject_id, c.subject_id) as subject"
            f" from {incoming} i join shuniu_state s on s.line = i.line and s.state in ('n', 'c')"
            " left join registries_identifier a on a.kind = 'uscc' and a.value = i.legal_id and a.answers"
            " left join registries_identifier b on b.kind = 'resident_id' and b.value = i.person_id and b.answers"
            " left join registries_identifier c on c.kind = i.second_kind and c.value = i.second and c.answers"
            "  and i.legal_id is null and i.person_id is null"
        )
    # A register's rows all go on: they found subjects, promote provisional ones, and bring new names and identifiers.
    unplaced = _to_place(incoming, everything=founds)
    if not unplaced.is_empty():
        _found(unplaced, published, known=founds)
    return _awaiting()


def _to_place(incoming: str, *, everything: bool) -> pl.DataFrame:
    """Rows that say something of a subject and have none yet (or all such rows): line, subject, identity columns."""
    buffer = io.BytesIO()
    named = ", ".join(f"i.{name}" for name in COLUMNS)
    missing = "" if everything else " and j.subject is null"
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"copy (select i.line, j.subject, {named} from {incoming} i join {SUBJECTS} j on j.line = i.line"
            f" where coalesce(i.legal_id, i.person_id, i.second, i.name) is not null{missing}) to stdout (format csv)"
        ) as copy,
    ):
        for block in copy:
            buffer.write(block)
    schema = {"line": pl.Int64, "subject": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)}
    buffer.seek(0)
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(buffer, has_header=False, schema=schema)


def _found(rows: pl.DataFrame, published: Published, *, known: bool) -> None:
    """Found one subject per distinct identity among the rows, with its identifiers and names, and place the rows."""
    natural = published.resource.subject is SubjectType.NATURAL
    kind = pl.when(pl.col("person_id").is_not_null() & pl.col("legal_id").is_null()).then(pl.lit("natural"))
    rows = rows.with_columns(
        kind.otherwise(pl.lit("natural" if natural else "legal")).alias("kind"),
        pl.when(pl.lit(natural)).then(columns.person_name_key(pl.col("name")))
        .otherwise(columns.legal_name_key(pl.col("name"))).alias("name_key"),
    )  # fmt: skip
    identity = pl.coalesce(
        pl.col("legal_id"), pl.col("person_id"), pl.concat_str("second_kind", pl.lit(":"), "second"),
        pl.concat_str(pl.col("name_key"), pl.lit("\x1f"), pl.col("hint").fill_null("")),
    )  # fmt: skip
    rows = rows.with_columns(identity.alias("identity"), pl.lit(known).alias("known"))
    order = ["line", "subject", "identity", "kind", "known", *COLUMNS, "name_key"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"create temp table {FOUND} (line bigint, identity text, kind text, known boolean,"
            f" {', '.join(f'{name} text' for name in COLUMNS)}, name_key text, subject bigint) on commit drop"
        )
        _send(rows.select(order), order)
        cursor.execute(f"analyze {FOUND}")
        # A name-only identity that was met before in this state is the same unknown, not another one.
        cursor.execute(
            f"update {FOUND} f set subject = n.subject_id from registries_name n join registries_subject s"
            " on s.id = n.subject_id and not s.known where f.subject is null"
            " and coalesce(f.legal_id, f.person_id, f.second) is null"
            " and n.key = f.name_key and n.hint = coalesce(f.hint, '') and s.kind = f.kind"
        )
        cursor.execute(_NEW_SUBJECTS, [published.resource.key])
        cursor.execute(_PROMOTED)
        cursor.execute(_NEW_IDENTIFIERS, [published.resource.key])
        cursor.execute(_NEW_NAMES, [published.resource.key])
        cursor.execute(f"update {SUBJECTS} j set subject = f.subject from {FOUND} f where f.line = j.line")


def _send(rows: pl.DataFrame, order: list[str]) -> None:
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, null_value="")
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {FOUND} ({', '.join(order)}) from stdin (format csv)") as copy,
    ):
        copy.write(buffer.getvalue())


_NEW_SUBJECTS = f"""
with fresh as (
    select identity, min(kind) as kind, bool_or(known) as known, min(name) as name,
           nextval('registries_subject_id_seq') as id
    from {FOUND} where subject is null group by identity
), made as (
    insert into registries_subject (id, kind, name, known, root, resource, made_at)
    overriding system value
    select id, kind, coalesce(name, ''), known, id, %s, clock_timestamp() from fresh
)
update {FOUND} f set subject = fresh.id from fresh where fresh.identity = f.identity and f.subject is null
"""
# What rows of other departments had named before its register did is known from now on.
_PROMOTED = f"""
update registries_subject s set known = true, name = coalesce(f.name, s.name)
from {FOUND} f where f.known and f.subject = s.id and not s.known
"""
# An identifier that another subject already answers to does not answer for this one too: people decide that.
_NEW_IDENTIFIERS = f"""
insert into registries_identifier (kind, value, subject_id, resource, answers)
select distinct on (v.kind, v.value, f.subject) v.kind, v.value, f.subject, %s,
       not exists (select from registries_identifier d where d.kind = v.kind and d.value = v.value and d.answers)
       and f.subject = min(f.subject) over (partition by v.kind, v.value)
from {FOUND} f cross join lateral (values
    ('uscc', f.legal_id), ('resident_id', f.person_id), (f.second_kind, f.second),
    ('organisation_code', case when f.legal_id is not null then substr(f.legal_id, 9, 9) end)
) v(kind, value)
where v.value is not null
on conflict do nothing
"""
_NEW_NAMES = f"""
insert into registries_name (key, subject_id, hint, name, resource)
select distinct on (name_key, subject, coalesce(hint, '')) name_key, subject, coalesce(hint, ''), name, %s
from {FOUND} where name_key is not null
on conflict do nothing
"""


def _awaiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) from {SUBJECTS} j left join registries_subject s on s.id = j.subject"
            " where j.subject is null or not s.known"
        )
        return int(cursor.fetchone()[0])
