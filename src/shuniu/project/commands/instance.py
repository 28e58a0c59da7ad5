"""init · backup · restore · agencies · administrators: a production instance, made, kept and brought back."""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shuniu.project import backup, dumps, place
from shuniu.project.archive import Contents
from shuniu.project.begin import begin
from shuniu.project.cli import Commands, add, fail, say, show
from shuniu.trust.declare import Refused

if TYPE_CHECKING:
    from shuniu.project.instance import Administrator
    from shuniu.trust.declare import Verification


def register(commands: Commands) -> None:
    init = add(
        commands, "init", "在空目录（SHUNIU_VAR）中建立生产实例，打印首批管理员的一次性激活码", _init, needs="nothing"
    )
    init.add_argument("--production", action="store_true", help="建立生产实例：没有演示数据，没有演示账号")
    init.add_argument("--province", default="43", help="省级区划代码前两位，如 43")
    init.add_argument("--agency-name", default="", help="平台主管单位的名称（默认取自省的数据文件夹）")
    init.add_argument("--system-administrator", default="", metavar="姓名", help="系统管理员的姓名")
    init.add_argument("--security-administrator", default="", metavar="姓名", help="安全管理员的姓名")
    init.add_argument("--auditor", default="", metavar="姓名", help="审计员的姓名")
    init.add_argument("--json", action="store_true")
    init.set_defaults(makes=True)
    saving = add(commands, "backup", "备份数据库和密钥到一个加密文件，平台可以不停", _backup)
    saving.add_argument("-o", "--output", type=Path, required=True, metavar="文件", help="备份文件，不能已存在")
    _passphrase_option(saving)
    restoring = add(commands, "restore", "从备份恢复到空目录（SHUNIU_VAR），并核验留痕", _restore, needs="nothing")
    restoring.add_argument("file", type=Path, metavar="文件", help="备份文件")
    _passphrase_option(restoring)
    restoring.set_defaults(makes=True)
    agencies = add(commands, "agencies", "从 CSV 载入或更正单位", _agencies)
    agencies.add_argument("file", type=Path, metavar="文件", help="列：key,name,short,level,region,uscc,parent")
    agencies.add_argument("--json", action="store_true")
    codes = add(commands, "administrators", "列出系统、安全、审计管理员；--reset 为其中一人重发激活码", _administrators)
    codes.add_argument("--reset", default="", metavar="登录名", help="作废其密码，打印新的一次性激活码")
    codes.add_argument("--json", action="store_true")


def _passphrase_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="文件", help="口令文件（默认读环境变量 SHUNIU_BACKUP_PASSPHRASE）"
    )
    parser.add_argument("--json", action="store_true")


def _var() -> Path:
    return Path(os.environ.get("SHUNIU_VAR", "var")).resolve()


def _enter(draft: Path, url: str, province: str) -> None:
    """Have this process work in an instance that is being made; the settings are read once, here."""
    os.environ |= {
        "SHUNIU_VAR": str(draft),
        "SHUNIU_DATABASE_URL": url,
        "SHUNIU_PROVINCE": province,
        "DJANGO_SETTINGS_MODULE": "shuniu.project.settings",
    }
    begin()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _init(args: argparse.Namespace) -> int:
    if not args.production:
        fail("init 只用于生产实例。", "请加 --production；演示实例不需要 init，直接 shuniu run。", as_json=args.json)
        return 2
    shipped = sorted(path.name for path in (Path(__file__).parents[1] / "provinces").iterdir() if path.is_dir())
    if args.province not in shipped:
        fail(f"没有省 {args.province} 的数据文件夹。", f"可用的有：{'、'.join(shipped)}。", as_json=args.json)
        return 2
    var, given = _var(), os.environ.get("SHUNIU_DATABASE_URL")
    with place.made_whole(var) as draft:
        made = _make(draft, given, args)
    text = "\n".join(
        [
            f"生产实例已建立：{var}。没有演示数据和演示账号。",
            "首批管理员（三员分设，请分别交给三个人）。激活码只显示这一次，平台不留存：",
            *map(_line, made),
            "用 shuniu run 启动后，各自打开 /enrol/ 用激活码设置密码。",
        ]
    )
    show({"var": str(var), "administrators": made}, as_json=args.json, text=text)
    return 0


def _make(draft: Path, given: str | None, args: argparse.Namespace) -> list[Administrator]:
    place.mark(draft, place.Production(province=args.province, made=datetime.now(UTC)))
    with dumps.empty_database(draft, given, say) as url:
        say("建立数据库结构，载入区划、数据元和代码集……")
        _enter(draft, url, args.province)
        from django.conf import settings
        from django.db import connections

        from shuniu.project import instance

        names = {
            "system_administrator": args.system_administrator,
            "security_administrator": args.security_administrator,
            "auditor": args.auditor,
        }
        try:
            _migrate()
            return instance.make(settings.PROVINCE_FOLDER, args.agency_name, names)
        finally:
            connections.close_all()


def _line(one: Administrator) -> str:
    until = one.expires.astimezone().strftime("%Y-%m-%d %H:%M")
    return f"  {one.title}　{one.name}　登录名 {one.login}　激活码 {one.code}　有效到 {until}"


def _passphrase(args: argparse.Namespace) -> str:
    if args.passphrase_file:
        return backup.check_passphrase(args.passphrase_file.read_text(encoding="utf-8"))
    return backup.check_passphrase(os.environ.get("SHUNIU_BACKUP_PASSPHRASE", ""))


def _backup(args: argparse.Namespace) -> int:
    from django.conf import settings

    from shuniu.directory import api as directory
    from shuniu.trust import api as trust

    passphrase = _passphrase(args)
    try:
        trust.sequence()  # a stopped instance has no sequencer: the head must cover all that is committed
    except Refused as refusal:
        say(f"注意：{refusal}备份照常进行。")
    head = trust.export_head(actor=directory.console())
    done = backup.write(
        args.output,
        passphrase,
        var=settings.VAR,
        url=os.environ["SHUNIU_DATABASE_URL"],
        head=head,
        province=settings.PROVINCE,
    )
    text = (
        f"已备份到 {done.file}：{done.bytes:,} 字节（数据库 {done.database_bytes:,} 字节，留痕 {done.journal_entries:,} 条），"
        f"用时 {done.seconds:.1f} 秒。口令请与备份分开保管：没有口令，谁也打不开它。"
    )
    if done.open_submissions:
        text += f"\n有 {done.open_submissions} 件报送尚未处理完，原文件不进备份；恢复后会退回，请单位重报。"
    show(done, as_json=args.json, text=text)
    return 0


def _restore(args: argparse.Namespace) -> int:
    began, var = time.monotonic(), _var()
    done = backup.restore(
        args.file,
        _passphrase(args),
        var=var,
        given=os.environ.get("SHUNIU_DATABASE_URL"),
        say=say,
        verify=_verify,
    )
    text = (
        f"已恢复到 {var}，内容截至 {done.made.astimezone():%Y-%m-%d %H:%M:%S}。\n"
        f"恢复用时 {time.monotonic() - began:.1f} 秒（核对 {done.checked_seconds} 秒，装入 {done.loaded_seconds} 秒，"
        f"核验留痕 {done.verified_seconds} 秒）；数据库 {done.database_bytes:,} 字节。\n"
        f"留痕 {done.journal_entries:,} 条（{done.journal_bytes:,} 字节），与备份中的签名头相符。"
    )
    if done.open_submissions:
        text += f"\n有 {done.open_submissions} 件报送当时尚未处理完，启动后会退回，请通知单位重报。"
    show(done, as_json=args.json, text=text)
    return 0


def _verify(draft: Path, url: str, contents: Contents) -> Verification:
    """Bring what was loaded up to this release, and prove its journal against the head that the backup carries."""
    _enter(draft, url, contents.province)
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from shuniu.directory import api as directory
    from shuniu.trust import api as trust

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(contents.migrations) - known):
        raise Refused("backup.newer", f"备份来自更新的版本（{newer[0]}）。", "请先升级本程序，再恢复。")
    try:
        _migrate()
        trust.prepare()
        trust.record_restore(actor=directory.console(), made=contents.made, head=contents.head)
        while trust.sequence():
            continue
        return trust.verify_journal(actor=directory.console(), head=contents.head)
    finally:
        connections.close_all()


def _agencies(args: argparse.Namespace) -> int:
    from django.conf import settings

    from shuniu.project import instance

    count = instance.load_agencies(args.file, production=not settings.SHUNIU_DEMO)
    show({"agencies": count}, as_json=args.json, text=f"已载入 {count} 个单位。")
    return 0


def _administrators(args: argparse.Namespace) -> int:
    from shuniu.directory.declare import ROLES
    from shuniu.project import instance

    if args.reset:
        renewed = instance.new_code(args.reset)
        show(renewed, as_json=args.json, text="原密码已作废。激活码只显示这一次：\n" + _line(renewed))
        return 0
    found = instance.administrators()
    people = [{"role": role, "login": one.login, "name": one.name} for role, one in found]
    text = "\n".join(f"{ROLES[role].title}　{one.name}　登录名 {one.login}" for role, one in found)
    show(people, as_json=args.json, text=text or "还没有管理员。")
    return 0
