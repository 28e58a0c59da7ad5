"""The tutorial's commands are run as they stand, and their answers hold what the page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, ItemType, Resource, SubjectType
from shuniu.directory import api as directory
from shuniu.directory.declare import Agency, Region
from shuniu.project.main import main
from shuniu.registries import api as registries
from shuniu.trust import api as trust

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
PENALTY = Resource(
    key="43.tax/first_penalty",
    title="税务行政处罚（教程）",
    agency="43.tax",
    summary="税务机关作出的行政处罚决定。",
    subject=SubjectType.LEGAL,
    share_conditions="按职责申请",
    legal_basis="中华人民共和国行政处罚法",
    purpose="行政处罚公示",
    purpose_basis="中华人民共和国行政处罚法",
    retention="五年",
    items=(
        Item(name="number", title="决定书文号", key=True, required=True),
        Item(name="uscc", title="统一社会信用代码", check="uscc", identifies="uscc"),
        Item(name="name", title="行政相对人名称", identifies="legal_name", required=True),
        Item(name="decided", title="处罚决定日期", type=ItemType.DATE, required=True),
        Item(name="fine", title="罚款金额", type=ItemType.DECIMAL),
    ),
)


def steps() -> list[tuple[str, list[str]]]:
    """Every command of the page with the lines that its answer must hold."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture
def published(transactional_db: None) -> None:
    install = directory.system("install")
    tax = Agency(key="43.tax", name="省税务局", short="税务", level=1, region="430000")
    hunan = Region(code="430000", name="湖南省", level=1, parent=None, valid_from=date(1949, 10, 1))
    directory.load_regions(actor=install, rows=[hunan])
    directory.load_agencies(actor=install, rows=[tax])
    catalogue.ship(actor=install, resources=[PENALTY])
    for version in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=install, published=version)
            catalogue.mark_mounted(version)
    with connection.cursor() as cursor:  # the page speaks of the first receipts of a fresh instance
        cursor.execute("alter sequence exchange_submission_id_seq restart")


def test_the_tutorial_says_what_the_platform_does(
    published: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    seen = 0
    for command, expected in steps():
        program, *words = shlex.split(command)
        if program == "cat":
            said = Path(words[0]).read_text(encoding="utf-8")
        else:
            said = run(words, capsys)
        for line in expected:
            assert line in said, f"{command}\n{said}"
        trust.sequence()
        seen += 1
    assert seen >= 9


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run one command: in this process, or apart when it must work without a database."""
    if words[0] == "digest":
        without = {key: value for key, value in os.environ.items() if not key.startswith(("SHUNIU_", "DJANGO_"))}
        done = subprocess.run(
            [sys.executable, "-m", "shuniu.project.main", *words],
            capture_output=True,
            text=True,
            env=without,
            check=True,
        )
        return done.stdout
    main(words)
    captured = capsys.readouterr()
    return captured.out + captured.err
