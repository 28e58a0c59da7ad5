"""trust …: the platform's self-check, inviting, what licensed authorities issue; a department's machine that joins and renews."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from shuniu.project.cli import Commands, add, show, show_findings

if TYPE_CHECKING:
    pass


def register(commands: Commands) -> None:
    trust = commands.add_parser("trust", help="密钥与证书").add_subparsers(required=True, metavar="命令")
    doctor = add(trust, "doctor", "自检时钟、密码套件、签发机构和证书，说明由谁处理", _doctor)
    doctor.add_argument("--agency", default="", help="只看这个单位的证书，例如 43.market")
    doctor.add_argument("--json", action="store_true")
    check = add(trust, "check", "在接入的机器上自检时钟、证书和私钥", _check, needs="nothing")
    _folder(check)
    check.add_argument("--json", action="store_true")
    join = add(trust, "join", "在接入的机器上用邀请码接入：自己生成密钥，取得证书", _join, needs="nothing")
    join.add_argument("code", metavar="邀请码")
    join.add_argument("--suite", choices=("international", "guomi"), default="international", help="密码套件")
    join.add_argument("--agency", default="", help="本单位标识；邀请码不是发给它的就不接入")
    _folder(join)
    renew = add(trust, "renew", "在接入的机器上用现有密钥换发证书", _renew, needs="nothing")
    renew.add_argument(
        "--within", type=int, metavar="天数", help="只在到期前这么多天内换发，否则什么都不做（供定时任务）"
    )
    _folder(renew)
    invite = add(trust, "invite", "给一个单位发放接入邀请码，只显示这一次", _invite)
    invite.add_argument("agency", metavar="单位")
    invite.add_argument("--suite", choices=("international", "guomi"), default="international", help="密码套件")
    invite.add_argument("--json", action="store_true")
    brought = add(trust, "import", "登记持牌机构为一个单位签发的证书", _import)
    brought.add_argument("agency", metavar="单位")
    brought.add_argument("file", type=Path, metavar="文件", help="证书，PEM 或 DER")
    brought.add_argument("--purpose", choices=("sign", "encrypt"), default="sign", help="用途：签名或者加密")
    listed = add(trust, "revocations", "接收持牌机构的吊销列表（CRL）", _revocations)
    listed.add_argument("file", type=Path, metavar="文件", help="吊销列表，PEM 或 DER")


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", required=True, help="平台地址，例如 https://shuniu.example.gov.cn")
    parser.add_argument("--folder", type=Path, default=Path("shuniu-keys"), help="存放密钥和证书的目录")


def _doctor(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.exchange.gateway.clocks import refused_clocks
    from shuniu.trust.certificates import api

    found = api.self_check(actor=directory.console(), agency=args.agency, machines=refused_clocks)
    return show_findings(found, as_json=args.json)


def _check(args: argparse.Namespace) -> int:
    from shuniu.trust.certificates.client import Machine, check

    return show_findings(check(Machine(args.folder, args.url.rstrip("/"))), as_json=args.json)


def _join(args: argparse.Namespace) -> int:
    from shuniu.trust.certificates.client import join

    until = join(args.url.rstrip("/"), args.code, args.folder, suite=args.suite, agency=args.agency)
    text = f"已接入。证书在 {args.folder}，有效到 {until:%Y-%m-%d}。私钥由本机生成，请勿外传。"
    show({"until": until}, as_json=False, text=text)
    return 0


def _renew(args: argparse.Namespace) -> int:
    from shuniu.trust.certificates.client import due, renew

    if args.within is not None and not due(args.folder, days=args.within):
        show({}, as_json=False, text="证书还没到换发的时候。")
        return 0
    until = renew(args.url.rstrip("/"), args.folder)
    show({"until": until}, as_json=False, text=f"已换发，新证书有效到 {until:%Y-%m-%d}；旧证书到期前仍可使用。")
    return 0


def _invite(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust.certificates import api

    found = directory.console(args.agency)
    made = api.invite(actor=found, agency=args.agency, agency_name=found.agency_name, suite=args.suite)
    text = f"{found.agency_name} 的邀请码（只显示这一次）：{made.code}，有效到 {made.expires.astimezone():%Y-%m-%d %H:%M}。"
    show({"code": made.code, "expires": made.expires}, as_json=args.json, text=text)
    return 0


def _import(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust.certificates import api
    from shuniu.trust.certificates.declare import Subject

    actor = directory.console(args.agency)
    subject = Subject("agency", f"agency:{args.agency}", actor.agency_name, args.agency, actor.agency_name)
    held = api.import_certificate(
        actor=actor, subject=subject, certificate=args.file.read_bytes(), purpose=args.purpose
    )
    text = f"已登记为第 {held.number} 号证书，属于{held.name}，有效到 {held.not_after.astimezone():%Y-%m-%d}。"
    show({"number": held.number}, as_json=False, text=text)
    return 0


def _revocations(args: argparse.Namespace) -> int:
    from shuniu.directory import api as directory
    from shuniu.trust.certificates import api

    ended = api.take_revocations(actor=directory.console(), revocation_list=args.file.read_bytes())
    show({"revoked": ended}, as_json=False, text=f"列表已核对，新吊销 {ended} 张证书。")
    return 0
