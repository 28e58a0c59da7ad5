"""node check · run: a department's front-end node; node keys · declare · end: the platform's side of it."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shuniu.project.cli import Commands, add, show, show_findings

if TYPE_CHECKING:
    from shuniu.trust.certificates.declare import Finding


def register(commands: Commands) -> None:
    node = commands.add_parser("node", help="前置节点：用本单位的表实时答复平台").add_subparsers(
        required=True, metavar="命令"
    )
    check = add(node, "check", "在前置机上自检：密钥、数据库、表和列", _check, needs="nothing")
    check.add_argument("file", type=Path, metavar="文件", help="节点的配置（TOML）")
    check.add_argument("--json", action="store_true")
    run = add(node, "run", "在前置机上运行节点，自检不过就不启动", _run, needs="nothing")
    run.add_argument("file", type=Path, metavar="文件", help="节点的配置（TOML）")
    declare = add(node, "declare", "在平台上登记：这个资源由前置节点（或其他实时接口）答复", _declare)
    declare.add_argument("resource", metavar="资源", help="例如 43.market/registration")
    declare.add_argument("--url", required=True, help="节点的地址，与节点配置里的 url 相同")
    declare.add_argument(
        "--certificate", type=Path, required=True, metavar="文件", help="节点的签名证书（signing.crt）"
    )
    declare.add_argument("--wait-ms", type=int, default=5_000, help="最多等多少毫秒")
    declare.add_argument("--most", type=int, default=1_000_000, help="答复最多多少字节")
    keys = add(node, "keys", "导出平台的签名证书（PEM），交给前置节点和接入的单位核对平台的签名", _keys)
    keys.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
    end = add(node, "end", "在平台上停用资源的实时接口，改由已存的数据答复", _end)
    end.add_argument("resource", metavar="资源")


def _findings(path: Path) -> Sequence[Finding]:
    from shuniu.node.answering import Node
    from shuniu.node.declare import read
    from shuniu.trust.certificates.client import Machine, check

    settings = read(path)
    return (*check(Machine(settings.folder)), *Node(settings).rows.check())


def _check(args: argparse.Namespace) -> int:
    return show_findings(_findings(args.file), as_json=args.json)


def _run(args: argparse.Namespace) -> int:
    from shuniu.node.answering import Node
    from shuniu.node.declare import read
    from shuniu.node.serving import Server

    if show_findings(_findings(args.file), as_json=False):
        return 1
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = read(args.file)
    host, _, port = settings.listen.rpartition(":")
    with Server(Node(settings), (host, int(port))) as server:
        show({}, as_json=False, text=f"节点在 {settings.listen} 等待平台查询，按 Ctrl-C 停止。")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def _declare(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange.gateway import interfaces
    from shuniu.trust.declare import Refused

    try:
        certificate = args.certificate.read_bytes()
    except OSError as error:
        raise Refused("node.key", f"读不到证书 {args.certificate}。", "请核对路径和权限。") from error
    number = interfaces.declare_live(
        actor=directory.console(), resource=args.resource, url=args.url, certificate=certificate, wait_ms=args.wait_ms,
        most=args.most,
    )  # fmt: skip
    show(
        {"number": number}, as_json=False, text=f"已登记为第 {number} 号实时接口：{args.resource} 由 {args.url} 答复。"
    )
    return 0


def _keys(args: argparse.Namespace) -> int:
    from asn1crypto import pem

    from shuniu.trust import suites
    from shuniu.trust.certificates.api import node
    from shuniu.trust.declare import Refused

    made: list[bytes] = []
    for suite in suites.suites():
        try:
            made.append(pem.armor("CERTIFICATE", node(suite.key).certificate))
        except Refused:  # this suite is not in use
            continue
    made = made or [pem.armor("CERTIFICATE", node("international").certificate)]
    args.output.write_bytes(b"".join(made))
    show({"keys": len(made)}, as_json=False, text=f"已写入 {len(made)} 张证书：{args.output}。平台换发后请重新导出。")
    return 0


def _end(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange.gateway import interfaces

    interfaces.end_live(actor=directory.console(), resource=args.resource)
    show({}, as_json=False, text=f"已停用：{args.resource} 改由已存的数据答复。")
    return 0
