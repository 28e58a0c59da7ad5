from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from shuniu.project.postgres import Postgres
from shuniu.project.run import healthy

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.1)


def members(var: Path) -> dict[int, str]:
    """The living processes of the instance on `var`, by their environment or, for the database, their command."""
    mark = f"SHUNIU_VAR={var}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            if mark in (process / "environ").read_bytes().split(b"\0") or str(var).encode() in command:
                found[int(process.name)] = command.replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def is_gone(var: Path, process: int) -> bool:
    return process not in members(var)


def runs(var: Path, part: str) -> bool:
    return any(part in command for command in members(var).values())


def turns(processes: Iterable[int]) -> set[int]:
    """How the kernel gives these processes their turns; one that has just ended has none."""
    found = set()
    for one in processes:
        with suppress(ProcessLookupError):
            found.add(os.sched_getscheduler(one))
    return found


@contextmanager
def platform(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    call = f"run({port}, pathlib.Path({str(var)!r}), demo=False)"
    script = f"import pathlib, sys; from shuniu.project.run import run; sys.exit({call})"
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHUNIU_")}
    with subprocess.Popen([sys.executable, "-c", script], env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def up(process: subprocess.Popen[str]) -> str:
    """What the platform says until it says that it is up."""
    assert process.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stderr.readline()
        assert line, f"it ended: {said}"
        said += line
    return said


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_the_platform_comes_up_survives_deaths_and_goes_down_with_one_signal(var: Path, port: int) -> None:
    with platform(var, port) as process:
        assert f"http://127.0.0.1:{port}/" in up(process)
        assert healthy("127.0.0.1", port)
        assert turns(one for one in members(var) if one != process.pid) == {os.SCHED_BATCH}
        for part in ("shuniu.project.web", "sequencer", "worker", "bin/postgres"):
            victim = min(number for number, command in members(var).items() if part in command)
            os.kill(victim, signal.SIGKILL)
            until(partial(is_gone, var, victim), 10)
            until(partial(runs, var, part), 30)  # a look too early finds the platform well that does not know yet
            until(lambda: healthy("127.0.0.1", port), 60)

        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert members(var) == {}
    assert "database system is shut down" in (var / "log" / "postgres.log").read_text()


def test_after_kill_9_nothing_stays_and_the_next_start_finds_everything(var: Path, port: int) -> None:
    url = Postgres(var).url
    with platform(var, port) as process:
        up(process)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        web = min(number for number, command in members(var).items() if "shuniu.project.web" in command)
        process.kill()
        os.kill(web, signal.SIGKILL)
        until(lambda: members(var) == {}, 30)
    with platform(var, port) as process:
        up(process)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert members(var) == {}


def test_a_port_in_use_is_answered_with_another_one(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = int(server.getsockname()[1])
        with platform(var, taken) as process:
            _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"SHUNIU_PORT={taken + 1}" in said
