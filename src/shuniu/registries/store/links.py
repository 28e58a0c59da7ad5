"""Writing what matching decided, set-based: merges, and doubts for people. SQL beside `api`."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl
from django.db import connection

from shuniu.registries import matching
from shuniu.registries.store import subjects


def write(pairs: pl.DataFrame, *, by: str) -> int:
    """Merge every subject with the candidate's member that it was linked to. Returns how many."""
    if pairs.is_empty():
        return 0
    absorbed, survivors = pairs.get_column("subject").to_list(), pairs.get_column("via").to_list()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into registries_merge (absorbed_id, survivor_id, rung, why, by, at, undone_by, undone_why)"
            " select *, %s, clock_timestamp(), '', '' from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])"
            " on conflict do nothing",
            [by, absorbed, survivors, pairs.get_column("rung").to_list(), _whys(pairs)],
        )  # fmt: skip
    subjects.derive_roots(absorbed)
    subjects.derive_answers_of(absorbed)
    return pairs.height


def _whys(pairs: pl.DataFrame) -> list[str]:
    parts = [f"{part}=" + pl.col(part).cast(pl.String) for part in matching.PARTS]
    return pairs.select(pl.concat_str([pl.lit("name=") + pl.col("name"), *parts], separator=" ")).to_series().to_list()


def settle() -> list[tuple[int, int | None, bool]]:
    """Settle the open doubts that nobody need decide any more.

    Returns id, case, and whether both sides have become one (else the doubted side is known by now) of each.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE)
        return [(int(row[0]), row[1], bool(row[2])) for row in cursor.fetchall()]


def unsettle(touched: Sequence[int]) -> list[int]:
    """Open the settled doubts about these subjects whose ground for it has gone. Returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSETTLE, [list(touched), list(touched)])
        return [int(row[0]) for row in cursor.fetchall()]


# Two that both are known and bear one number are a question for as long as they are two.
_ANSWERED = "(s.root = c.root or d.rung <> 'shared_identifier' and r.known)"
_SIDES = """
from registries_subject s, registries_subject c, registries_subject r
where s.id = d.subject_id and c.id = d.candidate_id and r.id = s.root
"""
_SETTLE = f"""
update registries_doubt d set state = 'settled' {_SIDES} and d.state = 'open' and {_ANSWERED}
returning d.id, d."case", s.root = c.root
"""
_UNSETTLE = f"""
update registries_doubt d set state = 'open' {_SIDES} and d.state = 'settled' and not {_ANSWERED}
and (d.subject_id = any(%s) or d.candidate_id = any(%s)) returning d.id
"""


def raise_doubts(pairs: pl.DataFrame | None, *, contested: bool) -> list[int]:
    """Note the doubtful pairs and the subjects that contend for one number, where that was not noted or is settled.

    Returns the ids of those that wait from now on.
    """
    raised: list[int] = []
    with connection.cursor() as cursor:
        if pairs is not None and not pairs.is_empty():
            told = [
                json.dumps({key: row[key] for key in ("number", "name", *matching.PARTS)})
                for row in pairs.iter_rows(named=True)
            ]
            columns = [pairs.get_column(name).to_list() for name in ("subject", "via", "rung", "score")]
            cursor.execute(_RAISE, [*columns, told])
            raised += [int(row[0]) for row in cursor.fetchall()]
        cursor.execute(_CONTENDING.format(among=_IN_BATCH if contested else "", again=_AGAIN))
        raised += [int(row[0]) for row in cursor.fetchall()]
    return raised


# A pair that was settled and is doubtful again is asked about anew; what a person decided is not.
_AGAIN = """
on conflict (subject_id, candidate_id) do update
set state = 'open', rung = excluded.rung, score = excluded.score, parts = excluded.parts
where registries_doubt.state = 'settled' returning id
"""
_RAISE = f"""
insert into registries_doubt (subject_id, candidate_id, rung, score, parts, state, reason, by, raised_at)
select subject, candidate, rung, score, parts::jsonb, 'open', '', '', clock_timestamp()
from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::text[]) t(subject, candidate, rung, score, parts)
{_AGAIN}
"""
_IN_BATCH = "and i.subject_id in (select subject from shuniu_batch)"
# Two known subjects that bear one number: the later one is in doubt.
_CONTENDING = """
insert into registries_doubt (subject_id, candidate_id, rung, score, parts, state, reason, by, raised_at)
select distinct on (greatest(i.subject_id, k.subject_id), least(i.subject_id, k.subject_id))
       greatest(i.subject_id, k.subject_id), least(i.subject_id, k.subject_id), 'shared_identifier', 0,
       jsonb_build_object('number', i.kind), 'open', '', '', clock_timestamp()
from registries_identifier i
join registries_identifier k on k.kind = i.kind and k.value = i.value and k.subject_id <> i.subject_id
join registries_subject a on a.id = i.subject_id and a.known
join registries_subject b on b.id = k.subject_id and b.known and b.root <> a.root
where not i.answers {among}
{again}
"""


def set_cases(doubts: Sequence[int], cases: Sequence[int]) -> None:
    """Note which case asks about which doubt."""
    with connection.cursor() as cursor:
        cursor.execute(
            'update registries_doubt d set "case" = c.number from unnest(%s::bigint[], %s::bigint[]) c(id, number)'
            " where c.id = d.id",
            [list(doubts), list(cases)],
        )
