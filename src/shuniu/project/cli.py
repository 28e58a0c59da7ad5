"""What every command is made of: adding one, printing its result, saying why it was refused."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction


def add(
    commands: Commands,
    name: str,
    title: str,
    call: Callable[[argparse.Namespace], int],
    *,
    needs: str = "database",
) -> argparse.ArgumentParser:
    """Add one command; the caller adds its arguments to the parser returned."""
    parser = commands.add_parser(name, help=title, description=title)
    parser.set_defaults(call=call, needs=needs)
    return parser


def show(value: object, *, as_json: bool, text: str) -> None:
    """Print a result: one JSON object on one line, or the text."""
    line = json.dumps(plain(value), ensure_ascii=False) if as_json else text
    sys.stdout.write(line + "\n")


def plain(value: object) -> object:
    """A result as what JSON holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(inner) for key, inner in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def fail(message: str, remedy: str = "", *, rule: str = "", as_json: bool = False) -> None:
    """Say on standard error what was refused and how to go on (as JSON on standard output when asked)."""
    if as_json:
        sys.stdout.write(json.dumps({"refused": rule, "message": message, "remedy": remedy}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"未办成：{message}{remedy}\n")
