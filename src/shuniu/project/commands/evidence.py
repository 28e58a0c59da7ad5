"""evidence verify · show · export · keys · present · cross · take-cross: proofs that leave the platform, and come back."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shuniu.project.cli import Commands, add, fail, plain, show
from shuniu.trust.declare import Refused, SignedHead

if TYPE_CHECKING:
    from shuniu.trust.evidence.verify import Report

_MARKS = {"holds": "相符", "fails": "不符", "absent": "未证明"}


def register(commands: Commands) -> None:
    evidence = commands.add_parser("evidence", help="证据").add_subparsers(required=True, metavar="命令")
    checking = add(evidence, "verify", "离线核验证据文件：只用公钥，不需要数据库和平台", _verify, needs="nothing")
    checking.add_argument("file", type=Path, metavar="文件")
    checking.add_argument("--trust", type=Path, metavar="文件", help="您信任的根证书和公钥（PEM），不取自证据文件")
    checking.add_argument("--head", type=Path, metavar="文件", help="您持有的签名头")
    checking.add_argument("--json", action="store_true")
    showing = add(evidence, "show", "在证据文件里展示答复的一个信息项，其余仍不公开", _show, needs="nothing")
    showing.add_argument("file", type=Path, metavar="文件")
    showing.add_argument(
        "--answer", type=Path, required=True, metavar="文件", help="收到的答复原文，或客户端保存的文件"
    )
    showing.add_argument("--field", action="append", required=True, metavar="行/信息项", help="如 0/处罚金额；可重复")
    showing.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    export = add(evidence, "export", "导出一件事的证据文件", _export)
    export.add_argument("number", help="如 submission:12、case:7、call:345、entry:345")
    export.add_argument("--head", type=Path, metavar="文件", help="核验人持有的签名头：附上从它延续的证明")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    _witness_commands(evidence)


def _witness_commands(evidence: Commands) -> None:
    keys = add(evidence, "keys", "导出平台的留痕公钥（PEM），另行交给核验人", _keys)
    keys.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    present = add(evidence, "present", "取走签名头，请其他节点交叉签名", _present)
    present.add_argument("--after", type=int, default=0, metavar="长度", help="对方上次签过的长度")
    present.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    cross = add(evidence, "cross", "为其他节点的签名头签名", _cross)
    cross.add_argument("file", type=Path, metavar="文件", help="对方用 present 取走的文件")
    cross.add_argument("--called", required=True, metavar="名称", help="对方节点的名称")
    cross.add_argument("--node", required=True, metavar="名称", help="本节点的名称")
    cross.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    taking = add(evidence, "take-cross", "登记其他节点的交叉签名", _take)
    taking.add_argument("file", type=Path, metavar="文件")


def _head(path: Path | None) -> SignedHead | None:
    if path is None:
        return None
    from shuniu.trust.evidence import forms

    return forms.read(SignedHead, path.read_bytes())


def _verify(args: argparse.Namespace) -> int:
    from shuniu.trust.evidence import file, verify

    try:
        found = file.read(args.file.read_bytes())
        trusted = verify.trust(args.trust.read_bytes() if args.trust else b"", _head(args.head))
    except OSError as error:
        fail(f"读不到文件：{error.filename}。", "请核对路径。", as_json=args.json)
        return 2
    except Refused as refusal:
        fail(refusal.message, refusal.remedy, rule=refusal.rule, as_json=args.json)
        return 2
    report = verify.verify(found, trusted)
    show(report, as_json=args.json, text=_text(report))
    return 0 if report.holds else 1


def _text(report: Report) -> str:
    lines = [f"证据文件 {report.number}，出具于 {_moment(report.made_at)}"]
    lines += [f"  {_MARKS[one.state]}　{one.title}{'：' + one.said if one.said else ''}" for one in report.checks]
    lines += [f"  平台声明　{one}" for one in report.unproven]
    end = "全部相符。" if report.holds else f"{len(report.faults)} 处不符，不能作为证据。"
    return "\n".join([*lines, end])


def _moment(text: str) -> str:
    """A moment as it stands in a file, to the second and with its zone, as a person reads it."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M:%S}（世界协调时）"


def _show(args: argparse.Namespace) -> int:
    from shuniu.trust.evidence import file, showing

    wanted = [(int(row), item) for row, _, item in (one.partition("/") for one in args.field) if row.isdecimal()]
    if len(wanted) < len(args.field):
        fail("信息项要写成“行/信息项”，行从 0 起。", "如 --field 0/处罚金额。")
        return 2
    rows, seed = showing.answer(args.answer.read_bytes())
    made = showing.show(file.read(args.file.read_bytes()), rows, seed, wanted)
    args.output.write_bytes(file.write(made))
    return 0


def _export(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange.api.evidence import exchange_of
    from shuniu.trust import api as trust
    from shuniu.trust.evidence import api, file

    actor, held = directory.console(), _head(args.head)
    kind, _, number = args.number.partition(":")
    exchange = exchange_of(int(number)) if kind == "call" and number.isdecimal() else None
    if kind in ("entry", "call") and number.isdecimal():
        entries = [int(number)]
    else:
        found = trust.search_journal(actor=actor, target=args.number, limit=api.MOST)
        entries = [one.id for one in found.lines if one.position is not None]
    if not entries:
        fail(f"留痕里没有 {args.number}。", "请核对编号，如 submission:12、case:7、entry:345。")
        return 1
    made = api.export_evidence(
        actor=actor, entries=entries, number=args.number, held=held.size if held else 0, exchange=exchange
    )
    args.output.write_bytes(file.write(made))
    lacking = "".join(f"\n  {one}" for one in made.unproven)
    sys.stdout.write(f"已导出 {len(made.entries)} 条留痕的证据。{'平台声明：' + lacking if lacking else ''}\n")
    return 0


def _keys(args: argparse.Namespace) -> int:
    from shuniu.trust.evidence import api

    args.output.write_bytes(api.public_keys())
    return 0


def _present(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust.evidence import api

    found = api.present_head(actor=directory.console(), after=args.after)
    _write(args.output, plain(found))
    return 0


def _cross(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust.evidence import api, forms
    from shuniu.trust.evidence.declare import Presented

    presented = forms.read(Presented, args.file.read_bytes())
    made = api.cross_head(actor=directory.console(), presented=presented, node=args.node, called=args.called)
    _write(args.output, plain(made))
    return 0


def _take(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust.evidence import api, forms
    from shuniu.trust.evidence.declare import Crossed

    new = api.take_cross(actor=directory.console(), crossed=forms.read(Crossed, args.file.read_bytes()))
    sys.stdout.write("已登记。\n" if new else "此前已登记过。\n")
    return 0


def _write(path: Path, said: object) -> None:
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
