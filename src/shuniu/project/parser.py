"""argparse in Chinese: headings, help, and what it says of a wrong call."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from typing import NoReturn

_SAYINGS = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"参数 \1 不能是 \2，可选：\3"),
    (r"argument (.*): invalid \w+ value: (.*)", r"参数 \1 的值 \2 不合格式"),
    (r"argument (.*): expected one argument", r"参数 \1 后面要有一个值"),
    (r"argument (.*): expected at least one argument", r"参数 \1 后面至少要有一个值"),
    (r"argument (.*): not allowed with argument (.*)", r"参数 \1 不能与 \2 同时使用"),
    (r"ambiguous option: (.*) could match (.*)", r"选项 \1 不明确，可能是 \2"),
)
_COMMON = {"json": "结果打印为一行 JSON", "help": "显示这份说明"}


class Parser(argparse.ArgumentParser):
    """A parser whose words are Chinese. Exit status 2 for a wrong call, as argparse has it."""

    def error(self, message: str) -> NoReturn:
        said = message
        for pattern, saying in _SAYINGS:
            if re.fullmatch(pattern, message, re.DOTALL):
                said = re.sub(pattern, saying, message, count=1, flags=re.DOTALL)
        sys.stderr.write(f"{self.format_usage()}命令有误：{said}。\n用 {self.prog} --help 查看说明。\n")
        sys.exit(2)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        said = super().format_help().replace("usage: ", "用法：", 1)
        return said.replace("\npositional arguments:", "\n参数：", 1).replace("\noptions:", "\n选项：", 1)


def children(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """The commands under a parser: name, one line of what for, parser."""
    for action in parser._actions:  # argparse has no public way to ask
        if isinstance(action, argparse._SubParsersAction):
            titles = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, child in action.choices.items():
                yield name, titles.get(name, ""), child


def complete(parser: argparse.ArgumentParser) -> None:
    """Give every command its description and the common options their help, whoever added them."""
    for action in parser._actions:
        if action.help is None or action.dest == "help":
            action.help = _COMMON.get(action.dest, action.help)
    for _, title, child in children(parser):
        child.description = child.description or title
        complete(child)
