"""The house as it is meant to be: sizes, writes in their rooms, locks without hosts, no excuses without a reason."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "shuniu"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
WRITING_ROOMS = {"api", "store"}
ENGINES = ("trust", "directory", "notices", "procedures", "catalogue", "registries", "exchange", "cases", "assessment")
FRONT = {"api", "declare"}
"""How another engine is entered."""


def relative(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


# By the scope pytest asks all of one file before it comes to the next.
every_file = pytest.mark.parametrize("path", FILES, ids=relative, scope="module")


@lru_cache(maxsize=1)
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's syntax tree, read once for all that is asked of it."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@every_file
def test_no_file_is_over_500_lines_and_no_function_over_60(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 60, f"{node.name} is too long"


def _writes(path: Path) -> list[int]:
    return [
        node.lineno
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and ("objects" in ast.unparse(node.func.value) or node.func.attr in {"save", "bulk_create"})
        and "segno" not in ast.unparse(node.func.value)  # a QR code saved to a buffer is no row
    ]


@every_file
def test_rows_are_written_in_api_and_store_alone(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    if WRITING_ROOMS & set(parts):
        return
    assert _writes(path) == []


@every_file
def test_an_engine_is_entered_by_its_front_door(path: Path) -> None:
    """`api` and `declare` only; models, store and the rest of another engine are its own."""
    own = path.relative_to(SOURCE).parts[0]
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("shuniu."):
            _, engine, *inside = node.module.split(".")
            names = inside[:1] or [alias.name for alias in node.names]
            if engine in ENGINES and engine != own:
                allowed = FRONT | PASSAGES.get(engine, set())
                assert set(names) <= allowed, f"line {node.lineno} enters {engine} by {names}"


PASSAGES: dict[str, set[str]] = {
    "directory": {"session", "urls"},  # the request's actor; addresses
    "catalogue": {"commands"},  # what the command line shows of it
    "exchange": {
        "delivery",
        "uploads",
        "spool",
        "exports",
        "http",
        "digest",
        "differences",
        "folder",
        "classified",
        "gateway",
        "grants",
    },  # bytes on their way in, files on their way out
    "procedures": {"drawing", "calendars"},  # pictures of a declaration, on their way out; holiday tables and clocks
    "notices": {"http"},
    "trust": {
        "certificates",
        "evidence",
        "suites",
        "messages",
        "beside",
    },  # rooms of their own, with their own `api` and `declare`; offline checks; signed messages; one trip for several
    "assessment": {"looked"},  # who looked at whose data, a room of its own with its own `api` and `declare`
    "cases": {"payments"},  # the provider's side of paying
    "registries": {"conform", "rules"},  # the road of exchange calls conform between parsing and the transaction
}
"""Doors beside the front door, each with its reason. `project` wires everything and is checked like the others."""


def test_locks_carry_hashes_and_no_hosts() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text and "--hash=sha256:" in text


@pytest.mark.parametrize(
    "path", [*FILES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_an_excuse_to_a_checker_gives_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if path == Path(__file__):
            continue
        if re.search(r"# (type: ignore|noqa)", line):
            assert re.search(r"# (type: ignore\[[\w-]+(, ?[\w-]+)*\]|noqa: [A-Z0-9, ]+) +(#|-) ?\S", line), (
                f"line {number}"
            )
        assert not re.search(r"\b(TODO|FIXME|XXX)\b", line), f"line {number}"
