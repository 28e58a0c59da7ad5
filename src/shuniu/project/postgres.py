"""A small supervisor for PostgreSQL under `<var>/postgres`: no network, no password, nothing left running.

The server listens on a Unix socket alone and knows its client by the operating system's user (peer authentication).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from shuniu.project import children, cluster, programs
from shuniu.project.children import CannotStartError

_PATIENCE = 60.0  # seconds for an orderly shutdown


def _silent(_: str) -> None:
    """Say nothing."""


class Postgres:
    """One PostgreSQL server for one data folder, as a child of this process; a context manager.

    `durable=False` is for tests: a crash may lose everything, and nothing waits for the disk. `say` is told, in
    Chinese, what takes long or is unusual. Start it from the main thread: the server ends with the thread that did.
    """

    def __init__(self, var: Path, *, durable: bool = True, say: Callable[[str], None] = _silent) -> None:
        self._var = var.resolve()
        self._cluster = cluster.Cluster(self._var / "postgres")
        self._durable = durable
        self._say = say
        self.log = self._var / "log" / "postgres.log"
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def data_dir(self) -> Path:
        """The server's own folder, the one with PG_VERSION in it."""
        return self._cluster.data

    @property
    def url(self) -> str:
        """The address for Django and psycopg, always the same; its role owns the database and is no superuser."""
        return self._url(cluster.ROLE, cluster.DATABASE)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self._cluster.socket), safe='')}&port=5432"

    @property
    def exit_code(self) -> int | None:
        """None while the server runs, otherwise how it ended (0 when it was never started)."""
        return self._child.poll() if self._child else 0

    def running(self) -> bool:
        """Whether a process, this or another, keeps a server on this folder."""
        if self._lock is None:
            try:
                self._take_lock()
            except CannotStartError:
                return True
            self.stop()
        return self._lock is not None

    def start(self) -> None:
        """Bring the server up; make cluster, role and database when they are missing; clear what a crash left behind.

        Raises CannotStartError: folder in use or not writable, no programs, no space, a server that ends at once.
        """
        self._take_lock()
        try:
            self._launch()
            self._wait_until_ready()
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut down cleanly (open transactions are rolled back) and release the folder; harmless when stopped."""
        if self._child:
            if self._child.poll() is None:
                self._child.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: clean, without waiting for clients
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._child.wait(_PATIENCE)
            children.stop(self._child, polite=signal.SIGQUIT, seconds=10)
            self._child = None
            cluster.leave(self._cluster)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock is not None:
            raise CannotStartError("数据库已由本进程启动。")
        try:
            self._var.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._var / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStartError(
                f"数据目录 {self._var} 不能写入（{error.strerror}）：请换用户，或用 SHUNIU_VAR 另指目录。"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode()
            os.close(lock)
            raise CannotStartError(
                f"数据目录 {self._var} 正由另一个 shuniu（进程 {holder}）使用：请先停止它，或用 SHUNIU_VAR 另指目录。"
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def _launch(self) -> None:
        place = self._cluster
        user = cluster.server_user(place)
        cluster.make_home(place, user, self._say)
        found = programs.find(user, place.home.resolve() / "programs", place.data)
        if not place.data.exists():
            self._say(f"首次启动：建立 PostgreSQL {found.major} 数据库……")
            cluster.make_data(place, found, user, durable=self._durable)
        cluster.clear_remains(place, _PATIENCE)
        cluster.configure(place, user, durable=self._durable)
        with children.open_log(self.log) as output:
            self._child = children.spawn(
                [found.bin / "postgres", "-D", place.data.resolve(), "-c", f"config_file={place.etc}/postgresql.conf"],
                output=output,
                orphaned=signal.SIGINT,
                user=user,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
            )

    def _wait_until_ready(self) -> None:
        """Wait as long as the server lives: recovery after a crash may take minutes."""
        began = told = time.monotonic()
        while self.exit_code is None:
            try:
                psycopg.connect(self._url(cluster.ADMINISTRATOR, "postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() - told > 10:
                    told = time.monotonic()
                    self._say(f"数据库正在恢复，已等待 {told - began:.0f} 秒……")
                time.sleep(0.03)
            else:
                return
        raise CannotStartError(
            f"PostgreSQL 没有启动（退出码 {self.exit_code}），日志 {self.log} 末尾：\n{children.tail(self.log)}"
        )

    def _make_database(self) -> None:
        """The role and its database. The role may see statistics and ask for checkpoints, as the benchmarks do."""
        role, database = sql.Identifier(cluster.ROLE), sql.Identifier(cluster.DATABASE)
        with psycopg.connect(self._url(cluster.ADMINISTRATOR, "postgres"), autocommit=True) as admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [cluster.ROLE]).fetchone():
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB IN ROLE pg_monitor, pg_checkpoint").format(role))
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [cluster.DATABASE]).fetchone():
                admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


@contextlib.contextmanager
def attached(var: Path) -> Iterator[str]:
    """The URL of the instance's database: `$SHUNIU_DATABASE_URL`, a server that is running, or one for this while."""
    server = Postgres(var)
    if given := os.environ.get("SHUNIU_DATABASE_URL"):
        yield given
    elif server.running():
        yield server.url
    else:
        with server:
            yield server.url
