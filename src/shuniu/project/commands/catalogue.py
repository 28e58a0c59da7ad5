"""catalogue import · conformance · export: the catalogue's own commands, and the declaration that a department keeps."""

from __future__ import annotations

from shuniu.catalogue import commands as own
from shuniu.project.cli import Commands
from shuniu.project.commands.reconciling import add_export


def register(commands: Commands) -> None:
    catalogue = own.register(commands)
    add_export(catalogue.add_parser("export", help="导出资源声明，供部门对账", description="导出资源声明，供部门对账"))
