"""An unknown subject answers to its numbers at once; by what names it goes is noted after the receipt, and once."""

from __future__ import annotations

import pytest

from shuniu.registries import api
from shuniu.registries.models import Batch, Identifier, Name
from tests.registries.conftest import (
    PENALTY,
    REGISTRATION,
    WORKER,
    Load,
    known,
    subject_of,
    uscc,
)

pytestmark = pytest.mark.django_db

UNKNOWN = {"number": "1", "uscc": uscc(1), "name": "湖南省湘江机械制造有限公司"}


def _names() -> list[str]:
    return sorted(Name.objects.values_list("name", flat=True))


def test_a_load_leaves_it_for_later_and_the_next_climb_of_the_ladder_notes_it(load: Load) -> None:
    load(PENALTY, UNKNOWN, resolve=False)
    assert _names() == [] and not Batch.objects.get().said
    assert Identifier.objects.filter(kind="uscc", value=uscc(1), answers=True).exists()
    api.resolve(actor=WORKER)
    assert _names() == ["湖南省湘江机械制造有限公司"] and Batch.objects.get().said
    assert Identifier.objects.filter(kind="uscc", value=uscc(1), answers=True).exists()


def test_the_same_unknown_that_comes_again_before_that_is_met_again(load: Load) -> None:
    load(PENALTY, UNKNOWN, resolve=False)
    load(PENALTY, UNKNOWN | {"number": "2", "name": "湘江机械厂"}, resolve=False)
    api.resolve(actor=WORKER)
    assert subject_of(PENALTY, "1") == subject_of(PENALTY, "2") is not None
    assert _names() == ["湖南省湘江机械制造有限公司"], "whom a number places need not be known by name"
    assert Identifier.objects.filter(kind="uscc").count() == 1


def test_a_register_that_comes_before_that_makes_it_known_and_found_by_name(load: Load) -> None:
    load(PENALTY, UNKNOWN, resolve=False)
    load(REGISTRATION, {"uscc": uscc(1), "name": "湖南省湘江机械制造有限公司"}, resolve=False)
    firm = subject_of(PENALTY, "1")
    assert known(firm) and firm == api.find_subject("uscc", uscc(1))
    api.resolve(actor=WORKER)
    assert subject_of(PENALTY, "1") == firm
    assert [found.id for found in api.search_subjects("湘江机械")] == [firm]


def test_names_of_unknown_subjects_are_searched_once_a_register_knows_them(load: Load) -> None:
    load(PENALTY, {"number": "1", "uscc": uscc(2), "name": "东方饭店"})
    assert api.search_subjects("东方饭店") == []
    load(REGISTRATION, {"uscc": uscc(2), "name": "衡阳市东方饭店"})
    assert [found.id for found in api.search_subjects("东方饭店")] == [subject_of(PENALTY, "1")]
