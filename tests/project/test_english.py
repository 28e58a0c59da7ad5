"""The English of the pages is whole: every marked text has it, with the same blanks, in the file that Django reads."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message

from tests.english import MO, compiled, forms, held, sources

AGAIN = "run: .venv/bin/python -m tests.english"
BLANKS = re.compile(r"%(?:\(\w+\))?[sd]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    return held()


def said(catalog: Catalog) -> dict[tuple[object, object], tuple[str, ...]]:
    return {(forms(one.id), one.context): forms(one.string) for one in catalog if one.id}


def test_the_catalogue_holds_what_the_sources_say_and_nothing_else(english: Catalog) -> None:
    marked, written = set(said(sources())), set(said(english))
    assert sorted(map(str, marked - written)) == [], AGAIN
    assert sorted(map(str, written - marked)) == [], AGAIN


def test_every_text_has_its_english_with_the_same_blanks(english: Catalog) -> None:
    def amiss(one: Message) -> bool:
        wanted = set(BLANKS.findall(forms(one.id)[0]))
        return any(not text.strip() or set(BLANKS.findall(text)) != wanted for text in forms(one.string))

    assert [one.id for one in english if one.id and amiss(one)] == []
    assert [one.id for one in english if one.fuzzy] == []


def test_django_reads_what_is_written(english: Catalog) -> None:
    assert MO.read_bytes() == compiled(english), AGAIN


def test_an_exported_list_has_a_title_that_a_worksheet_may_carry(english: Catalog) -> None:
    titles = (
        "资源目录",
        "报送记录",
        "数据异议",
        "数据质量",
        "全省总览",
        "各单位的资源",
        "本单位的资源",
        "目录符合性",
        "重复采集",
    )
    for title in titles:
        one = english.get(title)
        assert one is not None
        assert not set("[]:*?/\\") & set(str(one.string))
