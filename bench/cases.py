"""Listing and opening cases where a province's are: 10 M cases of 1,000 item types at 50 agencies: `shuniu bench cases`.

The cases are copies, by SQL, of cases that the verbs made: filed, accepted, refused and granted, each with its log, task,
clocks and decision, given to another applicant, item and agency, and moved back by whole days, all its days together. A
copy that is not moved is, field by field, what the verbs write for the same applicant and item: proven on up to 1,000. What
else a filing writes (the draft, notices, journal entries) no list and no page of a case reads, and it is not copied.

Measured is the verb's own time in its process, with its journal entry committed: the agency's running cases
(`cases.list_agency`) and one of its cases with all that its page shows (`cases.read_case`), 32 clients asking, served eight
at a time as the web server does. Open Zaak publishes 150 ms at 1 M cases on ten processors.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, connections, models, transaction
from django.utils import timezone

from bench.asking import ask
from bench.hall import AGENCIES, agency_of, citizen, drafted, officer, prepare
from bench.result import Result
from shuniu.cases.api import filing, finding, handling
from shuniu.cases.declare.case import Grounds
from shuniu.cases.models import Case, Decision
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.models import Case as Matter
from shuniu.procedures.models import Event, Task

TYPES, REQUESTS, SAMPLES, CHUNK = 1_000, 3_000, 1_000, 200_000
Ask = tuple[str, str, str]
"""list or open, the agency whose officer asks, the case's number."""
Answer = tuple[str, float, str]
"""list or open, seconds of the verb, the error or ''."""
SHAPES = ("filed", "accepted", "refused", "granted")
NO = Grounds(facts="现场核查发现不具备独立的加工间，不符合条件。", articles="《食品安全法》第三十三条第一款")
FIRST, SAMPLED = 10_000_000, 5_000_000
"""Running numbers of the copies, and of the copies that are compared."""

_PLAN = f"""
create temp table plan on commit drop as
select n, {{case}} + n as case_id, {{matter}} + n as matter, t.case_id as template, t.matter as template_matter,
  'citizen:' || n as account, '申请人' || n as name, 1 as version, shift, agency, '演示单位' || item %% {AGENCIES} as agency_name,
  agency || '/item-' || item as item, repeat('0', 18) || '2' || lpad(item::text, 12, '0')
  || to_char(%s::date - shift, 'YYYYMMDD') || {{serial}} + n as number
from (select n, n %% {TYPES} as item, '43.bench' || n %% {TYPES} %% {AGENCIES} as agency, s.shape, s.shift
  from generate_series({{start}}, {{end}}) n cross join lateral ({{shape}}) s) p
join unnest(%s::text[], %s::bigint[], %s::bigint[]) t(shape, case_id, matter) using (shape)
"""
# One in twenty-five runs, of the last five weeks; the others ended in the four years before.
_SHAPE = """
select case k when 0 then 'filed' when 1 then 'accepted' when 2 then 'refused' else 'granted' end as shape,
  case when k < 2 then n / 7 % 35 else 30 + n / 7 % 1500 end::int as shift from (select n / 1000 % 50 as k) _
"""
_SAMPLE = "select (array['filed', 'accepted', 'refused', 'granted'])[1 + n % 4] as shape, 0 as shift"
_OWN: dict[type[models.Model], dict[str, str]] = {
    Case: {
        "id": "n.case_id", "matter": "n.matter", "number": "n.number", "item": "n.item", "version": "n.version",
        "agency": "n.agency", "applicant": "n.n", "applicant_name": "n.name", "account": "n.account",
    },
    Decision: {
        "case_id": "n.case_id", "number": "n.number || '-D'", "agency_name": "n.agency_name",
        "remedy": "replace(t.remedy, t.agency_name, n.agency_name)",
    },
    Matter: {
        "id": "n.matter", "object": "'case:' || n.number", "agency": "n.agency", "opened_by": "n.account",
        "opened_by_name": "n.name",
    },
    Event: {
        "case_id": "n.matter", "to": "array_replace(t.\"to\", '43.bench0', n.agency)",
        "person": "case t.person when 'citizen:0' then n.account else t.person end",
        "person_name": "case t.person when 'citizen:0' then n.name else t.person_name end",
    },
    Task: {
        "case_id": "n.matter", "agency": "n.agency", "barred": "array_replace(t.barred, 'citizen:0', n.account)",
    },
    Clock: {"case_id": "n.matter"},
}  # fmt: skip
"""What a copy has of its own, by table; all other columns are the template's, days and moments moved back."""


def run(*, rows: int = 10_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure 3,000 requests (a tenth of the cases where these are fewer), half of them lists, over `rows` cases."""
    del input
    prepare(TYPES)
    templates = {shape: made(0, shape) for shape in SHAPES}
    samples = min(SAMPLES, max(20, rows // 100))
    wrong = differing(templates, samples)
    for start in range(1, rows + 1, CHUNK):
        fill(templates, start, min(rows, start + CHUNK - 1))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    size = _size()
    requests = _requests(rows, min(REQUESTS, max(200, rows // 10)), seed)
    connections.close_all()
    told = ask("bench.cases.answer", requests, requests[:2])
    answers: list[Answer] = told.answers
    taken = {kind: sorted(1000 * one[1] for one in answers if one[0] == kind) for kind in ("list", "open")}
    return Result(
        "cases",
        measures={
            **{f"{kind}_p{at}_ms": _at(ms, at) for kind, ms in taken.items() for at in (50, 95, 99)},
            "rate": round(len(answers) / told.seconds, 1),
            "errors": sum(bool(one[2]) for one in answers),
            "cases": Case.objects.count(),
            "case_bytes": size // max(1, rows),
            "proven": samples,
            "differing": wrong,
        },
        must={"list_p95_ms": "<=50", "open_p95_ms": "<=50", "errors": "==0", "differing": "==0"},
    )


def _at(ordered: Sequence[float], percent: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def _size() -> int:
    tables = [one._meta.db_table for one in _OWN]
    with connection.cursor() as cursor:
        cursor.execute("select sum(pg_total_relation_size(t::regclass)) from unnest(%s::text[]) t", [tables])
        return int(cursor.fetchone()[0])


def made(number: int, shape: str) -> Case:
    """A case of that citizen's, brought by the verbs to where `shape` says."""
    item = number % TYPES
    agency = agency_of(item)
    case = filing.file(actor=citizen(number), draft=drafted(citizen(number), item)).number
    if shape != "filed":
        handling.accept(actor=officer(agency, "case_clerk"), number=case)
    if shape in ("refused", "granted"):
        handling.examine(actor=officer(agency, "case_examiner"), number=case, opinion="符合条件，建议准予。")
        decider, grounds = officer(agency, "case_decider"), NO if shape == "refused" else None
        handling.decide(actor=decider, number=case, grounds=grounds)
    return Case.objects.get(number=case)


def fill(templates: dict[str, Case], start: int, end: int, *, shape: str = _SHAPE, serial: int = FIRST) -> None:
    """Copy cases for these citizens; those of the samples have other numbers than the rest."""
    keys = [*templates], [one.pk for one in templates.values()], [one.matter for one in templates.values()]
    plan = _PLAN.format(case=serial, matter=serial, serial=serial, start=start, end=end, shape=shape.replace("%", "%%"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(plan, [timezone.localdate(), *keys])
        for model in _OWN:
            first = [one.pk if model in (Case, Decision) else one.matter for one in templates.values()]
            cursor.execute(_copy(model), [first])


def _copy(model: type[models.Model]) -> str:
    own = _OWN[model]
    columns = [one for one in model._meta.concrete_fields if one.column != "id" or "id" in own]
    values = [own.get(str(one.column)) or _moved(one) for one in columns]
    names = ", ".join(f'"{one.column}"' for one in columns)
    table = model._meta.db_table
    key = "id" if model in (Case, Matter) else "case_id"
    template = "template" if model in (Case, Decision) else "template_matter"
    # the few templates first (offset 0 keeps them apart): else a table of millions is hashed for each chunk
    few = f"(select * from {table} where {key} = any(%s) offset 0)"
    return (
        f"insert into {table} ({names}) select {', '.join(values)} from plan n"
        f" join {few} t on t.{key} = n.{template} order by n.n, t.id"
    )


def _moved(field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.DateTimeField):
        return f"t.{field.column} - n.shift * interval '1 day'"
    return f"t.{field.column} - n.shift" if isinstance(field, models.DateField) else f't."{field.column}"'


def differing(templates: dict[str, Case], samples: int) -> int:
    """How many copies are not what the verbs write for the same citizen, item and shape: numbers aside, moments by day."""
    fill(templates, 1, samples, shape=_SAMPLE, serial=SAMPLED)
    return sum(
        [*_seen(made(n, SHAPES[n % 4]))] != [*_seen(Case.objects.get(pk=SAMPLED + n))] for n in range(1, samples + 1)
    )


def _seen(case: Case) -> Iterator[dict[str, object]]:
    keys: dict[type[models.Model], tuple[str, int | None]] = {
        Case: ("pk", case.pk), Matter: ("pk", case.matter), Decision: ("case", case.pk),
    }  # fmt: skip
    for model in _OWN:
        name, key = keys.get(model, ("case", case.matter))
        for row in model._default_manager.filter(**{name: key}).order_by("pk").values():
            yield {name: _plain(value, case.number) for name, value in row.items() if name not in _KEYS}


_KEYS = {"id", "case_id", "matter"}


def _plain(value: object, number: str) -> object:
    if isinstance(value, datetime):
        return timezone.localdate(value)
    return value.replace(number, number[:39]) if isinstance(value, str) else value


def _requests(rows: int, requests: int, seed: int) -> list[Ask]:
    dice = random.Random(seed)
    asked: list[Ask] = []
    for _ in range(requests // 2):
        case = Case.objects.filter(pk=FIRST + dice.randint(1, rows)).values_list("agency", "number").get()
        asked += [("list", agency_of(dice.randrange(AGENCIES)), ""), ("open", *case)]
    return asked


def answer(kind: str, agency: str, number: str) -> Answer:
    """One reading: an agency's list, or one of its cases."""
    actor = officer(agency, "case_examiner")
    begun = time.perf_counter()
    try:
        if kind == "list":
            finding.list_agency(actor=actor)
        else:
            filing.read_case(actor=actor, number=number)
    except Exception as error:  # the bench counts whatever goes wrong
        return kind, time.perf_counter() - begun, repr(error)
    return kind, time.perf_counter() - begun, ""
