"""The watched folder: files at rest are delivered with a receipt beside, everything hostile is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from shuniu.directory import api as directory
from shuniu.exchange.declare import State
from shuniu.exchange.folder import Watcher, make_folders, root
from shuniu.exchange.models import Submission
from shuniu.trust.models import Entry
from tests.exchange.conftest import firm, registration
from tests.exchange.people import MARKET

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drop(catalogued: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the register, under a data folder of its own."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    make_folders()
    return root() / "43.market" / "registration"


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(lambda agency: MARKET, directory.system("worker"), rest=0.0)


def test_a_file_at_rest_is_delivered_and_replaced_by_its_receipt(drop: Path, watcher: Watcher) -> None:
    (drop / "登记.csv").write_text(registration(firm(0)), encoding="utf-8")
    assert watcher.look().delivered == (), "one look cannot tell whether it rests"
    (delivered,) = watcher.look().delivered
    assert delivered.state is State.STORED and Submission.objects.get().channel == "folder"
    assert [path.name for path in drop.iterdir()] == ["登记.csv.receipt.json"]
    said = json.loads((drop / "登记.csv.receipt.json").read_text(encoding="utf-8"))
    assert said["state"] == "stored" and said["counts"]["new"] == 1 and "新增 1" in said["text"]
    assert watcher.look().delivered == ()


def test_a_file_that_still_grows_or_is_called_part_is_left_alone(drop: Path, watcher: Watcher) -> None:
    growing, part = drop / "登记.csv", drop / "登记.csv.part"
    part.write_text(registration(firm(0)), encoding="utf-8")
    for size in range(1, 4):
        growing.write_text(registration(*[firm(0)] * size), encoding="utf-8")
        assert watcher.look().delivered == ()
    assert len(watcher.look().delivered) == 1 and part.exists()


def test_a_file_that_was_taken_in_before_a_kill_gives_its_first_receipt(drop: Path, watcher: Watcher) -> None:
    for _ in range(2):  # the second is the same file, which the kill left lying
        (drop / "登记.csv").write_text(registration(firm(0)), encoding="utf-8")
        watcher.look()
        watcher.look()
    said = json.loads((drop / "登记.csv.receipt.json").read_text(encoding="utf-8"))
    assert Submission.objects.count() == 1 and said["number"] == Submission.objects.get().pk


def test_a_refused_file_leaves_its_refusal_and_a_delta_is_one_by_name(drop: Path, watcher: Watcher) -> None:
    (drop / "坏.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    (drop / "更正.delta.csv").write_text(registration(firm(1)), encoding="utf-8")
    watcher.look()
    watcher.look()
    bad = json.loads((drop / "坏.csv.receipt.json").read_text(encoding="utf-8"))
    assert bad["state"] == "refused" and bad["reason"] and bad["remedy"]
    assert json.loads((drop / "更正.delta.csv.receipt.json").read_text(encoding="utf-8"))["mode"] == "delta"


def test_a_marked_file_goes_and_nothing_of_it_remains(drop: Path, watcher: Watcher) -> None:
    (drop / "名单.csv").write_text(registration(firm(0)) + "机密★10年\n", encoding="utf-8")
    watcher.look()
    assert watcher.look().refused == ("classified.mark",)
    assert list(drop.iterdir()) == [] and not Submission.objects.exists()
    assert not any("名单" in json.dumps(entry.detail, ensure_ascii=False) for entry in Entry.objects.all())


def test_links_pipes_and_hostile_names_are_never_opened(drop: Path, watcher: Watcher, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(registration(firm(0)), encoding="utf-8")
    (drop / "link.csv").symlink_to(secret)
    os.link(secret, drop / "hard.csv")
    os.mkfifo(drop / "pipe.csv")
    (drop / "a\x1b[2J.csv").write_text(registration(firm(0)), encoding="utf-8")
    (drop / "folder.csv").mkdir()
    for _ in range(3):
        assert watcher.look().delivered == ()
    assert secret.exists() and not (drop / "link.csv").is_symlink()
    assert not Submission.objects.exists()
    said = {path.name for path in drop.glob("*.receipt.json")}
    assert said == {f"{name}.csv.receipt.json" for name in ("hard", "pipe", "a_[2J", "folder")}


def test_a_receipt_is_never_written_through_a_link(drop: Path, watcher: Watcher, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept", encoding="utf-8")
    (drop / "登记.csv.receipt.json").symlink_to(target)
    (drop / "登记.csv").write_text(registration(firm(0)), encoding="utf-8")
    watcher.look()
    watcher.look()
    assert target.read_text(encoding="utf-8") == "kept"
    assert not (drop / "登记.csv.receipt.json").is_symlink()


def test_a_folder_that_is_a_link_leads_nowhere(drop: Path, watcher: Watcher, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "登记.csv").write_text(registration(firm(0)), encoding="utf-8")
    drop.rmdir()
    drop.symlink_to(outside)
    assert watcher.look().delivered == watcher.look().delivered == ()
    assert (outside / "登记.csv").exists()
