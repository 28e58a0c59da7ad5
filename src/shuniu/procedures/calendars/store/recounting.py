"""All running clocks computed again at once, in SQL: equal to `clocks.clock`, by intervals and the ordinals of days.

Days are laid in a temporary table with a running number of working days for each calendar (natural days are a calendar on
which every day is worked). A clock's last day is then the one whose number is its start's, plus its term, plus the days
that its stops took; a stop counts only if it began before the term had run out, which a running sum says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term
from shuniu.procedures.calendars.declare import Difference, Kind, Move
from shuniu.procedures.calendars.store.tables import HORIZON, Calendars
from shuniu.trust.api import array_of, fetch_each

_NATURAL = 0
_DAY = """
    create temp table _clock_day (calendar smallint, day date, working boolean, ordinal int, guessed int) on commit drop;
    create temp table _clock_region (region text, calendar smallint) on commit drop;
    create temp table _clock_term (rule text, amount int, unit text) on commit drop
"""
_INDEXES = """
    create unique index on _clock_day (calendar, day);
    create unique index on _clock_day (calendar, ordinal) where working;
    analyze _clock_day; analyze _clock_region; analyze _clock_term
"""
_RUN = f"""
    create temp table _clock_run on commit drop as
    select c.id as clock, c.case_id, c.start, c.due as before, c.provisional as guessed_before, r.calendar as region,
        case t.unit when 'working_day' then r.calendar else {_NATURAL} end as calendar,
        case t.unit
            when 'month' then (c.start + make_interval(months => t.amount))::date - c.start
            when 'year' then (c.start + make_interval(years => t.amount))::date - c.start
            else t.amount end as amount,
        t.amount as term, t.unit, t.amount is distinct from c.amount or t.unit is distinct from c.unit as amended,
        c.extension, c.extension_unit
    from procedures_clock c
    join _clock_region r on r.region = c.region
    left join _clock_term n on n.rule = c.rule and c.rule <> ''
    cross join lateral (select coalesce(n.amount, c.amount) as amount, coalesce(n.unit, c.unit) as unit) t
    where c.ended is null;
    analyze _clock_run
"""
_STOPS = """
    create temp table _clock_stop on commit drop as
    select case_id, lower(days) as begun, upper(days) - 1 as ended
    from (
        select s.case_id, unnest(range_agg(daterange(s.begun, s.ended, '[]'))) as days
        from procedures_stop s
        where exists (select 1 from procedures_clock c where c.case_id = s.case_id and c.ended is null)
        group by s.case_id
    ) merged;
    analyze _clock_stop
"""
_WALK = """
    create temp table {into} on commit drop as
    with stopped as (
        select r.clock, r.amount, p.begun, s.ordinal as start, b.ordinal as begins, e.ordinal as ends
        from {run} r
        join _clock_stop p on p.case_id = r.case_id and (p.ended is null or p.ended > r.start)
        join _clock_day s on s.calendar = r.calendar and s.day = r.start
        join _clock_day b on b.calendar = r.calendar and b.day = greatest(p.begun - 1, r.start)
        left join _clock_day e on e.calendar = r.calendar and e.day = p.ended
    ), met as (
        select clock, amount, ends, ends - begins as days, begins - start - coalesce(
            sum(ends - begins) over (partition by clock order by begun rows between unbounded preceding and 1 preceding), 0
        ) as counted
        from stopped
    ), lost as (
        select clock, sum(days) as days, bool_or(ends is null) as held from met where counted < amount group by clock
    )
    select r.*,
        case when l.held then null when r.amount = 0 then r.start else d.day end as due,
        l.held is not true and d.guessed > s.guessed as provisional
    from {run} r
    join _clock_day s on s.calendar = r.calendar and s.day = r.start
    left join lost l on l.clock = r.clock
    left join _clock_day d on d.calendar = r.calendar and d.working and d.ordinal = s.ordinal + r.amount + coalesce(l.days, 0);
    analyze {into}
"""
_EXTENDED = f"""
    create temp table _clock_extended on commit drop as
    select clock, case_id, due as start,
        case extension_unit when 'working_day' then region else {_NATURAL} end as calendar,
        case extension_unit
            when 'month' then (due + make_interval(months => extension))::date - due
            when 'year' then (due + make_interval(years => extension))::date - due
            else extension end as amount
    from _clock_first
    where extension is not null and due is not null;
    analyze _clock_extended
"""
_MOVED = """
    create temp table _clock_moved on commit drop as
    select * from (
        select f.clock, f.case_id, f.before, f.guessed_before, f.term, f.unit, f.amended,
            case when m.clock is null then f.due else m.due end as after,
            f.due is not null and (m.clock is null or m.due is not null)
                and (f.provisional or coalesce(m.provisional, false)) as provisional
        from _clock_first f left join _clock_more m using (clock)
    ) found
    where amended or (before, guessed_before) is distinct from (after, provisional);
    analyze _clock_moved
"""


def compute(calendars: Calendars, terms: dict[str, Term] | None = None) -> int:
    """Compute every running clock by these calendars; `terms` are rules' terms that take the place of those noted.

    Leaves `_clock_moved`, those that differ from what stands, until the transaction ends. Returns how many run.
    """
    with connection.cursor() as cursor:
        names = "day region term run stop first more extended moved"
        cursor.execute("set local work_mem = '256MB'")  # a million rows are joined and sorted in memory
        cursor.execute(f"drop table if exists {', '.join(f'_clock_{name}' for name in names.split())}")
        _lay(cursor, calendars, terms or {})
        for statement in (
            _RUN, _STOPS, _WALK.format(into="_clock_first", run="_clock_run"),
            _EXTENDED, _WALK.format(into="_clock_more", run="_clock_extended"), _MOVED,
        ):  # fmt: skip
            cursor.execute(statement)
        cursor.execute("select count(*) from _clock_run")
        return int(cursor.fetchone()[0])


def _lay(cursor: CursorWrapper, calendars: Calendars, terms: dict[str, Term]) -> None:
    cursor.execute(_DAY)
    numbers = {key: number for number, key in enumerate(calendars.by_region, start=1)}
    cursor.execute("select distinct region from procedures_clock where ended is null")
    regions = [(region, numbers[calendars.key(region)]) for (region,) in cursor.fetchall()]
    _copy(cursor, "_clock_region", regions)
    _copy(cursor, "_clock_term", [(rule, term.amount, term.unit.value) for rule, term in terms.items()])
    _copy(cursor, "_clock_day", _days(_NATURAL, None))
    for key in {number for _region, number in regions}:
        _copy(cursor, "_clock_day", _days(key, list(calendars.by_region.values())[key - 1]))
    cursor.execute(_INDEXES)


def _copy(cursor: CursorWrapper, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with cursor.copy(f"copy {table} from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _days(number: int, calendar: Calendar | None) -> Iterator[tuple[object, ...]]:
    """The days of one calendar with how many were worked, and how many only guessed, up to each; None: all worked."""
    ordinal = guessed = 0
    first, last = HORIZON
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        working = calendar is None or calendar.is_working(day)
        ordinal += working
        guessed += calendar is not None and calendar.is_guessed(day)
        yield number, day, working, ordinal, guessed


def difference(clocks: int, *, limit: int = 200) -> Difference:
    """What `compute` found: how many it would move by how many days, and the first of them, by case."""
    with connection.cursor() as cursor:
        cursor.execute("select after - before, count(*) from _clock_moved group by 1 order by 2 desc, 1")
        shifts = cursor.fetchall()
        cursor.execute(
            """
            select m.clock, m.case_id, k.object, c.kind, c.stage, m.before, m.after, m.provisional
            from _clock_moved m join procedures_clock c on c.id = m.clock join procedures_case k on k.id = m.case_id
            order by m.case_id, m.clock limit %s
            """,
            [limit],
        )
        moves = tuple(
            Move(clock, case, object, Kind(kind), *rest) for clock, case, object, kind, *rest in cursor.fetchall()
        )
    return Difference(clocks, sum(n for _, n in shifts), tuple((d or 0, n) for d, n in shifts), moves)


def write(recount: int) -> int:
    """Write what `compute` found, under the number of its recount. Returns how many clocks it moved."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into procedures_clockchange (recount_id, clock_id, before, after, provisional)
            select %s, clock, before, after, provisional from _clock_moved
            """,
            [recount],
        )
        cursor.execute(
            """
            update procedures_clock c
            set due = m.after, provisional = m.provisional, calendar = %s, amount = m.term, unit = m.unit
            from _clock_moved m where m.clock = c.id
            """,
            [recount],
        )
        moved = int(cursor.rowcount)
    project()
    return moved


_CASES = "select case_id from _clock_moved"
_GIVEN = "select unnest(%s::bigint[])"
_WHOLE = """
    update procedures_case k set due = case when d.whole then d.due else k.due end, next_due = d.first,
        due_provisional = case when d.whole then d.provisional else k.due_provisional end
    from (
        select distinct on (c.case_id) c.case_id, c.stage = '' as whole, c.due, c.provisional,
            min(c.due) over (partition by c.case_id) as first
        from procedures_clock c
        where c.ended is null and c.case_id in ({cases})
        order by c.case_id, c.stage <> '', c.due nulls last
    ) d
    where k.id = d.case_id and (k.next_due is distinct from d.first
        or d.whole and (k.due, k.due_provisional) is distinct from (d.due, d.provisional))
"""
_FIRST = """
    update procedures_case k set next_due = d.first
    from (
        select given.id, min(c.due) as first
        from unnest(%s::bigint[]) as given(id)
        left join procedures_clock c on c.case_id = given.id and c.ended is null
        group by given.id
    ) d
    where k.id = d.id and k.next_due is distinct from d.first returning k.id
"""
_TASKS = """
    update procedures_task t set due = k.due, due_provisional = k.due_provisional
    from procedures_case k
    where k.id = t.case_id and k.id in ({cases})
        and (t.due, t.due_provisional) is distinct from (k.due, k.due_provisional)
        and not exists (
            select 1 from procedures_clock c
            where c.case_id = t.case_id and c.kind = 'stage' and c.stage = t.stage and c.ended is null
        )
"""
# of two terms that bind a task, the one that ends first
_STAGES = """
    update procedures_task t set due = d.due, due_provisional = d.provisional
    from (
        select c.case_id, c.stage, case when k.due < c.due then k.due else c.due end as due,
            case when k.due < c.due then k.due_provisional else c.provisional end as provisional
        from procedures_clock c join procedures_case k on k.id = c.case_id
        where c.kind = 'stage' and c.ended is null and c.case_id in ({cases})
    ) d
    where d.case_id = t.case_id and d.stage = t.stage
        and (t.due, t.due_provisional) is distinct from (d.due, d.provisional)
"""
_PROJECT = [
    f"{statement.format(cases=_GIVEN)} returning {case}".encode()
    for statement, case in ((_WHOLE, "k.id"), (_TASKS, "t.case_id"), (_STAGES, "t.case_id"))
]
_PROJECT.append(_FIRST.encode())  # where no clock runs any more, no day is next


def project_first(cases: Sequence[int]) -> None:
    """Bring the next due day of these cases up to their clocks, where these only began or ended."""
    if cases:
        fetch_each(_PROJECT[-1:], [array_of(cases)])


def project(cases: Sequence[int] | None = None) -> set[int]:
    """Bring the due days that lists sort by (of cases and tasks) up to the clocks; None: of all that were moved.

    Of given cases, those that it changed.
    """
    if cases is not None:
        return {case for (case,) in fetch_each(_PROJECT, [array_of(cases)])}
    with connection.cursor() as cursor:
        for statement in (_WHOLE, _TASKS, _STAGES):
            cursor.execute(statement.format(cases=_CASES))
    return set()
