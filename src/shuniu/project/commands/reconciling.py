"""catalogue export · digest · reconcile: proving that a department's file and the platform hold the same rows."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from shuniu.project.cli import Commands, add, fail, show
from shuniu.trust.declare import Refused


def register(commands: Commands) -> None:
    digest = add(commands, "digest", "在本单位生成数据摘要（不需要数据库），用于对账", _digest, needs="nothing")
    digest.add_argument("file", type=Path)
    digest.add_argument("--resource", default="", help="资源代码；声明文件只有一份时可以不填")
    digest.add_argument("--declaration", type=Path, help="平台导出的资源声明（默认在数据文件旁边找）")
    digest.add_argument("--region", default="", help="只对本区划的分片时填写")
    digest.add_argument("--against", type=Path, help="平台给出的对账结果：逐行指出文件中的行号与主键")
    digest.add_argument("-o", "--output", type=Path, help="摘要文件（默认：数据文件名加 .digest）")
    digest.add_argument("--json", action="store_true")
    reconcile = add(commands, "reconcile", "用部门的摘要与平台数据对账", _reconcile)
    reconcile.add_argument("digest", type=Path)
    reconcile.add_argument("--resource", required=True)
    reconcile.add_argument("--agency", required=True)
    reconcile.add_argument("-o", "--output", type=Path, help="对账结果文件，交给部门")
    reconcile.add_argument("--json", action="store_true")


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalogue export`, which stands among the catalogue's commands."""
    parser.add_argument("resource", help="资源代码，如 43.market/registration")
    parser.add_argument("-o", "--output", type=Path, help="声明文件（默认：资源代码加 .declaration.json）")
    parser.set_defaults(call=_export, needs="database")


def _export(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange

    declaration = exchange.export_declaration(actor=directory.console(), resource=args.resource)
    output = args.output or Path(declaration.file_name)
    output.unlink(missing_ok=True)
    output.touch(mode=0o600)  # it carries the resource's key: its owner alone reads it
    output.write_text(declaration.model_dump_json(indent=1), encoding="utf-8")
    sys.stdout.write(f"已写出 {output}。内含本资源的对账密钥，请只在本单位内部保管。\n")
    return 0


def _digest(args: argparse.Namespace) -> int:
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        settings.configure(VAR=Path(folder))  # all that reading a file asks of the settings: where to put large parts
        try:
            return _against(args) if args.against else _summarise(args)
        except Refused as refusal:
            fail(refusal.message, refusal.remedy, rule=refusal.rule, as_json=args.json)
            return 1


def _summarise(args: argparse.Namespace) -> int:
    from shuniu.exchange.digest import Declaration, make

    declaration = Declaration.model_validate_json(_declaration(args).read_text(encoding="utf-8"))
    made = make(_file(args), declaration, region=args.region)
    output = args.output or args.file.with_name(args.file.name + ".digest")
    data = made.to_bytes(declaration.key)
    output.write_bytes(data)
    text = (
        f"已写出 {output}（{len(data):,} 字节）：{made.header.rows} 行；另有 {made.header.rejected} 行不合格，未计入。"
        "摘要中没有可以还原的内容，可以发送给平台。"
    )
    show({"file": str(output), "bytes": len(data), **vars(made.header)}, as_json=args.json, text=text)
    return 0


def _against(args: argparse.Namespace) -> int:
    from shuniu.exchange.differences import Differences, named
    from shuniu.exchange.digest import Declaration

    declaration = Declaration.model_validate_json(_declaration(args).read_text(encoding="utf-8"))
    found = Differences.from_json(args.against.read_text(encoding="utf-8"))
    rows = named(_file(args), declaration, found)
    text = "\n".join([found.sentence, *(row.sentence for row in rows)])
    show({"same": not rows, "rows": rows}, as_json=args.json, text=text)
    return 1 if rows else 0


def _file(args: argparse.Namespace) -> Path:
    path: Path = args.file
    if not path.is_file():
        raise Refused("file.missing", f"找不到文件 {path}。", "请核对路径。")
    return path


def _declaration(args: argparse.Namespace) -> Path:
    """The declaration named, or the one that lies beside the file or here. Raises `Refused` digest.declaration."""
    if args.declaration:
        found = [args.declaration]
    else:
        wanted = f"{args.resource.replace('/', '_') or '*'}.declaration.json"
        found = sorted({path.resolve() for folder in (args.file.parent, Path()) for path in folder.glob(wanted)})
    if len(found) != 1 or not found[0].is_file():
        raise Refused(
            "digest.declaration",
            "找不到资源声明文件。" if not found else f"有 {len(found)} 份声明文件，不知道用哪一份。",
            "请向平台索取（shuniu catalogue export 资源代码），或用 --resource、--declaration 指明。",
        )
    return Path(found[0])


def _reconcile(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange import api as exchange

    found = exchange.reconcile(
        actor=directory.console(args.agency), resource=args.resource, data=args.digest.read_bytes()
    )
    if args.output:
        args.output.write_text(found.to_json(), encoding="utf-8")
    lines = [
        f"平台多：{' '.join(v or '' for v in row.key.values())}（批次 {row.batch} 第 {row.line} 行）"
        for row in found.extra
    ]
    lines += [
        f"不同：{' '.join(v or '' for v in row.key.values())}（批次 {row.batch} 第 {row.line} 行）"
        for row in found.changed
    ]
    show(found, as_json=args.json, text="\n".join([found.sentence, *lines]))
    return 0 if found.same else 1
