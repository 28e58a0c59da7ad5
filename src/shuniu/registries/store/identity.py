"""Giving each row its subject inside the loading transaction, set-based.

Only the exact rungs are climbed here. A strong identifier is looked up for every row; the rows that it does not place
(and all rows of a register) are then read once more for what else they say: a second identifier together with the same
name places them too, and the others get a provisional subject (待认领), which answers to its numbers at once. By what names
it goes is noted after the load (`say`), and weighing them comes after that (`matching`), as merges of subjects, so that
rows are never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published, SubjectType
from shuniu.registries import facts
from shuniu.registries.conform import LINE
from shuniu.registries.store import loading, subjects
from shuniu.registries.store.loading import SUBJECT, fetch_frame
from shuniu.registries.store.tables import name_of, quoted

FOUND = "shuniu_found"
TOUCHED = "shuniu_touched"
_SAID = (LINE, "subject", *facts.COLUMNS)
Said = dict[str, str | bool]
"""The parameters of the statements below: whose register speaks, and whether it makes its subjects known."""
PLACED: loading.Schema = {LINE: pl.Int64, "subject": pl.Int64, "awaits": pl.Boolean}
"""A row's line, its subject, and whether that is still known to no register."""
Describe = Callable[[pl.DataFrame], pl.DataFrame]
"""Takes canonical rows to `facts.facts` of them."""


def identify(published: Published, chunks: Iterator[pl.DataFrame], describe: Describe) -> pl.DataFrame:
    """Give rows their subject that strong identifiers did not find (`loading.compare`). Returns `PLACED` of these rows.

    A row that says nothing of whom it is about is not among them. Of a register every row is: they found subjects,
    promote provisional ones, and bring new names and identifiers.
    """
    if published.resource.subject is SubjectType.NONE:
        return pl.DataFrame(schema=PLACED)
    founds = published.resource.register_for is not SubjectType.NONE
    wanted = facts.parts_of(published.resource).items
    number, natural = 0, False
    for chunk in chunks:
        rows = chunk if founds else chunk.filter(pl.col(SUBJECT).is_null())
        if rows.is_empty():
            continue
        lines = rows.select(pl.col(LINE).cast(pl.Int64), pl.col(SUBJECT).alias("subject"))
        described = describe(rows.select(pl.col(LINE).cast(pl.Int64), *wanted))
        said = described.filter(pl.col("identity").is_not_null()).join(lines, on=LINE, how="inner")
        if not number:
            _make_found()
        loading.copy_frame(said.select(_SAID), FOUND, [quoted(name) for name in _SAID])
        number, natural = number + said.height, natural or bool(said.get_column("natural").any())
    return _found(published, natural=natural, known=founds) if number else pl.DataFrame(schema=PLACED)


def _make_found() -> None:
    """The table of what rows say of whom they are about: many rows wait in the database and not in memory."""
    texts = ", ".join(f"{quoted(name)} text" for name in facts.COLUMNS if name not in ("natural", "identity"))
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {FOUND}, {TOUCHED}")
        cursor.execute(
            f'create temp table {FOUND} (_line bigint, subject bigint, "natural" boolean, {texts}, identity uuid,'
            " contested boolean not null default false, fresh boolean not null default false) on commit drop"
        )
        cursor.execute(f"create temp table {TOUCHED} (kind text, value text) on commit drop")


def _found(published: Published, *, natural: bool, known: bool) -> pl.DataFrame:
    """Place the rows by second identifier and name or by an earlier meeting, found subjects for the rest.

    `natural`: whether persons are among them. Returns `PLACED` of these rows.
    """
    resource: Said = {"resource": published.resource.key, "known": known}
    subjects.lock()
    with connection.cursor() as cursor:
        # The index for parts of names takes a register's names in together, by autovacuum, and not one by one.
        cursor.execute("set local gin_pending_list_limit = '512MB'")
        cursor.execute(f"analyze {FOUND}")
        subjects.gauge()
        cursor.execute(_FOUNDED_MEANWHILE)
        if known and natural:
            cursor.execute(_CONTESTED, resource)
        for statement in (_SAME_BEARER, _SECOND_AND_NAME, _MET_BEFORE, _NEW_SUBJECTS):
            cursor.execute(statement, resource)
        if known:
            subjects.derive_roots(_promote(resource))
        for statement in (_NEW_IDENTIFIERS, _NEW_NAMES):
            cursor.execute(statement, resource)
        subjects.derive_answers(TOUCHED)
    subjects.gauge()
    return fetch_frame(
        f"select f._line, f.subject, case when {loading.AWAITED} then 'true' else 'false' end"
        f" from {FOUND} f join registries_subject s on s.id = f.subject",
        PLACED,
    )


def _promote(resource: Said) -> list[int]:
    """What rows of other departments had named before its register did is known from now on. Returns the merged ones."""
    with connection.cursor() as cursor:
        cursor.execute(_RENAMED, resource)
        cursor.execute(_PROMOTED)
        cursor.execute(_PROMOTED_AND_MERGED)
        return [int(row[0]) for row in cursor.fetchall()]


# Between looking numbers up and taking the lock, another batch may have founded their bearers.
_FOUNDED_MEANWHILE = f"""
update {FOUND} f set subject = i.subject_id from registries_identifier i
where f.subject is null and i.answers and (i.kind, i.value) in (('uscc', f.legal_id), ('resident_id', f.person_id))
"""
# A register says that a number is somebody else's than another register did: both bear it, neither answers, people decide.
# The same register naming the bearer anew is a change of name and not a contest.
_CONTESTED = f"""
update {FOUND} f set subject = null, contested = true, identity = md5(f.identity::text || f.key)::uuid
from registries_subject s
where f."natural" and s.id = f.subject and s.known and f.key is not null
  and exists (select from registries_name n where n.subject_id = s.id)
  and not exists (select from registries_name n where n.subject_id = s.id
                  and (n.resource = %(resource)s or n.core = f.core or n.core = f.former_core))
"""
# A number that does not answer has several bearers: the one of the same name is meant.
_SAME_BEARER = f"""
update {FOUND} f set subject = m.subject from (
    select f._line, min(i.subject_id) as subject from {FOUND} f
    join registries_identifier i on i.kind = case when f."natural" then 'resident_id' else 'uscc' end
     and i.value = coalesce(f.legal_id, f.person_id)
    join registries_name n on n.subject_id = i.subject_id and n.core = f.core
    where f.subject is null group by f._line having count(distinct i.subject_id) = 1
) m where m._line = f._line
"""
_SECOND_AND_NAME = f"""
update {FOUND} f set subject = m.subject from (
    select f._line, min(i.subject_id) as subject
    from {FOUND} f cross join lateral string_to_table(f.seconds, E'\\x1e') as pair
    join registries_identifier i on i.kind = split_part(pair, E'\\x1f', 1) and i.value = split_part(pair, E'\\x1f', 2)
     and i.answers
    join registries_name n on n.subject_id = i.subject_id and n.key = f.key
    where f.subject is null and coalesce(f.legal_id, f.person_id) is null and f.seconds is not null
      and exists (select from {FOUND} where coalesce(legal_id, person_id) is null and seconds is not null)
    group by f._line having count(distinct i.subject_id) = 1
) m where m._line = f._line
"""
# By index, row for row: the planner would walk the whole of it, for it cannot know that few are met.
_MET_BEFORE = f"""
update {FOUND} f set subject = m.id from (
    select o._line, s.id from {FOUND} o
    cross join lateral (select id from registries_subject where identity = o.identity limit 1) s
    where o.subject is null
) m where m._line = f._line
"""
_NEW_SUBJECTS = f"""
with fresh as (
    select identity, bool_and("natural") as "natural", min(name) as name, min(coalesce(legal_id, person_id)) as strong,
           bool_or(contested) as contested, nextval('registries_subject_id_seq') as id
    from {FOUND} where subject is null group by identity
), made as (
    insert into registries_subject (id, kind, name, known, root, resource, identity, made_at)
    overriding system value
    select id, case when "natural" then 'natural' else 'legal' end, coalesce(name, ''), %(known)s, id, %(resource)s,
           case when strong is not null and %(known)s and not contested then null else identity end, clock_timestamp() from fresh
)
update {FOUND} f set subject = fresh.id, fresh = true from fresh where fresh.identity = f.identity and f.subject is null
"""
_RENAMED = f"""
update registries_subject s set name = f.name from {FOUND} f
where f.subject = s.id and f.name <> s.name and (s.resource = %(resource)s or not s.known)
"""
_PROMOTED = f"""
with made as (
    update registries_subject s set known = true from {FOUND} f where f.subject = s.id and not s.known returning s.id
)
update registries_name n set known = true from made where n.subject_id = made.id
"""
_PROMOTED_AND_MERGED = f"""
select distinct s.id from {FOUND} f join registries_subject s on s.id = f.subject
join registries_subject r on r.id = s.root where s.root <> s.id and not r.known
"""
_NEW_IDENTIFIERS = f"""
with said as (
    select distinct v.kind, v.value, f.subject
    from {FOUND} f cross join lateral (
        select 'uscc' as kind, f.legal_id as value union all select 'resident_id', f.person_id
        union all select split_part(pair, E'\\x1f', 1), split_part(pair, E'\\x1f', 2)
        from string_to_table(f.seconds, E'\\x1e') as pair
    ) v where v.value is not null and f.subject is not null
), added as (
    insert into registries_identifier (kind, value, subject_id, resource, answers)
    select kind, value, subject, %(resource)s,
           count(*) over (partition by kind, value) = 1
           and not exists (select from registries_identifier d where d.kind = said.kind and d.value = said.value)
    from said
    order by kind, value
    on conflict do nothing
    returning kind, value, answers
)
insert into {TOUCHED} select distinct kind, value from added where not answers
"""
_NEW_NAMES = f"""
insert into registries_name
    (subject_id, digest, kind, key, core, name, person, day, place, address, sex, resource, known)
select distinct on (f.subject, h.digest) f.subject, h.digest,
       case when f."natural" then 'natural' else 'legal' end, v.key, v.core, v.name, t.person, t.day, t.place, t.address,
       t.sex, %(resource)s, (select s.known from registries_subject s where s.id = f.subject)
from {FOUND} f
cross join lateral (values (f.key, f.core, f.name), (f.former_key, f.former_core, f.former)) v(key, core, name)
cross join lateral (select coalesce(f.person, ''), coalesce(f.day, ''), coalesce(f.place, ''), coalesce(f.address, ''),
    coalesce(f.sex, '')) t(person, day, place, address, sex)
cross join lateral (select md5(concat_ws(E'\\x1f', v.key, t.person, t.day, t.place, t.address, t.sex))::uuid) h(digest)
where v.key is not null and f.subject is not null and (%(known)s or not f.fresh)
on conflict do nothing
"""


def say(published: Published, rows: pl.DataFrame, describe: Describe) -> None:
    """Note by what numbers and names rows (with LINE and SUBJECT) call their subjects."""
    if rows.is_empty():
        return
    subject = rows.select(LINE, pl.col(SUBJECT).alias("subject"))
    said = describe(rows.drop(SUBJECT)).filter(pl.col("identity").is_not_null()).join(subject, on=LINE, how="inner")
    _make_found()
    loading.copy_frame(said.select(_SAID), FOUND, [quoted(name) for name in _SAID])
    with connection.cursor() as cursor:
        for statement in (_NEW_IDENTIFIERS, _NEW_NAMES):
            cursor.execute(statement, {"resource": published.resource.key, "known": True})
    subjects.derive_answers(TOUCHED)


def founded(published: Published, batch: int, chunk: int = 200_000) -> Iterator[pl.DataFrame]:
    """The rows of a batch whose subjects it may have founded, as canonical text with LINE and SUBJECT."""
    items = {item.name: pl.String for item in published.resource.items}
    cells = ", ".join(f"t.{quoted(name)}::text" for name in items)
    first, last = batch << 32, ((batch + 1) << 32) - 1
    while True:
        rows = fetch_frame(
            f"select t._row & 4294967295, t._subject, {cells} from {name_of(published.table)} t"
            " join registries_subject s on s.id = t._subject and s.resource = %s"
            f" where t._row between {first} and {last} order by t._row limit {chunk}",
            {LINE: pl.Int64, SUBJECT: pl.Int64, **items},
            [published.resource.key],
        )
        yield rows
        if rows.height < chunk:
            return
        first = (batch << 32) + int(rows.get_column(LINE).item(-1)) + 1
