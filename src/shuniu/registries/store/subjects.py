"""Subjects: the roots and answering identifiers that follow from merges, members, and finding a subject. SQL beside `api`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection

from shuniu.registries import merging

AFFECTED = "shuniu_affected"
_LOCK = 0x5355424A  # any fixed number: subjects are founded and merged by one transaction at a time


def lock() -> None:
    """Let no other transaction found or merge subjects until this one has ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def gauge() -> None:
    """Gather statistics where those at hand know nothing of what is there: after a great growth, or kept from an empty time.

    The planner takes rows for pages times the density that it knows. With a density of none, which autovacuum leaves
    behind where a large transaction was rolled back, it joins thousands of rows by reading a whole table for each.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN_SIZE)
        stale = [str(row[0]) for row in cursor.fetchall()]
        if stale:
            cursor.execute("analyze " + ", ".join(stale))


_UNKNOWN_SIZE = """
select relname from (
    select relname, relpages, reltuples, pg_relation_size(oid) / current_setting('block_size')::int as pages from pg_class
    where oid in ('registries_subject'::regclass, 'registries_identifier'::regclass, 'registries_name'::regclass)
) t where pages > 8 and (pages > 2 * relpages or reltuples < 4 * relpages)
"""


def derive_roots(subjects: Collection[int]) -> None:
    """Give every subject connected with these, now or before, the root that follows from the merges that stand."""
    if not subjects:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WAS_ONE, [list(subjects)])
        standing = {int(row[0]): (bool(row[1]), int(row[2])) for row in cursor.fetchall()}
        edges: set[tuple[int, int]] = set()
        reached: set[int] = set()
        while missing := [one for one in standing if one not in reached]:
            reached |= set(missing)
            cursor.execute(_EDGES, [missing, missing])
            edges |= {(int(row[0]), int(row[1])) for row in cursor.fetchall()}
            beyond = [one for edge in edges for one in edge if one not in standing]
            if beyond:
                cursor.execute(_WAS_ONE, [beyond])
                standing |= {int(row[0]): (bool(row[1]), int(row[2])) for row in cursor.fetchall()}
        known = {subject for subject, (is_known, _) in standing.items() if is_known}
        roots = merging.roots(standing, edges, known)
        changed = [(subject, root) for subject, root in roots.items() if standing[subject][1] != root]
        cursor.execute(_SET_ROOTS, [[one for one, _ in changed], [root for _, root in changed]])


# Everything that had one root with these: a component splits inside it.
_WAS_ONE = """
select s.id, s.known, s.root from registries_subject s
where s.root in (select root from registries_subject where id = any(%s))
"""
_EDGES = """
select absorbed_id, survivor_id from registries_merge where undone_at is null and absorbed_id = any(%s)
union select absorbed_id, survivor_id from registries_merge where undone_at is null and survivor_id = any(%s)
"""
_SET_ROOTS = """
update registries_subject s set root = c.root from unnest(%s::bigint[], %s::bigint[]) c(id, root) where c.id = s.id
"""


def derive_answers_of(subjects: Collection[int]) -> None:
    """Derive which bearer answers for every identifier that these subjects bear."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {AFFECTED}")
        cursor.execute(
            f"create temp table {AFFECTED} on commit drop as"
            " select distinct kind, value from registries_identifier where subject_id = any(%s)",
            [list(subjects)],
        )
    derive_answers(AFFECTED)


def derive_answers(touched: str) -> None:
    """Derive which bearer answers for the identifiers in a temporary table (kind, value).

    A number answers when all its known bearers are one subject by now, or when nobody known bears it and the unknown
    bearers are one. Otherwise none answers: looking it up never guesses.
    """
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists shuniu_answering")
        cursor.execute(_ANSWERING.format(touched=touched))
        cursor.execute(_SILENCED)
        cursor.execute(_ANSWERED)


_ANSWERING = """
create temp table shuniu_answering on commit drop as
select i.kind, i.value, case
        when count(distinct s.root) filter (where r.known) = 1
            then coalesce(min(i.subject_id) filter (where s.known), min(i.subject_id) filter (where r.known))
        when count(distinct s.root) filter (where r.known) = 0 and count(distinct s.root) = 1 then min(i.subject_id)
    end as subject
from (select distinct kind, value from {touched}) t
join registries_identifier i on i.kind = t.kind and i.value = t.value
join registries_subject s on s.id = i.subject_id
join registries_subject r on r.id = s.root
group by i.kind, i.value
"""
# First silence, then let answer: the unique index is checked row by row.
_SILENCED = """
update registries_identifier i set answers = false from shuniu_answering a
where i.kind = a.kind and i.value = a.value and i.answers and i.subject_id is distinct from a.subject
"""
_ANSWERED = """
update registries_identifier i set answers = true from shuniu_answering a
where i.kind = a.kind and i.value = a.value and not i.answers and i.subject_id = a.subject
"""


def members(subject: int) -> tuple[int, ...]:
    """Every subject that is one with this one, itself among them, by id; empty for an unknown id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select m.id from registries_subject s join registries_subject m on m.root = s.root where s.id = %s order by 1",
            [subject],
        )
        return tuple(int(row[0]) for row in cursor.fetchall())


def find(kind: str, value: str) -> int | None:
    """The root of the subject that answers to an identifier's canonical value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.root from registries_identifier i join registries_subject s on s.id = i.subject_id"
            " where i.kind = %s and i.value = %s and i.answers",
            [kind, value],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def search_legal(text: str, key: str, limit: int) -> list[int]:
    """Roots of known legal persons by the beginning of a public code, or by a part of a name they bear or bore."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [escaped(text.upper()) + "%", limit])
        found = [int(row[0]) for row in cursor.fetchall()]
        for pattern in (escaped(key) + "%", "%" + escaped(key) + "%"):
            if key and len(found) < limit:
                cursor.execute(_BY_NAME, [pattern, limit])
                found += [int(row[0]) for row in cursor.fetchall()]
    return list(dict.fromkeys(found))[:limit]


def escaped(text: str) -> str:
    """Text for LIKE, taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_BY_CODE = """
select distinct r.id from registries_identifier i join registries_subject s on s.id = i.subject_id
join registries_subject r on r.id = s.root and r.known and r.kind = 'legal'
where i.kind in ('uscc', 'organisation_code', 'registration_number') and i.value like %s order by 1 limit %s
"""
_BY_NAME = """
select r.id from registries_name n join registries_subject s on s.id = n.subject_id and s.known
join registries_subject r on r.id = s.root and r.known and r.kind = 'legal'
where n.kind = 'legal' and n.known and n.key like %s group by r.id order by min(length(n.key)), r.id limit %s
"""


def display(subjects: Sequence[int]) -> dict[int, tuple[str, str, bool, int]]:
    """Kind, name, whether known, and root of subjects by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, kind, name, known, root from registries_subject where id = any(%s)", [list(subjects)]
        )
        return {int(row[0]): (str(row[1]), str(row[2]), bool(row[3]), int(row[4])) for row in cursor.fetchall()}


def identifiers(members: Sequence[int]) -> list[tuple[str, str, str]]:
    """Kind, value and stating resource of every identifier that these subjects bear."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct kind, value, resource from registries_identifier where subject_id = any(%s) order by 1, 2, 3",
            [list(members)],
        )
        return [(str(row[0]), str(row[1]), str(row[2])) for row in cursor.fetchall()]


def descriptions(members: Sequence[int]) -> list[tuple[str, str, str, str, str, str, str]]:
    """Name, person, day, place, address, sex and stating resource of every description of these subjects."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, person, day, place, address, sex, resource from registries_name"
            " where subject_id = any(%s) order by subject_id, name, digest limit 200",
            [list(members)],
        )
        return [tuple(map(str, row)) for row in cursor.fetchall()]  # type: ignore[misc]  # seven columns each
