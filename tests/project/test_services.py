from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shuniu.project.children import CannotStartError
from shuniu.project.services import Kept, Process

pytestmark = pytest.mark.slow


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.01)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def python(script: str, log: Path, patience: float = 5) -> Process:
    return Process([sys.executable, "-c", textwrap.dedent(script)], env=os.environ, log=log, patience=patience)


def test_a_service_that_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log" / "it.log"
    service = python("import os, time; print(os.getpid(), flush=True); time.sleep(60)", log)
    said: list[str] = []
    kept = Kept("网站进程", service, said.append, pause=0.01)
    service.start()
    until(lambda: log.read_text().count("\n") == 1)
    os.kill(int(log.read_text()), signal.SIGKILL)
    while log.read_text().count("\n") < 2:
        kept.look()

    assert service.exit_code is None
    assert said == [f"网站进程意外退出（退出码 -9），0 秒后重启；日志：{log}"]
    service.stop()
    assert service.exit_code == 0


def test_a_service_that_keeps_dying_is_given_up_with_the_end_of_its_log(tmp_path: Path) -> None:
    service = python("raise SystemExit('no such table')", tmp_path / "it.log")
    kept = Kept("后台任务进程", service, lambda _: None, pause=0.001)
    service.start()

    with pytest.raises(CannotStartError, match=r"(?s)后台任务进程反复退出（退出码 1）.*no such table"):
        while True:
            kept.look()
    assert (tmp_path / "it.log").read_text().count("no such table") == 6


def test_what_a_dead_service_has_started_dies_with_it(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    script = """
        import signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
        time.sleep(60)
    """
    service = python(script, log, patience=0.2)
    service.start()
    until(lambda: log.read_text().endswith("\n"))
    service.stop()

    until(lambda: not alive(int(log.read_text())))


def test_after_kill_9_of_the_supervisor_its_services_end(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    script = f"""
        import os, pathlib, sys, time
        from shuniu.project.services import Process
        code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
        Process([sys.executable, "-c", code], env=os.environ, log=pathlib.Path({str(log)!r}), patience=1).start()
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)]) as supervisor:
        until(lambda: log.exists() and log.read_text().endswith("\n"))
        service = int(log.read_text())
        assert alive(service)
        supervisor.kill()

    until(lambda: not alive(service))
