"""A subject's whole credit file, rights checked and the reading journalled, at the size of a province: `shuniu bench report`.

500 k legal persons, `rows` rows in 734 tables (default 20 M). Subjects are drawn by number of rows: a random row's subject.
32 clients ask at once; as many of them are served at a time as the web server has threads (two processes of four). What is
measured is the verb's own time in its process, transaction and commit included, and with it the masking and labelling of
what a page shows first. There is no other side to compare with: the bounds are times.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import connection, connections

from bench.asking import ask
from bench.credit import BIG_ROWS, BIG_SUBJECT, FIRST_CODE, REGISTER, differing, fill, fill_register, prepare, shares
from bench.result import Result
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.registries.store.tables import name_of
from shuniu.systems.credit.report import report

FIRMS, REQUESTS, FIRST = 500_000, 3_000, 20
Answer = tuple[float, float, int, str]
"""Seconds of the verb, seconds with what a page shows, facts, and the error or ''."""


def run(*, rows: int = 20_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure 3,000 readings over `rows` rows. `input` is not needed: rows are written by SQL."""
    del input
    classes = prepare(FIRMS)
    credit = [one for one in classes if one.resource.key != REGISTER]
    fill_register(next(one for one in classes if one.resource.key == REGISTER))
    counts = shares(credit, rows)
    public = [one for one in credit if one.resource.credit and one.resource.credit.term_rule.endswith("while_valid")]
    big = {one.resource.key: BIG_ROWS * 13 // 10 // len(public) for one in public}
    for one in credit:
        fill(one, counts[one.resource.key], big.get(one.resource.key, 0), seed)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    wrong = differing(credit, 1_000)
    drawn = draw(credit, counts, big, seed)
    connections.close_all()
    told = ask("bench.report.read", [(code,) for code in drawn], [(FIRST_CODE,)])
    answers: list[Answer] = told.answers
    big_code = _code(BIG_SUBJECT)
    whole = [read(big_code) for _ in range(12)][2:]
    return Result(
        "report",
        measures={
            **_percentiles([one[0] for one in answers], ""),
            **_percentiles([one[1] for one in answers], "shown_"),
            "big_ms": _ms(sorted(one[0] for one in whole)[len(whole) // 2]),
            "big_facts": whole[0][2],
            "first_ms": _ms(max(one[0] for one in told.cold)),
            "rate": round(len(answers) / told.seconds),
            "facts": round(sum(one[2] for one in answers) / len(answers), 1),
            "errors": sum(1 for one in answers if one[3]),
            "rows": sum(counts.values()),
            "differing": wrong,
        },
        must={"p95_ms": "<=50", "big_ms": "<=300", "errors": "==0", "differing": "==0"},
    )


def _percentiles(seconds: Sequence[float], name: str) -> dict[str, float]:
    ordered = sorted(seconds)
    return {f"{name}p{at}_ms": _ms(ordered[min(len(ordered) - 1, len(ordered) * at // 100)]) for at in (50, 95, 99)}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def draw(classes: Sequence[Published], counts: Mapping[str, int], big: Mapping[str, int], seed: int) -> list[str]:
    """The codes of REQUESTS subjects, each that of a random row (of those that were not given to the one big subject)."""
    dice = random.Random(seed)
    found = []
    with connection.cursor() as cursor:
        for one in dice.choices(classes, weights=[counts[one.resource.key] for one in classes], k=REQUESTS):
            row = (1 << 32) + big.get(one.resource.key, 0) + dice.randint(1, counts[one.resource.key])
            cursor.execute(
                f"select f.uscc from {name_of(one.table)} t join bench_firm f on f.id = t._subject where t._row >= %s"
                " order by t._row limit 1",
                [row],
            )
            held = cursor.fetchone()
            found.append(held[0] if held else FIRST_CODE)
    return found


def _code(subject: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select uscc from bench_firm where id = %s", [subject])
        return str(cursor.fetchone()[0])


def read(code: str) -> Answer:
    """One reading as the public page makes it."""
    began = time.perf_counter()
    try:
        made = report(actor=directory.anonymous(), code=code)
        verb = time.perf_counter() - began
        for facts in made.sections.values():
            for fact in facts[:FIRST]:
                _ = fact.items, fact.until
    except Exception as error:  # the bench counts whatever goes wrong
        return time.perf_counter() - began, time.perf_counter() - began, 0, repr(error)
    return verb, time.perf_counter() - began, len(made.facts), ""
