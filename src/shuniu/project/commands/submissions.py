"""submit · receipt · rejects: a department's deliveries from the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from shuniu.project.cli import Commands, Progress, add, show


def register(commands: Commands) -> None:
    submit = add(commands, "submit", "报送一个数据文件", _submit)
    submit.add_argument("file", type=Path, metavar="文件", help="CSV、XLSX、JSON 或 XML")
    submit.add_argument("--resource", required=True, help="资源代码，如 43.market/registration")
    submit.add_argument("--agency", required=True, help="报送单位代码，如 43.market")
    submit.add_argument(
        "--mode", choices=["snapshot", "delta"], default="snapshot", help="snapshot 全量（默认），delta 增量"
    )
    submit.add_argument("--batch", default="", help="本单位批次号；同号同内容只处理一次")
    submit.add_argument("--region", default="", help="只报送本区划的分片时填写")
    submit.add_argument("--json", action="store_true")
    receipt = add(commands, "receipt", "查看回执", _receipt)
    receipt.add_argument("number", type=int, metavar="编号", help="报送编号")
    receipt.add_argument("--json", action="store_true")
    rejects = add(commands, "rejects", "导出退回清单（原列名，附退回理由）", _rejects)
    rejects.add_argument("number", type=int, metavar="编号", help="报送编号")
    rejects.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    rejects.add_argument("--json", action="store_true")


def _submit(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange
    from shuniu.exchange.declare import State
    from shuniu.exchange.delivery import spool_file
    from shuniu.registries.declare import Mode

    taken = exchange.deliver(
        actor=directory.console(args.agency), writer=spool_file(args.file), resource=args.resource,
        name=args.file.name, mode=Mode(args.mode), channel="command", department_batch=args.batch,
        region=args.region, enqueue=False,
    )  # fmt: skip
    with Progress("处理报送", ask=lambda: _stage(taken.number)):
        receipt = exchange.process(actor=directory.system("worker"), number=taken.number)
    show(receipt, as_json=args.json, text=receipt.text)
    return 1 if receipt.state in (State.REFUSED, State.HELD) else 0


def _stage(number: int) -> tuple[str, int, int] | None:
    """How far a submission is, asked from the thread that shows it, whose connection must not outlive the question."""
    from django.db import connections

    from shuniu.directory import api as directory
    from shuniu.exchange.api import overview

    try:
        _, found = overview.progress(directory.console(), number)
    finally:
        connections.close_all()
    return None if found is None else (found.stage, found.done, found.total)


def _receipt(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange

    receipt = exchange.receipt(actor=directory.console(), number=args.number)
    show(receipt, as_json=args.json, text=receipt.text)
    return 0


def _rejects(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange

    written = exchange.export_rejects(actor=directory.console(), number=args.number)
    args.output.write_bytes(written.data)
    show({"file": str(args.output), "rows": written.rows}, as_json=args.json, text=f"已写出 {written.rows} 行退回记录")
    return 0
