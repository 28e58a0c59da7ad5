"""journal verify · journal head: what an auditor runs; journal accept: the host's word for a database taken back."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path

from shuniu.project.cli import Commands, Progress, add, plain, show


def register(commands: Commands) -> None:
    journal = commands.add_parser("journal", help="留痕").add_subparsers(required=True, metavar="命令")
    verify = add(journal, "verify", "逐条核验留痕", _verify)
    verify.add_argument("--head", type=Path, help="审计员先前取走的签名头文件")
    verify.add_argument("--json", action="store_true")
    head = add(journal, "head", "取走当前签名头，存放到平台之外", _head)
    head.add_argument("-o", "--output", type=Path, required=True)
    accept = add(journal, "accept", "承认合法恢复的数据库中的留痕，重新开始签名；此事记入留痕", _accept)
    accept.add_argument("--reason", required=True, metavar="原因", help="为什么留痕比密钥目录存底的签名头短或者不同")


def _verify(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust import api as trust
    from shuniu.trust.declare import SignedHead

    head = None
    if args.head:
        said = json.loads(args.head.read_text(encoding="utf-8"))
        head = SignedHead(**{**said, "at": datetime.fromisoformat(said["at"])})
    with Progress("核验留痕"):
        found = trust.verify_journal(actor=directory.console(), head=head)
    text = f"已核验 {found.entries} 条留痕、{found.heads} 个签名头，{found.waiting} 条待定序。"
    text += "全部相符。" if found.holds else "发现：\n" + "\n".join(found.faults)
    show(found, as_json=args.json, text=text)
    return 0 if found.holds else 1


def _head(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust import api as trust

    head = trust.export_head(actor=directory.console())
    args.output.write_text(json.dumps(plain(head), ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _accept(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust import api as trust

    head = trust.accept_journal(actor=directory.console(), reason=args.reason)
    text = f"已承认现存留痕，长度 {head.size if head else 0}；此事已记入留痕，原存底的签名头仍在密钥目录中。"
    show(head, as_json=False, text=text)
    return 0
