"""Who rows are about: speed of the exact rungs and of the whole ladder, precision and recall: `shuniu bench match`.

A register of legal persons (`rows` / 2) and one of persons (`rows`) are loaded, then a department's `rows` rows about
each. What the ladder answers is compared with the truth that the generator kept. Precision is right links among links,
recall right links among rows whose subject is in a register; a queued row is not found. *Hard* rows have no usable code.
`seconds` is the whole ladder per million rows: look-ups and founding inside the load, and every rung after it, reviews
queued; not parsing and storing, which `load` measures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management import call_command
from django.db import connection, transaction

from bench import firms, people
from bench.result import Result
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, ItemType, Resource, SubjectType
from shuniu.directory import api as directory
from shuniu.directory.declare import Region
from shuniu.registries import api
from shuniu.registries.conform import LINE, conform
from shuniu.registries.declare import Limits, Loaded, Mode, Resolved
from shuniu.registries.store import identity, loading
from shuniu.trust.declare import Actor

WORKER = Actor("system:worker", "后台任务", regions=("43",), capabilities=frozenset({"registries.resolve"}))
CHUNK = 200_000
_TERMS: dict[str, Any] = {
    "share_conditions": "基准测试", "legal_basis": "中华人民共和国行政许可法", "purpose": "基准测试",
    "purpose_basis": "中华人民共和国行政许可法", "retention": "基准测试结束即删", "summary": "基准测试用的生成数据。",
}  # fmt: skip
_DAY = ItemType.DATE
_FIRM = (
    Item(name="name", title="名称", identifies="legal_name"),
    Item(name="representative", title="法定代表人", identifies="representative"),
    Item(name="founded", title="成立日期", type=_DAY, identifies="founded"),
    Item(name="region", title="行政区划", identifies="region"),
    Item(name="address", title="住所", identifies="address"),
)
_PERSON = (
    Item(name="person_name", title="姓名", identifies="person_name"),
    Item(name="birth_date", title="出生日期", type=_DAY, identifies="birth_date"),
    Item(name="sex", title="性别", identifies="sex"),
    Item(name="region", title="行政区划", identifies="region"),
)
_NUMBER = Item(name="number", title="文号", key=True, required=True)


def _resource(name: str, subject: SubjectType, *items: Item, register: bool = False) -> Resource:
    return Resource(
        key=f"43.bench/{name}", title=name, agency="43.bench", subject=subject,
        register_for=subject if register else SubjectType.NONE, items=items, **_TERMS,
    )  # fmt: skip


_USCC = Item(name="uscc", title="统一社会信用代码", identifies="uscc")
_RESIDENT = Item(name="resident_id", title="公民身份号码", identifies="resident_id")
FIRMS = _resource(
    "firms", SubjectType.LEGAL, _USCC.model_copy(update={"key": True, "required": True, "check": "uscc"}), *_FIRM,
    Item(name="registration_number", title="注册号", identifies="registration_number"), register=True,
)  # fmt: skip
PENALTIES = _resource("penalties", SubjectType.LEGAL, _NUMBER, _USCC, *_FIRM)
PEOPLE = _resource(
    "people", SubjectType.NATURAL, _RESIDENT.model_copy(update={"key": True, "required": True, "check": "resident_id"}),
    *_PERSON, register=True,
)  # fmt: skip
VOLUNTEERS = _resource("volunteers", SubjectType.NATURAL, _NUMBER, _RESIDENT, *_PERSON)


@dataclass(frozen=True)
class Quality:
    """How right the links of one department's rows are; the names are those of the measures."""

    precision: float
    recall: float
    precision_hard: float
    recall_hard: float
    queued: float
    rate: float
    seconds: float


def run(*, rows: int = 1_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure `rows` rows about legal persons and as many about persons. `input` is not used: rows are made in memory."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    prepare()
    legal, natural = legal_quality(rows, seed), natural_quality(rows, seed)
    measures = {name: round(value, 5) for name, value in vars(legal).items()}
    measures |= {f"person_{name}": round(value, 5) for name, value in vars(natural).items()}
    bounds = {
        "precision": ">=0.999", "recall": ">=0.98", "precision_hard": ">=0.995", "recall_hard": ">=0.9",
        "queued": "<=0.01", "rate": ">=300000", "seconds": "<=60",
    }  # fmt: skip
    return Result("match", measures, bounds | {f"person_{name}": bound for name, bound in bounds.items()})


def prepare() -> None:
    """Have the bench's regions and resources."""
    install = directory.system("install")
    since = date(2005, 1, 1)
    regions = [
        Region(code, name, 1 if code == "430000" else 2 if code.endswith("00") else 3,
               None if code == "430000" else "430000" if code.endswith("00") else code[:4] + "00", since)
        for code, name in firms.region_names()
    ]  # fmt: skip
    directory.load_regions(actor=install, rows=regions)
    catalogue.ship(actor=install, resources=[FIRMS, PENALTIES, PEOPLE, VOLUNTEERS])
    for published in catalogue.to_mount():
        with transaction.atomic():
            api.mount(actor=install, published=published)
            catalogue.mark_mounted(published)


def legal_quality(rows: int, seed: int) -> Quality:
    """Load a register of `rows` / 2 firms and `rows` rows about them, and compare."""
    first, later = firms.register_frame(rows // 2, seed)
    for frame in (first, later):
        deliver(FIRMS, [frame])
    made = [pl.DataFrame(list(firms.rows(min(CHUNK, rows - at), rows // 2, seed, first=at)), infer_schema_length=None)
            for at in range(0, rows, CHUNK)]  # fmt: skip
    codes = {firms.firm(number, seed).uscc: number for number in range(rows // 2)}
    return _quality(PENALTIES, made, "uscc", codes)


def natural_quality(rows: int, seed: int) -> Quality:
    """The same for a population register of `rows` persons."""
    deliver(PEOPLE, [people.register_frame(rows, seed)])
    made = [pl.DataFrame(list(people.rows(min(CHUNK, rows - at), rows, seed, first=at)), infer_schema_length=None)
            for at in range(0, rows, CHUNK)]  # fmt: skip
    codes = {people.person(number, seed).resident_id: number for number in range(rows)}
    return _quality(VOLUNTEERS, made, "resident_id", codes)


def deliver(resource: Resource, frames: Sequence[pl.DataFrame]) -> tuple[Loaded, Resolved, float]:
    """Conform and load rows as one batch, then climb the ladder. Returns also the seconds that the ladder took."""
    published = catalogue.published(resource.key)
    conformed, line = [], 2
    for frame in frames:
        raw = frame.select(pl.int_range(line, line + frame.height).cast(pl.UInt32).alias(LINE),
                           *(pl.col(item.name).cast(pl.String) for item in resource.items))  # fmt: skip
        conformed.append(conform(raw, resource, {}).rows)
        line += frame.height
    incoming = api.Incoming(iter(conformed), received=line - 2)
    with transaction.atomic(), _stopwatch() as spent:
        loaded = api.load(published, incoming, mode=Mode.DELTA, source="bench", limits=Limits(1, 1, 1))
    began = time.perf_counter()
    resolved = api.resolve(actor=WORKER, resource=resource.key, batch=loaded.batch)
    return loaded, resolved, sum(spent) + time.perf_counter() - began


@contextmanager
def _stopwatch() -> Iterator[list[float]]:
    """Seconds that loading spends on finding subjects: the comparison, which looks them up, and what follows it."""
    spent: list[float] = []
    originals = {
        (module, name): getattr(module, name) for module, name in ((loading, "compare"), (identity, "identify"))
    }

    def timed(function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent.append(time.perf_counter() - began)

        return call

    for (module, name), function in originals.items():
        setattr(module, name, timed(function))
    try:
        yield spent
    finally:
        for (module, name), function in originals.items():
            setattr(module, name, function)


def _quality(resource: Resource, made: Sequence[pl.DataFrame], kind: str, codes: dict[str, int]) -> Quality:
    _, _, seconds = deliver(resource, made)
    rows = pl.concat(made, how="vertical_relaxed").select("truth", "hard")
    truth = rows.with_columns(pl.int_range(2, 2 + pl.len()).alias("line"))
    placed = pl.DataFrame(
        [(one.line, one.subject, one.state) for one in api.placed(catalogue.published(resource.key))],
        schema={"line": pl.Int64, "subject": pl.Int64, "state": pl.String}, orient="row",
    )  # fmt: skip
    told = truth.join(placed, on="line").join(_who(kind, codes), on="subject", how="left")
    known = pl.col("state") == "known"
    told = told.with_columns(
        known.alias("linked"), (known & (pl.col("answer") == pl.col("truth"))).fill_null(False).alias("right")
    )
    hard = told.filter(pl.col("hard") == 1)
    return Quality(
        *_shares(told), *_shares(hard), told.filter(pl.col("state") == "review").height / told.height,
        exact_rate(resource, made), seconds * 1_000_000 / told.height,
    )  # fmt: skip


def _shares(told: pl.DataFrame) -> tuple[float, float]:
    right = told.filter(pl.col("right")).height
    there = told.filter(pl.col("truth").is_not_null()).height
    return right / max(told.filter(pl.col("linked")).height, 1), right / max(there, 1)


def _who(kind: str, codes: dict[str, int]) -> pl.DataFrame:
    """The generator's number of every registered root."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.root, i.value from registries_identifier i join registries_subject s on s.id = i.subject_id"
            " where i.kind = %s and i.answers",
            [kind],
        )
        pairs = [(int(row[0]), codes[str(row[1])]) for row in cursor.fetchall() if row[1] in codes]
    return pl.DataFrame(pairs, schema={"subject": pl.Int64, "answer": pl.Int64}, orient="row")


def exact_rate(resource: Resource, made: Iterable[pl.DataFrame]) -> float:
    """Rows a second through the exact rung alone, as a load climbs it: each chunk's strong identifiers looked up."""
    published, bearers = catalogue.published(resource.key), loading.Bearers()
    chunks = [frame.select(pl.col(item.name).cast(pl.String) for item in resource.items) for frame in made]
    with loading.looking_up() as cursor:
        began = time.perf_counter()
        for chunk in chunks:
            bearers.of(cursor, published, chunk)
        return sum(chunk.height for chunk in chunks) / (time.perf_counter() - began)
