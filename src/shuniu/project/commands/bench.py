"""bench NAME: one of the scripts in `bench/`, on a database of its own that is gone afterwards."""

from __future__ import annotations

import argparse
import importlib
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from shuniu.project.begin import begin
from shuniu.project.cli import Commands, add, fail
from shuniu.project.postgres import Postgres

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "bench"


def register(commands: Commands) -> None:
    bench = add(commands, "bench", "运行一项基准测试，打印两边的数值", _bench, needs="nothing")
    bench.add_argument("name", help="名称，即 bench 目录中的脚本名")
    bench.add_argument("--json", action="store_true", help="只打印最后的 JSON 对象")
    bench.add_argument("--seed", type=int, default=1)
    bench.add_argument("--input", type=Path, help="生成文件存放（或已存放）的目录")
    bench.add_argument("--rows", type=int, help="行数（默认由各项自定）")


def _bench(args: argparse.Namespace) -> int:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8"))
    if args.name not in names:
        fail(f"没有名为“{args.name}”的基准测试。", f"可用的有：{'、'.join(names)}。", as_json=args.json)
        return 2
    var = Path(os.environ.get("SHUNIU_VAR", "var")).resolve() / "bench"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    var.chmod(0o711)  # the server may run as another user, who must pass
    try:
        with _database(var) as url:
            return _run(args, var, url)
    finally:
        shutil.rmtree(var, ignore_errors=True)


@contextmanager
def _database(var: Path) -> Iterator[str]:
    """A fresh database: on the server that `SHUNIU_DATABASE_URL` names, else on a server of its own, durable as any."""
    given = os.environ.get("SHUNIU_DATABASE_URL")
    if not given:
        with Postgres(var) as server:
            yield server.url
        return
    name = f"shuniu_bench_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(given, autocommit=True) as admin:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _run(args: argparse.Namespace, var: Path, url: str) -> int:
    os.environ |= {
        "SHUNIU_VAR": str(var),
        "SHUNIU_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shuniu.project.settings",
    }
    from django.db import connections

    begin()
    sys.path.insert(0, str(ROOT))
    module: Any = importlib.import_module(f"bench.{args.name}")
    rows = {} if args.rows is None else {"rows": args.rows}
    result = module.run(seed=args.seed, input=args.input, **rows)
    connections.close_all()
    if not args.json:
        for name, value in result.measures.items():
            bound = result.must.get(name, "")
            sys.stdout.write(f"{name:>16} {value:>14,} {bound}\n")
    sys.stdout.write(result.json() + "\n")
    return 0 if result.holds else 1
