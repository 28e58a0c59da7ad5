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
        cursor.execute(
            "update registries_doubt set state = 'settled' where state = 'open' and subject_id = any(%s)", [absorbed]
        )
    subjects.derive_roots(absorbed)
    subjects.derive_answers_of(absorbed)
    return pairs.height


def _whys(pairs: pl.DataFrame) -> list[str]:
    parts = [f"{part}=" + pl.col(part).cast(pl.String) for part in matching.PARTS]
    return pairs.select(pl.concat_str([pl.lit("name=") + pl.col("name"), *parts], separator=" ")).to_series().to_list()


def raise_doubts(pairs: pl.DataFrame | None, *, contested: bool) -> list[int]:
    """Note the doubtful pairs that are not noted yet, and the subjects that contend for one number. Returns new ids."""
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
        cursor.execute(_CONTENDING.format(among=_IN_BATCH if contested else ""))
        raised += [int(row[0]) for row in cursor.fetchall()]
    return raised


_RAISE = """
insert into registries_doubt (subject_id, candidate_id, rung, score, parts, state, reason, by, raised_at)
select subject, candidate, rung, score, parts::jsonb, 'open', '', '', clock_timestamp()
from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::text[]) t(subject, candidate, rung, score, parts)
on conflict (subject_id, candidate_id) do nothing returning id
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
on conflict (subject_id, candidate_id) do nothing returning id
"""


def set_cases(doubts: Sequence[int], cases: Sequence[int]) -> None:
    """Note which case asks about which doubt."""
    with connection.cursor() as cursor:
        cursor.execute(
            'update registries_doubt d set "case" = c.number from unnest(%s::bigint[], %s::bigint[]) c(id, number)'
            " where c.id = d.id",
            [list(doubts), list(cases)],
        )
