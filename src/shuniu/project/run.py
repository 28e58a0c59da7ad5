"""`shuniu run`: the whole platform on one machine, up with one command and down with one Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg

from shuniu.project import children, prepare, sandbox
from shuniu.project.children import CannotStartError
from shuniu.project.cli import say
from shuniu.project.place import reached
from shuniu.project.postgres import Postgres
from shuniu.project.programs import OLDEST
from shuniu.project.services import Kept, Process, Service

_SLOWEST_START = 120.0  # seconds until /health must answer
_PYTHON = sys.executable
_COMMAND = (_PYTHON, "-m", "shuniu.project.main")


class _StopAskedError(BaseException):
    """Ctrl-C or SIGTERM; no `except Exception` on the way may swallow it."""


def run(port: int, var: Path, *, demo: bool) -> int:
    """Start database, sequencer, worker and web server, keep them running, and stop them in the reverse order.

    `SHUNIU_HOST` is the address to listen on (127.0.0.1), `SHUNIU_DATABASE_URL` a database to use instead of our own.
    Returns the exit status: 0 after Ctrl-C or SIGTERM, 1 when a part does not come up or keeps dying.
    """
    before = {wish: signal.signal(wish, _stop_asked) for wish in (signal.SIGINT, signal.SIGTERM)}
    try:
        with contextlib.ExitStack() as running:
            _serve(os.environ.get("SHUNIU_HOST", "127.0.0.1"), port, var.resolve(), running, demo=demo)
    except _StopAskedError:
        say("已全部停止。")
        return 0
    except CannotStartError as error:
        say(f"错误：{error}")
        return 1
    finally:
        for wish, handler in before.items():
            signal.signal(wish, handler)


def _stop_asked(_number: int, _frame: FrameType | None) -> NoReturn:
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, signal.SIG_IGN)  # one wish is enough; a second must not break the orderly end
    say("正在停止……")
    raise _StopAskedError


def _serve(host: str, port: int, var: Path, running: contextlib.ExitStack, *, demo: bool) -> NoReturn:
    began = time.monotonic()
    _check_header()
    _wait_for_port(host, port)
    kept: list[Kept] = []

    def up(name: str, service: Service) -> None:
        running.callback(service.stop)
        service.start()
        kept.append(Kept(name, service, say))

    url = os.environ.get("SHUNIU_DATABASE_URL")
    if url:
        _check_database(url)
    else:
        database = Postgres(var, say=say)
        url = database.url
        up("数据库", database)
    env = {
        **os.environ,
        "SHUNIU_DATABASE_URL": url,
        "SHUNIU_VAR": str(var),
        "SHUNIU_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "shuniu.project.settings",
        "PYTHONUNBUFFERED": "1",
    }
    accounts = _prepare(env, demo=demo)
    logs = var / "log"
    if demo and sandbox.wanted(env, var):
        told, arguments = sandbox.settings(host, port)
        env |= told
        up("演示支付机构（沙箱）", Process([_PYTHON, *arguments], env=env, log=logs / "sandbox.log", patience=5))
    up("日志定序进程", Process([*_COMMAND, "sequencer"], env=env, log=logs / "sequencer.log", patience=10))
    up("后台任务进程", Process([*_COMMAND, "worker"], env=env, log=logs / "worker.log", patience=20))
    up("网站进程", Process(_web_command(host, port), env=env, log=logs / "web.log", patience=15))
    _wait_until_healthy(host, port, kept, logs / "web.log")
    say(_welcome(host, port, var, accounts, time.monotonic() - began))
    while True:
        time.sleep(0.5)
        for part in kept:
            part.look()


def _web_command(host: str, port: int) -> list[str]:
    """The web server: two processes of eight threads, so that what takes long (an upload, a filing) leaves pages to others."""
    place = ["--host", host, "--port", str(port)]
    size = ["--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "8", "--backlog", "2048"]
    endings = ["--respawn-failed-workers", "--workers-kill-timeout", "10"]
    return [_PYTHON, "-m", "shuniu.project.web", *place, *size, *endings, "shuniu.project.wsgi:application"]


def _prepare(env: Mapping[str, str], *, demo: bool) -> list[str]:
    """Bring the database's content up to date; the demo accounts, one a line."""
    command = [_PYTHON, "-m", prepare.__name__, *([prepare.DEMO] if demo else [])]
    child = children.spawn(command, output=subprocess.PIPE, errors=None, orphaned=signal.SIGTERM, env=env)
    try:
        output, _ = child.communicate()
    finally:
        children.stop(child, polite=signal.SIGTERM, seconds=10)
    if child.returncode:
        raise CannotStartError(f"准备数据库失败（退出码 {child.returncode}），原因见上。")
    return output.decode().splitlines()


def _check_header() -> None:
    """Refuse to believe a header about who somebody is whose name somebody else can write in another way.

    What the web server hands on (PEP 3333, as CGI did) has `_` for `-`: there X_Client_Cert from outside is X-Client-Cert,
    and the one that came last counts. A name with neither of them has one way to be written.
    """
    name = os.environ.get("SHUNIU_CERTIFICATE_HEADER", "")
    if "-" in name or "_" in name:
        raise CannotStartError(
            f"SHUNIU_CERTIFICATE_HEADER 不能是 {name}：带连字符的请求头，外人可以用下划线冒充。"
            f"请在代理上改用只有字母和数字的名称，如 {name.replace('-', '').replace('_', '')}。"
        )


def _check_database(url: str) -> None:
    try:
        with psycopg.connect(url) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise CannotStartError(f"连不上 SHUNIU_DATABASE_URL 指明的数据库：{error}") from error
    if version < OLDEST:
        raise CannotStartError(f"数据库是 PostgreSQL {version}，需要 {OLDEST} 或更新的版本。")


def _wait_for_port(host: str, port: int) -> None:
    """Make sure that the port is free; a run that was just killed may need seconds to let go of it."""
    deadline, told = time.monotonic() + 10, False
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        try:
            socket.create_server((host, port), family=family).close()
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                if not told:
                    say(f"端口 {port} 正被占用，等它释放，最多 10 秒……")
                    told = True
                time.sleep(0.2)
                continue
            raise CannotStartError(
                f"不能监听 {host}:{port}（{error.strerror}）：请换端口，例如 SHUNIU_PORT={port + 1} make run。"
            ) from error
        else:
            return


def _wait_until_healthy(host: str, port: int, kept: list[Kept], log: Path) -> None:
    deadline = time.monotonic() + _SLOWEST_START
    while not healthy(host, port):
        for part in kept:
            part.look()
        if time.monotonic() > deadline:
            raise CannotStartError(f"网站在 {_SLOWEST_START:.0f} 秒内没有就绪，日志 {log} 末尾：\n{children.tail(log)}")
        time.sleep(0.1)


def healthy(host: str, port: int) -> bool:
    """Whether `/health` answers 200 within five seconds."""
    connection = http.client.HTTPConnection(reached(host), port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(host: str, port: int, var: Path, accounts: list[str], seconds: float) -> str:
    shown = f"[{host}]" if ":" in host else host
    lines = [
        "",
        f"枢纽已启动（{seconds:.0f} 秒）：http://{shown}:{port}/",
        f"数据：{var}　日志：{var / 'log'}",
        *(["演示账号（演示数据，请勿用于真实业务）：", *(f"  {account}" for account in accounts)] if accounts else []),
        "按 Ctrl-C 停止。",
    ]
    return "\n".join(lines)
