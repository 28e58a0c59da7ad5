"""Backing an instance up and restoring it: database, keys and uploads in one sealed file, proven before use and after.

Not in it: delivered files still being processed. Nothing unchecked for classified marks may reach a backup; the keys that
the database holds for them open nothing then, and after a restore those deliveries are refused with the reason.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from shuniu.project import dumps, place
from shuniu.project.archive import DATABASE, KEYS, UPLOADS, Contents, Reader, Writer
from shuniu.project.children import CannotStartError
from shuniu.project.cli import Progress
from shuniu.trust.declare import NOTE, Refused, SignedHead, Verification

SHORTEST_PASSPHRASE = 12
Verify = Callable[[Path, str, Contents], Verification]
"""Looks at what was loaded: draft folder, database, what the backup says of itself."""
FACTS = """
select current_setting('server_version_num')::int / 10000,
       pg_database_size(current_database()),
       (select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class
        where relkind = 'r' and relname like 'trust\\_%'),
       (select count(*) from exchange_submission where spool_key is not null),
       array(select app || '.' || name from django_migrations order by 1)
"""


@dataclass(frozen=True)
class BackedUp:
    """What a backup came to: bytes of the file and of the database, entries of the journal, seconds."""

    file: str
    bytes: int
    database_bytes: int
    journal_entries: int
    open_submissions: int
    seconds: float


@dataclass(frozen=True)
class Restored:
    """What a restore came to; `seconds` is the whole of it, the measured recovery time, `made` the recovery point."""

    made: datetime
    seconds: float
    checked_seconds: float
    loaded_seconds: float
    verified_seconds: float
    database_bytes: int
    journal_entries: int
    journal_bytes: int
    open_submissions: int


def check_passphrase(text: str) -> str:
    """A passphrase without the line's end. Raises Refused backup.passphrase when it is missing or short."""
    passphrase = text.rstrip("\r\n")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(
            "backup.passphrase",
            f"备份口令至少 {SHORTEST_PASSPHRASE} 个字符。",
            "请用 --passphrase-file 指明口令文件，或设环境变量 SHUNIU_BACKUP_PASSPHRASE；口令与备份分开保管。",
        )
    return passphrase


def write(path: Path, passphrase: str, *, var: Path, url: str, head: SignedHead | None, province: str) -> BackedUp:
    """Write the backup of a running or stopped instance to a new file. `head` was taken just before.

    Raises Refused (backup.*); the file is there only when it is whole.
    """
    began = time.monotonic()
    mark = place.production(var)
    contents = _contents(url, head, province, None if mark is None else mark.made)
    with Writer(path, passphrase) as archive:
        with Progress("导出数据库", unit="字节") as progress, closing(dumps.dump(url, var)) as blocks:
            archive.add(DATABASE, _counted(blocks, progress.at))
        archive.add(KEYS, [_packed(var / "keys")])
        archive.add(UPLOADS, _listed(var / "uploads"))  # after the rows that name them: none is missing
        archive.finish(contents)
    return BackedUp(
        file=str(path),
        bytes=path.stat().st_size,
        database_bytes=contents.database_bytes,
        journal_entries=head.size if head else 0,
        open_submissions=contents.open_submissions,
        seconds=round(time.monotonic() - began, 2),
    )


def restore(
    path: Path, passphrase: str, *, var: Path, given: str | None, say: Callable[[str], None], verify: Verify
) -> Restored:
    """Make an instance from a backup in an empty folder, and in the database `given`, else one of its own.

    Raises Refused (backup.*) and CannotStartError; the folder is
    then as empty as before.
    """
    began = time.monotonic()
    archive = Reader(path, passphrase)
    contents = archive.manifest.contents
    with Progress("核对备份", total=sum(part.bytes for part in archive.manifest.parts), unit="字节") as progress:
        archive.check(progress.at)
    checked = time.monotonic()
    with place.made_whole(var) as draft:
        if contents.production:
            place.mark(draft, place.Production(province=contents.province, made=contents.production))
        _unpack(b"".join(archive.read(KEYS)), draft / "keys")
        if any(part.name == UPLOADS for part in archive.manifest.parts):  # older backups have none
            _lay(archive.read(UPLOADS), draft / "uploads")
        with dumps.empty_database(draft, given, say) as url:
            _check_version(url, contents)
            with Progress("装入数据库", unit="字节") as progress:
                first = _counted(archive.read(DATABASE), progress.at)
                dumps.load(url, draft, first, archive.read(DATABASE), own=given is None)
            loaded = time.monotonic()
            with Progress("核验留痕"):
                found = verify(draft, url, contents)
            verified = time.monotonic()
        if not found.holds:
            raise Refused("backup.journal", f"恢复后的留痕不能通过核验：{'；'.join(found.faults)}。", "请换一份备份。")
    ended = time.monotonic()
    return Restored(
        made=contents.made,
        seconds=round(ended - began, 2),
        checked_seconds=round(checked - began, 2),
        loaded_seconds=round(loaded - checked, 2),
        verified_seconds=round(verified - loaded, 2),
        database_bytes=contents.database_bytes,
        journal_entries=found.entries,
        journal_bytes=contents.journal_bytes,
        open_submissions=contents.open_submissions,
    )


def _contents(url: str, head: SignedHead | None, province: str, production: datetime | None) -> Contents:
    with psycopg.connect(url) as connection:
        row = connection.execute(FACTS.encode()).fetchone()
    if row is None:
        raise CannotStartError("数据库没有回答。")
    postgres, size, journal, waiting, migrations = row
    return Contents(
        made=datetime.now(UTC),
        province=province,
        production=production,
        postgres=postgres,
        database_bytes=size,
        journal_bytes=journal,
        open_submissions=waiting,
        migrations=tuple(migrations),
        head=head,
    )


def _check_version(url: str, contents: Contents) -> None:
    """Refuse a server that is older than the one that was dumped."""
    with psycopg.connect(url) as connection:
        version = connection.info.server_version // 10000
    if version < contents.postgres:
        raise Refused(
            "backup.postgres",
            f"备份来自 PostgreSQL {contents.postgres}，这里是 {version}。",
            "请使用相同或更新的 PostgreSQL。",
        )


def _counted(blocks: Iterable[bytes], watch: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    for block in blocks:
        yield block
        done += len(block)
        watch(done)


def _listed(folder: Path) -> Iterator[bytes]:
    """The folder's files, each after a line with its name and size; one that goes meanwhile is left out."""
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            content = file.read_bytes()
            yield f"{file.name} {len(content)}\n".encode()
            yield content


def _lay(blocks: Iterable[bytes], folder: Path) -> None:
    """Write the files of `_listed` again. Raises Refused backup.damaged where the part ends within one."""
    folder.mkdir(mode=0o700)
    held, ended = bytearray(), False
    left = iter(blocks)

    def fill(size: int) -> None:
        nonlocal ended
        while len(held) < size and not ended:
            block = next(left, None)
            ended = block is None
            held.extend(block or b"")

    while True:
        while b"\n" not in held and not ended:
            fill(len(held) + 1)
        if not held:
            return
        line, _, _ = held.partition(b"\n")
        name, _, size = line.decode().rpartition(" ")
        del held[: len(line) + 1]
        fill(int(size))
        if len(held) < int(size):
            raise Refused("backup.damaged", "备份中的申请材料不完整。", "请换一份备份。")
        (folder / Path(name).name).write_bytes(held[: int(size)])
        del held[: int(size)]


def _packed(folder: Path) -> bytes:
    """The keys folder's files by name."""
    # Not the note of the journal's head, which by now may be ahead of the dump: the manifest holds the head of that.
    kept = [file for file in sorted(folder.iterdir()) if not file.name.startswith(NOTE)]
    files = {file.name: base64.b64encode(file.read_bytes()).decode() for file in kept}
    return json.dumps(files).encode()


def _unpack(data: bytes, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    try:
        files = {name: base64.b64decode(text, validate=True) for name, text in json.loads(data).items()}
    except (ValueError, AttributeError, binascii.Error) as error:
        raise Refused("backup.damaged", "备份中的密钥读不出来。", "请换一份备份。") from error
    for name, content in files.items():
        target = folder / Path(name).name
        target.touch(mode=0o600)
        target.write_bytes(content)
