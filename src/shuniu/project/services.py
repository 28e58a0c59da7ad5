"""The platform's processes: each is started, kept running for as long as that makes sense, and stopped."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from shuniu.project import children
from shuniu.project.children import CannotStartError

_MOST_DEATHS = 5
_WITHIN = 600.0  # seconds


class Service(Protocol):
    """Something that runs: the database or a process."""

    log: Path

    @property
    def exit_code(self) -> int | None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Process:
    """One of our own programs as a child; its output goes to `log`, and SIGTERM is its wish to end."""

    def __init__(self, command: Sequence[str | Path], *, env: Mapping[str, str], log: Path, patience: float) -> None:
        self.log = log
        self._command = command
        self._env = env
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def exit_code(self) -> int | None:
        """None while it runs, otherwise how it ended (0 when it was never started)."""
        return self._child.poll() if self._child else 0

    def start(self) -> None:
        """Start it; what it needs must be up."""
        with children.open_log(self.log) as output:
            # An orphan is not asked: its database is going too, and a worker that waits for it would wait for ever. The
            # state is right whenever a service is killed.
            self._child = children.spawn(self._command, output=output, orphaned=signal.SIGKILL, env=self._env)

    def stop(self) -> None:
        """Ask it to end, then end it and whatever it has started; harmless when stopped."""
        if self._child:
            children.stop(self._child, polite=signal.SIGTERM, seconds=self._patience)
            self._child = None


class Kept:
    """Starts a service again when it dies: after `pause` × 1, 2, 4, 8, 16 s; not at the sixth death in 10 minutes."""

    def __init__(self, name: str, service: Service, say: Callable[[str], None], *, pause: float = 1.0) -> None:
        self._name = name
        self._service = service
        self._say = say
        self._pause = pause
        self._deaths: list[float] = []
        self._due: float | None = None

    def look(self) -> None:
        """Start the service again when it is dead and its time has come. Raises CannotStartError if it keeps dying."""
        now = time.monotonic()
        code = self._service.exit_code
        if code is None:
            return
        if self._due is None:
            self._service.stop()  # what its death left: children, a lock
            self._deaths = [death for death in self._deaths if now - death < _WITHIN] + [now]
            if len(self._deaths) > _MOST_DEATHS:
                raise CannotStartError(
                    f"{self._name}反复退出（退出码 {code}），不再重启。日志 {self._service.log} 末尾：\n"
                    f"{children.tail(self._service.log)}"
                )
            wait = self._pause * 2 ** (len(self._deaths) - 1)
            self._due = now + wait
            self._say(f"{self._name}意外退出（退出码 {code}），{wait:.0f} 秒后重启；日志：{self._service.log}")
        elif now >= self._due:
            self._due = None
            self._service.start()
