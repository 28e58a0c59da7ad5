"""The ladder's judgement: which candidate an unknown subject is, which pairs a person must decide. Pure, whole columns.

Evidence is points for and against; the tables below are the whole policy. A link needs enough points and a clear
distance to the next candidate. Nothing is linked by a name alone that another known subject bears too.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase, digits
from typing import Final

import polars as pl

LINK, MARGIN, DOUBT, MOST_DOUBTS = 6, 3, 5, 3
NATURAL_LINK, NATURAL_MARGIN = 5, 2
NUMBER: Final = 8
"""Points of an equal second identifier."""
LEGAL_NAME: Final = {"form": 6, "prefix": 6, "plain": 2, "core_form": 4, "core": 1, "edit": 1, "other": -3}
"""By how the names agree.

Whole and with a legal form, or with its region (企业名称登记管理规定: unique where it is registered); whole without
either (字号 alone: 便民超市); without the region prefix; one character apart; not at all.
"""
LEGAL_POINTS: Final = {
    ("person", 1): 4, ("person", -1): -3,
    ("day", 1): 5, ("day", -1): -4,
    ("place", 2): 2, ("place", 1): 1, ("place", -1): -5,
    ("address", 1): 4,
}  # fmt: skip
NATURAL_POINTS: Final = {
    ("day", 1): 3, ("day", -1): -9,
    ("sex", 1): 0, ("sex", -1): -9,
    ("place", 2): 2, ("place", 1): 1, ("place", -1): -1,
    ("address", 1): 4,
}  # fmt: skip
NATURAL_NAME: Final = {"whole": 3, "edit": -1, "other": -6}
PARTS: Final = ("person", "day", "place", "address", "sex")
PAIRS: Final[dict[str, type[pl.DataType]]] = {
    "subject": pl.Int64, "candidate": pl.Int64, "via": pl.Int64, "natural": pl.Boolean, "number": pl.String,
    "name": pl.String, "alone": pl.Boolean, "person": pl.Int8, "day": pl.Int8, "place": pl.Int8, "address": pl.Int8,
    "sex": pl.Int8,
}  # fmt: skip
"""The pairs to judge. `subject` and `candidate` are roots, `via` is the candidate's member that was met.

`number` is the kind of an equal identifier or empty; `name` a key of the name tables, or empty when the subject has no
name; `alone` says that no other known subject has that name; the parts are 1 agree (place: 2 county, 1 city),
-1 contradict, 0 not comparable.
"""


@dataclass(frozen=True)
class Judged:
    """What came of it: pairs to merge and pairs for a person, each with `rung`, `score` and the parts."""

    links: pl.DataFrame
    doubts: pl.DataFrame


def judge(pairs: pl.DataFrame) -> Judged:
    """Decide every subject's candidates together."""
    scored = pairs.with_columns(_score().alias("score"), _rung().alias("rung"))
    scored = scored.with_columns(_veto().alias("vetoed"))
    ranked = scored.sort("subject", "score", "candidate", descending=[False, True, False]).with_columns(
        pl.int_range(pl.len()).over("subject").alias("rank"),
        pl.col("score").max().over("subject").alias("best"),
        pl.col("score").shift(-1).over("subject").alias("next"),
    )
    natural = pl.col("natural")
    enough = pl.col("score") >= pl.when(natural).then(NATURAL_LINK).otherwise(LINK)
    clear = pl.col("next").is_null() | (
        pl.col("score") - pl.col("next") >= pl.when(natural).then(NATURAL_MARGIN).otherwise(MARGIN)
    )
    linked = (pl.col("rank") == 0) & enough & clear & ~pl.col("vetoed")
    links = ranked.filter(linked)
    rest = ranked.filter(~pl.col("subject").is_in(links.get_column("subject").implode()))
    near = (pl.col("best") >= DOUBT) & (pl.col("best") - pl.col("score") < MARGIN)
    doubtful = (pl.col("rank") < MOST_DOUBTS) & (near | (pl.col("number") != ""))
    return Judged(links, rest.filter(doubtful))


def _score() -> pl.Expr:
    number = pl.when(pl.col("number") != "").then(NUMBER).otherwise(0)
    legal = number + _points(LEGAL_NAME, LEGAL_POINTS)
    # A short name without its region says as much as a whole one when nobody else has it.
    legal = legal + pl.when((pl.col("name") == "core_form") & pl.col("alone")).then(2).otherwise(0)
    return pl.when("natural").then(number + _points(NATURAL_NAME, NATURAL_POINTS)).otherwise(legal).cast(pl.Int64)


def _points(names: dict[str, int], parts: dict[tuple[str, int], int]) -> pl.Expr:
    named = pl.col("name").replace_strict(names, default=0, return_dtype=pl.Int64)
    return pl.sum_horizontal(
        named,
        *(
            pl.col(part).replace_strict(
                {value: points for (one, value), points in parts.items() if one == part},
                default=0,
                return_dtype=pl.Int64,
            )
            for part in {part for part, _ in parts}
        ),
    )


def _rung() -> pl.Expr:
    told = pl.sum_horizontal((pl.col(part) > 0).cast(pl.Int64) for part in PARTS)
    return (
        pl.when(pl.col("number") != "").then(pl.lit("second_identifier"))
        .when(pl.col("name") == "edit").then(pl.lit("similar_name"))
        .when(told > 0).then(pl.lit("name_and_corroboration"))
        .otherwise(pl.lit("name_alone"))
    )  # fmt: skip


def _veto() -> pl.Expr:
    """What no points outweigh: an identifier whose name contradicts, a name alone that several bear, a person of another day."""
    contradicted = (pl.col("number") != "") & (pl.col("name") == "other")
    against = pl.any_horizontal(pl.col(part) < 0 for part in ("person", "day", "place"))
    shared = (pl.col("rung") == "name_alone") & (~pl.col("alone") | against)
    similar = (pl.col("name") == "edit") & (pl.col("number") == "") & (pl.col("natural") | against)
    return contradicted | (~pl.col("natural") & shared) | similar


def one_edit(one: str, other: str) -> bool:
    """Whether two different names are one typing slip apart: a character added, lost or another.

    Not when the character is what tells sister firms apart (一店 and 二店, 东 and 西).
    """
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    first, second = one[head : len(one) - tail], other[head : len(other) - tail]
    return max(len(first), len(second)) == 1 and not (set(first + second) & _TELLING)


_TELLING: Final = frozenset(
    ascii_uppercase + digits + "一二三四五六七八九十百千甲乙丙丁东南西北中上下左右前后大小新老总分"
)
