"""`shuniu catalogue import` and `shuniu catalogue conformance`, for whoever holds the host's command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subparsers = argparse._SubParsersAction


def register(subparsers: Subparsers) -> Subparsers:
    """Add `catalogue` and what follows it; each sets `call`, which takes the arguments and gives the exit status.

    Returns where further commands of `catalogue` are added."""
    catalogue = subparsers.add_parser("catalogue", help="资源目录").add_subparsers(required=True)
    parser = catalogue.add_parser("import", help="导入数据字典（CSV 或 XLSX），生成目录草稿")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--agency", metavar="KEY", required=True, help="单位代码，如 43.market")
    parser.add_argument("--accept-all", action="store_true", help="较有把握的数据元识别也直接采用")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(call=import_, needs="database")
    parser = catalogue.add_parser("conformance", help="目录符合性报告")
    parser.add_argument("--agency", metavar="KEY")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(call=conformance, needs="database")
    return catalogue


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def import_(args: argparse.Namespace) -> int:
    """Import one file. 0 when every resource in it became a draft or stood already, 1 when some were left out."""
    from shuniu.catalogue import api
    from shuniu.directory import api as directory

    done = api.import_dictionary(
        actor=directory.console(args.agency),
        content=args.file.read_bytes(),
        name=args.file.name,
        agency=args.agency,
        accept_all=args.accept_all,
    )
    plan = done.plan
    found = Counter(item.proposal.confidence for one in plan.resources for item in one.items)
    blocked = sum(problem.blocks for problem in plan.problems)
    if args.json:
        summary = {
            "resources": len(plan.resources), "drafts": list(done.drafts), "items": found.total(),
            "certain": found["certain"], "likely": found["likely"], "none": found["none"],
            "problems": [asdict(problem) for problem in plan.problems],
        }  # fmt: skip
        _say(json.dumps(summary, ensure_ascii=False))
    else:
        for problem in plan.problems:
            where = f"第 {problem.row} 行" if problem.row else "全表"
            _say(f"{'×' if problem.blocks else '·'} {where} {problem.column}：{problem.message}{problem.remedy}")
        _say(f"资源 {len(plan.resources)} 个，生成或更新草稿 {len(done.drafts)} 个；信息项 {found.total()} 个：")
        _say(f"自动识别 {found['certain']}，待确认 {found['likely']}，未识别 {found['none']}；不能采用 {blocked} 处。")
    return 1 if blocked else 0


def conformance(args: argparse.Namespace) -> int:
    """Print the conformance report. 0 when every resource conforms, else 1."""
    from shuniu.catalogue import api
    from shuniu.directory import api as directory

    report = api.conformance(actor=directory.console(args.agency or ""), agency=args.agency)
    failing = [one for one in report.resources if not one.conforms]
    if args.json:
        _say(
            json.dumps(
                {
                    "resources": [asdict(one) | {"conforms": one.conforms} for one in report.resources],
                    "twice": [asdict(row) for row in report.twice],
                },
                ensure_ascii=False,
            )
        )
        return 1 if failing else 0
    for one in report.resources:
        verdict = "符合" if one.conforms else "不符合"
        _say(f"{verdict} {one.resource} {one.title}（第 {one.version} 版，{one.state.title}）")
        for fault in one.faults:
            if fault.blocks:
                _say(f"  × {fault.message}{fault.remedy}")
    for row in report.twice:
        _say(
            f"重复采集 {row.title}：{row.agency}（{len(row.resources)} 个资源），建议以 {row.source} 为准（{row.why}）"
        )
    _say(f"共 {len(report.resources)} 个资源，不符合 {len(failing)} 个；重复采集 {len(report.twice)} 项。")
    return 1 if failing else 0
