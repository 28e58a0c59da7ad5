"""A file of evidence that an outsider checks alone, with what he trusts himself; and what it says where it proves less."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shuniu.project.cli import plain
from shuniu.trust import api, keys, store
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file, verify
from shuniu.trust.evidence.verify import Report, Trusted
from tests.trust.test_journal_proofs import grown
from tests.trust.test_journal_verify import _empty_journal, rewrite_everything, write

__all__ = ["_empty_journal"]
AUDITOR = Actor(
    "officer:9", "贺静", "43.audit", "省审计厅", ("43",),
    frozenset({"trust.export_evidence", "trust.export_head", "trust.verify_journal"}),
)  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


def ours() -> Trusted:
    """What a verifier was given by another way: the platform's public key."""
    return verify.trust(evidence.public_keys())


def wrong(report: Report) -> list[str]:
    return [one.rule for one in report.faults]


def test_entries_are_proven_by_one_file_and_it_says_what_it_cannot_prove() -> None:
    ids = grown(3, 300, 2)
    made = evidence.export_evidence(actor=AUDITOR, entries=[ids[300], ids[1]], number="thing:1")
    report = verify.verify(file.read(file.write(made)), ours())
    assert report.holds and [one.position for one in made.entries] == [1, 300]
    assert json.loads(made.entries[0].text)[8] == "thing:1"
    assert report.unproven == ("未加盖时间戳", "没有其他节点的交叉签名")


def test_nothing_is_trusted_that_the_verifier_did_not_bring() -> None:
    ids = grown(3)
    made = evidence.export_evidence(actor=AUDITOR, entries=ids, number="thing:1")
    assert set(wrong(verify.verify(made, Trusted()))) == {"evidence.untrusted"}
    other = verify.Trusted(keys=(verify.spki(bytes(32)),))
    assert set(wrong(verify.verify(made, other))) == {"evidence.untrusted"}
    with pytest.raises(Refused, match="没有可以读取的证书"):
        verify.trust(b"-----BEGIN NONSENSE-----\nAAAA\n-----END NONSENSE-----\n")


def test_a_head_that_the_verifier_holds_is_continued_by_the_file_or_the_journal_was_rewritten() -> None:
    ids = grown(5)
    held = api.export_head(actor=AUDITOR)
    assert held is not None
    write(6, "later")
    assert api.sequence() == 7  # with the entry of having exported the head
    ids += [one.id for one in reversed(store.search({}, 7, 0))]
    made = evidence.export_evidence(actor=AUDITOR, entries=ids[6:8], number="thing:6", held=held.size)
    assert verify.verify(made, verify.trust(head=held)).holds
    without = evidence.export_evidence(actor=AUDITOR, entries=ids[6:8], number="thing:6")
    assert wrong(verify.verify(without, verify.trust(head=held))) == ["evidence.held"]
    rewrite_everything("update trust_entry set person_name = '别人' where object = 'thing:3'")
    forged = evidence.export_evidence(actor=AUDITOR, entries=ids[2:4], number="thing:3")
    assert verify.verify(forged, ours()).holds, "by itself a journal rewritten with our own key is consistent"
    assert wrong(verify.verify(forged, verify.trust(head=held))) == ["evidence.held"]


def test_what_has_no_position_or_is_too_much_is_refused() -> None:
    ids = grown(2)
    with pytest.raises(Refused, match="还没有定序"):
        evidence.export_evidence(actor=AUDITOR, entries=[ids[-1] + 1000], number="thing:1")
    with pytest.raises(Refused, match="1 到 500 条"):
        evidence.export_evidence(actor=AUDITOR, entries=[1] * 501, number="thing:1")
    with pytest.raises(Refused, match="留痕只有"):
        evidence.export_evidence(actor=AUDITOR, entries=ids, number="thing:1", held=10_000)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"[" * 100_000, b'{"form": "shuniu-evidence/2"}', b"\xff\xfe", b'{"form": NaN}', b" " * 4_000_001],
    ids=["empty", "list", "broken", "deep", "other form", "no text", "no number", "large"],
)  # fmt: skip
def test_what_is_no_evidence_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused, match="证据文件"):
        file.read(data)


def test_a_file_has_nothing_twice_and_nothing_besides() -> None:
    ids = grown(2)
    data = file.write(evidence.export_evidence(actor=AUDITOR, entries=ids, number="thing:1"))
    with pytest.raises(Refused, match="重复"):
        file.read(data.replace(b'"number":', b'"number": "x", "number":', 1))
    with pytest.raises(Refused, match="不合格式"):
        file.read(data.replace(b'"number":', b'"besides": 1, "number":', 1))
    with pytest.raises(Refused, match="不合格式"):
        file.read(data.replace(b'"position": 1', b'"position": 1.0', 1))


@pytest.mark.slow
def test_the_command_verifies_without_a_database_and_without_the_platform(tmp_path: Path) -> None:
    ids = grown(4)
    held = api.export_head(actor=AUDITOR)
    made = evidence.export_evidence(actor=AUDITOR, entries=ids[:1], number="thing:0")
    (tmp_path / "evidence.json").write_bytes(file.write(made))
    (tmp_path / "keys.pem").write_bytes(evidence.public_keys())
    (tmp_path / "head.json").write_text(json.dumps(plain(held)), encoding="utf-8")
    (tmp_path / "changed.json").write_bytes(file.write(made).replace("王敏".encode(), "王明".encode()))

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _APART, "evidence", "verify", *arguments],
            cwd=tmp_path, env={"PATH": "/nowhere"}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    assert run("evidence.json", "--trust", "keys.pem") == (0, _text_of(made))
    assert run("evidence.json", "--head", "head.json")[0] == 0
    status, said = run("evidence.json", "--trust", "keys.pem", "--json")
    assert status == 0 and json.loads(said)["number"] == "thing:0"
    status, said = run("changed.json", "--trust", "keys.pem")
    assert status == 1 and "不符　第 0 位的留痕" in said and "不符　文件封签" in said
    assert run("evidence.json")[0] == 1
    assert run("head.json")[0] == 2
    assert run("missing.json")[0] == 2


_APART = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2] / "src")!r})
from shuniu.project.main import main
status = main(sys.argv[1:])
from django.apps import apps
assert not apps.ready
sys.exit(status)
"""


def _text_of(made: file.Evidence) -> str:
    from shuniu.project.commands.evidence import _text

    assert keys.journal_signer().key_id == made.seal.key
    return _text(verify.verify(made, ours())) + "\n"
