"""The road of a file against a naive reading: repeats and contradictions are found wherever portions are cut."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.exchange import road, spool
from shuniu.exchange.delivery import spool_blocks
from shuniu.exchange.reading import delimited
from shuniu.registries import api as registries
from shuniu.registries.conform import KEY, LINE, conform
from shuniu.registries.declare import Ground
from tests.exchange.conftest import PENALTY, TAX, Deliver
from tests.refusals import refused
from tests.registries.conftest import MARKET, MARKET_SECOND

pytestmark = pytest.mark.django_db
HEADINGS = "决定书文号,统一社会信用代码,行政相对人名称,处罚决定日期,罚款金额"
WRITTEN = ("第{}号", " 第{}号", "第{}号 ", '"第{}号"')
"""Ways to write one and the same key."""


@dataclass(frozen=True)
class Row:
    key: int
    written: int
    fine: int
    bad: bool

    def __str__(self) -> str:
        decided = "去年夏天" if self.bad else "2026-01-05"
        return f"{WRITTEN[self.written].format(self.key)},,湘江机械,{decided},{self.fine}"


ROWS = st.lists(
    st.builds(
        Row, st.integers(0, 9), st.integers(0, 3), st.sampled_from([1, 1, 1, 2]), st.sampled_from([False] * 7 + [True])
    ),
    min_size=1,
    max_size=25,
)


@pytest.fixture
def published(catalogued: None) -> Published:
    return catalogue.published(PENALTY.key)


def keys(published: Published, numbers: set[int]) -> set[str]:
    rows = [Row(number, 0, 1, False) for number in numbers]
    cells = [str(row).split(",") for row in rows]
    raw = pl.DataFrame(
        {LINE: range(len(rows)), **{item.name: [one[at] for one in cells] for at, item in enumerate(PENALTY.items)}},
        schema={LINE: pl.Int64, **{item.name: pl.String for item in PENALTY.items}},
    )
    return set(conform(raw, published.resource, {}).rows.get_column(KEY))


def travel(
    published: Published, rows: list[Row], portion: int, limit: float = 1.0
) -> tuple[road.Road, list[pl.DataFrame]]:
    """A file of these rows, read in portions of about so many bytes to its end."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spool, "FRAME", portion)
        patched.setattr(delimited, "HEAD", len(HEADINGS.encode()) + 2)
        patched.setattr(delimited, "FIRST_PORTION", portion)
        patched.setattr(delimited, "PORTION", portion)
        spooled = spool_blocks(["\n".join([HEADINGS, *map(str, rows), ""]).encode()]).close()
        try:
            way = road.Road(spooled, "处罚.csv", published, {}, lambda *_: None, limit=limit)
            return way, list(way.incoming.rows)
        finally:
            spooled.discard()


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, portion=st.integers(40, 400), limit=st.sampled_from([1.0, 1.0, 0.3]))
def test_repeats_and_contradictions_are_found_across_portions(
    published: Published, rows: list[Row], portion: int, limit: float
) -> None:
    lines = {line: row for line, row in enumerate(rows, 2) if not row.bad}
    of_key = {row.key: [line for line in lines if lines[line].key == row.key] for row in lines.values()}
    differing = {key for key, own in of_key.items() if len({lines[line].fine for line in own}) > 1}
    conflicts = {line for key in differing for line in of_key[key]}
    repeats = {line for key, own in of_key.items() if key not in differing for line in own[1:]}
    rejected = len(conflicts) + sum(row.bad for row in rows)
    if rejected > len(rows) * limit:
        with refused(road.REJECT_LIMIT):
            travel(published, rows, portion, limit)
        return
    way, chunks = travel(published, rows, portion, limit)
    incoming, come = way.incoming, pl.concat(chunks)
    assert come.get_column(LINE).to_list() == list(lines), "every sound row once, in the file's order"
    assert sorted(incoming.dropped) == sorted(conflicts | repeats)
    assert (incoming.received, incoming.duplicate, incoming.rejected) == (len(rows), len(repeats), rejected)
    unread = {row.key for row in rows if row.bad} | differing
    assert set(incoming.rejected_keys) == keys(published, unread) and incoming.unreadable_keys == 0
    marked = set(come.filter(registries.AGAIN).get_column(LINE))
    assert marked >= {line for own in of_key.values() for line in own[1:]}, (
        "no row of a key met before is stored at once"
    )
    assert marked <= {line for own in of_key.values() for line in own if len(own) > 1}
    said = {row["_line"]: json.loads(row["faults"])["list"][0]["rule"] for row in way.rejects.iter_rows(named=True)}
    assert {line for line, rule in said.items() if rule == "row.key_conflict"} == conflicts
    assert said.keys() - conflicts == {line for line, row in enumerate(rows, 2) if row.bad}


def test_small_portions_are_small(published: Published) -> None:
    _, chunks = travel(published, [Row(number, 0, 1, False) for number in range(9)], 60)
    assert len(chunks) > 3, "the property above says something"


def test_what_is_destroyed_while_a_file_waits_for_its_turn_does_not_come_back_with_it(deliver: Deliver) -> None:
    file = "\n".join([HEADINGS, *(str(Row(number, 0, 1, False)) for number in (1, 2)), ""])
    assert deliver(file, actor=TAX, resource=PENALTY.key).counts.new == 2
    published = catalogue.published(PENALTY.key)
    one, _ = registries.rows(published)
    way = road.Road(spool_blocks([file.encode()]).close(), "处罚.csv", published, {}, lambda *_: None)
    proposer, second = replace(MARKET, agency="43.tax"), replace(MARKET_SECOND, agency="43.tax")
    order: dict[str, Any] = {
        "resource": PENALTY.key,
        "rows": [one.row],
        "ground": Ground.DELETION_RIGHT,
        "basis": "申请书〔2026〕1号",
    }
    registries.confirm_expunge(actor=second, number=registries.propose_expunge(actor=proposer, **order))
    (chunk,) = way.incoming.rows
    assert (chunk.height, way.incoming.rejected) == (1, 1) and registries.BARRED in way.rejects.item(0, "faults")
