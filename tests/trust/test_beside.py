"""One trip for several questions, and an entry written together with what it proves, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from shuniu.trust.api import VERBS, Question, fetch_several, require, verb
from shuniu.trust.beside import NEXT_ENTRY, record_with, with_entry
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry

pytestmark = pytest.mark.django_db
ACTOR = Actor("officer:1", "王敏", "43.market", "省市场监督管理局", ("43",), frozenset({"test.beside"}))
STATEMENT = with_entry(
    b"select 1 where %s::boolean", [b"insert into beside_kept (entry, said) select entry.id, %s from entry"]
)


Keep = Callable[..., None]


@pytest.fixture
def keep() -> Iterator[Keep]:
    """A verb that is there for one test."""

    @verb("test.beside", "与留痕同写")
    def kept(*, actor: Actor, number: int, holds: bool) -> None:
        require()
        written = record_with(
            STATEMENT,
            "thing:1",
            number=number,
            subjects=[7, 8],
            detail={"purpose": "核对"},
            proof=b"proof",
            before=[holds],
            after=["说明"],
        )
        if not written:
            raise Refused("test.ended", "不再成立。", "请重新办理。")

    yield kept
    del VERBS["test.beside"]


@pytest.fixture
def table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temp table beside_kept (entry bigint, said text)")


def counted(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def test_each_question_has_its_own_values_and_its_own_rows() -> None:
    questions = [
        Question(b"select %s::int + 1", (1,)), Question(b"select 'a' where false", ()),
        Question(b"select n from generate_series(1, %s) n where n <> %s order by n", (3, 2)),
    ]  # fmt: skip
    assert fetch_several(questions) == [[(2,)], [], [(1,), (3,)]]


def test_an_entry_is_written_with_its_readings_and_what_stands_beside_it(table: None, keep: Keep) -> None:
    number = int(fetch_several([Question(b"select " + NEXT_ENTRY, ())])[0][0][0])
    keep(actor=ACTOR, number=number, holds=True)
    entry = Entry.objects.get(pk=number)
    assert (entry.verb, entry.outcome, entry.object, entry.detail) == (
        "test.beside",
        "done",
        "thing:1",
        {"purpose": "核对"},
    )
    assert counted(f"select count(*) from trust_reading where entry = {number}") == 2
    assert counted(f"select count(*) from beside_kept where entry = {number} and said = '说明'") == 1


def test_where_the_condition_no_longer_holds_nothing_is_written_but_the_refusal(table: None, keep: Keep) -> None:
    number = int(fetch_several([Question(b"select " + NEXT_ENTRY, ())])[0][0][0])
    with pytest.raises(Refused, match="不再成立"):
        keep(actor=ACTOR, number=number, holds=False)
    assert not Entry.objects.filter(pk=number).exists() and counted("select count(*) from beside_kept") == 0
    assert Entry.objects.latest("id").detail == {"rule": "test.ended"}
