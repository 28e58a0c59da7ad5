"""report: a legal person's public credit report from the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from shuniu.project.cli import Commands, add, show


def register(commands: Commands) -> None:
    command = add(commands, "report", "出具一个法人的公共信用信息报告（公开版）", _report)
    command.add_argument("code", help="统一社会信用代码")
    command.add_argument("--pdf", type=Path, help="写成 PDF 文件")
    command.add_argument("--json", action="store_true")


def _report(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.portal.credit import api as portal
    from shuniu.portal.credit.document import counts, pdf

    issued = portal.issue(actor=directory.console(), code=args.code)
    if args.pdf:
        args.pdf.write_bytes(pdf(issued))
    made = issued.report
    found = [(title, classes, facts) for title, classes, facts in counts(made) if facts]
    said = {
        "number": issued.number,
        "digest": issued.digest,
        "name": made.header.name,
        "code": made.header.code,
        "at": made.at,
        "counts": {title: facts for title, _, facts in found},
        "content": made.content(),
        "pdf": str(args.pdf) if args.pdf else "",
    }
    lines = [
        f"{made.header.name}（{made.header.code}）公共信用信息报告",
        f"编号 {issued.number}",
        f"摘要 {issued.digest}",
    ]
    lines += [f"{title}：{facts} 条，{classes} 类" for title, classes, facts in found] or ["没有可以列示的信用信息。"]
    lines += [f"已写入 {args.pdf}"] if args.pdf else []
    show(said, as_json=args.json, text="\n".join(lines))
    return 0
