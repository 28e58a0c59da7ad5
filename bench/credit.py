"""A province's credit data for the report bench: the 734 classes as shipped, and rows written by SQL as loading writes them."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.deliveries import seed_register, uscc_of
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import CreditTerms, Item, ItemType, Published
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.delivery import spool_file
from shuniu.project import province
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.declare import Actor

FOLDER = Path(province.__file__).parent / "provinces" / "43"
BIG_SUBJECT, BIG_ROWS = 1, 5_000
"""The subject that has this many rows that everybody may see, whatever the others have."""
REGISTER = "43.market/registration"
AGENCY_CODE = next(one.uscc for one in province.agencies(FOLDER) if one.uscc)
"""A valid code of an agency that does not exist: who decided, who delivers."""
FIRST_CODE = str(pl.select(uscc_of(pl.lit(1))).item())
"""The code of subject 2, whom most other rows are about."""
_DATES = {"XK_YXQZI", "valid_to", "CF_GSJZQ", "business_to"}
_EMPTY = {"removal_date", "release_date", "CF_YXQ"}


def prepare(firms: int) -> list[Published]:
    """Migrate, ship elements, code lists, registers and classes, mount their tables, have the firms. Classes by key."""
    call_command("migrate", interactive=False, verbosity=0)
    install = directory.system("install")
    directory.load_regions(actor=install, rows=province.regions(FOLDER))
    directory.load_agencies(actor=install, rows=province.agencies(FOLDER))
    catalogue.ship(actor=install, elements=province.elements(FOLDER), code_lists=province.code_lists(FOLDER))
    with transaction.atomic():  # a plan looks at open versions under their locks
        resources = [
            one.resource
            for agency, path in province.dictionaries(FOLDER)
            for one in catalogue.plan_import(path.read_bytes(), path.name, agency).resources
        ]
    catalogue.ship(actor=install, resources=resources)
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=install, published=published)
            catalogue.mark_mounted(published)
    seed_register(firms=firms, seed=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "create table if not exists bench_firm as select subject_id as id, value as uscc, name from"
            " registries_identifier i join registries_subject s on s.id = i.subject_id where i.kind = 'uscc'"
        )
        cursor.execute("create unique index if not exists bench_firm_id on bench_firm (id)")
        cursor.execute("analyze")
    return [one for one in catalogue.published_all() if one.resource.credit or one.resource.key == REGISTER]


def shares(classes: Sequence[Published], rows: int) -> dict[str, int]:
    """How many rows each class has: few have very many, many have few, as with any province's."""
    weights = {
        one.resource.key: 1 / (rank + 5)
        for rank, one in enumerate(sorted(classes, key=lambda c: hash_of(c.resource.key)))
    }
    whole = sum(weights.values())
    return {key: max(60, round(rows * weight / whole)) for key, weight in weights.items()}


def hash_of(key: str) -> int:
    """A fixed order that has nothing to do with departments."""
    return int.from_bytes(key.encode()[::-1], "big") * 2654435761 % (1 << 61)


@dataclass(frozen=True)
class Generated:
    """One class's rows: the SQL of its items' values over (n, f) — row number and firm — by name; '' where empty."""

    published: Published

    def values(self) -> dict[str, str]:
        """SQL by item; items that are not named here stay empty."""
        made = {item.name: self._value(item) for item in self.published.resource.items}
        return {name: text for name, text in made.items() if text}

    def _value(self, item: Item) -> str:
        if item.identifies == "legal_name":
            return "f.name"
        if item.identifies == "uscc":
            return "f.uscc"
        if item.identifies and not item.required:
            return ""
        if "uscc" in (item.check, self._element_check(item)):
            return f"'{AGENCY_CODE}'"
        if item.type is ItemType.BOOLEAN:
            return "(n %% 2 = 0)"
        if item.code_list == "party-type":
            return "'02'"
        if item.code_list and item.code_list != "region":
            codes = [code.code for code in catalogue.snapshot().code_lists[item.code_list].codes]
            return (
                f"(array{codes})[1 + n %% {len(codes)}]"
                if item.code_list not in _STATES
                else f"'{_STATES[item.code_list]}'"
            )
        return self._plain(item)

    def _element_check(self, item: Item) -> str:
        element = catalogue.snapshot().elements.get(item.element)
        return element.check if element else ""

    def _plain(self, item: Item) -> str:
        if item.key and item.type is ItemType.TEXT:
            # Where a number has no room (a year), two hanzi count up to 400 million.
            return (
                "'甲' || n"
                if (item.length or 99) > 10
                else "chr((19968 + n / 20000)::int) || chr((19968 + n %% 20000)::int)"
            )
        if item.type is ItemType.DATE and item.name not in _EMPTY:
            day = "n * 7919 %% 2000 - 300" if item.name in _DATES else "-(n * 7919 %% 1100)"
            return f"(current_date + ({day})::int)"
        if item.type is ItemType.TEXT and (item.required or (item.length or 0) >= 500) and item.code_list != "region":
            long = (item.length or 0) >= 500
            return f"'{item.title}：经查属实，第' || n || '项'" if long else "'示例' || n %% 97"
        return "n %% 1000" if item.type in (ItemType.DECIMAL, ItemType.INTEGER) and item.required else ""


_STATES = {"record-state": "1", "certificate-state": "01", "performance-state": "01"}


def fill(published: Published, count: int, big: int, seed: int) -> None:
    """Write `count` rows, `big` more of the big subject, the batch that brought them, and where their subjects have rows."""
    values = Generated(published).values()
    names = sorted(values)
    keys = {item.name for item in published.resource.key_items}
    typed = {item.name: item.type for item in published.resource.items}

    def pairs(chosen: Sequence[str]) -> str:
        return " || ".join(f"'{name}=' || ({values[name]})::{typed[name].sql}::text || e'\\x1e'" for name in chosen)

    def hashed(text: str) -> str:
        return f"substr(encode(sha256(convert_to({text}, 'UTF8')), 'hex'), 1, 32)::uuid"

    table = name_of(published.table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select setseed(%s)", [(published.table * 7 + seed) % 1000 / 1000])
        cursor.execute(
            f"insert into {table} (_row, _subject, _key, _digest, _since, _version, {', '.join(map(quoted, names))})"
            f" select (1::bigint << 32) + n, f.id, {hashed(pairs([n for n in names if n in keys]))},"
            f" {hashed(pairs(names))}, 1, {published.version}, {', '.join(values[name] for name in names)}"
            " from (select n::bigint, case when n <= %s then %s"
            "  else 2 + floor((select count(*) - 2 from bench_firm) * power(random(), 1.5))::bigint end as s"
            "  from generate_series(1, %s) n) x join bench_firm f on f.id = x.s",
            [big, BIG_SUBJECT, count + big],
        )
        stored = cursor.rowcount
        _note(published, stored)


def _note(published: Published, stored: int) -> None:
    """The batch, the numbers held, and the listing of subjects, by the rule that loading follows."""
    table = name_of(published.table)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into registries_batch (table_id, number, at, kind, source, version, received, new, changed, unchanged,"
            " duplicate, rejected, withdrawn, held_before, held_after, awaiting)"
            " values (%s, 1, %s, 'load', 'submission:0', %s, %s, %s, 0, 0, 0, 0, 0, 0, %s, 0)",
            [published.table, timezone.now(), published.version, stored, stored, stored],
        )
        cursor.execute(
            "update registries_table set last_batch = 1, held = %s, always_probed ="
            f" (select count(distinct _subject) from {table}) >"
            " greatest(1000, (select reltuples / 4 from pg_class where relname = 'registries_subject'))"
            " where number = %s",
            [stored, published.table],
        )
        cursor.execute(
            "insert into registries_subjectresource (subject_id, table_id)"
            f" select distinct _subject, number from {table}, registries_table where number = %s and not always_probed",
            [published.table],
        )


def fill_register(published: Published) -> None:
    """One row of the market register for every firm: what the reports' heads are read from."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {name_of(published.table)} (_row, _subject, _key, _digest, _since, _version, uscc, enterprise_name,"
            " establishment_date, registration_authority, registration_status, address)"
            " select (1::bigint << 32) + id, id, md5(uscc)::uuid, md5(uscc)::uuid, 1, %s, uscc, name, date '2010-03-05',"
            " '长沙市市场监督管理局', '01', '长沙市岳麓区麓山南路' || id || '号' from bench_firm",
            [published.version],
        )
        _note(published, cursor.rowcount)


def differing(classes: Sequence[Published], samples: int) -> int:
    """How many of `samples` generated rows differ from what the verbs write for the same file: each is taken out of its
    table and delivered by its department, and every column but the row's own number and batch is compared."""
    each = 50
    chosen = [one for one in classes if isinstance(one.resource.credit, CreditTerms)][
        :: max(1, len(classes) * each // samples)
    ]
    return sum(_differing(one, each) for one in chosen[: samples // each])


def _differing(published: Published, each: int) -> int:
    table, items = name_of(published.table), [item.name for item in published.resource.items]
    named = ", ".join(f"{quoted(name)}::text" for name in items)
    compared = f"select _key::text, _digest::text, _subject, _until, _version, {named} from {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"{compared} where _subject <> %s order by _row desc limit %s", [BIG_SUBJECT, each])
        before = sorted(cursor.fetchall())
        keys = [row[0] for row in before]
        cursor.execute(f"delete from {table} where _key = any(%s::uuid[])", [keys])
        cursor.execute("update registries_table set held = held - %s where number = %s", [len(keys), published.table])
    _deliver(published, (row[5:] for row in before))
    with connection.cursor() as cursor:
        cursor.execute(f"{compared} where _key = any(%s::uuid[])", [keys])
        after = sorted(cursor.fetchall())
    unequal = [one for one, other in zip(before, after, strict=False) if one != other]
    return len(unequal) + abs(len(before) - len(after))


def _deliver(published: Published, rows: Iterator[tuple[str | None, ...]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(item.title for item in published.resource.items)
    writer.writerows(rows)
    agency = published.resource.agency
    rights = frozenset({"exchange.submit", "exchange.read_receipt"})
    actor = Actor("officer:bench", "基准测试", agency, agency, ("43",), rights)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(text.getvalue())
        file.flush()
        taken = exchange.deliver(
            actor=actor, writer=spool_file(Path(file.name)), resource=published.resource.key, name="样本.csv",
            mode=Mode.DELTA, channel="command", enqueue=False,
        )  # fmt: skip
    exchange.process(actor=directory.system("worker"), number=taken.number)
