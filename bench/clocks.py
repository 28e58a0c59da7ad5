"""A new holiday table over a million running clocks, and every due date equal to the pure function: `shuniu bench clocks`.

`rows` cases with a clock each run in a province of which one prefecture has days of its own: terms of 5 to 60 working
days or natural days, begun within the three months before the year's notice in November; every fifth was stopped once
or twice (some still are), every twentieth extended. `seconds` is the whole verb that puts the next year's table in force:
every clock computed, those that move written with their change, the due days of cases and tasks brought after them, the
journal. `preview_seconds` is the difference alone. `differing` counts, among 10,000 clocks of every unit with up to four
overlapping stops, those whose due day or certainty SQL and `clocks.clock` do not agree on.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.result import Result
from shuniu.base.calendar import DayKind
from shuniu.base.periods import Term, Unit
from shuniu.procedures.calendars import api
from shuniu.procedures.calendars.models import Clock, Stop
from shuniu.procedures.calendars.store import recounting, running, tables
from shuniu.procedures.clocks import clock
from shuniu.procedures.declare import Procedure, Stage
from shuniu.procedures.models import Case
from shuniu.procedures.store import declaration
from shuniu.trust.declare import Actor

OFFICE = Actor(
    "officer:1",
    "基准测试",
    "43.office",
    "省政务信息化办公室",
    ("43",),
    frozenset(f"procedures.{verb}" for verb in ("save_holidays", "preview_holidays", "apply_holidays", "recount")),
)
PROCEDURE = Procedure(
    key="bench.clocks", version=1, title="基准测试", stages=(Stage(key="decide", title="决定", lane="bench.decide"),)
)
NEXT = (  # as a notice would have it: New Year, Spring Festival, Labour Day, each with a day worked for it
    *((date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3)),
    *((date(2027, 2, day), DayKind.HOLIDAY, "春节") for day in range(5, 13)),
    (date(2027, 2, 14), DayKind.WORK, "春节"),
    *((date(2027, 5, day), DayKind.HOLIDAY, "劳动节") for day in (1, 2, 3, 4, 5)),
    (date(2027, 5, 8), DayKind.WORK, "劳动节"),
)
LOCAL = ((date(2026, 9, 21), DayKind.HOLIDAY, "州庆"), (date(2026, 12, 7), DayKind.HOLIDAY, "基准测试"))
PROVEN = 10_000
"""Clocks that are computed both ways."""


def run(*, rows: int = 1_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure `rows` running clocks. `input` is not used: rows are made in the database."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    differing = prove(seed)
    fill(rows, seed)
    api.recount(actor=OFFICE)
    table = save("", 2027, NEXT)
    before = time.perf_counter()
    difference = api.preview_holidays(actor=OFFICE, number=table)
    looked = time.perf_counter()
    done = api.apply_holidays(actor=OFFICE, number=table)
    seconds = time.perf_counter() - looked
    assert done.moved == difference.moved
    measures = {
        "clocks": done.clocks, "moved": done.moved, "seconds": round(seconds, 2),
        "preview_seconds": round(looked - before, 2), "proven": PROVEN, "differing": differing,
    }  # fmt: skip
    return Result("clocks", measures, {"seconds": "<=10", "differing": "==0"})


def save(region: str, year: int, days: tuple[tuple[date, DayKind, str], ...]) -> int:
    """Save a holiday table; its number."""
    lines = "\n".join(f"{day},{kind},{name}" for day, kind, name in days)
    table = api.save_holidays(
        actor=OFFICE, region=region, year=year, source="基准测试", confirmed=not region or year == 2027,
        lines=f"date,kind,name\n{lines}",
    )  # fmt: skip
    return table.number


def fill(rows: int, seed: int) -> None:
    """`rows` cases with a clock, every fifth stopped, every twentieth extended; their tasks."""
    stored = declaration(PROCEDURE)
    statements = (
        """
        insert into procedures_case (declaration_id, object, agency, region, lanes, opened_at, opened_by, opened_by_name,
            due_provisional, rule, open_stages, outcome, waits_for)
        select %(declared)s, 'bench:' || n, '43.a' || n %% 97, (array['430000', '430100', '433100', '433101'])[1 + n %% 4],
            '{}', now(), 'officer:1', '基准测试', false, '', '{decide}', '', '{}'
        from generate_series(1, %(rows)s) n
        """,
        """
        insert into procedures_clock (case_id, kind, stage, region, start, amount, unit, rule, extension, extension_unit,
            extension_reason, provisional, calendar)
        select id, 'statutory', '', (array['43', '4301', '4331', '433101'])[1 + substr(object, 7)::int %% 4],
            date '2026-08-15' + (hash %% 88), 5 + hash / 1000 %% 56,
            case hash %% 10 when 0 then 'day' else 'working_day' end, '',
            case hash / 7 %% 20 when 0 then 10 end, case hash / 7 %% 20 when 0 then 'working_day' else '' end,
            case hash / 7 %% 20 when 0 then '情况复杂' else '' end, false, 0
        from (select id, object, hashint8(id + %(seed)s) & 2147483647 as hash from procedures_case
              where declaration_id = %(declared)s) c
        """,
        """
        insert into procedures_stop (case_id, kind, basis, evidence, begun, ended, ended_evidence)
        select case_id, why, '行政许可法第四十五条', '基准测试', start + first,
            case when open then null else start + first + days end, ''
        from (
            select case_id, start, why, (case_id %% 11)::int + at as first, (case_id %% 23)::int as days, case_id %% 40 = 0 as open
            from procedures_clock, (values ('听证', 1), ('检验', 9)) k(why, at)
            where case_id %% 5 = 0 and (at = 1 or case_id %% 10 = 0)
        ) s
        """,
        """
        insert into procedures_task (case_id, seat, stage, capability, agency, region, person, barred, since, due_provisional, open)
        select id, 1, 'decide', 'bench.decide', agency, region, '', '{}', now(), false, true from procedures_case
        where declaration_id = %(declared)s
        """,
        "analyze procedures_case, procedures_clock, procedures_stop, procedures_task",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            used = {"declared": stored.pk, "rows": rows, "seed": seed} if "%(" in statement else None
            cursor.execute(statement if used else statement.replace("%%", "%"), used)


def prove(seed: int) -> int:
    """How many of `PROVEN` random clocks SQL and the pure function answer otherwise; the local table stays in force."""
    chance = random.Random(seed)
    api.apply_holidays(actor=OFFICE, number=save("433100", 2026, LOCAL))
    stored = declaration(PROCEDURE.model_copy(update={"key": "bench.proof"}))
    rows = Case.objects.bulk_create(
        Case(
            declaration=stored, object="proof", agency="43.a", region="43", opened_at=timezone.now(), opened_by="officer:1",
            opened_by_name="基准测试", open_stages=["decide"],
        )
        for _ in range(PROVEN)
    )  # fmt: skip
    Stop.objects.bulk_create(stop for row in rows for stop in _stops(chance, row))
    clocks = Clock.objects.bulk_create(_clock(chance, row) for row in rows)
    stops, calendars = running.stops_of([row.pk for row in rows]), tables.calendars()
    with transaction.atomic(), connection.cursor() as cursor:
        recounting.compute(calendars)
        cursor.execute("select clock, after, provisional from _clock_moved")
        found = {key: (due, provisional) for key, due, provisional in cursor.fetchall()}
    differing = 0
    for one in clocks:
        spans = [stop.days for stop in stops.get(one.case_id, ())]
        said = clock(one.start, running.term_of(one), spans, calendars.of(one.region), running.extension_of(one))
        differing += found.get(one.pk, (None, False)) != (said.due, said.provisional)
    Case.objects.filter(declaration=stored).delete()
    return differing


def _stops(chance: random.Random, case: Case) -> list[Stop]:
    found = []
    for number in range(chance.choice((0, 0, 1, 2, 3, 4))):
        begun = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
        ended = None if chance.random() < 0.08 else begun + timedelta(days=chance.choice((0, 1, 3, 20, 60)))
        found.append(
            Stop(case=case, kind=f"停{number}", basis="基准测试", evidence="基准测试", begun=begun, ended=ended)
        )
    return found


def _clock(chance: random.Random, case: Case) -> Clock:
    unit = chance.choice(tuple(Unit))
    term = Term(chance.randrange({Unit.WORKING_DAY: 90, Unit.DAY: 120, Unit.MONTH: 7, Unit.YEAR: 3}[unit]), unit)
    more = Term(chance.randrange(31), chance.choice(tuple(Unit)[:3])) if chance.random() < 0.3 else None
    return Clock(
        case=case, kind="statutory", region=chance.choice(("43", "4301", "4331", "433101")),
        start=date(2026, 1, 1) + timedelta(days=chance.randrange(365)), amount=term.amount, unit=term.unit.value,
        extension=more.amount if more else None, extension_unit=more.unit.value if more else "",
        extension_reason="基准测试" if more else "",
    )  # fmt: skip
