"""The folder in which a PostgreSQL server lives: made once, cleared of what a crash left, configured at each start.

Layout of `<var>/postgres`: `data` (the server's own), `socket`, `etc` (rewritten at each start; what an administrator
changes with ALTER SYSTEM wins over it), `programs` (a copy, only where needed).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shuniu.project import programs
from shuniu.project.children import CannotStartError

ROLE = DATABASE = "shuniu"
ADMINISTRATOR = "postgres"
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 107  # bytes: sun_path in unix(7), less its closing zero
_ELSEWHERE = Path("/var/lib/shuniu")
_MB = 1024 * 1024


@dataclass(frozen=True)
class Cluster:
    """The folder as clients see it; the server's user may be unable to follow that path, so it is told the real one."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def etc(self) -> Path:
        return self.home.resolve() / "etc"

    @property
    def socket(self) -> Path:
        """`<home>/socket`, or where that is too long for a socket, a short folder that is always the same."""
        near = self.home / "socket"
        if len(os.fsencode(near / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return near
        mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(f"/tmp/shuniu-{os.geteuid()}-{mark}")  # noqa: S108 - its owner is checked before use


def server_user(cluster: Cluster) -> pwd.struct_passwd | None:
    """Whom the server runs as: ourselves (None), or, as PostgreSQL refuses root, the data's owner or `nobody`."""
    owner = cluster.data.stat().st_uid if cluster.data.exists() else None
    me = os.geteuid()
    if me and owner not in (None, me):
        raise CannotStartError(
            f"{cluster.data} 属于另一个用户（编号 {owner}）：请用上次启动的用户运行，或用 SHUNIU_VAR 另指目录。"
        )
    try:
        user = pwd.getpwuid(me or owner or pwd.getpwnam("nobody").pw_uid)
    except KeyError as error:
        raise CannotStartError(f"PostgreSQL 只能由 /etc/passwd 里登记过的用户运行（{error}）：请换用户。") from error
    return None if me else user


def make_home(cluster: Cluster, user: pwd.struct_passwd | None, say: Callable[[str], None]) -> None:
    """Make the folder; where `user` may not enter its parent, a folder elsewhere and a link to it.

    No permission of any folder that was there before is changed.
    """
    home = cluster.home
    if not home.is_dir():
        home.unlink(missing_ok=True)  # a link whose target is gone
        if _may_enter(user, home.parent):
            home.mkdir()
        else:
            _ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
            folder = tempfile.mkdtemp(prefix="", dir=_ELSEWHERE)
            home.symlink_to(folder)
            say(f"PostgreSQL 不能以 root 运行，而普通用户进不了 {home.parent}：数据库文件放在 {folder}。")
        home.chmod(0o755 if user else 0o700)
    if not _may_enter(user, home.resolve()):
        raise CannotStartError(
            f"数据库由用户 {user.pw_name if user else '本用户'} 运行，但它进不了 {home.resolve()}："
            "请恢复上级目录的进入权限（chmod o+x），或用 SHUNIU_VAR 另指目录。"
        )


def _may_enter(user: pwd.struct_passwd | None, folder: Path) -> bool:
    return programs.run_as(user, ["test", "-x", folder]).returncode == 0


def make_data(cluster: Cluster, found: programs.Programs, user: pwd.struct_passwd | None, *, durable: bool) -> None:
    """initdb, whole or not at all. Text sorts by code point, the same on every machine."""
    draft = cluster.home.resolve() / "data.new"
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    if user:
        os.chown(draft, user.pw_uid, user.pw_gid)
    command: list[str | Path] = [found.bin / "initdb", "-D", draft, "-U", ADMINISTRATOR]
    command += ["-A", "peer", "-E", "UTF8", "--locale=C.UTF-8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if found.major >= 17 else []
    command += ["--data-checksums"] if durable else ["--no-sync"]
    answer = programs.run_as(user, command)
    if answer.returncode:
        raise CannotStartError(f"建立数据库失败（请看磁盘空间、内存和权限）：\n{answer.stderr.strip()}")
    draft.rename(cluster.home.resolve() / "data")


def clear_remains(cluster: Cluster, patience: float) -> None:
    """Have an orphaned server end, then remove its marks. Call it with the folder's lock held.

    PostgreSQL trusts the process number in its marks, which after a crash may be another program's or a zombie's, and
    then refuses to start; who really works in the data folder is a surer sign.
    """
    deadline = time.monotonic() + patience
    while left := _inhabitants(cluster.data.resolve()):
        if time.monotonic() > deadline:
            raise CannotStartError(f"上次的数据库进程 {left} 没有停下：请等待或结束它们，再启动。")
        with contextlib.suppress(ProcessLookupError, OSError, ValueError, IndexError):
            postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
            if postmaster in left:
                os.kill(postmaster, signal.SIGINT)
        time.sleep(0.1)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for name in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
        (cluster.socket / name).unlink(missing_ok=True)


def _inhabitants(data: Path) -> list[int]:
    """The processes of a server on `data`: each has it as its working folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended meanwhile, or another user's
            if (process / "cwd").readlink() == data and (process / "exe").readlink().name.startswith("postgres"):
                found.append(int(process.name))
    return found


def configure(cluster: Cluster, user: pwd.struct_passwd | None, *, durable: bool) -> None:
    """Write the configuration and make the socket's folder, which nobody but the server's user and root may enter."""
    socket = cluster.socket
    owner = user.pw_uid if user else os.geteuid()
    try:
        socket.mkdir(mode=0o700)
        os.chown(socket, owner, -1)
    except FileExistsError:
        if socket.is_symlink() or socket.stat().st_uid != owner:
            raise CannotStartError(
                f"套接字目录 {socket} 属于别的用户：请删除它，或用 SHUNIU_VAR 另指较短的目录。"
            ) from None
    cluster.etc.mkdir(exist_ok=True)
    client = pwd.getpwuid(os.geteuid()).pw_name
    files = {
        "postgresql.conf": _settings(socket.resolve(), cluster.etc, durable=durable),
        "pg_hba.conf": "local all all peer map=shuniu\n",
        "pg_ident.conf": "".join(f'shuniu "{client}" {role}\n' for role in (ROLE, ADMINISTRATOR)),
    }
    for name, text in files.items():
        (cluster.etc / name).write_text(text, encoding="utf-8")
        (cluster.etc / name).chmod(0o644)
    cluster.etc.chmod(0o755)


def leave(cluster: Cluster) -> None:
    """Remove the socket's folder where it stands outside the home."""
    if cluster.socket.parent != cluster.home:
        with contextlib.suppress(OSError):
            cluster.socket.rmdir()


def _settings(socket: Path, etc: Path, *, durable: bool) -> str:
    """postgresql.conf for a machine that is shared with the rest of the platform."""
    memory = _memory()
    buffers = max(64 * _MB, min(2048 * _MB, memory // 8)) if durable else 128 * _MB
    settings: dict[str, str | float] = {
        "hba_file": f"'{etc}/pg_hba.conf'",
        "ident_file": f"'{etc}/pg_ident.conf'",
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket}'",
        "max_connections": 100,
        # A statement over many of the 734 resource tables locks each of them and their indexes.
        "max_locks_per_transaction": 1024,
        "shared_buffers": f"{buffers // _MB}MB",
        "effective_cache_size": f"{memory // 2 // _MB}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64 * _MB, min(256 * _MB, memory // 16)) // _MB}MB",
        # Backups are dumps; without replicas, loading into a new table and building an index need no WAL.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": 0.9,
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'Asia/Shanghai'",
        "log_line_prefix": "'%m [%p] '",
        # An error's text quotes the row it is about; the application gets it, the log must not.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
        "log_checkpoints": "off",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return "# Rewritten at each start; use ALTER SYSTEM for changes of your own.\n" + "".join(
        f"{name} = {value}\n" for name, value in settings.items()
    )


def _memory() -> int:
    """The bytes of memory that we may use: the machine's, or less where a container's limit says so."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):  # no limit reads as "max"
        return min(machine, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return machine
