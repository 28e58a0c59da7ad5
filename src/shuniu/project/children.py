"""Child processes that never outlive the process which started them, however it ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True)
_LOG_LIMIT = 20 * 1024 * 1024


class CannotStartError(RuntimeError):
    """A part of the platform does not come up; the Chinese text says which, why and how to mend it."""


def spawn(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    errors: IO[bytes] | int | None = subprocess.STDOUT,
    orphaned: signal.Signals,
    user: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own; `user`, for root only, is whom it runs as.

    When the calling *thread* ends, even by SIGKILL, the kernel sends the child `orphaned` (prctl(2), PR_SET_PDEATHSIG):
    call it from the main thread.
    """
    return subprocess.Popen(  # noqa: S603 - the commands are ours
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        env=env,
        cwd="/" if user else None,  # where we are, another user may not be allowed to be
        start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops its children in order
        preexec_fn=bound_to(os.getpid(), orphaned),
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def bound_to(parent: int, orphaned: signal.Signals) -> Callable[[], None]:
    """What a child of process `parent` calls first, so as never to outlive it, and to take turns with the others."""

    def bind() -> None:
        end_with_parent(orphaned)
        take_whole_turns()
        if os.getppid() != parent:  # it died before the kernel knew of the wish
            os._exit(1)

    return bind


def end_with_parent(orphaned: signal.Signals) -> None:
    """Have the kernel send this process `orphaned` when the thread that made it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(orphaned), 0, 0, 0)


def take_whole_turns() -> None:
    """Let this process finish its turn before one that wakes has its own (sched(7), SCHED_BATCH).

    An answer is a dozen wakings between web server and database; on two cores each that cuts in costs both their caches.
    What whoever started the platform has set stays.
    """
    if os.sched_getscheduler(0) == os.SCHED_OTHER:
        with contextlib.suppress(OSError):  # a container may forbid it, and nothing depends on it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def stop(child: subprocess.Popen[bytes], *, polite: signal.Signals, seconds: float) -> None:
    """Ask a child to end, insist after `seconds`, and leave nothing of its process group behind."""
    if child.poll() is None:
        child.send_signal(polite)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    sweep(child)
    child.wait()


def sweep(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child's process group: the workers of a server that was itself killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def open_log(log: Path) -> IO[bytes]:
    """Open a log for appending; one that has grown past 20 MB is first put aside as `.1`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for the answer to whoever wonders why a part ended."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
