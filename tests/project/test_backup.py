from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.project import sealing
from shuniu.project.archive import DATABASE, KEYS, MANIFEST, Reader
from shuniu.project.backup import check_passphrase
from shuniu.project.postgres import Postgres
from shuniu.trust.declare import NOTE, Refused
from tests.project.instances import PASSPHRASE, answer, script, shuniu

ROWS = (
    "统一社会信用代码,企业名称,成立日期,注册资本,登记状态,行政区划\n"
    "91430100MA0000015K,湘江机械有限公司,2010-03-05,100,存续,430102\n"
    "92430102MA00000238,湘水餐饮店,2012-08-01,5,存续,430102\n"
)
SHIP = """
    from django.db import transaction
    from shuniu.catalogue import api as catalogue
    from shuniu.directory import api as directory
    from shuniu.directory.declare import Agency
    from shuniu.registries import api as registries
    from tests.exchange.conftest import INSTALL, REGISTRATION, STATES
    install = directory.system("install")
    directory.load_agencies(actor=install, rows=[Agency("43.market", "湖南省市场监督管理局", "省市监局", 1, "430000")])
    catalogue.ship(actor=INSTALL, resources=[REGISTRATION], code_lists=[STATES])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=INSTALL, published=published)
            catalogue.mark_mounted(published)
    account = directory.create_account(actor=install, login="wangmin", name="王敏", agency="43.market")
    directory.appoint(actor=install, account=account.account, role="data_officer", regions=["430000"])
    directory.enrol(
        actor=directory.anonymous(), login="wangmin", code=account.code, password="xiang-jiang-2026"
    )
    # An old server has counted far more transactions than a new one: 5,000 numbers are used up before the delivery.
    with connection.cursor() as cursor:
        cursor.execute(
            "do $$ begin for i in 1..5000 loop perform pg_current_xact_id(); commit; end loop; end $$"
        )
    said = None
"""
UPLOADED = {"a": b"", "b": bytes(range(256)) * 9000, "c": b"1 2\n3 4\n"}
"""Sealed files as the uploads' folder holds them, by name."""
STATE = """
    from shuniu.catalogue import api as catalogue
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange
    from shuniu.project.cli import plain
    from shuniu.registries import api as registries
    from shuniu.trust import api as trust
    signed_in = directory.sign_in(actor=directory.anonymous(), login="wangmin", password="xiang-jiang-2026")
    officer = directory.actor_of(signed_in.account)
    receipt = exchange.receipt(actor=officer, number=NUMBER)
    rows = registries.rows(catalogue.published("43.market/registration"))
    said = {
        "receipt": [receipt.state.value, plain(receipt.counts), receipt.signature],
        "rows": sorted([row.values["uscc"], row.values["name"], row.values["capital"]] for row in rows),
        "keyed": trust.keyed("430102199001011234"),
        "signed": trust.countersign(b"x").key,
    }
"""
RESTORED = """
    from shuniu.trust.models import Entry
    detail = Entry.objects.get(verb="trust.record_restore").detail
    said = [detail["size"], detail["root"], detail["made"]]
"""


@dataclass(frozen=True)
class Source:
    """A small instance with one delivery in it, and its backup."""

    var: Path
    file: Path
    number: int
    done: dict[str, Any]
    state: Any

    def asked(self) -> str:
        return STATE.replace("NUMBER", str(self.number))


def passphrase_file(folder: Path, text: str = PASSPHRASE) -> Path:
    path = folder / "passphrase"
    path.write_text(text + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def source() -> Iterator[Source]:
    var = Path(tempfile.mkdtemp(prefix="shuniu-source-"))
    var.chmod(0o711)
    away = Path(tempfile.mkdtemp(prefix="shuniu-away-"))
    shuniu(var, "init", "--production")
    with Postgres(var, durable=False):
        script(var, SHIP)
        (away / "登记.csv").write_text(ROWS, encoding="utf-8")
        delivery: list[str | Path] = [
            "submit",
            away / "登记.csv",
            "--resource",
            "43.market/registration",
            "--agency",
            "43.market",
        ]
        number = answer(shuniu(var, *delivery, "--json"))["number"]
        (var / "uploads").mkdir(mode=0o700, exist_ok=True)
        for name, content in UPLOADED.items():
            (var / "uploads" / name).write_bytes(content)
        state = script(var, STATE.replace("NUMBER", str(number)))
        file = away / "shuniu.backup"
        done = answer(shuniu(var, "backup", "-o", file, "--passphrase-file", passphrase_file(away), "--json"))
    yield Source(var, file, number, done, state)
    shutil.rmtree(var)
    shutil.rmtree(away)


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_everything_is_there_after_a_restore_into_another_folder(source: Source, var: Path) -> None:
    done = answer(shuniu(var, "restore", source.file, "--json", SHUNIU_BACKUP_PASSPHRASE=PASSPHRASE))
    assert done["journal_entries"] >= source.done["journal_entries"] > 10
    assert done["seconds"] >= done["checked_seconds"] + done["loaded_seconds"] + done["verified_seconds"] - 0.1
    assert done["journal_bytes"] > 0

    assert {file.name: file.read_bytes() for file in (var / "uploads").iterdir()} == UPLOADED
    with Postgres(var, durable=False):
        assert script(var, source.asked()) == source.state
        assert source.state["rows"] == [
            ["91430100MA0000015K", "湘江机械有限公司", "100"],
            ["92430102MA00000238", "湘水餐饮店", "5"],
        ]
        assert (var / "production").read_bytes() == (source.var / "production").read_bytes()
        assert [(var / "keys").stat().st_mode & 0o777, *(f.stat().st_mode & 0o777 for f in (var / "keys").iterdir())] == [
            0o700, 0o600, 0o600, 0o600, 0o600,
        ]  # fmt: skip
        # The restore is in the journal, whose head is noted again: at least what the backup's manifest had of it.
        manifest = Reader(source.file, PASSPHRASE).manifest.contents
        noted = json.loads((var / "keys" / "journal-head.json").read_bytes())
        assert manifest.head is not None and noted["size"] > manifest.head.size
        restored = script(var, RESTORED)
        assert restored == [manifest.head.size, manifest.head.root, manifest.made.isoformat()]
        # Entries written after the restore get their positions, though the new server counts its transactions anew.
        said = script(
            var,
            """
            from shuniu.directory import api as directory
            from shuniu.trust import api as trust
            trust.sequence()
            found = trust.verify_journal(actor=directory.console())
            placed = trust.sequence()
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from trust_entry")
                entries = cursor.fetchone()[0]
                # None may look younger than what this server has yet to write: the sequencer would read them each second.
                cursor.execute("select count(*) from trust_entry where xid >= pg_snapshot_xmax(pg_current_snapshot())")
                ahead = cursor.fetchone()[0]
            said = [ahead, found.holds, found.waiting, placed, trust.verify_journal(actor=directory.console()).entries == entries]
            """,
        )
        assert said == [0, True, 0, 1, True]
        assert (
            "已有一个实例" in shuniu(var, "restore", source.file, status=1, SHUNIU_BACKUP_PASSPHRASE=PASSPHRASE).stderr
        )
        turned_back_and_accepted(var)


TURN_BACK = """
    with connection.cursor() as cursor:
        for table in ("trust_leaf", "trust_head", "trust_node"):
            cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute("select max(size) from trust_head where size < (select max(size) from trust_head)")
        (said,) = cursor.fetchone()
        cursor.execute("delete from trust_head where size > %s", [said])
        cursor.execute("delete from trust_leaf where position >= %s", [said])
"""


def turned_back_and_accepted(var: Path) -> None:
    """What the commands say of a database that was taken back behind the platform's back, and how it goes on."""
    size = script(var, TURN_BACK)
    assert "密钥目录存底" in shuniu(var, "journal", "verify", status=1).stdout
    assert "留痕被回退" in shuniu(var, "trust", "doctor", status=1).stdout
    saved = shuniu(var, "backup", "-o", var / "later.backup", SHUNIU_BACKUP_PASSPHRASE=PASSPHRASE)
    assert "留痕被回退" in saved.stderr and (var / "later.backup").exists(), "a copy is worth more than none"
    assert f"长度 {size}" in shuniu(var, "journal", "accept", "--reason", "从备库切换").stdout
    script(var, "from shuniu.trust import api\nsaid = api.sequence()")
    assert "全部相符" in shuniu(var, "journal", "verify").stdout


def test_the_note_of_the_journals_head_stays_with_the_database_that_it_is_of(source: Source) -> None:
    """Beside a working sequencer the note is ahead of the dump by the time that the keys are packed."""
    assert (source.var / "keys" / "journal-head.json").exists()
    packed = json.loads(b"".join(Reader(source.file, PASSPHRASE).read(KEYS)))
    assert "journal.pem" in packed and not [name for name in packed if name.startswith(NOTE)]


def test_the_file_is_private_whole_and_never_overwritten(source: Source, tmp_path: Path) -> None:
    assert source.file.stat().st_mode & 0o777 == 0o600
    assert source.done["bytes"] == source.file.stat().st_size
    assert sorted(path.name for path in source.file.parent.iterdir()) == ["passphrase", "shuniu.backup", "登记.csv"]
    stored = source.file.read_bytes()
    for secret in ("湘江机械".encode(), (source.var / "keys" / "identifiers.key").read_bytes(), b"PRIVATE KEY"):
        assert secret not in stored
    refused = shuniu(source.var, "backup", "-o", source.file, status=1, SHUNIU_BACKUP_PASSPHRASE=PASSPHRASE)
    assert "已存在" in refused.stderr
    assert source.file.read_bytes() == stored


@pytest.mark.parametrize(("name", "title"), [(DATABASE, "数据库"), (KEYS, "密钥"), (MANIFEST, "清单")])
def test_a_damaged_part_is_named_and_nothing_is_restored(source: Source, tmp_path: Path, name: str, title: str) -> None:
    with zipfile.ZipFile(source.file) as archive:
        member = archive.getinfo(name)
        content = archive.read(name)
    stored = bytearray(source.file.read_bytes())
    at = stored.index(content[:64], member.header_offset) + 10
    stored[at] ^= 0x20
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(stored)
    with pytest.raises(Refused, match=title) as refusal:
        Reader(damaged, PASSPHRASE).check(lambda _: None)
    assert refusal.value.rule == "backup.damaged"
    if name == DATABASE:
        shuniu(tmp_path / "var", "restore", damaged, status=1, SHUNIU_BACKUP_PASSPHRASE=PASSPHRASE)
        assert not (tmp_path / "var").exists() or list((tmp_path / "var").iterdir()) == []


def test_a_part_replaced_with_matching_digests_is_still_refused(source: Source, tmp_path: Path) -> None:
    """Whoever changes a part and the manifest together lacks the passphrase that authenticates it."""
    forged = tmp_path / "forged.backup"
    manifest = Reader(source.file, PASSPHRASE).manifest
    contents = manifest.contents.model_copy(update={"province": "44"})
    with zipfile.ZipFile(source.file) as old, zipfile.ZipFile(forged, "w") as new:
        for name in (DATABASE, KEYS):
            new.writestr(name, old.read(name))
        new.writestr(MANIFEST, manifest.model_copy(update={"contents": contents}).model_dump_json())
    with pytest.raises(Refused, match="改动过"):
        Reader(forged, PASSPHRASE)


def test_a_wrong_passphrase_a_short_one_a_cut_file_and_a_missing_one_are_told(source: Source, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="口令不对"):
        Reader(source.file, PASSPHRASE + "?")
    with pytest.raises(Refused, match="至少 12 个字符"):
        check_passphrase("short\n")
    cut = tmp_path / "cut.backup"
    cut.write_bytes(source.file.read_bytes()[:-200])
    with pytest.raises(Refused, match="不是完整的备份文件"):
        Reader(cut, PASSPHRASE)
    with pytest.raises(Refused, match="找不到"):
        Reader(tmp_path / "none.backup", PASSPHRASE)


def portions(data: bytes, size: int) -> Iterator[bytes]:
    stream = BytesIO(data)
    return iter(lambda: stream.read(size), b"")


MASTER = sealing.master_key("correct horse", b"0" * 16)


@given(st.binary(max_size=200), st.integers(0, 3), st.integers(100_000, 3_000_000))
def test_what_is_sealed_opens_again_however_it_is_cut(tail: bytes, frames: int, portion: int) -> None:
    plain = b"\x07" * (frames * sealing.FRAME // 2) + tail
    sealed = b"".join(sealing.seal(portions(plain, portion), MASTER, "a"))
    assert b"".join(sealing.unseal(portions(sealed, portion), MASTER, "a")) == plain


def test_a_frame_moved_left_out_cut_off_or_of_another_stream_does_not_open() -> None:
    one, two, three = sealing.seal([b"1" * sealing.FRAME, b"2" * sealing.FRAME, b"3"], MASTER, "a")
    for wrong in ([two, one, three], [one, three], [one, two], [one[:-1], two, three], []):
        with pytest.raises(sealing.DamagedError):
            list(sealing.unseal(wrong, MASTER, "a"))
    with pytest.raises(sealing.DamagedError):
        list(sealing.unseal([one, two, three], MASTER, "b"))
