"""What a row says of whom it is about: which items name, identify and corroborate a subject, as columns in one form.

An item plays a part because it says so (`identifies`), or because its element is one that always plays it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl
import polars_hash as plh

from shuniu.base import columns
from shuniu.base.identifiers import IdentifierKind
from shuniu.catalogue.declare import Item, Resource, SubjectType

SECOND_KINDS: Final = tuple(
    kind.value
    for kind in IdentifierKind
    if kind not in (IdentifierKind.USCC, IdentifierKind.RESIDENT_ID, IdentifierKind.LICENCE_ID)
)
LEGAL_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("legal_name",),
    "former": ("former_name",),
    "person": ("representative", "legal_representative", "responsible_person"),
    "day": ("founded", "establishment_date"),
    "place": ("region", "region_code"),
    "address": ("address", "business_address"),
}
NATURAL_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("person_name",),
    "former": ("former_name",),
    "day": ("birth_date",),
    "place": ("region", "region_code"),
    "address": ("address", "home_address"),
    "sex": ("sex",),
}
COLUMNS: Final = (
    "natural", "legal_id", "person_id", "seconds", "name", "former", "key", "core", "former_key", "former_core",
    "person", "day", "place", "address", "sex", "identity",
)  # fmt: skip
"""The columns that `facts` makes; text but for `natural`, null where the row does not say."""
_BRACKETED: Final = r"[(（]((?:股份)?有限(?:责任)?公司)[)）]\s*$"
KIND_END, PAIR_END = "\x1f", "\x1e"
_NONE: Final = pl.lit(None, pl.String)


@dataclass(frozen=True)
class Parts:
    """The items of a resource that say something of its subject: identifiers by kind, descriptions by part."""

    identifiers: dict[str, Item]
    legal: dict[str, Item]
    natural: dict[str, Item]

    @property
    def strong(self) -> tuple[Item | None, Item | None]:
        return self.identifiers.get("uscc"), self.identifiers.get("resident_id")

    @property
    def items(self) -> list[str]:
        """The names of all these items, each once."""
        every = [*self.identifiers.values(), *self.legal.values(), *self.natural.values()]
        return list(dict.fromkeys(item.name for item in every))


def parts_of(resource: Resource) -> Parts:
    """Which item plays which part; of several the first in the order of `LEGAL_PARTS` and then of the resource."""
    identifiers = {item.identifies: item for item in reversed(resource.items) if item.identifies}
    kinds = {kind: identifiers[kind] for kind in ("uscc", "resident_id", *SECOND_KINDS) if kind in identifiers}
    return Parts(kinds, _described(resource, LEGAL_PARTS), _described(resource, NATURAL_PARTS))


def _described(resource: Resource, parts: dict[str, tuple[str, ...]]) -> dict[str, Item]:
    found = {}
    for part, names in parts.items():
        for item in _candidates(resource, names):
            found[part] = item
            break
    if "place" not in found and resource.by_region:
        found["place"] = resource.item(resource.by_region)
    return found


def _candidates(resource: Resource, names: tuple[str, ...]) -> Iterator[Item]:
    for name in names:
        yield from (item for item in resource.items if item.identifies == name)
    for name in names:
        yield from (item for item in resource.items if item.element == name and not item.identifies)


def strong_columns(resource: Resource) -> list[pl.Expr]:
    """The two strong identifiers of canonical rows, `legal_id` and `person_id`: all that the fast rung needs."""
    legal, person = parts_of(resource).strong
    return [
        _sound(legal, columns.uscc_ok).alias("legal_id"),
        _sound(person, columns.resident_id_ok).alias("person_id"),
    ]


def _sound(item: Item | None, check: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """The item's value where it is one: what conforming has not checked is checked here (无, 000000, a wrong digit)."""
    if item is None:
        return _NONE
    value = pl.col(item.name)
    if item.check == item.identifies:
        return value
    code = columns.normalise_code(value)
    return pl.when(check(code)).then(code)


def facts(rows: pl.DataFrame, resource: Resource, regions: Collection[str], moved: dict[str, str]) -> pl.DataFrame:
    """`_line` and `COLUMNS` of canonical rows. `regions` are the names dropped before a core; `moved` maps old codes."""
    parts = parts_of(resource)
    natural = _natural(resource, parts)
    said = rows.select(
        pl.col("_line").cast(pl.Int64),
        *strong_columns(resource),
        natural.alias("natural"),
        *_described_columns(parts, natural),
        _seconds(rows, parts),
    )
    said = said.with_columns(_day(), _sex(), _place(moved), *_keys(regions))
    return said.with_columns(_identity()).select("_line", *COLUMNS)


def place_codes(rows: pl.DataFrame, resource: Resource) -> set[str]:
    """The six-digit region codes that the rows name."""
    parts = parts_of(resource)
    items = {part["place"].name for part in (parts.legal, parts.natural) if "place" in part}
    return {code for item in items for code in rows.get_column(item).drop_nulls().str.head(6).unique()}


def _natural(resource: Resource, parts: Parts) -> pl.Expr:
    if resource.subject is not SubjectType.BOTH:
        return pl.lit(resource.subject is SubjectType.NATURAL)
    legal, person = strong_columns(resource)
    return person.is_not_null() & legal.is_null()


def _described_columns(parts: Parts, is_natural: pl.Expr) -> list[pl.Expr]:
    """Each part's cell, from the item that plays it for the row's kind of subject."""
    made = []
    for part in ("name", "former", "person", "day", "place", "address", "sex"):
        legal = pl.col(parts.legal[part].name) if part in parts.legal else _NONE
        natural = pl.col(parts.natural[part].name) if part in parts.natural else _NONE
        if part == "name":  # a resource about both has one name item
            legal, natural = pl.coalesce(legal, natural), pl.coalesce(natural, legal)
        made.append(pl.when(is_natural).then(natural).otherwise(legal).cast(pl.String).alias(part))
    return made


def _seconds(rows: pl.DataFrame, parts: Parts) -> pl.Series:
    """Every second identifier as `kind␟value␞…`, with the ones that are built into others, each sound.

    In steps: a check names its value many times, and planning an expression inside an expression takes far longer than
    a few rows do.
    """
    made: list[pl.Series] = []
    for kind, item in parts.identifiers.items():
        if kind in SECOND_KINDS:
            code = rows.select(columns.normalise_code(pl.col(item.name)).alias(kind)).to_series()
            if code.null_count() < len(code):
                made += _pairs(kind, code)
    legal, _ = parts.strong
    if legal is not None:
        made.append(_pair("organisation_code", rows.select(_sound(legal, columns.uscc_ok).str.slice(8, 9)).to_series()))
    if not made:
        return pl.Series("seconds", [None] * rows.height, pl.String)
    joined = pl.concat_str(made, separator=PAIR_END, ignore_nulls=True)
    return (
        pl.select(joined.alias("seconds")).select(pl.when(pl.col("seconds") != "").then(pl.col("seconds"))).to_series()
    )


def _pairs(kind: str, code: pl.Series) -> Iterator[pl.Series]:
    plain = code.str.replace_all("-", "", literal=True)
    if kind == "organisation_code":
        yield _pair(kind, _only(plain, columns.organisation_code_ok))
    elif kind == "registration_number":
        yield _pair(kind, _only(code, columns.registration_number_ok))
    elif kind == "tax_number":  # 18: the credit code itself; 15: region and organisation code
        embedded = _only(plain, columns.uscc_ok)
        yield _pair("uscc", embedded)
        old = _only(plain, lambda value: (value.str.len_chars() == 15) & ~value.is_null())
        inner = pl.select(pl.coalesce(embedded.str.slice(8, 9), old.str.slice(6, 9))).to_series()
        yield _pair("organisation_code", _only(inner, columns.organisation_code_ok))
        other = _only(code, lambda value: value.str.contains(r"^[0-9A-Z]{15,20}$") & embedded.is_null())
        yield _pair(kind, other)
    else:
        yield _pair(kind, _only(code, lambda value: value.str.contains(r"[0-9]{4}")))


def _only(values: pl.Series, check: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """The values that pass the check, null for the others."""
    value = pl.col(values.name)
    return values.to_frame().select(pl.when(check(value)).then(value)).to_series()


def _pair(kind: str, value: pl.Series) -> pl.Series:
    return kind + KIND_END + value


def _day() -> pl.Expr:
    born = pl.col("person_id").str.replace(r"^.{6}(.{4})(..)(..).*$", "$1-$2-$3")
    return pl.coalesce(pl.col("day").str.head(10), born).alias("day")


def _sex() -> pl.Expr:
    odd = pl.col("person_id").str.slice(16, 1).cast(pl.Int8, strict=False) % 2 == 1
    derived = pl.when(odd).then(pl.lit("1")).when(~odd).then(pl.lit("2"))
    given = pl.col("sex").replace({"男": "1", "女": "2", "男性": "1", "女性": "2"})
    return pl.coalesce(derived, pl.when(given.is_in(["1", "2"])).then(given)).alias("sex")


def _place(moved: dict[str, str]) -> pl.Expr:
    six = pl.col("place").str.head(6)
    return six.replace(moved).str.replace(r"(?:00)+$", "").alias("place")


def search_key(text: str) -> str:
    """The comparison key of a legal person's name that somebody typed, as `facts` makes it of a column."""
    cell = pl.DataFrame({"name": [text]})
    return str(cell.select(_legal_key(pl.col("name"))).item() or "")


def _legal_key(name: pl.Expr, regions: Collection[str] = ()) -> pl.Expr:
    """`columns.legal_name_key`, also for a form or a 集团 set in brackets: 湘江（集团）（有限公司）."""
    plain = name.str.replace(_BRACKETED, "${1}")
    return columns.legal_name_key(plain, regions).str.replace_all("[()]", "")


def _keys(regions: Collection[str]) -> list[pl.Expr]:
    made = []
    for name, key, core in (("name", "key", "core"), ("former", "former_key", "former_core")):
        person = columns.person_name_key(pl.col(name))
        made += [
            pl.when("natural").then(person).otherwise(_legal_key(pl.col(name))).alias(key),
            pl.when("natural").then(person).otherwise(_legal_key(pl.col(name), regions)).alias(core),
        ]
    return [
        *made,
        columns.person_name_key(pl.col("person")).alias("person"),
        columns.legal_name_key(pl.col("address"), regions).alias("address"),
    ]


def _identity() -> pl.Expr:
    """What finds the same unknown again: its strong identifier, or all that the row says of it, digested."""
    strong = pl.coalesce("legal_id", "person_id")
    said = pl.concat_str(
        [pl.col(part).fill_null("") for part in ("seconds", "key", "person", "day", "place", "address", "sex")],
        separator=KIND_END,
    )
    whole = pl.when(pl.col("natural")).then(pl.lit("natural")).otherwise(pl.lit("legal")) + KIND_END
    text = whole + pl.coalesce(strong, said)
    silent = pl.coalesce(strong, "seconds", "key").is_null()
    hashed: pl.Expr = plh.concat_str(text).chash.sha2_256().str.slice(0, 32)
    return pl.when(~silent).then(hashed).alias("identity")
