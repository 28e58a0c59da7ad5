from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest

from shuniu.project import reference
from shuniu.project.cli import Progress, plain
from shuniu.project.environment import VARIABLES
from shuniu.project.main import main, parser
from shuniu.project.parser import children
from shuniu.project.run import run
from tests.project.instances import ROOT, environment

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def every(
    words: tuple[str, ...], one: argparse.ArgumentParser
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """The command line's parsers with the words that lead to each."""
    yield words, one
    for name, _, child in children(one):
        yield from every((*words, name), child)


COMMANDS = list(every((), parser()))


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_every_command_has_its_help_in_chinese(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words, "--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    usage, _, rest = said.partition("\n\n")
    assert usage.startswith("用法：shuniu")
    assert CHINESE.search(rest.splitlines()[0]), "the first line says what it is for"
    assert "显示这份说明" in said
    assert not re.search(r"positional arguments|options:|show this help", said)


def test_every_command_that_does_something_says_what_it_needs_and_is_named_once() -> None:
    acting = [(words, one) for words, one in COMMANDS if not list(children(one))]
    assert all(one.get_default("needs") in ("nothing", "database") for _, one in acting)
    assert len({words for words, _ in acting}) == len(acting)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], r"参数 命令 不能是 'frobnicate'，可选：.*submit"),
        (["receipt"], "缺少参数：编号"),
        (["receipt", "twelve"], "参数 编号 的值 'twelve' 不合格式"),
        (["receipt", "12", "--loud"], "不认识的参数：--loud"),
        (["backup", "-o"], "参数 -o/--output 后面要有一个值"),
        ([], "缺少参数：命令"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_with_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    error = capsys.readouterr().err
    assert end.value.code == 2
    assert re.search(said, error)
    assert "用法：shuniu" in error and "--help" in error


def test_a_command_where_no_instance_is_says_so_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHUNIU_VAR", str(tmp_path))
    monkeypatch.delenv("SHUNIU_DATABASE_URL")
    assert main(["receipt", "1", "--json"]) == 1
    out, err = capsys.readouterr()
    assert "还没有实例" in json.loads(out)["message"] and "还没有实例" in err
    assert list(tmp_path.iterdir()) == []


def test_results_become_json_whatever_they_are_made_of() -> None:
    class Colour(Enum):
        RED = "red"

    value = {"a": (Colour.RED, date(2026, 1, 2)), 3: frozenset({"y", "x"}), "p": Path("f"), "d": Decimal("1.50")}
    assert plain(value) == {"a": ["red", "2026-01-02"], "3": ["x", "y"], "p": "f", "d": "1.50"}
    assert json.dumps(plain([None, True, 1.5])) == "[null, true, 1.5]"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_rewrites_its_line_on_a_terminal_and_keeps_quiet_elsewhere() -> None:
    shown = Terminal()
    with Progress("装入数据库", total=200, unit="字节", stream=shown) as progress:
        progress.at(50)
        time.sleep(0.6)
        progress.at(200)
    lines = shown.getvalue().split("\r\x1b[K")
    assert lines[1].startswith("装入数据库：50 字节（25 %）")
    assert lines[-1].startswith("装入数据库：200 字节（100 %）") and lines[-1].endswith("\n")

    quiet = io.StringIO()
    with Progress("核验留痕", stream=quiet):
        pass
    assert quiet.getvalue() == ""


def test_progress_can_ask_how_far_it_is() -> None:
    shown = Terminal()
    with Progress("处理报送", stream=shown, ask=lambda: ("入库", 10, 40)):
        time.sleep(0.6)
    assert "入库：10 条（25 %）" in shown.getvalue()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("commands.md", reference.commands_markdown),
        ("rules.md", reference.rules_markdown),
        ("settings.md", reference.settings_markdown),
        ("verbs.md", reference.verbs_markdown),
    ],
)
def test_the_committed_reference_is_what_the_program_says(name: str, text: Callable[[], str]) -> None:
    committed = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert committed == text(), "run: shuniu reference -o docs/reference"


def test_every_environment_variable_that_is_read_is_documented_and_no_other() -> None:
    read = set()
    for path in (ROOT / "src").rglob("*.py"):
        read |= set(re.findall(r"""environ(?:\.get\(|\[)["'](SHUNIU_[A-Z_]+)""", path.read_text(encoding="utf-8")))
    assert read == {one.name for one in VARIABLES}


CHECK = """
import json, django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
found = run_checks(include_deployment_checks=True)
names = ["ALLOWED_HOSTS", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "SECURE_SSL_REDIRECT",
         "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "DEBUG"]
print(json.dumps([sorted(one.id for one in found), {name: getattr(settings, name) for name in names}]))
"""


def checked(var: Path, **more: str) -> tuple[list[str], dict[str, object]]:
    env = environment(var, DJANGO_SETTINGS_MODULE="shuniu.project.settings", **more)
    done = subprocess.run([sys.executable, "-c", CHECK], env=env, capture_output=True, text=True, check=True)
    found, settings = json.loads(done.stdout)
    return found, settings


@pytest.mark.parametrize("name", ["X-Client-Cert", "X_Client_Cert", "SSL-Cert"])
def test_no_certificate_is_believed_in_a_header_that_can_be_written_in_two_ways(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHUNIU_CERTIFICATE_HEADER", name)
    assert run(0, tmp_path / "var", demo=False) == 1
    assert f"SHUNIU_CERTIFICATE_HEADER 不能是 {name}" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_behind_tls_the_settings_pass_djangos_deployment_checks(tmp_path: Path) -> None:
    found, settings = checked(
        tmp_path, SHUNIU_HTTPS="1", SHUNIU_PROXY_HEADER="X-Forwarded-Proto", SHUNIU_HOST="10.43.0.8"
    )
    # W005 and W021 want HSTS for all subdomains and in browsers' lists: the domain's owner decides that, not one host of it.
    assert found == ["security.W005", "security.W021"]
    assert settings == {
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "10.43.0.8"],
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "DEBUG": False,
    }


def test_without_tls_no_header_is_believed_and_listening_everywhere_names_no_host(tmp_path: Path) -> None:
    _, settings = checked(tmp_path, SHUNIU_HOST="0.0.0.0")  # noqa: S104 - a setting, nothing is bound
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 0
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - a setting, nothing is bound
        ("::", "[::1]"),
        ("10.43.0.8", "10.43.0.8"),
    ],
)
def test_where_run_looks_whether_it_is_up_is_a_host_that_answers_though_the_public_one_alone_is_named(
    tmp_path: Path, host: str, asked: str
) -> None:
    listening = {"SHUNIU_HOST": host} if host else {}
    _, settings = checked(tmp_path, SHUNIU_ALLOWED_HOSTS="hub.example.gov.cn", **listening)
    assert settings["ALLOWED_HOSTS"] == ["hub.example.gov.cn", asked]
