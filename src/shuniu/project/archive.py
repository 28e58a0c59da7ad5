"""The backup's file: a ZIP of sealed parts, uncompressed, and `manifest.json`, which says what must be in them.

Anybody can list it and check the parts' SHA-256 against the manifest; opening a part takes the passphrase.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shuniu.project import sealing
from shuniu.trust.declare import Refused, SignedHead

BLOCK = 1 << 20
MANIFEST = "manifest.json"
DATABASE = "database.dump"
KEYS = "keys.json"
UPLOADS = "uploads.bin"
TITLES = {DATABASE: "数据库", KEYS: "密钥", UPLOADS: "申请材料", MANIFEST: "清单"}
Watch = Callable[[int], None]
"""Told how many bytes are done."""


class Part(BaseModel):
    """One sealed member: its stored bytes and their SHA-256."""

    model_config = ConfigDict(frozen=True)

    name: str
    bytes: int
    sha256: str


class Contents(BaseModel):
    """What the backup is a backup of; `migrations` are those that the database had (`app.name`)."""

    model_config = ConfigDict(frozen=True)

    made: datetime
    province: str
    production: datetime | None
    postgres: int
    database_bytes: int
    journal_bytes: int
    open_submissions: int
    migrations: tuple[str, ...]
    head: SignedHead | None


class Manifest(BaseModel):
    """The list of what is in the file; `code` authenticates all the rest under the passphrase."""

    model_config = ConfigDict(frozen=True)

    format: Literal["shuniu-backup/1"] = "shuniu-backup/1"
    contents: Contents
    salt: str
    parts: tuple[Part, ...]
    code: str = ""

    def signed_bytes(self) -> bytes:
        return self.model_dump_json(exclude={"code"}).encode()


class Writer:
    """Writes an archive beside its place and moves it there when it is whole; a context manager."""

    def __init__(self, path: Path, passphrase: str) -> None:
        if path.exists():
            raise Refused("backup.exists", f"{path} 已存在，不会覆盖。", "请换一个文件名。")
        if not path.parent.is_dir():
            raise Refused("backup.folder", f"目录 {path.parent} 不存在。", "请先建立，或换一个位置。")
        self._path = path
        self._salt = secrets.token_bytes(sealing.SALT)
        self._master = sealing.master_key(passphrase, self._salt)
        self._parts: list[Part] = []

    def __enter__(self) -> Writer:
        self._file = tempfile.NamedTemporaryFile(dir=self._path.parent, prefix=f".{self._path.name}.", delete=False)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        return self

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        """Seal and store one part as it comes."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for sealed in sealing.seal(blocks, self._master, name):
                digest.update(sealed)
                size += len(sealed)
                member.write(sealed)
        self._parts.append(Part(name=name, bytes=size, sha256=digest.hexdigest()))

    def finish(self, contents: Contents) -> None:
        """Write the manifest; the file takes its place when the block ends."""
        bare = Manifest(contents=contents, salt=self._salt.hex(), parts=tuple(self._parts))
        whole = bare.model_copy(update={"code": sealing.authenticate(self._master, bare.signed_bytes())})
        self._zip.writestr(MANIFEST, whole.model_dump_json(indent=1))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        draft = Path(self._file.name)
        try:
            self._zip.close()
            self._file.flush()
            if kind is None:
                draft.rename(self._path)
        finally:
            self._file.close()
            draft.unlink(missing_ok=True)


class Reader:
    """Reads an archive; everything that is wrong with it is a Refused that names the part."""

    def __init__(self, path: Path, passphrase: str) -> None:
        if not path.is_file():
            raise Refused("backup.missing", f"找不到备份文件 {path}。", "请核对路径。")
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise Refused(
                "backup.damaged", f"{path.name} 不是完整的备份文件（末尾的目录读不出来）。", "请换一份备份。"
            ) from error
        self.manifest = self._manifest()
        self._master = sealing.master_key(passphrase, bytes.fromhex(self.manifest.salt))
        if sealing.authenticate(self._master, self.manifest.signed_bytes()) != self.manifest.code:
            raise Refused("backup.passphrase", "口令不对，或者清单被改动过。", "请核对口令；口令无误的，请换一份备份。")

    def _manifest(self) -> Manifest:
        try:
            return Manifest.model_validate_json(self._zip.read(MANIFEST))
        except (KeyError, zipfile.BadZipFile, ValidationError, ValueError) as error:
            raise _damaged(MANIFEST) from error

    def check(self, watch: Watch) -> None:
        """Compare every part with the manifest. Raises Refused backup.damaged naming the first that differs."""
        done = 0
        for part in self.manifest.parts:
            digest = hashlib.sha256()
            for block in self._blocks(part.name):
                digest.update(block)
                done += len(block)
                watch(done)
            if digest.hexdigest() != part.sha256:
                raise _damaged(part.name)

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a part as they were before sealing."""
        try:
            yield from sealing.unseal(self._blocks(name), self._master, name)
        except sealing.DamagedError as error:
            raise _damaged(name) from error

    def _blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as member:
                while block := _portion(member):
                    yield block
        except (KeyError, zipfile.BadZipFile, EOFError) as error:
            raise _damaged(name) from error


def _portion(member: IO[bytes]) -> bytes:
    return member.read(BLOCK)


def _damaged(name: str) -> Refused:
    return Refused(
        "backup.damaged",
        f"备份已损坏：“{TITLES.get(name, name)}”部分（{name}）与清单不符。",
        "没有恢复任何内容；请换一份备份。",
    )
