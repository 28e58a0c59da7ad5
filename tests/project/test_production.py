from __future__ import annotations

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shuniu.project import place
from shuniu.project.children import CannotStartError
from shuniu.project.postgres import Postgres
from shuniu.project.run import healthy
from tests.project.instances import answer, environment, script, shuniu
from tests.project.test_run import up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
LOGINS = ["sysadmin", "secadmin", "auditor"]


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Path, dict[str, Any]]]:
    """A production instance and what `init` printed, once for this module."""
    var = Path(tempfile.mkdtemp(prefix="shuniu-prod-"))
    var.chmod(0o711)
    done = shuniu(
        var, "init", "--production", "--province", "43", "--agency-name", "湖南省数据局", "--auditor", "沈明", "--json"
    )
    with Postgres(var, durable=False):  # up for all of them: each command finds it
        yield var, answer(done)
    shutil.rmtree(var)


def test_it_holds_a_province_one_office_and_three_people_and_nothing_else(made: tuple[Path, dict[str, Any]]) -> None:
    said = script(
        made[0],
        """
        from django.conf import settings
        from shuniu.catalogue import api as catalogue
        from shuniu.directory import api as directory
        def count(table):
            with connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table}")
                return cursor.fetchone()[0]
        said = {
            "demo": settings.SHUNIU_DEMO,
            "province": settings.PROVINCE,
            "agencies": [(one.key, one.name, one.uscc) for one in directory.agencies()],
            "regions": len(directory.regions(level=2)),
            "elements": len(catalogue.elements()) > 100,
            "accounts": count("directory_account"),
            "submissions": count("exchange_submission"),
            "posts": {
                role: [(one.login, one.name) for one in directory.holders("43.office", role)]
                for role in ("system_administrator", "security_administrator", "auditor")
            },
        }
        """,
    )
    assert said == {
        "demo": False,
        "province": "43",
        "agencies": [["43.office", "湖南省数据局", None]],
        "regions": 14,
        "elements": True,
        "accounts": 3,
        "submissions": 0,
        "posts": {
            "system_administrator": [["sysadmin", "系统管理员"]],
            "security_administrator": [["secadmin", "安全管理员"]],
            "auditor": [["auditor", "沈明"]],
        },
    }


def test_a_code_lets_its_holder_in_once_and_stands_nowhere_in_the_folder(made: tuple[Path, dict[str, Any]]) -> None:
    var, printed = made
    assert [one["login"] for one in printed["administrators"]] == LOGINS
    codes = [one["code"] for one in printed["administrators"]]
    assert len(set(codes)) == 3
    said = script(
        var,
        f"""
        from shuniu.directory import api as directory
        def enrol():
            return directory.enrol(
                actor=directory.anonymous(), login="sysadmin", code={codes[0]!r}, password="correct-horse-2026"
            ).account
        def enter(password):
            return directory.sign_in(actor=directory.anonymous(), login="sysadmin", password=password).account
        first, second = enrol(), enrol()
        said = [first is not None, second, enter("correct-horse-2026") == first, enter("sysadmin")]
        """,
    )
    assert said == [True, None, True, None]
    for file in var.rglob("*"):
        if file.is_file() and file.suffix in {".log", ".conf", ""} and file.stat().st_size < 50_000_000:
            assert not any(code.encode() in file.read_bytes() for code in codes), file


def test_demo_data_are_refused(made: tuple[Path, dict[str, Any]]) -> None:
    said = script(
        made[0],
        """
        from shuniu.project import setup
        from shuniu.trust.declare import Refused
        try:
            setup.load_demo(print)
            said = "loaded"
        except Refused as refusal:
            said = refusal.rule
        """,
    )
    assert said == "demo.production"


def test_agencies_are_loaded_from_a_file_but_not_with_fictional_codes(made: tuple[Path, dict[str, Any]]) -> None:
    var = made[0]
    rows = "key,name,short,level,region,uscc,parent\n43.market,湖南省市场监督管理局,省市场监管局,1,430000,,\n"
    (var / "agencies.csv").write_text(rows, encoding="utf-8")
    assert answer(shuniu(var, "agencies", var / "agencies.csv", "--json")) == {"agencies": 1}

    demo = Path(place.__file__).parent / "provinces" / "43" / "agencies.csv"
    assert answer(shuniu(var, "agencies", demo, "--json", status=1))["refused"] == "agencies.fictional"
    (var / "agencies.csv").write_text("名称\n某局\n", encoding="utf-8")
    assert answer(shuniu(var, "agencies", var / "agencies.csv", "--json", status=1))["refused"] == "agencies.file"
    (var / "agencies.csv").unlink()


def test_one_of_the_three_gets_a_new_code_on_the_host_and_nobody_else(made: tuple[Path, dict[str, Any]]) -> None:
    var = made[0]
    listed = answer(shuniu(var, "administrators", "--json"))
    assert [one["login"] for one in listed] == LOGINS
    renewed = answer(shuniu(var, "administrators", "--reset", "auditor", "--json"))
    assert (renewed["title"], renewed["name"], len(renewed["code"])) == ("审计员", "沈明", 19)
    refused = answer(shuniu(var, "administrators", "--reset", "wangmin", "--json", status=1))
    assert refused["refused"] == "administrator.unknown"


def test_it_is_not_made_over_another_nor_without_saying_production(made: tuple[Path, dict[str, Any]]) -> None:
    var = made[0]
    before = (var / "production").read_bytes()
    assert "已有一个实例" in shuniu(var, "init", "--production", status=1).stderr
    assert "--production" in shuniu(var, "init", status=2).stderr
    assert "43" in shuniu(var, "init", "--production", "--province", "99", status=2).stderr
    assert (var / "production").read_bytes() == before


def test_it_serves_without_demo_and_without_a_first_run_page(made: tuple[Path, dict[str, Any]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free_port = int(server.getsockname()[1])
    command = [sys.executable, "-m", "shuniu.project.main", "run", "--port", str(free_port)]
    env = environment(made[0], SHUNIU_DATABASE_URL=Postgres(made[0]).url)
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = up(process)
            assert "演示" not in said
            assert healthy("127.0.0.1", free_port)
            connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=20)
            connection.request("GET", "/sign-in/")
            page = connection.getresponse().read().decode()
            assert "演示" not in page
            connection.request("GET", "/accounts/")
            reply = connection.getresponse()
            assert (reply.status, reply.headers["Location"].partition("?")[0]) == (302, "/sign-in/")
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def test_a_draft_that_fails_leaves_the_folder_empty_and_one_cut_off_is_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), place.made_whole(tmp_path) as draft:
        (draft / "keys").mkdir()
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "unfinished" / "keys").mkdir(parents=True)
    assert place.is_unfinished(tmp_path)
    assert "中断" in shuniu(tmp_path, "administrators", status=1).stderr
    with place.made_whole(tmp_path) as draft:
        assert list(draft.iterdir()) == []
        (draft / "spool").mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["spool"]


def test_a_mark_that_cannot_be_read_never_makes_a_demo_instance(tmp_path: Path) -> None:
    assert place.production(tmp_path) is None
    (tmp_path / "production").write_text("")
    with pytest.raises(CannotStartError, match="不能读取"):
        place.production(tmp_path)
