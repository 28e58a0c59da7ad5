"""Where an instance is: its folder (empty, unfinished, lived in; the mark of a production instance), and where it is asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from shuniu.project.children import CannotStartError

MARK = "production"
_DRAFT = "unfinished"
_NOT_OURS = {"lost+found", _DRAFT, "log", "postgres.lock"}


class Production(BaseModel):
    """What the mark says: which province the instance serves, and when it was made."""

    model_config = ConfigDict(frozen=True)

    province: str
    made: datetime


def production(var: Path) -> Production | None:
    """The mark of a production instance; None for a demo instance. Raises CannotStartError when it cannot be read."""
    mark = var / MARK
    if not mark.exists():
        return None
    try:
        return Production.model_validate_json(mark.read_bytes())
    except (OSError, ValidationError) as error:
        raise CannotStartError(f"生产标记 {mark} 不能读取：请从备份中恢复它，不要删除。") from error


def is_empty(var: Path) -> bool:
    """Whether no instance lives here: nothing but what a mounted disk or an earlier unfinished attempt left."""
    return not var.exists() or not {path.name for path in var.iterdir()} - _NOT_OURS


def is_unfinished(var: Path) -> bool:
    """Whether `init` or `restore` was cut off here; the same command, given again, begins anew."""
    return (var / _DRAFT).exists()


@contextmanager
def made_whole(var: Path) -> Iterator[Path]:
    """A draft folder inside `var`, whose contents become the instance when the block ends, and vanish when it fails.

    Inside, because `var` may be a disk of its own. Raises CannotStartError when an instance lives there already.
    """
    if not is_empty(var):
        raise CannotStartError(f"{var} 里已有一个实例，不能覆盖：请用 SHUNIU_VAR 另指一个空目录。")
    draft = var / _DRAFT
    _remove(draft)
    draft.mkdir(parents=True)
    draft.chmod(0o711)  # under root the database's user must pass
    try:
        yield draft
        # The mark first: at no moment may what lies here pass for a demo instance.
        for path in sorted(draft.iterdir(), key=lambda path: path.name != MARK):
            target = var / path.name
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            path.rename(target)
        draft.rmdir()
    except BaseException:
        _remove(draft)
        raise


def _remove(draft: Path) -> None:
    """Remove a draft, and the database that under root may lie elsewhere, behind a link."""
    elsewhere = draft / "postgres"
    if elsewhere.is_symlink():
        shutil.rmtree(elsewhere.resolve(), ignore_errors=True)
    shutil.rmtree(draft, ignore_errors=True)


def mark(folder: Path, made: Production) -> None:
    """Write the mark, on disk before this returns."""
    with (folder / MARK).open("xb") as file:
        file.write(made.model_dump_json().encode())
        file.flush()
        os.fsync(file.fileno())


def reached(host: str) -> str:
    """Where this machine asks a server that listens on `host`: at the loopback where it listens on all addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
