"""Both sides of a reconciliation: the department's desk without a database, and the platform's rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Element
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange import digest
from shuniu.exchange.differences import Differences, Named, named
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Refused
from tests.exchange.conftest import FIRMS, INSTALL, REGISTRATION, Deliver, firm, registration
from tests.exchange.people import MARKET, OFFICE, TAX
from tests.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "43.market/registration"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return tmp_path / "本单位数据.csv"


def compare(path: Path) -> tuple[Differences, list[Named]]:
    exported = exchange.export_declaration(actor=MARKET, resource=KEY)
    declaration = digest.Declaration.model_validate_json(exported.model_dump_json())  # as the department has it
    data = digest.make(path, declaration).to_bytes(declaration.key)
    found = exchange.reconcile(actor=MARKET, resource=KEY, data=data)
    return found, named(path, declaration, Differences.from_json(found.to_json()))


def test_the_same_file_is_found_the_same(deliver: Deliver, desk: Path) -> None:
    desk.write_text(registration(firm(0), firm(1)), encoding="utf-8")
    deliver(desk.read_bytes(), actor=MARKET)
    found, rows = compare(desk)
    assert found.same and rows == [] and (found.rows_here, found.rows_there) == (2, 2)


def test_a_file_headed_by_the_names_of_elements_is_summarised_as_it_is_delivered(deliver: Deliver, desk: Path) -> None:
    """The declaration carries the aliases: the department's desk has no catalogue to look them up in."""
    code = Element(key="uscc", title="社会信用代码", aliases=("主体代码",), check="uscc")
    name = Element(key="firm", title="单位名称", aliases=("企业全称",))
    of_element = {"uscc": "uscc", "name": "firm"}
    items = (item.model_copy(update={"element": of_element.get(item.name, "")}) for item in REGISTRATION.items)
    resource = REGISTRATION.model_copy(update={"items": tuple(items)})
    catalogue.ship(actor=INSTALL, resources=[resource], elements=[code, name])
    with transaction.atomic():
        (published,) = catalogue.to_mount()
        registries.mount(actor=INSTALL, published=published)
        catalogue.mark_mounted(published)
    aliased = registration().replace("统一社会信用代码", "主体代码").replace("企业名称", "单位名称")
    desk.write_text(aliased + f"{firm(0)}\n{firm(1)}\n", encoding="utf-8")
    assert deliver(desk.read_bytes(), actor=MARKET).counts.new == 2
    found, rows = compare(desk)
    assert found.same and rows == [] and found.rows_there == 2
    aliased = aliased.replace("单位名称", "企业全称")
    desk.write_text(aliased + f"{firm(0, capital='9')}\n{firm(1)}\n", encoding="utf-8")
    assert [(row.kind, row.key["uscc"]) for row in compare(desk)[1]] == [("changed", FIRMS[0])]


def test_every_missing_changed_and_extra_row_is_named_with_line_key_and_batch(deliver: Deliver, desk: Path) -> None:
    deliver(registration(firm(0), firm(1), firm(2)), actor=MARKET)
    desk.write_text(registration(firm(0), firm(1, capital="9"), firm(3)), encoding="utf-8")
    found, rows = compare(desk)
    assert [(row.kind, row.line, row.key["uscc"]) for row in rows] == [
        ("missing", 4, FIRMS[3]),
        ("changed", 3, FIRMS[1]),
        ("extra", 0, FIRMS[2]),
    ]
    assert [(row.key["uscc"], row.batch, row.line) for row in found.extra] == [(FIRMS[2], 1, 4)]
    assert FIRMS[3] not in found.to_json(), "the platform knows but the mark of what it lacks"


def test_another_order_writing_and_repeated_lines_make_no_difference(deliver: Deliver, desk: Path) -> None:
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    desk.write_text(registration(firm(1, founded="2010年3月5日"), firm(0), firm(0)), encoding="gb18030")
    assert compare(desk)[0].same


def test_a_row_that_would_be_refused_is_told_apart_from_one_that_is_gone(deliver: Deliver, desk: Path) -> None:
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    desk.write_text(registration(firm(0), firm(1, founded="昨天")), encoding="utf-8")
    assert [(row.kind, row.key["uscc"]) for row in compare(desk)[1]] == [("refused", FIRMS[1])]
    desk.write_text(registration(firm(0), firm(1, capital="1"), firm(1, capital="2")), encoding="utf-8")
    assert {row.kind for row in compare(desk)[1]} == {"refused"}


def test_a_summary_gives_no_code_away_and_no_two_are_alike(deliver: Deliver, desk: Path) -> None:
    deliver(registration(firm(0)), actor=MARKET)
    desk.write_text(registration(firm(0)), encoding="utf-8")
    declaration = exchange.export_declaration(actor=MARKET, resource=KEY)
    one, other = (digest.make(desk, declaration) for _ in range(2))
    assert FIRMS[0].encode() not in one.to_bytes(declaration.key)
    assert set(one.sketch.sums["a"]) & set(other.sketch.sums["a"]) == {0}


def test_summaries_of_another_key_version_or_resource_are_refused(deliver: Deliver, desk: Path) -> None:
    desk.write_text(registration(firm(0)), encoding="utf-8")
    deliver(desk.read_bytes(), actor=MARKET)
    declaration = exchange.export_declaration(actor=MARKET, resource=KEY)
    newer = declaration.published.model_copy(update={"version": 2})
    good = digest.make(desk, declaration)
    for data, rule in (
        (good.to_bytes("0" * 32), "reconcile.key"),
        (good.to_bytes(declaration.key)[:-1], "reconcile.key"),
        (b"PK\x03\x04", "reconcile.form"),
        (
            digest.make(desk, declaration.model_copy(update={"published": newer})).to_bytes(declaration.key),
            "reconcile.version",
        ),
    ):
        with refused(rule):
            exchange.reconcile(actor=MARKET, resource=KEY, data=data)


def test_rows_are_named_to_their_owner_alone(deliver: Deliver, desk: Path) -> None:
    desk.write_text(registration(firm(0)), encoding="utf-8")
    deliver(desk.read_bytes(), actor=MARKET)
    declaration = exchange.export_declaration(actor=MARKET, resource=KEY)
    data = digest.make(desk, declaration).to_bytes(declaration.key)
    for somebody in (TAX, OFFICE, directory.anonymous()):
        with pytest.raises(Refused, match=r"本单位|权限|提供单位") as refusal:
            exchange.reconcile(actor=somebody, resource=KEY, data=data)
        assert refusal.value.rule.startswith("right.")


def test_the_command_runs_at_a_desk_without_database_or_settings(deliver: Deliver, desk: Path) -> None:
    deliver(registration(firm(0)), actor=MARKET)
    declaration = exchange.export_declaration(actor=MARKET, resource=KEY)
    (desk.parent / declaration.file_name).write_text(declaration.model_dump_json(), encoding="utf-8")
    desk.write_text(registration(firm(0), firm(1)), encoding="utf-8")
    made = _shuniu(desk.parent, "digest", desk.name, "--json")
    assert made["rows"] == 2
    data = (desk.parent / f"{desk.name}.digest").read_bytes()
    result = desk.parent / "对账结果.json"
    result.write_text(exchange.reconcile(actor=MARKET, resource=KEY, data=data).to_json(), encoding="utf-8")
    told = _shuniu(desk.parent, "digest", desk.name, "--against", result.name, "--json")
    assert [(row["kind"], row["line"]) for row in told["rows"]] == [("missing", 3)]
    assert not (desk.parent / "var").exists()


def _shuniu(folder: Path, *words: str) -> Any:
    """The command at a desk: nothing of the platform's environment reaches it."""
    source = Path(catalogue.__file__).parents[3]
    bare = {"PYTHONPATH": str(source), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "shuniu.project.main", *words],
        cwd=folder, env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_delta_after_the_reconciliation_brings_both_sides_together(deliver: Deliver, desk: Path) -> None:
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    desk.write_text(registration(firm(0), firm(1, capital="9"), firm(2)), encoding="utf-8")
    assert len(compare(desk)[1]) == 2
    deliver(registration(firm(1, capital="9"), firm(2)), actor=MARKET, mode=Mode.DELTA)
    assert compare(desk)[0].same
