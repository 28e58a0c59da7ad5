"""The pairs that matching judges: unknown subjects with the known ones that share a number or a name. SQL, set-based."""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl
from django.db import connection

from shuniu.registries import matching
from shuniu.registries.store import subjects
from shuniu.registries.store.tables import name_of

PENDING = "shuniu_pending"
PAIRS = "shuniu_pairs"


def pend_all() -> int:
    """Take every unknown subject. Returns how many."""
    return _pend("select id, kind from registries_subject where not known and root = id")


def pend_batch(table: int, batch: int, *, register: bool) -> int:
    """Take the unknown subjects of a batch's rows; of a register's batch, those that it may have made known."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists shuniu_batch")
        cursor.execute(
            "create temp table shuniu_batch on commit drop as"
            f" select distinct _subject as subject from {name_of(table)} where _row between %s and %s",
            [batch << 32, ((batch + 1) << 32) - 1],
        )
        cursor.execute("analyze shuniu_batch")
    own = (
        "select r.id, r.kind from shuniu_batch b join registries_subject s on s.id = b.subject"
        " join registries_subject r on r.id = s.root where not r.known"
    )
    return _pend(own + (_MADE_KNOWN if register else ""))


_MADE_KNOWN = "".join(
    f"""
union select r.id, r.kind from shuniu_batch b {join}
join registries_subject s on s.id = o.subject_id join registries_subject r on r.id = s.root where not r.known
"""
    for join in (
        "join registries_identifier k on k.subject_id = b.subject"
        " join registries_identifier o on o.kind = k.kind and o.value = k.value",
        "join registries_name k on k.subject_id = b.subject join registries_name o on o.core = k.core",
        "join registries_name k on k.subject_id = b.subject and k.person <> ''"
        " join registries_name o on o.person = k.person and o.person <> ''",
    )
)


def _pend(query: str) -> int:
    subjects.gauge()
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '256MB'")
        cursor.execute("set local jit = off")
        cursor.execute(f"drop table if exists {PENDING}, {PAIRS}, shuniu_pending_name, shuniu_crowded")
        cursor.execute(f"create temp table {PENDING} on commit drop as select distinct id, kind from ({query}) q")
        cursor.execute(f"select count(*) from {PENDING}")
        count = int(cursor.fetchone()[0])
        if count:
            cursor.execute(f"create unique index on {PENDING} (id)")
            cursor.execute(f"analyze {PENDING}")
        return count


def pairs() -> pl.DataFrame:
    """The pairs of `matching.PAIRS` for all that is pending, without pairs that a person has kept apart."""
    with connection.cursor() as cursor:
        for statement in (_PENDING_NAMES, _CROWDED, _PAIRS, _SAME_NUMBER, _SAME_NAME, _SIMILAR_NAME):
            cursor.execute(statement)
        cursor.execute(f"analyze {PAIRS}")
        cursor.execute(_KEPT_APART)
        cursor.execute(_OTHER_NUMBERS)
        buffer = io.BytesIO()
        with cursor.copy(f"copy ({_COMPARED}) to stdout (format csv)") as copy:
            for block in copy:
                buffer.write(block)
    buffer.seek(0)
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=matching.PAIRS)
    read = pl.read_csv(buffer, has_header=False, schema=_RAW)
    return _named(read.with_columns(pl.col(pl.String).fill_null("")))


_RAW: Mapping[str, type[pl.DataType]] = {
    "subject": pl.Int64, "candidate": pl.Int64, "via": pl.Int64, "natural": pl.String, "number": pl.String,
    "how": pl.String, "mine": pl.String, "theirs": pl.String, "core": pl.String, "other_core": pl.String,
    **dict.fromkeys(matching.PARTS, pl.Int8),
}  # fmt: skip
_PENDING_NAMES = f"""
create temp table shuniu_pending_name on commit drop as
select p.id as root, p.kind, n.subject_id, n.key, n.core, n.person, n.day, n.place, n.address, n.sex
from {PENDING} p join registries_subject s on s.root = p.id join registries_name n on n.subject_id = s.id;
create index on shuniu_pending_name (root);
analyze shuniu_pending_name
"""
# A name that very many bear (便民超市) is no way to a candidate without something besides.
_CROWDED = """
create temp table shuniu_crowded on commit drop as
select n.core from registries_name n where n.core in (select core from shuniu_pending_name where kind = 'legal')
group by n.core having count(distinct n.subject_id) > 20;
analyze shuniu_crowded
"""
_PAIRS = f"""
create temp table {PAIRS} (subject bigint, candidate bigint, via bigint, kind text, number text, how text,
    mine text, theirs text, core text, other_core text) on commit drop
"""
_KNOWN = """
join registries_subject s on s.id = {by}.subject_id and s.kind = p.kind
join registries_subject r on r.id = s.root and r.known
"""
_SAME_NUMBER = f"""
insert into {PAIRS}
select p.id, r.id, min(k.subject_id), p.kind, max(k.kind),
       case when bool_or(n.key = o.key) then 'whole' when bool_or(n.core = o.core) then 'core'
            when bool_or(n.key <> o.key) then 'number' else '' end,
       coalesce((array_agg(o.key order by (n.key = o.key) desc nulls last))[1], ''),
       coalesce((array_agg(n.key order by (n.key = o.key) desc nulls last))[1], ''),
       coalesce(min(o.core), ''), coalesce(string_agg(distinct n.core, '|'), '')
from {PENDING} p join registries_subject m on m.root = p.id
join registries_identifier i on i.subject_id = m.id
join registries_identifier k on k.kind = i.kind and k.value = i.value and k.subject_id <> i.subject_id
{_KNOWN.format(by="k")}
left join shuniu_pending_name o on o.root = p.id
left join registries_name n on n.subject_id = k.subject_id
group by p.id, r.id, p.kind
"""
_SAME_NAME = f"""
insert into {PAIRS}
select p.root, r.id, (array_agg(n.subject_id order by (n.key = p.key) desc, n.subject_id))[1], p.kind, '',
       case when bool_or(n.key = p.key) then 'whole' else 'core' end,
       (array_agg(p.key order by (n.key = p.key) desc))[1], (array_agg(n.key order by (n.key = p.key) desc))[1],
       min(p.core), min(n.core)
from shuniu_pending_name p
join registries_name n on n.core = p.core and n.subject_id <> p.subject_id
{_KNOWN.format(by="n")}
where p.core <> '' and case
    when p.kind = 'natural' then p.day <> '' and n.day = p.day
    when exists (select from shuniu_crowded c where c.core = p.core) then
        (p.person <> '' and n.person = p.person) or (p.day <> '' and n.day = p.day) or (p.address <> '' and n.address = p.address)
        or n.key = p.key and p.key <> p.core
    else true end
group by p.root, r.id, p.kind
"""
_SIMILAR_NAME = f"""
insert into {PAIRS}
select distinct on (p.root, r.id) p.root, r.id, n.subject_id, p.kind, '', 'edit', p.core, n.core, p.core, n.core
from shuniu_pending_name p
join registries_name n on n.person = p.person and n.person <> '' and n.core <> p.core and n.subject_id <> p.subject_id
 and left(n.place, 4) = left(p.place, 4) and abs(length(n.core) - length(p.core)) <= 1
{_KNOWN.format(by="n")}
where p.kind = 'legal' and length(p.core) >= 5 and p.place <> ''
  and (left(n.core, (length(p.core) - 1) / 2) = left(p.core, (length(p.core) - 1) / 2)
    or right(n.core, (length(p.core) - 1) / 2) = right(p.core, (length(p.core) - 1) / 2))
"""
# What a person has decided or undone is not proposed again.
_KEPT_APART = f"""
delete from {PAIRS} x using (
    select a.root as one, b.root as other from registries_merge m
    join registries_subject a on a.id = m.absorbed_id join registries_subject b on b.id = m.survivor_id
    where m.undone_at is not null
    union select a.root, b.root from registries_doubt d
    join registries_subject a on a.id = d.subject_id join registries_subject b on b.id = d.candidate_id
    where d.state = 'different'
) apart where (apart.one, apart.other) in ((x.subject, x.candidate), (x.candidate, x.subject))
"""
# Two with different strong identifiers are not one by name, and two persons not by any other number.
_OTHER_NUMBERS = f"""
delete from {PAIRS} x using (
    select distinct p.id, i.kind from {PENDING} p join registries_subject m on m.root = p.id
    join registries_identifier i on i.subject_id = m.id and i.kind in ('uscc', 'resident_id')
) strong
where strong.id = x.subject and (x.number = '' or (x.kind = 'natural' and x.number <> 'resident_id'))
and exists (select from registries_subject o join registries_identifier b on b.subject_id = o.id
            where o.root = x.candidate and b.kind = strong.kind)
"""
_COMPARED = f"""
with one as (
    select distinct on (subject, candidate) subject, candidate, via, kind = 'natural' as natural,
           max(number) over (partition by subject, candidate) as number, how, mine, theirs, core, other_core
    from {PAIRS}
    order by subject, candidate, array_position(array['whole', 'core', 'edit', 'number', ''], how)
)
select x.subject, x.candidate, x.via, x.natural, x.number, x.how, x.mine, x.theirs, x.core, x.other_core,
    c.person, c.day, c.place, c.address, c.sex
from one x cross join lateral (
    select
        case when bool_or(p.person = n.person) filter (where p.person <> '' and n.person <> '') then 1
             when bool_or(p.person <> '' and n.person <> '') then -1 else 0 end as person,
        case when bool_or(p.day = n.day) filter (where p.day <> '' and n.day <> '') then 1
             when bool_or(p.day <> '' and n.day <> '') then -1 else 0 end as day,
        coalesce(max(case when left(p.place, 6) = left(n.place, 6) and length(p.place) >= 6 then 2
                 when left(p.place, 4) = left(n.place, 4)
                  and (length(p.place) = 4 or length(n.place) = 4) then 1
                 when length(p.place) <= 2 or length(n.place) <= 2 then 0
                 else -1 end) filter (where p.place <> '' and n.place <> ''), 0) as place,
        case when bool_or(p.address = n.address) filter (where p.address <> '' and n.address <> '') then 1 else 0 end as address,
        case when bool_or(p.sex = n.sex) filter (where p.sex <> '' and n.sex <> '') then 1
             when bool_or(p.sex <> '' and n.sex <> '') then -1 else 0 end as sex
    from shuniu_pending_name p, registries_subject m join registries_name n on n.subject_id = m.id
    where p.root = x.subject and m.root = x.candidate
) c
"""


_FORM = "(?:公司|合作社|企业|事务所|中心|工厂|集团|银行|医院|学校|大学|委员会|协会|局)$"
"""Endings of names that are registered as unique, unlike a shop's."""


def _named(raw: pl.DataFrame) -> pl.DataFrame:
    """Turn how the names meet into the words of the point tables."""
    how, number = pl.col("how"), pl.col("number") != ""
    natural = (pl.col("natural") == "t").alias("natural")
    raw = raw.with_columns(_slipped(raw).alias("slipped"))
    raw = raw.filter(number | pl.when(how == "edit").then("slipped").when((how == "core") & ~natural).then(_same_region())
                     .otherwise(True))  # fmt: skip
    raw = raw.with_columns(_word(natural).alias("name"), natural)
    whole, named = how == "whole", how.is_in(["whole", "core"])
    alone = pl.when(whole).then(whole.sum().over("subject") == 1).otherwise(named.sum().over("subject") == 1)
    return raw.with_columns(alone.alias("alone")).select(
        pl.col(name).cast(dtype) for name, dtype in matching.PAIRS.items()
    )


def _word(natural: pl.Expr) -> pl.Expr:
    how, form = pl.col("how"), pl.col("core").str.contains(_FORM)
    return (
        pl.when(how == "").then(pl.lit(""))
        .when(natural & (how == "whole")).then(pl.lit("whole"))
        .when(pl.col("slipped")).then(pl.lit("edit"))
        .when((how == "whole") & form).then(pl.lit("form"))
        .when((how == "whole") & (pl.col("mine") != pl.col("core"))).then(pl.lit("prefix"))
        .when(how == "whole").then(pl.lit("plain"))
        .when((how == "core") & form).then(pl.lit("core_form"))
        .when(how == "core").then(pl.lit("core"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip


def _slipped(raw: pl.DataFrame) -> pl.Series:
    """Which pairs' names are one typing slip apart, of those that do not agree."""
    cells = raw.select("how", "core", "other_core").iter_rows()
    return pl.Series(
        [
            how in ("edit", "number") and any(matching.one_edit(core, other) for other in others.split("|"))
            for how, core, others in cells
        ],
        dtype=pl.Boolean,
    )


def _same_region() -> pl.Expr:
    """Whether two names of one core can be one name: one of them leaves its region out, or says more of the same."""

    def prefix(key: str, core: str) -> pl.Expr:
        head = pl.col(key).str.head(pl.col(key).str.len_chars() - pl.col(core).str.len_chars())
        return head.str.replace_all("[省市县区]", "")

    one, other = prefix("mine", "core"), prefix("theirs", "other_core")
    within = (
        one.str.starts_with(other) | other.str.starts_with(one) | one.str.ends_with(other) | other.str.ends_with(one)
    )
    return (one == "") | (other == "") | within
