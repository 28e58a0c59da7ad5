"""People who do not exist and rows about them, namesakes among them; resident IDs on a region code never issued."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from bench.firms import COUNTIES, person_name
from shuniu.base.identifiers import resident_check_digit


@dataclass(frozen=True)
class Person:
    """One person as the population register has it."""

    number: int
    resident_id: str
    name: str
    birth_date: str
    sex: str
    region: str


def person(number: int, seed: int) -> Person:
    """The person of that number: the same for the same seed. Numbers under 400 per day keep IDs apart."""
    rng = random.Random(number * 1_000_003 + seed + 5)
    year, month, date = 1940 + number % 71, 1 + number // 71 % 12, 1 + number // 852 % 28
    serial = number // 23_856 % 1000
    body = f"4399{1 + number // 23_856_000:02d}{year}{month:02d}{date:02d}{serial:03d}"
    region = f"43{rng.randint(1, 14):02d}{rng.randint(1, COUNTIES):02d}"
    return Person(
        number, body + resident_check_digit(body), person_name(rng), f"{year}-{month:02d}-{date:02d}",
        "1" if serial % 2 else "2", region,
    )  # fmt: skip


def rows(count: int, people: int, seed: int, *, first: int = 0) -> Iterator[dict[str, str | int | None]]:
    """Rows about the first `people` persons with their `truth`: 3 % without ID, 1 % in no register, 2 % with an error."""
    rng = random.Random(seed * 11 + first)
    for at in range(first, first + count):
        unknown = rng.random() < 0.01
        about = person(rng.randrange(people) + (people if unknown else 0), seed)
        moved = rng.random() < 0.1
        row: dict[str, str | int | None] = {
            "number": f"志愿{at}", "resident_id": about.resident_id, "person_name": about.name,
            "birth_date": about.birth_date if rng.random() < 0.97 else None,
            "sex": about.sex if rng.random() < 0.9 else None,
            "region": f"43{rng.randint(1, 14):02d}01" if moved else about.region if rng.random() < 0.7 else None,
            "hard": 0, "truth": None if unknown else about.number,
        }  # fmt: skip
        if rng.random() < 0.03:
            row["resident_id"], row["hard"] = None, 1
        if rng.random() < 0.02:
            _spoil(row, rng)
        yield row


def _spoil(row: dict[str, str | int | None], rng: random.Random) -> None:
    kind, name = rng.randrange(4), str(row["person_name"])
    if kind == 0:
        row["person_name"] = name[0] + rng.choice("伟芳娜敏静") + name[2:]
    elif kind == 1:
        row["birth_date"] = f"{rng.randint(1940, 2010)}-01-01"
    elif kind == 2:
        row["sex"] = "1" if row["sex"] == "2" else "2"
    elif row["resident_id"]:
        code = str(row["resident_id"])
        row["resident_id"], row["hard"] = code[:16] + str((int(code[16]) + 1) % 10) + code[17], 1


def register_frame(people: int, seed: int) -> pl.DataFrame:
    """The population register."""
    found = [person(number, seed) for number in range(people)]
    return pl.DataFrame(
        {
            "resident_id": [one.resident_id for one in found],
            "person_name": [one.name for one in found],
            "birth_date": [one.birth_date for one in found],
            "sex": [one.sex for one in found],
            "region": [one.region for one in found],
        }
    )
