"""The reference pages that are written from the program itself, so that they cannot say anything else than it does."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import shuniu
from shuniu.base.rules import PACKS, Certainty, Rule, RuleBook
from shuniu.project import parser as command_line
from shuniu.project.environment import VARIABLES

_WRITTEN = "<!-- 由 shuniu reference 生成，请勿手改。 -->"
CERTAINTIES = {
    Certainty.VERIFIED: "已核对原文",
    Certainty.KNOWN: "通行知识，未核原文",
    Certainty.UNCERTAIN: "未核实",
    Certainty.OWN_DEFAULT: "平台默认值",
}


def write(folder: Path) -> list[Path]:
    """Write every page into a folder. Returns the files."""
    pages = {
        "commands.md": commands_markdown(),
        "verbs.md": verbs_markdown(),
        "rules.md": rules_markdown(),
        "settings.md": settings_markdown(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def commands_markdown() -> str:
    """Every command with its arguments."""
    from shuniu.project.main import parser

    lines = [
        *_head("命令", "退出码：0 办成，1 被拒绝或未通过，2 用法有误。凡有 `--json` 的命令，结果是标准输出的最后一行。")
    ]
    for words, one in _commands("shuniu", parser()):
        lines += [f"## `{words}`", "", one.description or "", ""]
        rows = [(_shown(action), _note(action)) for action in one._actions if action.dest != "help"]
        if rows:
            lines += [*_table(("参数", "说明"), rows), ""]
    return _page(lines)


def _commands(words: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The commands that do something: those that only gather others are in their names."""
    under = list(command_line.children(parser))
    if not under:
        yield words, parser
    for name, _, child in under:
        yield from _commands(f"{words} {name}", child)


def _shown(action: argparse.Action) -> str:
    word = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        return f"`{word}`"
    value = (
        "" if action.nargs == 0 else f" {'{' + ','.join(map(str, action.choices)) + '}' if action.choices else word}"
    )
    return "、".join(f"`{option}{value}`" for option in action.option_strings)


def _note(action: argparse.Action) -> str:
    needed = "必填。" if action.required and action.option_strings else ""
    return needed + (action.help or "").replace("%(default)s", str(action.default))


def verbs_markdown() -> str:
    """Every public verb: what it is called, and who holds the right to it."""
    from shuniu.directory.declare import CITIZEN, FIRM, PUBLIC, ROLES, SIGNED_IN, SYSTEMS
    from shuniu.trust.api import VERBS

    load_everything()
    groups = {
        **{role.title: role.capabilities for role in ROLES.values()},
        "任何人": PUBLIC,
        "登录后的任何人": SIGNED_IN,
        "个人": CITIZEN,
        "企业": FIRM,
        **{f"系统任务 {name}": held for name, held in SYSTEMS.items()},
    }
    rows = [
        (
            f"`{name}`",
            verb.title,
            "读" if verb.reads else "办",
            "、".join(who for who, held in groups.items() if name in held),
        )
        for name, verb in sorted(VERBS.items())
    ]
    intro = (
        "每个动作的名称就是允许它的权限；没有权限的被拒绝，拒绝和办成都留痕。“范围”由动作自己再收窄到本单位、本区划。"
    )
    return _page([*_head("动作与权限", intro), *_table(("动作", "名称", "读或办", "谁持有"), rows)])


def load_everything() -> None:
    """Import every module, so that every verb has been declared."""
    for module in walk_packages(shuniu.__path__, "shuniu."):
        if "migrations" not in module.name and not module.name.endswith((".main", "__main__", ".web", ".wsgi")):
            import_module(module.name)


def rules_markdown() -> str:
    """Every dated rule of both packs, with its basis and how sure we are of it."""
    lines = _head(
        "分时段规则", "期限、限额、名单都是有依据、有起止日期的规则。把握：" + "；".join(CERTAINTIES.values()) + "。"
    )
    for pack in PACKS:
        rows = [_rule(rule) for rule in RuleBook.load(pack).rules]
        headings = ("编号", "值", "依据", "生效", "把握", "说明")
        lines += [f"## {pack}", "", *_table(headings, rows), ""]
    return _page(lines)


def _rule(rule: Rule) -> tuple[str, ...]:
    value = "、".join(rule.value) if isinstance(rule.value, tuple) else str(rule.value)
    place = f"（区划 {rule.region}）" if rule.region else ""
    term = f"{rule.effective_from} 至 {rule.effective_to or '今'}"
    return (
        f"`{rule.id}`{place}", f"{value} {rule.unit}".strip(), f"{rule.legal_basis} {rule.article}".strip(), term,
        CERTAINTIES[rule.certainty], rule.note,
    )  # fmt: skip


def settings_markdown() -> str:
    """Every environment variable."""
    rows = [(f"`{one.name}`", one.default, one.meaning + ("（机密）" if one.secret else "")) for one in VARIABLES]
    intro = "主机可以改变的一切都来自环境变量，其余是固定的。"
    return _page([*_head("环境变量", intro), *_table(("变量", "不设时", "用途"), rows)])


def _head(title: str, intro: str) -> list[str]:
    return [f"# {title}", "", _WRITTEN, "", intro, ""]


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    columns = list(headings)
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


def _page(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
