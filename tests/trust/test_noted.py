"""The newest head is noted outside the database: a journal turned back or changed is not signed on, and verifying names it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections, transaction

from shuniu.project import processes
from shuniu.project.main import parser
from shuniu.trust import api, keys, noted, store
from shuniu.trust.certificates import doctor
from shuniu.trust.declare import NOTE, Actor, Refused, SignedHead
from shuniu.trust.models import Entry
from tests.trust.test_journal_proofs import grown
from tests.trust.test_journal_verify import _empty_journal, rewrite_everything, unguarded, unnoted, verify, write

__all__ = ["_empty_journal"]
CONSOLE = Actor(
    "system:console", "主机命令行", capabilities=frozenset({"trust.accept_journal", "trust.record_restore"})
)
UNPLACED = (
    "delete from trust_reading where entry not in (select entry_id from trust_leaf)",
    "delete from trust_entry where id not in (select entry_id from trust_leaf)",
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _only_this_note() -> Iterator[None]:
    yield
    for one in Path(settings.KEYS).glob(f"{NOTE}-until-*"):
        one.unlink()
    unnoted()


def path() -> Path:
    return Path(settings.KEYS) / noted.NAME


def refused() -> str:
    with pytest.raises(Refused) as refusal:
        api.sequence()
    assert refusal.value.remedy
    return refusal.value.rule


def turned_back(size: int) -> None:
    """All that was signed after this size is gone, as its owner can take a database back to an earlier hour."""
    unguarded(
        f"delete from trust_head where size > {size}",
        f"delete from trust_leaf where position >= {size}",
        f"delete from trust_node where (place + 1) << level > {size}",
    )


def test_every_signed_head_is_noted_for_the_platform_alone_and_reads_as_the_auditors() -> None:
    for size in (3, 1, 300):
        grown(size)
        assert noted.read() == store.latest_head()
    assert path().stat().st_mode & 0o777 == 0o600
    args = parser().parse_args(["journal", "verify", "--head", str(path())])
    assert args.call(args) == 0


def test_a_journal_that_was_turned_back_is_named_and_not_signed_on_while_entries_go_on() -> None:
    ids = grown(100, 200, 12)
    turned_back(100)
    unguarded(f"update trust_entry set person_name = '张三' where id = {ids[100]}")
    write(1)
    before = store.latest_head()
    assert refused() == "journal.turned_back"
    assert store.latest_head() == before and verify().entries == 100
    assert any("存底" in one and "312" in one for one in verify().faults)
    found = doctor.signing(datetime.now(UTC))
    assert (found.rule, found.state, found.who) == ("journal.turned_back", "wrong", "安全管理员")
    assert "journal accept" in found.remedy and "100 条" in found.message


def test_a_journal_that_was_rewritten_to_the_same_size_or_further_is_not_signed_on() -> None:
    grown(6)
    head = store.latest_head()
    rewrite_everything("update trust_entry set person_name = '别人' where object = 'thing:3'")
    assert head is not None
    noted.keep(head)
    assert refused() == "journal.rewritten"
    assert "留痕已被改写：长度 6 处的根与密钥目录存底的签名头不符" in verify().faults
    write(2)
    rewrite_everything("select 1")
    noted.keep(head)
    assert refused() == "journal.rewritten"


@pytest.mark.parametrize("behind", [1, 3, 256, 300, 600])
def test_a_head_that_was_committed_and_not_yet_noted_stops_nothing(behind: int) -> None:
    heads = []
    for size in (1, 2, 253, 44, 300, 10):
        grown(size)
        heads.append(store.latest_head())
    noted.replace(next(head for head in heads if head and head.size == behind))
    assert verify().holds
    assert api.sequence() == 1 and noted.read() == store.latest_head()
    noted.replace(heads[0])
    assert api.sequence() == 0 and noted.read() == store.latest_head(), (
        "a step that finds nothing new makes it good too"
    )


def test_what_was_signed_before_heads_were_noted_is_noted_by_the_next_step() -> None:
    grown(5)
    unnoted()
    assert doctor.signing(datetime.now(UTC)).state == "good", "a step may be on its way"
    late = doctor.signing(datetime.now(UTC) + timedelta(minutes=5))
    assert (late.rule, late.state, late.who) == ("journal.unnoted", "warning", "平台运维人员")
    assert verify().holds and api.sequence() == 1
    assert noted.read() == store.latest_head()


def test_a_head_beyond_the_note_that_we_did_not_sign_is_not_built_upon() -> None:
    grown(5)
    write(1)
    rewrite_everything("select 1")
    stranger = Ed25519PrivateKey.generate().sign(b"head").hex()
    unguarded(f"update trust_head set signature = '\\x{stranger}'")
    assert refused() == "journal.signature"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"size": 3}', b"\xff"])
def test_a_note_that_is_none_stops_the_signing_until_the_host_accepts_the_journal(content: bytes) -> None:
    grown(3)
    path().write_bytes(content)
    write(1)
    assert refused() == "journal.note" and any("读不出来" in one for one in verify().faults)
    api.accept_journal(actor=CONSOLE, reason="磁盘损坏")
    assert api.sequence() == 3 and verify().holds


def test_a_note_is_ours_by_its_signature() -> None:
    grown(3)
    said = json.loads(path().read_bytes())
    path().write_text(json.dumps({**said, "size": 2}))
    assert refused() == "journal.note"


def test_the_host_accepts_a_database_lawfully_taken_back_and_leaves_a_trace() -> None:
    grown(4, 6)
    lost = noted.read()
    with pytest.raises(Refused, match="不需要承认"):
        api.accept_journal(actor=CONSOLE, reason="误操作")
    turned_back(4)
    unguarded(*UNPLACED)
    with pytest.raises(Refused, match="没有说明原因"):
        api.accept_journal(actor=CONSOLE, reason=" ")
    assert api.accept_journal(actor=CONSOLE, reason="从昨夜的备库切换") == noted.read()
    detail = Entry.objects.get(verb="trust.accept_journal", outcome="done").detail
    assert lost is not None
    assert detail == {
        "rule": "journal.turned_back", "reason": "从昨夜的备库切换", "size": 4, "noted": 10, "noted_root": lost.root,
    }  # fmt: skip
    (kept,) = Path(settings.KEYS).glob(f"{NOTE}-until-*")
    assert json.loads(kept.read_bytes())["root"] == lost.root
    assert api.sequence() and verify().holds


def test_the_hosts_command_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    grown(4, 6)
    turned_back(4)
    args = parser().parse_args(["journal", "accept", "--reason", "从昨夜的备库切换"])
    assert args.call(args) == 0 and "长度 4" in capsys.readouterr().out
    assert api.sequence()


def test_leaves_that_no_head_covers_are_not_accepted() -> None:
    grown(4, 6)
    unguarded("delete from trust_head where size = 10")
    with pytest.raises(Refused, match="只到第 4 条"):
        api.accept_journal(actor=CONSOLE, reason="试试")


def test_a_note_that_cannot_be_written_is_logged_and_made_good_later(caplog: pytest.LogCaptureFixture) -> None:
    grown(2)
    obstacle = path().with_name(f"{noted.NAME}.new")
    obstacle.mkdir()
    grown(3)
    assert "cannot be noted" in caplog.text
    head = noted.read()
    assert head is not None and head.size == 2
    obstacle.rmdir()
    assert api.sequence() == 0 and noted.read() == store.latest_head()


def test_a_head_that_was_rolled_back_is_not_noted() -> None:
    grown(2)
    write(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        assert api.sequence() == 1
        raise RuntimeError
    head = noted.read()
    assert head is not None and head.size == 2
    assert api.sequence() == 1


def test_a_note_never_goes_back_by_itself() -> None:
    grown(2)
    old = store.latest_head()
    grown(3)
    assert old is not None
    noted.keep(old)
    assert noted.read() == store.latest_head()


def test_verifying_beside_a_working_sequencer_gives_no_false_alarm() -> None:
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            write(20)
            api.sequence()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(12):
            assert verify().faults == ()
    finally:
        done.set()
        thread.join()


def test_the_sequencers_process_goes_on_and_says_once_why_nothing_is_signed(caplog: pytest.LogCaptureFixture) -> None:
    grown(2, 3)
    turned_back(2)
    stop, refused = processes._Stop.__new__(processes._Stop), ""
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            refused = processes._sequence(stop, refused)
    assert refused and caplog.text.count("留痕被回退") == 1
    unguarded(*UNPLACED)
    api.accept_journal(actor=CONSOLE, reason="演练")
    assert processes._sequence(stop, refused) == "" and store.waiting() == (0, None)


KEEPING = """
import sys
from pathlib import Path
from datetime import UTC, datetime
import django
from django.conf import settings
settings.configure(KEYS=Path(sys.argv[1]))
from shuniu.trust import journal, keys, noted
from shuniu.trust.declare import SignedHead
signer, size = keys.journal_signer(), 0
held = noted.read()
size = held.size if held else 0
print("ready", flush=True)
while True:
    size += 1
    at, root = datetime.now(UTC), bytes(32)
    signature = signer.sign(journal.head_bytes(size, root, at)).hex()
    noted.keep(SignedHead(size, root.hex(), at, signer.key_id, signer.public_key.hex(), signature))
"""


def test_a_kill_at_any_moment_leaves_a_whole_note_that_never_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, last = Random(3), 0
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", KEEPING, str(tmp_path)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": "src"},
        ) as child:
            assert child.stdout is not None and child.stdout.readline() == b"ready\n"
            time.sleep(chance.random() / 10)
            child.send_signal(signal.SIGKILL)
        if (tmp_path / noted.NAME).exists():
            said = json.loads((tmp_path / noted.NAME).read_bytes())
            head = SignedHead(**{**said, "at": datetime.fromisoformat(said["at"])})
            assert keys.key_id(bytes.fromhex(head.public_key)) == head.key and head.size >= last
            last = head.size
    assert last > 8 and len(list(tmp_path.iterdir())) <= 3, "the key, the note, at most one draft"


def test_a_restored_journal_is_noted_as_its_backup_had_it_and_says_so() -> None:
    grown(4)
    head = store.latest_head()
    unnoted()
    made = datetime(2026, 3, 1, 8, tzinfo=UTC)
    api.record_restore(actor=CONSOLE, made=made, head=head)
    assert noted.read() == head and head is not None
    entry = Entry.objects.get(verb="trust.record_restore")
    assert entry.detail == {"made": "2026-03-01T08:00:00+00:00", "size": 4, "root": head.root}
    assert api.sequence() == 1 and verify().holds


def test_an_empty_journal_is_in_order() -> None:
    assert doctor.signing(datetime.now(UTC)).state == "good" and api.sequence() == 0
