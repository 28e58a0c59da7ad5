"""migrate-cases: running cases are moved to the newest version of their procedure, after a look at what that does."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shuniu.project.cli import Commands, Progress, add, show
from shuniu.trust.declare import Refused

if TYPE_CHECKING:  # what touches the database is imported once its address is known
    from shuniu.cases.declare.versions import Group, Moved, VersionInUse
    from shuniu.procedures.declare import Procedure


def register(commands: Commands) -> None:
    command = add(commands, "migrate-cases", "把在办件迁移到程序的最新版本", _migrate)
    command.add_argument("procedure", help="程序代码，如 cases.simple")
    command.add_argument("--from", dest="version", type=int, help="旧版本号；不填就列出在办件所用的版本")
    command.add_argument(
        "--stage", action="append", default=[], metavar="旧=新",
        help="旧环节改为哪个新环节，等号后面留空表示取消；代码不变的不用写，可以重复",
    )  # fmt: skip
    command.add_argument(
        "--lane", action="append", default=[], metavar="环节=单位",
        help="新增环节的办理单位，几个用逗号隔开；不写就是办件自己的单位，可以重复",
    )  # fmt: skip
    command.add_argument("--reason", default="", help="迁移的依据，写入每件的办理过程")
    command.add_argument("--dry-run", action="store_true", help="只看会怎样，不改动任何办件")
    command.add_argument("--json", action="store_true")


def _migrate(args: argparse.Namespace) -> int:
    from shuniu.cases.api import versions
    from shuniu.directory import api as directory

    actor, new = directory.console(), versions.newest(args.procedure)
    with Progress("清点在办件"):
        used = versions.read_versions(actor=actor, procedure=args.procedure)
    if args.version is None:
        show({"newest": new.version, "versions": used}, as_json=args.json, text=_listed(new, used))
        return 0
    migration = versions.migration(versions.old_version(used, args.version), new, _pairs(args.stage), _lanes(args.lane))
    with Progress("核对" if args.dry_run else "迁移"):
        done = versions.migrate(actor=actor, migration=migration, reason=args.reason, dry_run=args.dry_run)
    said = {
        "dry_run": args.dry_run, "from": done.old.version, "to": done.new.version, "moved": done.moved,
        "stuck": done.stuck, "groups": done.groups,
    }  # fmt: skip
    show(said, as_json=args.json, text=_told(done, dry_run=args.dry_run))
    return 1 if done.stuck else 0


def _pairs(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise Refused(
                "cases.migration", f"“{one}”不是“旧环节=新环节”。", "例如 --stage check=verify，取消写 --stage check=。"
            )
        found[name.strip()] = value.strip()
    return found


def _lanes(given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {
        stage: tuple(one.strip() for one in agencies.split(",") if one.strip())
        for stage, agencies in _pairs(given).items()
    }


def _listed(new: Procedure, used: Sequence[VersionInUse]) -> str:
    lines = [f"程序“{new.title}”（{new.key}）的最新版本是第 {new.version} 版。"]
    for one in used:
        at = "，".join(f"{one.procedure[key].title} {count:,}" for key, count in one.waiting if count)
        lines.append(f"第 {one.procedure.version} 版：在办 {one.cases:,} 件（{at or '没有等待办理的环节'}）")
    return "\n".join(lines if used else [*lines, "没有在办件。"])


def _told(done: Moved, *, dry_run: bool) -> str:
    """What is done to each group of cases, then to all."""
    lines = [_line(done, one) for one in done.groups]
    verb = "可以迁移" if dry_run else "已迁移"
    lines.append(
        f"第 {done.old.version} 版 → 第 {done.new.version} 版：{verb} {done.moved:,} 件，不能迁移 {done.stuck:,} 件。"
        + ("没有改动任何办件。" if dry_run else "")
    )
    return "\n".join(lines)


def _line(done: Moved, one: Group) -> str:
    where = _titles(done.old, one.waits)
    if one.problem:
        return f"在“{where}”的 {one.cases:,} 件不能迁移：{one.problem}。例如 {'、'.join(one.examples)}"
    said = [f"在“{where}”的 {one.cases:,} 件 → “{_titles(done.new, one.goes)}”"]
    said += [f"{word}：{_titles(procedure, keys)}" for word, procedure, keys in (
        ("答复保留", done.new, one.stand), ("重新办理", done.new, one.anew), ("答复作废", done.old, one.dropped),
    ) if keys]  # fmt: skip
    return "；".join(said)


def _titles(procedure: Procedure, keys: Sequence[str]) -> str:
    return "、".join(procedure[key].title for key in keys) or "—"
