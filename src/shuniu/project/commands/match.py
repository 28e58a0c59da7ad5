"""match export: which subject every stored row was given, with the file and line that it came from."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable

from shuniu.project.cli import Commands, add


def register(commands: Commands) -> None:
    match = commands.add_parser("match", help="主体匹配").add_subparsers(required=True, metavar="命令")
    export = add(match, "export", "逐行导出匹配结果：文件、行号、主体编号（未知为空）、状态", _export)
    export.add_argument("--resource", action="append", default=[], help="资源代码；可重复，缺省为全部")
    export.add_argument("--json", action="store_true", help="每行一个 JSON 对象，缺省为 CSV")


def _export(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange
    from shuniu.registries import api as registries

    actor = directory.console()
    placed = registries.export_matches(actor=actor, resources=args.resource)
    names: dict[str, str] = {}

    def file_of(source: str) -> str:
        if source not in names:
            kind, _, number = source.partition(":")
            delivered = kind == "submission" and number.isdigit()
            names[source] = exchange.receipt(actor=actor, number=int(number)).name if delivered else source
        return names[source]

    rows = ((file_of(one.source), one.line, one.subject, one.state) for one in placed)
    _write(rows, as_json=args.json)
    return 0


def _write(rows: Iterable[tuple[str, int, int | None, str]], *, as_json: bool) -> None:
    """A subject that is not known yet has no number to show: it may be another one tomorrow."""
    titles = ("file", "line", "subject", "state")
    table = csv.writer(sys.stdout, lineterminator="\n")
    if not as_json:
        table.writerow(titles)
    for file, line, subject, state in rows:
        cells = (file, line, str(subject) if state == "known" else "", state)
        if as_json:
            sys.stdout.write(json.dumps(dict(zip(titles, cells, strict=True)), ensure_ascii=False) + "\n")
        else:
            table.writerow(cells)
