"""What verbs keep beside an act is shown to the auditor in Chinese, whatever its name in the entry."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import shuniu
from shuniu.portal.journal_words import _WORDS, detail_words

SOURCE = Path(shuniu.__file__).parent
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "detail=" in path.read_text(encoding="utf-8"))


def kept(path: Path) -> set[str]:
    """The names that are written out in a `detail` of this module."""
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    details = [
        one.value
        for one in found
        if isinstance(one, ast.keyword) and one.arg == "detail" and isinstance(one.value, ast.Dict)
    ]
    return {str(key.value) for one in details for key in one.keys if isinstance(key, ast.Constant)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_name_that_a_verb_keeps_has_a_word(path: Path) -> None:
    assert kept(path) <= set(_WORDS)


def test_a_detail_is_one_line_of_words_and_values() -> None:
    assert detail_words({"removed": 0, "reason": "", "again": True, "to": ["43.tax", "43.market"]}) == (
        "清理数：0；再次：是；至：43.tax、43.market"
    )
    assert detail_words({"not_ours": 1}) == "not_ours：1"
