"""`shuniu evidence`: what leaves the platform and what comes back, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shuniu.project.main import parser
from shuniu.trust import api, store
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import file, verify
from tests.trust import evidence_files as files
from tests.trust.test_journal_proofs import grown
from tests.trust.test_journal_verify import _empty_journal

__all__ = ["_empty_journal"]
pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str | Path) -> int:
    args = parser().parse_args(["evidence", *map(str, arguments)])
    return int(args.call(args))


def test_a_things_entries_are_exported_with_the_keys_to_check_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = grown(4)
    out, keys = tmp_path / "evidence.json", tmp_path / "keys.pem"
    assert run("export", "thing:2", "-o", out) == 0
    assert "未加盖时间戳" in capsys.readouterr().out
    assert run("keys", "-o", keys) == 0
    assert [one.position for one in file.read(out.read_bytes()).entries] == [2]
    assert run("verify", out, "--trust", keys) == 0
    assert "全部相符" in capsys.readouterr().out
    api.sequence()
    assert run("export", f"entry:{ids[0]}", "-o", out) == 0 and run("verify", out, "--trust", keys, "--json") == 0
    assert run("export", "thing:77", "-o", out) == 1
    with pytest.raises(Refused, match="没有第 77 号查询"):
        run("export", "call:77", "-o", out)


def test_a_head_goes_to_another_node_and_comes_back_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grown(3)
    presented, crossed = tmp_path / "presented.json", tmp_path / "crossed.json"
    assert run("present", "-o", presented) == 0
    assert run("cross", presented, "--called", "省级节点", "--node", "长沙市节点", "-o", crossed) == 0
    with pytest.raises(Refused, match="自己给自己作证"):
        run("take-cross", crossed)
    head = store.latest_head()
    assert head is not None and json.loads(presented.read_text(encoding="utf-8"))["head"]["size"] == 3
    signed = files._cross(files.world(), file.of_head(head))
    crossed.write_text(json.dumps({**signed.model_dump(), "size": head.size}), encoding="utf-8")
    assert run("take-cross", crossed) == 0 and run("take-cross", crossed) == 0
    assert "此前已登记过" in capsys.readouterr().out


def test_a_field_of_an_answer_is_shown_from_the_answer_that_was_kept(tmp_path: Path) -> None:
    whole, answer, shown = tmp_path / "whole.json", tmp_path / "answer.json", tmp_path / "shown.json"
    whole.write_bytes(file.write(files.made()))
    answer.write_text(json.dumps({"rows": files.ROWS, "seed": files.SEED.hex()}), encoding="utf-8")
    assert run("show", whole, "--answer", answer, "--field", "1/name", "-o", shown) == 0
    assert verify.verify(file.read(shown.read_bytes()), files.world().trusted).holds
    assert run("show", whole, "--answer", answer, "--field", "name", "-o", shown) == 2
