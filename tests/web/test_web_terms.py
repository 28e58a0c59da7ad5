"""A term is written in the reader's language; the Chinese unit of a plain `Term` is for sentences of the engines alone."""

from __future__ import annotations

import pytest
from django.utils import translation

from shuniu.base.periods import Term, Unit
from shuniu.web.templates import write_term


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit.WORKING_DAY, "15 个工作日"),
        (Unit.DAY, "15 日"),
        (Unit.MONTH, "15 个月"),
        (Unit.YEAR, "15 年"),
    ],
)
def test_each_unit_has_its_own_word(unit: Unit, words: str) -> None:
    with translation.override("zh-hans"):
        assert write_term(Term(15, unit)) == words
