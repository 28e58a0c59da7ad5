"""reference: the reference pages, written from the program itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from shuniu.project.begin import begin
from shuniu.project.cli import Commands, add, show


def register(commands: Commands) -> None:
    made = add(
        commands, "reference", "由程序本身生成参考手册：命令、动作与权限、规则、环境变量", _reference, needs="nothing"
    )
    made.add_argument(
        "-o", "--output", type=Path, default=Path("docs/reference"), metavar="目录", help="默认 %(default)s"
    )
    made.add_argument("--json", action="store_true")


def _reference(args: argparse.Namespace) -> int:
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as folder:  # the settings need a data folder; nothing is read from it
        os.environ |= {"SHUNIU_VAR": folder, "DJANGO_SETTINGS_MODULE": "shuniu.project.settings"}
        begin()
        from shuniu.project import reference

        files = [str(path) for path in reference.write(args.output)]
    show({"files": files}, as_json=args.json, text="已写出 " + "、".join(files))
    return 0
