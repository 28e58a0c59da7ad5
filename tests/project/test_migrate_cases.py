"""`shuniu migrate-cases`: what runs under which version, a look that changes nothing, then the migration itself."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shuniu.cases.api import filing, handling
from shuniu.procedures.declare import Procedure
from shuniu.project.main import main
from shuniu.trust.declare import Actor
from tests.cases.filing import clerk, filed, published
from tests.cases.versioned import RENAMED, STRICTER, revised
from tests.cast import Cast, cast

__all__ = ["cast", "clerk", "published", "revised"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]
Revised = Callable[[Procedure], None]


@pytest.fixture
def number(cast: Cast, clerk: Actor) -> str:
    return handling.accept(actor=clerk, number=filed(cast.citizen).number).number


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["migrate-cases", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_without_a_version_it_lists_those_in_use(
    capsys: pytest.CaptureFixture[str], revised: Revised, number: str
) -> None:
    revised(STRICTER)
    status, out, _err = run(capsys, "cases.simple")
    assert status == 0 and "最新版本是第 3 版" in out and "第 2 版：在办 1 件（审查 1）" in out
    status, out, _err = run(capsys, "cases.simple", "--json")
    said = json.loads(out)
    assert said["newest"] == 3 and said["versions"][0]["cases"] == 1


def test_a_dry_run_changes_nothing_and_the_run_moves_with_its_reason(
    capsys: pytest.CaptureFixture[str], cast: Cast, revised: Revised, number: str
) -> None:
    revised(STRICTER)
    status, out, _err = run(capsys, "cases.simple", "--from", "2", "--dry-run")
    assert status == 0 and "在“审查”的 1 件 → “审查”；答复保留：受理" in out
    assert "可以迁移 1 件，不能迁移 0 件。没有改动任何办件。" in out
    assert filing.read_case(actor=cast.citizen, number=number).matter.procedure.version == 2
    status, out, err = run(capsys, "cases.simple", "--from", "2")
    assert status == 1 and "须写明理由" in err, "a migration says on what ground"
    status, out, _err = run(capsys, "cases.simple", "--from", "2", "--reason", "湘政办〔2026〕9号", "--json")
    said = json.loads(out)
    assert status == 0 and (said["moved"], said["stuck"], said["dry_run"]) == (1, 0, False)
    assert filing.read_case(actor=cast.citizen, number=number).matter.procedure.version == 3


def test_a_stage_without_a_place_is_asked_for_by_name_and_what_cannot_move_ends_with_1(
    capsys: pytest.CaptureFixture[str], revised: Revised, number: str
) -> None:
    revised(RENAMED)
    status, _out, err = run(capsys, "cases.simple", "--from", "2", "--dry-run")
    assert status == 1 and "没有写明旧环节“examine”" in err
    status, out, _err = run(capsys, "cases.simple", "--from", "2", "--dry-run", "--stage", "examine=check")
    assert status == 0 and "在“审查”的 1 件 → “核查”" in out
    for wrong in ("examine", "=check"):
        status, _out, err = run(capsys, "cases.simple", "--from", "2", "--dry-run", "--stage", wrong)
        assert status == 1 and "不是“旧环节=新环节”" in err


def test_an_unknown_procedure_or_version_is_refused_in_chinese(capsys: pytest.CaptureFixture[str], number: str) -> None:
    status, out, err = run(capsys, "cases.nothing", "--json")
    assert status == 1 and json.loads(out)["refused"] == "cases.no_procedure" and "没有程序" in err
    status, _out, err = run(capsys, "cases.simple", "--from", "7", "--dry-run")
    assert status == 1 and "没有处于第 7 版的在办件" in err
