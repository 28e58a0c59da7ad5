"""run · worker · sequencer: the platform and its processes."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from shuniu.project.cli import Commands, add


def register(commands: Commands) -> None:
    run = add(commands, "run", "启动整个平台（含内嵌数据库与演示数据），Ctrl-C 停止", _run, needs="nothing")
    run.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("SHUNIU_PORT", "8043")),
        help="监听的端口（默认 SHUNIU_PORT，再默认 8043）",
    )
    run.add_argument("--no-demo", action="store_true", help="不载入演示数据")
    add(commands, "worker", "后台任务进程（由 run 启动）", _worker)
    add(commands, "sequencer", "留痕定序进程（由 run 启动）", _sequencer)


def _run(args: argparse.Namespace) -> int:
    from shuniu.project.run import run

    var = Path(os.environ.get("SHUNIU_VAR", "var"))
    return run(args.port, var, demo=not args.no_demo and not (var / "production").exists())


def _worker(args: argparse.Namespace) -> int:
    from shuniu.project import processes

    return processes.worker()


def _sequencer(args: argparse.Namespace) -> int:
    from shuniu.project import processes

    return processes.sequencer()
