"""The `shuniu` command. Every command that touches the database finds it first: the URL given, the running one, or its own."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from shuniu.project.begin import begin
from shuniu.project.children import CannotStartError
from shuniu.project.cli import fail
from shuniu.project.commands import REGISTER
from shuniu.project.parser import Parser, complete
from shuniu.project.place import is_empty, is_unfinished
from shuniu.project.postgres import attached
from shuniu.project.secrets import SecretsError
from shuniu.trust.declare import Refused


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 refused or not holding, 2 wrong usage."""
    args = parser().parse_args(arguments)
    var = Path(os.environ.get("SHUNIU_VAR", "var"))
    try:
        if is_unfinished(var) and not getattr(args, "makes", False):
            raise CannotStartError(f"{var} 里有一次中断的 init 或 restore：请重新执行该命令，它会从头做起。")
        if args.needs == "nothing":
            return int(args.call(args))
        if is_empty(var) and "SHUNIU_DATABASE_URL" not in os.environ:
            raise CannotStartError(
                f"{var} 里还没有实例：请先执行 shuniu run 或 shuniu init，或用 SHUNIU_VAR 指明目录。"
            )
        with attached(var) as url:
            return _with_database(args, url)
    except Refused as refusal:
        fail(refusal.message, refusal.remedy, rule=refusal.rule, as_json=getattr(args, "json", False))
    except (CannotStartError, SecretsError) as error:
        fail(str(error), as_json=getattr(args, "json", False))
    return 1


def _with_database(args: argparse.Namespace, url: str) -> int:
    os.environ["SHUNIU_DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.project.settings")
    begin()
    return int(args.call(args))


def parser() -> Parser:
    """The whole command line, as the reference describes it too."""
    made = Parser(prog="shuniu", description="枢纽：全省政务数据与服务的枢纽平台")
    # Named by its base, which is all that registering knows; its commands are made of the class of this parser.
    plain: argparse.ArgumentParser = made
    commands = plain.add_subparsers(title="命令", required=True, metavar="命令")
    for register in REGISTER:
        register(commands)
    complete(made)
    return made


if __name__ == "__main__":
    sys.exit(main())
