"""What every command is made of: adding one, showing how far it is, printing its result, saying why it was refused."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Self, TextIO, TypeAlias

if TYPE_CHECKING:
    from shuniu.trust.certificates.declare import Finding

    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction

_MARKS = {"good": "正常", "warning": "注意", "wrong": "有问题"}


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


def say(line: str) -> None:
    """Say on standard error what is being done."""
    sys.stderr.write(f"{line}\n")


def show(value: object, *, as_json: bool, text: str) -> None:
    """Print a result: one JSON object on one line, or the text."""
    line = json.dumps(plain(value), ensure_ascii=False) if as_json else text
    sys.stdout.write(line + "\n")


def show_findings(found: Sequence[Finding], *, as_json: bool) -> int:
    """Print what a self-check found, a line each; the command's exit code: 1 if something is wrong."""
    lines = [
        f"[{_MARKS[one.state]}] {one.message}" + (f"（{one.who}）{one.remedy}" if one.who else "") for one in found
    ]
    wrong = sum(one.state == "wrong" for one in found)
    lines.append(f"{wrong} 项有问题。" if wrong else "没有发现问题。")
    show(list(found), as_json=as_json, text="\n".join(lines))
    return 1 if wrong else 0


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
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, set | frozenset):
        return sorted(str(plain(inner)) for inner in value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def fail(message: str, remedy: str = "", *, rule: str = "", as_json: bool = False) -> None:
    """Say on standard error what was refused and how to go on (as JSON on standard output when asked)."""
    if as_json:
        sys.stdout.write(json.dumps({"refused": rule, "message": message, "remedy": remedy}, ensure_ascii=False) + "\n")
    sys.stderr.write(f"未办成：{message}{remedy}\n")


class Progress:
    """How far a command is, on standard error: a line that rewrites itself on a terminal, else a line every 10 seconds.

    `at` says what is done; `ask`, called in a thread of its own, may say it instead (stage, done, total; total 0: unknown).
    """

    def __init__(
        self,
        title: str,
        *,
        total: int = 0,
        unit: str = "",
        ask: Callable[[], tuple[str, int, int] | None] | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self._stage, self._done, self._total, self._unit, self._ask = title, 0, total, unit, ask
        self._stream = stream or sys.stderr
        self._rewrites = self._stream.isatty()
        self._ended = threading.Event()
        self._began = time.monotonic()

    def at(self, done: int) -> None:
        self._done = done

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._tick, name="progress", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._rewrites:
            self._stream.write(f"\r\x1b[K{self.line}\n")
            self._stream.flush()

    @property
    def line(self) -> str:
        """The words: 装入数据库：12,345 字节（45 %），已用 3 秒."""
        share = f"（{self._done * 100 // self._total} %）" if self._total else ""
        count = f"：{self._done:,} {self._unit or '条'}{share}" if self._done else ""
        return f"{self._stage}{count}，已用 {time.monotonic() - self._began:.0f} 秒"

    def _tick(self) -> None:
        while not self._ended.wait(0.5 if self._rewrites else 10):
            said = self._ask() if self._ask else None
            if said is not None:
                self._stage, self._done, self._total = said
            self._stream.write(f"\r\x1b[K{self.line}" if self._rewrites else f"{self.line}\n")
            self._stream.flush()
